"""Delivering: what is attempted, recorded, retried, superseded and given up."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from event_builders import FEZ, NOW, Desk, FakeSender, article, crowd, dispatched, mention, only_delivery

from tocsin.adapters.memory_store import MemoryStore
from tocsin.adapters.render_webhook import webhook_body
from tocsin.core.deliveries import DeliveryState, Outcome, OutcomeKind
from tocsin.core.endpoints import EndpointHealth, EndpointState
from tocsin.core.messages import Commit, Kind, Row
from tocsin.core.notices import MessageType
from tocsin.pipeline.claims import HELD_PER_ENDPOINT, LEASE, claim_due, renew_claim
from tocsin.pipeline.deliver import PER_ENDPOINT
from tocsin.pipeline.delivery_rows import delivery_from, delivery_row, endpoint_from, endpoint_row
from tocsin.pipeline.endpoint_actions import enable_endpoint, resend, send_test
from tocsin.ports import OutgoingMessage

FAIL = Outcome(kind=OutcomeKind.RETRY, detail="answered 500", code=500)
GONE = Outcome(kind=OutcomeKind.DISABLED, detail="answered 410", code=410)


def test_a_mention_becomes_an_event_an_alert_a_delivery_and_is_sent() -> None:
    desk = Desk()

    notices = desk.ring(article(), mention())

    assert [notice.type for notice in notices] == [MessageType.DETECTED]
    assert desk.alerts() == {"isis-arrests": "first"}
    assert desk.deliveries() == [("hook", 1, "delivered")]


def test_what_is_delivered_is_not_sent_again() -> None:
    desk = Desk()
    desk.ring(article(), mention())
    desk.later(hours=1)

    assert desk.dispatch().deliveries == 0
    assert desk.deliver() == 0


def test_a_later_report_is_an_update_of_the_same_event() -> None:
    desk = Desk()
    desk.ring(article(), mention())
    desk.later(minutes=30)
    second = article("b2", fetched_at=desk.at)

    notices = desk.ring(second, mention(second, sentence="Eight people were detained in Tangier on Sunday.", count=8))

    assert [(n.type, [c.after for c in n.changes]) for n in notices] == [(MessageType.UPDATED, ["8", "2"])]
    assert len(desk.events()) == 1
    assert notices[0].thread == desk.notices[0].id
    assert notices[0].sent_at - desk.notices[0].sent_at == timedelta(minutes=30)


def test_a_failure_waits_for_its_schedule_and_is_logged_in_the_row() -> None:
    desk = dispatched(Desk())
    desk.sender.answers = [FAIL, FAIL]
    desk.deliver()
    row, delivery = only_delivery(desk)

    assert (row.state, row.due_at) == ("waiting", NOW + timedelta(seconds=5))
    assert [(a.outcome, a.code, a.detail) for a in delivery.attempts] == [(OutcomeKind.RETRY, 500, "answered 500")]
    desk.later(seconds=5)
    desk.deliver()
    assert only_delivery(desk)[0].due_at == NOW + timedelta(seconds=305)
    desk.later(seconds=300)
    desk.deliver()
    assert only_delivery(desk)[0].state == "delivered"
    assert len({message.id for message in desk.sender.sent}) == 1
    assert len(desk.sender.sent) == 3


def test_every_attempt_sends_the_same_bytes_even_when_the_event_moves_on() -> None:
    desk = dispatched(Desk())
    desk.sender.answers = [FAIL]
    desk.deliver()
    of = article("b2", fetched_at=desk.at)
    desk.read(of, mention(of, sentence="Nine were held in Tangier.", count=9))
    desk.later(seconds=5)
    desk.deliver()

    first, second = (webhook_body(notice) for notice in desk.notices)
    assert first == second


def test_after_ten_attempts_it_is_given_up() -> None:
    desk = dispatched(Desk())
    desk.sender.answers = [FAIL] * 20
    for _ in range(10):
        desk.deliver()
        desk.at = only_delivery(desk)[0].due_at or desk.at
    row, delivery = only_delivery(desk)

    assert delivery.attempts[-1].at - NOW == timedelta(hours=75, minutes=35, seconds=5)
    assert (row.state, len(delivery.attempts)) == ("gave_up", 10)
    assert delivery.detail == "no success in 10 attempts; last: answered 500"


def test_410_disables_the_endpoint_and_what_comes_later_is_kept_unsent() -> None:
    desk = dispatched(Desk())
    desk.sender.answers = [GONE]
    desk.deliver()
    dispatched(desk, "b2", places=(FEZ,), count=70, sentence="Seventy people were detained in Fez.")

    assert [row.state for row in desk.rows(Kind.ENDPOINT)] == ["disabled"]
    assert sorted(row.state for row in desk.rows(Kind.DELIVERY)) == ["suppressed", "suppressed"]
    assert len(desk.sender.sent) == 1


def test_a_disabled_endpoint_can_be_enabled_and_what_it_missed_sent_again() -> None:
    desk = dispatched(Desk())
    desk.sender.answers = [GONE]
    desk.deliver()
    row, _ = only_delivery(desk)

    assert enable_endpoint("hook", store=desk.store)
    assert not enable_endpoint("hook", store=desk.store)
    assert resend(row.id, store=desk.store, now=desk.at) == ""
    desk.deliver()
    row, delivery = only_delivery(desk)

    assert (row.state, len(delivery.attempts)) == ("delivered", 2)
    assert len({message.id for message in desk.sender.sent}) == 1


def test_a_delivery_that_goes_out_by_itself_is_not_sent_again_by_hand() -> None:
    desk = dispatched(Desk())
    row, _ = only_delivery(desk)

    assert "goes out by itself" in resend(row.id, store=desk.store, now=desk.at)
    assert "there is no delivery" in resend("dlv_none", store=desk.store, now=desk.at)


def test_a_test_message_reaches_the_endpoint() -> None:
    desk = Desk()
    send_test(desk.book.endpoints[0], store=desk.store, now=desk.at)
    desk.deliver()

    assert [notice.type for notice in desk.notices] == [MessageType.TEST]
    assert b'"type":"endpoint.test"' in webhook_body(desk.notices[0])


def test_a_throttled_endpoint_is_left_alone_and_the_others_are_served() -> None:
    desk = dispatched(crowd(2, endpoints=2))
    resting = EndpointHealth(id="hook0", state=EndpointState.FAILING, throttled_until=NOW + timedelta(seconds=90))
    desk.store.commit(Commit(rows=(endpoint_row(resting),)))
    desk.deliver()

    assert desk.deliveries() == [("hook0", 1, "pending"), ("hook1", 1, "delivered")]
    desk.later(seconds=91)
    desk.deliver()
    assert desk.deliveries()[0] == ("hook0", 1, "delivered")


def test_trouble_with_an_endpoint_is_remembered_until_it_takes_something() -> None:
    desk = dispatched(Desk())
    desk.sender.answers = [FAIL]
    desk.deliver()
    (failing,) = (endpoint_from(row) for row in desk.rows(Kind.ENDPOINT))
    desk.later(seconds=5)
    desk.deliver()
    (well,) = (endpoint_from(row) for row in desk.rows(Kind.ENDPOINT))

    assert (failing.state, failing.failing_since) == (EndpointState.FAILING, NOW)
    assert well == EndpointHealth(id="hook")


def test_at_most_four_attempts_are_in_flight_per_endpoint() -> None:
    desk = dispatched(crowd(30, endpoints=2))
    running: dict[str, int] = {}
    most: dict[str, int] = {}

    class Slow(FakeSender):
        async def send(self, message: OutgoingMessage, *, sent_at: datetime) -> Outcome:
            running[message.address] = running.get(message.address, 0) + 1
            most[message.address] = max(most.get(message.address, 0), running[message.address])
            await asyncio.sleep(0.002)
            running[message.address] -= 1
            return await super().send(message, sent_at=sent_at)

    desk.sender = Slow()
    desk.deliver()

    assert set(most.values()) == {PER_ENDPOINT}
    assert {state for *_, state in desk.deliveries()} == {"delivered"}
    assert len(desk.sender.sent) == 30


def test_a_slow_endpoint_does_not_keep_the_others_waiting() -> None:
    desk = dispatched(crowd(40, endpoints=40))
    # hook0 also has three hundred of its own, all due before the others.
    row, delivery = desk.rows(Kind.DELIVERY)[0], None
    delivery = replace(delivery_from(row), endpoint_id="hook0", after=None)
    backlog = tuple(
        delivery_row(replace(delivery, id=f"dlv_{n}"), DeliveryState.PENDING, now=NOW, due_at=NOW - timedelta(hours=1))
        for n in range(300)
    )
    desk.store.commit(Commit(rows=backlog))
    claimed: list[str] = []
    for _ in range(3):
        claims = claim_due(
            store=desk.store, rulebook=desk.book, now=desk.at, limit=100, busy={"hook0": HELD_PER_ENDPOINT}
        )
        claimed += [claim.endpoint.id for claim in claims]

    assert len(set(claimed)) == 39
    assert "hook0" not in claimed


def test_killed_between_the_send_and_its_record_the_same_message_goes_out_again() -> None:
    desk = dispatched(Desk())
    (lost,) = claim_due(store=desk.store, rulebook=desk.book, now=desk.at, limit=10, busy={})
    sent_before = webhook_body(lost.notice)

    assert desk.deliver() == 0
    desk.later(seconds=LEASE.total_seconds())
    assert desk.deliver() == 1
    assert desk.notices[0].id == lost.delivery.id
    assert webhook_body(desk.notices[0]) == sent_before


def test_a_newer_revision_waits_for_one_that_may_have_arrived() -> None:
    desk = dispatched(Desk())
    (claim,) = claim_due(store=desk.store, rulebook=desk.book, now=desk.at, limit=10, busy={})
    desk.later(minutes=6)
    dispatched(desk, "b2", count=8, sentence="Eight held in Tangier.")
    desk.deliver()
    desk.later(seconds=5)
    desk.deliver()

    assert [(notice.id == claim.delivery.id, notice.type) for notice in desk.notices] == [
        (True, MessageType.DETECTED),
        (False, MessageType.UPDATED),
    ]


def test_a_claim_that_waited_long_is_renewed_unless_it_was_lost() -> None:
    desk = dispatched(Desk())
    (claim,) = claim_due(store=desk.store, rulebook=desk.book, now=desk.at, limit=10, busy={})
    desk.later(seconds=50)
    renewed = renew_claim(claim, store=desk.store, now=desk.at)

    assert renewed is not None
    assert renewed.row.due_at == desk.at + LEASE
    assert renew_claim(claim, store=desk.store, now=desk.at) is None


def test_two_drainers_never_claim_the_same_delivery() -> None:
    desk = dispatched(crowd(8, endpoints=8))
    first = claim_due(store=desk.store, rulebook=desk.book, now=desk.at, limit=5, busy={})
    second = claim_due(store=desk.store, rulebook=desk.book, now=desk.at, limit=5, busy={})

    assert (len(first), len(second)) == (5, 3)
    assert not {claim.delivery.id for claim in first} & {claim.delivery.id for claim in second}


class Beaten(MemoryStore):
    """A store on which another drainer claims one of the batch first."""

    beaten = False

    def commit(self, commit: Commit) -> tuple[Row, ...]:
        sending = [row for row in commit.rows if row.state == "sending"]
        if len(sending) > 1 and not self.beaten:
            self.beaten = True
            super().commit(Commit(rows=(sending[0],)))
        return super().commit(commit)


def test_when_another_was_faster_with_one_the_rest_is_still_claimed() -> None:
    desk = crowd(4, endpoints=4)
    desk.store = Beaten(clock=lambda: desk.at)
    dispatched(desk)

    assert len(claim_due(store=desk.store, rulebook=desk.book, now=desk.at, limit=10, busy={})) == 3
