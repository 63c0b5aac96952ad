"""The drainer: what happens around its attempts, when things are missing, and when it ends."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from event_builders import Desk, FakeSender, crowd, dispatched, only_delivery, rulebook, subscription

from tocsin.adapters.memory_store import MemoryStore
from tocsin.core.deliveries import Outcome, OutcomeKind
from tocsin.core.endpoints import EndpointHealth, EndpointState
from tocsin.core.messages import Commit, Kind, Row, Step
from tocsin.core.notices import MessageType
from tocsin.core.subscriptions import Channel, Endpoint
from tocsin.errors import SettingsError, StoreUnavailable
from tocsin.pipeline.deliver import PER_ENDPOINT, Route, drain
from tocsin.pipeline.delivery_rows import endpoint_row
from tocsin.pipeline.endpoint_actions import send_test
from tocsin.ports import OutgoingMessage

GONE_AWAY = {
    "the endpoint": {"endpoints": (), "subscriptions": ()},
    "the subscription": {"subscriptions": ()},
}


@pytest.mark.parametrize("fields", GONE_AWAY.values(), ids=GONE_AWAY.keys())
def test_nothing_is_sent_for_what_the_operator_removed(fields: dict[str, Any]) -> None:
    desk = dispatched(Desk())
    desk.book = rulebook(**fields)

    assert desk.deliver() == 0
    assert "no longer in the rulebook" in only_delivery(desk)[1].detail
    assert only_delivery(desk)[0].state == "suppressed"


def test_a_missing_secret_or_a_bug_costs_an_attempt_and_says_so() -> None:
    def missing(_: object) -> OutgoingMessage:
        raise SettingsError("secret 'env:HOOK': the variable is not set")

    def broken(_: object) -> OutgoingMessage:
        raise ZeroDivisionError

    details = []
    for render in (missing, broken):
        desk = dispatched(Desk())
        desk.deliver({Channel.WEBHOOK: Route(render=render, sender=desk.sender)})
        details.append((only_delivery(desk)[0].state, only_delivery(desk)[1].detail))

    assert details == [
        ("waiting", "secret 'env:HOOK': the variable is not set"),
        ("waiting", "internal error: ZeroDivisionError"),
    ]


class Away(MemoryStore):
    """A store that does not answer the first times an outcome is recorded."""

    refusals = 1

    def commit(self, commit: Commit) -> tuple[Row, ...]:
        if any(row.state == "delivered" for row in commit.rows) and self.refusals:
            self.refusals -= 1
            raise StoreUnavailable
        return super().commit(commit)


def test_an_outcome_is_recorded_once_the_store_is_back() -> None:
    desk = Desk()
    desk.store = Away(clock=lambda: desk.at)
    dispatched(desk)
    desk.deliver()

    assert only_delivery(desk)[0].state == "delivered"
    assert len(desk.sender.sent) == 1


def test_a_drainer_that_is_told_to_end_gives_back_what_it_has_not_begun() -> None:
    desk = dispatched(crowd(20))

    async def run() -> None:
        stop, release = asyncio.Event(), asyncio.Event()

        class Holding(FakeSender):
            async def send(self, message: OutgoingMessage, *, sent_at: datetime) -> Outcome:
                outcome = await super().send(message, sent_at=sent_at)
                if len(self.sent) == PER_ENDPOINT:
                    stop.set()
                    asyncio.get_running_loop().call_later(0.05, release.set)
                await release.wait()
                return outcome

        desk.sender = Holding()
        async with asyncio.timeout(10):
            await drain(
                store=desk.store,
                routes={Channel.WEBHOOK: Route(render=desk._render, sender=desk.sender)},
                rulebook=lambda: desk.book,
                now=lambda: desk.at,
                jitter=lambda: 0.0,
                stop=stop,
            )

    asyncio.run(run())

    assert desk.store.count(Kind.DELIVERY) == {"delivered": PER_ENDPOINT, "pending": 20 - PER_ENDPOINT}
    assert len(desk.store.due(Kind.DELIVERY, ["pending"], desk.at)) == 20 - PER_ENDPOINT


def test_the_drainer_delivers_what_arrives_and_ends_when_told() -> None:
    desk = Desk()

    async def run() -> int:
        stop, wake = asyncio.Event(), asyncio.Event()

        class Stopping(FakeSender):
            async def send(self, message: OutgoingMessage, *, sent_at: datetime) -> Outcome:
                stop.set()
                return await super().send(message, sent_at=sent_at)

        desk.sender = Stopping()
        route = Route(render=desk._render, sender=desk.sender)
        draining = asyncio.create_task(
            drain(
                store=desk.store,
                routes={Channel.WEBHOOK: route},
                rulebook=lambda: desk.book,
                now=lambda: desk.at,
                jitter=lambda: 0.0,
                stop=stop,
                wake=wake,
            )
        )
        await asyncio.to_thread(dispatched, desk)
        wake.set()
        async with asyncio.timeout(10):
            await draining
        return len(desk.sender.sent)

    assert asyncio.run(run()) == 1
    assert only_delivery(desk)[0].state == "delivered"
    assert desk.store.queued(Step.DELIVER) == 1


@pytest.mark.parametrize("state", [EndpointState.UNCONFIRMED, EndpointState.DISABLED])
def test_a_test_message_goes_even_to_an_endpoint_that_gets_no_alerts(state: EndpointState) -> None:
    desk = Desk()
    desk.store.commit(Commit(rows=(endpoint_row(EndpointHealth(id="hook", state=state)),)))
    send_test(desk.book.endpoints[0], store=desk.store, now=desk.at)

    assert desk.deliver() == 1
    assert only_delivery(desk)[0].state == "delivered"


def test_a_delivery_that_cannot_be_read_is_set_aside_and_the_rest_go_out() -> None:
    desk = dispatched(Desk())
    broken = Row(kind=Kind.DELIVERY, id="dlv_x", state="pending", body={}, due_at=desk.at)
    desk.store.commit(Commit(rows=(broken,)))

    assert desk.deliver() == 1
    assert desk.store.count(Kind.DELIVERY) == {"delivered": 1, "gave_up": 1}


def test_when_an_endpoint_is_disabled_the_subscriptions_mail_endpoint_is_told_once() -> None:
    endpoints = (*rulebook().endpoints, Endpoint(id="mail", channel=Channel.EMAIL, address="desk@desk.example"))
    wanted = subscription(endpoints=("hook", "mail"))
    desk = dispatched(Desk(rulebook(endpoints=endpoints, subscriptions=(wanted, replace(wanted, id="another")))))
    gone = Outcome(kind=OutcomeKind.DISABLED, detail="answered 410", code=410)

    class Gone(FakeSender):
        async def send(self, message: OutgoingMessage, *, sent_at: datetime) -> Outcome:
            outcome = await super().send(message, sent_at=sent_at)
            return gone if message.address.startswith("https") else outcome

    desk.sender = Gone()
    desk.deliver()
    told = [notice for notice in desk.notices if notice.type is MessageType.DISABLED]

    assert [(notice.endpoint.id, notice.facts) for notice in told] == [
        ("mail", {"Endpoint": "hook", "Reason": "answered 410"})
    ]
