"""`tocsin events` and `tocsin deliveries` on rows that the steps wrote."""

import pytest
from processes.conftest import Tocsin
from processes.desk_rows import ring

from tocsin.adapters.redis_store import RedisStore
from tocsin.core.deliveries import Outcome, OutcomeKind
from tocsin.core.messages import Kind, Step


def test_events_are_listed_with_what_who_where_and_when(tocsin: Tocsin, store: RedisStore) -> None:
    written = ring(store)

    [line] = tocsin("events", "list").out.splitlines()[1:]

    for word in (written.event_id, "arrest", "asserted", "Tangier", "6", "Police", "ISIS", "1"):
        assert word in line
    [event] = tocsin("events", "list", "--json").json
    assert (event["id"], event["type"], event["count"]) == (written.event_id, "arrest", 6)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--type", "arrest"), 1),
        (("--type", "seizure"), 0),
        (("--actor", "isis"), 1),
        (("--actor", "jnim"), 0),
        (("--actor", "isis", "--type", "seizure"), 0),
        (("--limit", "1"), 1),
    ],
)
def test_events_are_found_by_type_and_actor(
    tocsin: Tocsin, store: RedisStore, options: tuple[str, ...], found: int
) -> None:
    ring(store)

    assert found == len(tocsin("events", "list", *options, "--json").json)


