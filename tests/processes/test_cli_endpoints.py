"""`tocsin endpoints` on a workspace and a store: how each fares, and what people do to it."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from event_builders import FakeSender
from processes.conftest import Tocsin
from processes.desk_rows import BOOK

from tocsin.adapters.redis_store import RedisStore
from tocsin.core.alerts import DispatchReason
from tocsin.core.deliveries import Delivery, DeliveryState, Outcome, OutcomeKind
from tocsin.core.endpoints import EndpointHealth, EndpointState
from tocsin.core.messages import Commit, Kind, Step
from tocsin.core.notices import Notice
from tocsin.core.subscriptions import Channel
from tocsin.pipeline.deliver import Route, drain_until_idle
from tocsin.pipeline.delivery_rows import delivery_from, delivery_row, endpoint_from, endpoint_row, opt_out_row
from tocsin.ports import OutgoingMessage

FILE = """\
endpoints:
  - {id: hook, webhook: "https://desk.example/hook", secret: env:DESK_HOOK_SECRET}
  - {id: mail, email: desk@example.org}
subscriptions:
  - {id: arrests, title: Arrests, send_to: [hook, mail], types: [arrest]}
"""
SINCE = datetime(2026, 3, 8, 9, 0, tzinfo=UTC)


@pytest.fixture
def told(desk: Path, store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> RedisStore:
    """A workspace with a webhook and a mail address, and its empty store."""
    monkeypatch.setenv("DESK_HOOK_SECRET", "whsec_" + "QUJD" * 8)
    (desk / "subscriptions.yml").write_text(FILE)
    return store


def put(store: RedisStore, health: EndpointHealth) -> None:
    store.commit(Commit(rows=(endpoint_row(health),)))


def health_of(store: RedisStore, endpoint_id: str) -> EndpointHealth | None:
    row = store.get(Kind.ENDPOINT, endpoint_id)
    return endpoint_from(row) if row else None


def put_unsent(store: RedisStore, endpoint_id: str) -> str:
    unsent = Delivery(
        id="dlv_unsent",
        alert_id="alr_1",
        event_id="evt_1",
        subscription_id="arrests",
        subscription_title="Arrests",
        endpoint_id=endpoint_id,
        channel=Channel.WEBHOOK,
        reason=DispatchReason.DISABLED_ENDPOINT,
        created_at=SINCE,
    )
    store.commit(Commit(rows=(delivery_row(unsent, DeliveryState.SUPPRESSED, now=store.now()),)))
    return unsent.id


def test_every_endpoint_is_listed_with_how_it_fares(tocsin: Tocsin, told: RedisStore) -> None:
    put(
        told,
        EndpointHealth(
            id="hook", state=EndpointState.FAILING, failures=7, failing_since=SINCE, detail="503 closed for lunch"
        ),
    )
    told.commit(Commit(rows=(opt_out_row("arrests", "mail"),)))

    hook, mail = tocsin("endpoints", "list", "--json").json

    assert (hook["id"], hook["channel"], hook["state"], hook["failures"]) == ("hook", "webhook", "failing", 7)
    assert (hook["failing_since"], hook["detail"]) == ("2026-03-08T09:00:00+00:00", "503 closed for lunch")
    assert (mail["id"], mail["address"], mail["state"], mail["left"]) == (
        "mail",
        "desk@example.org",
        "active",
        ["arrests"],
    )
    text = tocsin("endpoints", "list").out
    for part in ("https://desk.example/hook", "failing", "7", "2026-03-08T09:00:00", "503 closed for lunch", "arrests"):
        assert part in text


def test_without_endpoints_it_says_so(tocsin: Tocsin, desk: Path, store: RedisStore) -> None:
    assert tocsin("endpoints", "list").out == "no endpoints yet: add one to subscriptions.yml\n"
    assert tocsin("endpoints", "list", "--json").json == []


def test_a_test_message_is_queued_for_each(tocsin: Tocsin, told: RedisStore) -> None:
    answer = tocsin("endpoints", "test", "hook", "mail", "--json")

    assert answer.code == 0
    assert ["hook", "mail"] == [each["endpoint"] for each in answer.json]
    rows = told.get_many(Kind.DELIVERY, [each["delivery"] for each in answer.json])
    assert ["endpoint.test"] * 2 == [delivery_from(row).type for row in rows]
    assert {"pending"} == {row.state for row in rows}
    assert told.queued(Step.DELIVER) == 1


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (Outcome(kind=OutcomeKind.DELIVERED, code=204), 0, "delivered 204"),
        (Outcome(kind=OutcomeKind.RETRY, code=503, detail="closed for lunch"), 1, "waiting 503 closed for lunch"),
    ],
)
def test_waiting_for_a_test_tells_how_it_went(
    tocsin: Tocsin, told: RedisStore, monkeypatch: pytest.MonkeyPatch, answer: Outcome, code: int, said: str
) -> None:
    """The deliver worker gets its turn when the command first looks again."""
    route = Route(render=_render, sender=FakeSender(answers=[answer]))
    monkeypatch.setattr("time.sleep", lambda _: _drain(told, route))

    found = tocsin("endpoints", "test", "hook", "--wait", "60")

    assert (found.code, found.out.split(": ", 2)[2].strip()) == (code, said)


def test_a_test_that_is_not_sent_in_time_fails(tocsin: Tocsin, told: RedisStore) -> None:
    answer = tocsin("endpoints", "test", "hook", "--wait", "1", "--json")

    assert answer.code == 1
    assert [each["state"] for each in answer.json] == ["pending"]


def test_a_disabled_endpoint_is_not_tested(tocsin: Tocsin, told: RedisStore) -> None:
    put(told, EndpointHealth(id="hook", state=EndpointState.DISABLED, detail="410 gone"))

    answer = tocsin("endpoints", "test", "hook", "mail")

    assert (answer.code, answer.out) == (1, "")
    assert answer.err == ("endpoint 'hook' is disabled: take it back into use with `tocsin endpoints enable hook`\n")
    assert told.queued(Step.DELIVER) == 0


@pytest.mark.parametrize("command", [("test",), ("enable",), ("disable", "--reason", "moving")])
def test_an_endpoint_that_is_not_there_is_told_before_anything_is_done(
    tocsin: Tocsin, told: RedisStore, command: tuple[str, ...]
) -> None:
    answer = tocsin("endpoints", command[0], "mail", "hoock", *command[1:])

    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "no endpoint 'hoock' in the rulebook: did you mean 'hook'?\n"
    assert health_of(told, "mail") is None
    assert told.queued(Step.DELIVER) == 0


def test_a_disabled_endpoint_is_enabled_and_what_was_not_sent_is_told(tocsin: Tocsin, told: RedisStore) -> None:
    put(told, EndpointHealth(id="hook", state=EndpointState.DISABLED, failures=3, detail="410 gone"))
    unsent = put_unsent(told, "hook")

    text = tocsin("endpoints", "enable", "hook", "mail").out

    assert health_of(told, "hook") == EndpointHealth(id="hook")
    assert "hook: enabled\n  1 not sent meanwhile" in text
    assert "mail: was in use already\n" in text
    listed = tocsin("deliveries", "list", "--endpoint", "hook", "--state", "suppressed", "--json").json
    assert [unsent] == [each["id"] for each in listed]


def test_an_endpoint_is_disabled_with_the_reason(tocsin: Tocsin, told: RedisStore) -> None:
    answer = tocsin("endpoints", "disable", "hook", "--reason", "moves to another host")
    again = tocsin("endpoints", "disable", "hook", "--reason", "moves to another host", "--json")

    assert (answer.code, answer.out) == (0, "hook: disabled\n")
    assert again.json == [{"endpoint": "hook", "changed": False}]
    health = health_of(told, "hook")
    assert health is not None
    assert (health.state, health.detail) == (EndpointState.DISABLED, "moves to another host")


@pytest.mark.parametrize("reason", [(), ("--reason", "  ")])
def test_disabling_without_a_reason_is_wrong_usage(tocsin: Tocsin, told: RedisStore, reason: tuple[str, ...]) -> None:
    assert tocsin("endpoints", "disable", "hook", *reason).code == 2
    assert health_of(told, "hook") is None


def _drain(store: RedisStore, route: Route) -> None:
    asyncio.run(
        drain_until_idle(
            store=store, routes={Channel.WEBHOOK: route}, rulebook=lambda: BOOK, now=store.now, jitter=lambda: 0.0
        )
    )


def _render(notice: Notice) -> OutgoingMessage:
    return OutgoingMessage(id=notice.id, address=notice.endpoint.address, body=notice.type.value.encode())