def test_ids_stay_whole_when_the_list_goes_to_a_file(
    tocsin: Tocsin, store: RedisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`tocsin events list | grep evt_…` must work however narrow the terminal is."""
    written = ring(
        store, sentence="Police in Tangier, backed by a very long list of units, detained six people on Sunday."
    )
    monkeypatch.setenv("COLUMNS", "60")

    events, deliveries = tocsin("events", "list").out, tocsin("deliveries", "list").out

    assert written.event_id in events
    assert len(events.splitlines()) == 2
    for delivery_id in written.delivery_ids:
        assert delivery_id in deliveries


def test_without_events_it_says_so(tocsin: Tocsin, store: RedisStore) -> None:
    assert tocsin("events", "list").out == "no events yet\n"
    assert tocsin("events", "list", "--json").json == []
    assert tocsin("deliveries", "list").out == "no deliveries yet\n"


def test_an_event_is_shown_with_its_evidence_and_whom_it_was_sent_to(tocsin: Tocsin, store: RedisStore) -> None:
    written = ring(store)

    text = tocsin("events", "show", written.event_id).out

    for part in (
        written.event_id,
        "Tangier",
        "6 affected",
        "agent: Police",
        "linked: ISIS [isis]",
        "a1.example",
        "https://a1.example/story",
        "Police in Tangier detained six people on Sunday.",
        "for isis-arrests: first",
        "to hook: delivered, 1 attempt\n",
        "to mail: delivered, 1 attempt\n",
    ):
        assert part in text
    found = tocsin("events", "show", written.event_id, "--json").json
    assert found["event"]["id"] == written.event_id
    assert [alert["reason"] for alert in found["alerts"]] == ["first"]
    assert {delivery["state"] for delivery in found["deliveries"]} == {"delivered"}


def test_square_brackets_in_news_are_text(tocsin: Tocsin, store: RedisStore) -> None:
    """Rich markup in an article must neither style the terminal nor break the page."""
    sentence = "Police [bold]in Tangier[/] detained six people on Sunday."
    written = ring(store, sentence=sentence)

    assert sentence in tocsin("events", "show", written.event_id).out


def test_control_characters_in_news_do_not_reach_the_terminal(tocsin: Tocsin, store: RedisStore) -> None:
    written = ring(store, sentence="Police in Tangier detained six \x1b]0;owned\x07people on Sunday.")

    shown, listed = tocsin("events", "show", written.event_id).out, tocsin("events", "list").out

    assert "\x1b" not in shown + listed
    assert "\x07" not in shown + listed


def test_an_event_that_is_not_there_is_told(tocsin: Tocsin, store: RedisStore) -> None:
    answer = tocsin("events", "show", "evt_none")

    assert (answer.code, answer.out) == (1, "")
    assert "no event 'evt_none'" in answer.err


def test_deliveries_are_listed_by_state_and_endpoint(tocsin: Tocsin, store: RedisStore) -> None:
    written = ring(store, answers=(Outcome(kind=OutcomeKind.GAVE_UP, code=410, detail="gone"),))

    every = tocsin("deliveries", "list", "--json").json
    failed = tocsin("deliveries", "list", "--state", "gave_up", "--json").json
    by_endpoint = tocsin("deliveries", "list", "--endpoint", failed[0]["endpoint_id"], "--json").json

    assert {each["id"] for each in every} == set(written.delivery_ids)
    assert len(failed) == len(by_endpoint) == 1
    assert failed[0]["attempts"][0]["code"] == 410
    assert "410 gone" in tocsin("deliveries", "list").out
    assert tocsin("deliveries", "list", "--state", "waiting").out == "no deliveries in state 'waiting'\n"


def test_a_state_that_does_not_exist_is_wrong_usage(tocsin: Tocsin, store: RedisStore) -> None:
    answer = tocsin("deliveries", "list", "--state", "brewing")

    assert answer.code == 2
    assert "'brewing' is not one of pending, sending, waiting, delivered" in answer.err


def test_a_delivery_is_sent_again_under_its_id(tocsin: Tocsin, store: RedisStore) -> None:
    first, _ = ring(store).delivery_ids

    answer = tocsin("deliveries", "resend", first)

    assert (answer.code, answer.out, answer.err) == (0, f"{first}: queued\n", "")
    row = store.get(Kind.DELIVERY, first)
    assert row is not None
    assert row.state == "pending"
    assert store.queued(Step.DELIVER) == 1


def test_each_delivery_that_cannot_be_sent_again_is_told(tocsin: Tocsin, store: RedisStore) -> None:
    first, second = ring(store).delivery_ids
    tocsin("deliveries", "resend", first)

    answer = tocsin("deliveries", "resend", "dlv_none", first, second)

    assert answer.code == 1
    assert answer.out == f"{second}: queued\n"
    assert answer.err == f"there is no delivery 'dlv_none'\ndelivery '{first}' is pending: it goes out by itself\n"


def test_what_never_arrived_at_an_endpoint_is_sent_again(tocsin: Tocsin, store: RedisStore) -> None:
    written = ring(store, answers=(Outcome(kind=OutcomeKind.GAVE_UP, code=410, detail="gone"),))
    [failed] = tocsin("deliveries", "list", "--state", "gave_up", "--json").json
    [arrived] = tocsin("deliveries", "list", "--state", "delivered", "--json").json

    answer = tocsin("deliveries", "resend", "--endpoint", failed["endpoint_id"])
    again = tocsin("deliveries", "resend", "--endpoint", arrived["endpoint_id"])

    assert {failed["id"], arrived["id"]} == set(written.delivery_ids)
    assert (answer.code, answer.out) == (0, f"{failed['id']}: queued\n")
    assert (again.code, again.out) == (0, f"nothing that did not arrive at '{arrived['endpoint_id']}'\n")


def test_only_what_is_recent_enough_is_sent_again(tocsin: Tocsin, store: RedisStore) -> None:
    """The event is of a fixed day, so a second ago is after it and a hundred years ago is before."""
    ring(store, answers=(Outcome(kind=OutcomeKind.GAVE_UP, code=410, detail="gone"),))
    [failed] = tocsin("deliveries", "list", "--state", "gave_up", "--json").json
    endpoint = ("--endpoint", failed["endpoint_id"])

    recent = tocsin("deliveries", "resend", *endpoint, "--since", "1s")
    every = tocsin("deliveries", "resend", *endpoint, "--since", "5200w")

    assert recent.out == f"nothing that did not arrive at '{failed['endpoint_id']}'\n"
    assert every.out == f"{failed['id']}: queued\n"


@pytest.mark.parametrize(
    "arguments",
    [(), ("dlv_1", "--endpoint", "hook"), ("dlv_1", "--since", "3d"), ("--endpoint", "hook", "--since", "3")],
)
def test_resending_something_unclear_is_wrong_usage(
    tocsin: Tocsin, store: RedisStore, arguments: tuple[str, ...]
) -> None:
    assert tocsin("deliveries", "resend", *arguments).code == 2
