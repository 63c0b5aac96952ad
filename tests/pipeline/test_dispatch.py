"""Dispatching: who is told what, when, why, and once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from event_builders import MOROCCO, NOW, Desk, article, mention, rulebook, subscription

from tocsin.adapters.memory_store import MemoryStore
from tocsin.core.endpoints import EndpointHealth, EndpointState
from tocsin.core.events.merging import absorb_event
from tocsin.core.events.values import Event
from tocsin.core.mentions import Status
from tocsin.core.messages import Commit, Drop, Kind, Row, Step
from tocsin.core.mutes import Mute
from tocsin.core.notices import MessageType
from tocsin.core.subscriptions import Channel, Endpoint
from tocsin.core.watching import make_index
from tocsin.pipeline.delivery_rows import alert_from, endpoint_row, opt_out_row
from tocsin.pipeline.digest import make_digest
from tocsin.pipeline.event_rows import event_row, mute_row
from tocsin.pipeline.merge import make_merge_book

HOOK = Endpoint(id="hook", channel=Channel.WEBHOOK, address="https://desk.example/hook")
MAIL = Endpoint(id="mail", channel=Channel.EMAIL, address="desk@desk.example")


def two_endpoints(**fields: Any) -> Desk:
    wanted = subscription(endpoints=("hook", "mail"), **fields)
    return Desk(rulebook(endpoints=(HOOK, MAIL), subscriptions=(wanted,)))


def first_report(desk: Desk, **fields: Any) -> Event:
    of = article("a1", **fields.pop("of", {}))
    desk.read(of, mention(of, **fields))
    return desk.events()[0]


def next_report(desk: Desk, key: str, **fields: Any) -> None:
    of = article(key, fetched_at=desk.at)
    desk.read(of, mention(of, **{"sentence": f"Police held six people in Tangier, {key} reports.", **fields}))


def test_each_endpoint_has_a_delivery_of_its_own_and_drain_is_woken_once() -> None:
    desk = two_endpoints()
    first_report(desk)

    assert desk.dispatch().deliveries == 2
    assert desk.deliveries() == [("hook", 1, "pending"), ("mail", 1, "pending")]
    assert desk.store.queued(Step.DELIVER) == 1
    assert desk.store.count(Kind.EVENT) == {"dispatched": 1}


def test_dispatching_again_writes_nothing() -> None:
    desk = two_endpoints()
    event = first_report(desk)
    desk.dispatch()
    before = [(row.id, row.version) for kind in (Kind.ALERT, Kind.DELIVERY) for row in desk.rows(kind)]

    assert desk.dispatch(event.id).deliveries == 0
    assert [(row.id, row.version) for kind in (Kind.ALERT, Kind.DELIVERY) for row in desk.rows(kind)] == before


def test_an_event_nobody_watches_is_dispatched_to_nobody() -> None:
    desk = Desk(rulebook(subscriptions=(subscription(countries=("ES",)),)))
    first_report(desk)
    desk.dispatch()

    assert desk.alerts() == {}
    assert desk.store.count(Kind.EVENT) == {"dispatched": 1}


def test_a_silent_alert_keeps_its_reason_and_rings_once_the_reason_is_gone() -> None:
    desk = Desk(rulebook(subscriptions=(subscription(min_publishers=2),)))
    first_report(desk)
    desk.dispatch()
    assert desk.alerts() == {"isis-arrests": "too_few_publishers"}

    next_report(desk, "b2")
    desk.dispatch()

    assert desk.alerts() == {"isis-arrests": "first"}
    assert desk.deliveries() == [("hook", 2, "pending")]


def test_an_update_is_held_for_five_minutes_and_then_told_whole() -> None:
    desk = Desk()
    first_report(desk)
    desk.dispatch()
    desk.deliver()
    desk.later(minutes=1)
    next_report(desk, "b2", count=8)
    held = desk.dispatch()
    desk.later(minutes=1)
    next_report(desk, "c3", count=9)
    desk.dispatch()

    assert held.held_until == NOW + timedelta(minutes=5)
    assert desk.store.due(Kind.EVENT, ["changed"], NOW + timedelta(minutes=4, seconds=59)) == []
    desk.later(minutes=3)
    assert len(desk.store.due(Kind.EVENT, ["changed"], desk.at)) == 1
    desk.dispatch()
    desk.deliver()

    assert [(n.type, [c.after for c in n.changes]) for n in desk.notices[1:]] == [
        (MessageType.UPDATED, ["8", "2", "9"])
    ]


def test_while_one_update_is_held_another_subscriber_hears_at_once() -> None:
    late = subscription("late", min_publishers=2)
    desk = Desk(rulebook(subscriptions=(subscription(), late)))
    first_report(desk)
    desk.dispatch()
    desk.later(minutes=1)
    next_report(desk, "b2")
    desk.dispatch()

    told = {alert_from(row).subscription_id: alert_from(row).told_revision for row in desk.rows(Kind.ALERT)}

    assert told == {"isis-arrests": 1, "late": 2}


def test_a_newer_revision_supersedes_what_is_not_sent_yet_and_is_the_first_message_then() -> None:
    desk = Desk()
    first_report(desk)
    desk.dispatch()
    desk.later(minutes=6)
    next_report(desk, "b2")
    desk.dispatch()
    desk.deliver()

    assert desk.deliveries() == [("hook", 1, "superseded"), ("hook", 2, "delivered")]
    assert [notice.type for notice in desk.notices] == [MessageType.DETECTED]


def test_a_muted_alert_is_kept_with_the_mutes_author_and_reason() -> None:
    desk = Desk()
    mute = Mute(
        id="mut_1",
        author="Ines",
        reason="drill",
        created_at=NOW - timedelta(hours=1),
        expires_at=NOW + timedelta(hours=1),
        types=("arrest",),
    )
    desk.store.commit(Commit(rows=(mute_row(mute),)))
    first_report(desk)
    desk.dispatch()
    row = desk.rows(Kind.ALERT)[0]

    assert (row.state, alert_from(row).detail) == ("muted", "muted by Ines until 2026-03-08 10:00 UTC: drill")
    assert desk.deliveries() == []


@pytest.mark.parametrize("state", [EndpointState.DISABLED, EndpointState.UNCONFIRMED])
def test_an_endpoint_that_may_not_be_written_to_keeps_its_delivery_unsent(state: EndpointState) -> None:
    desk = two_endpoints()
    desk.store.commit(Commit(rows=(endpoint_row(EndpointHealth(id="mail", state=state)),)))
    first_report(desk)
    desk.dispatch()

    assert desk.deliveries() == [("hook", 1, "pending"), ("mail", 1, "suppressed")]


def test_an_endpoint_that_unsubscribed_gets_nothing_and_the_others_do() -> None:
    desk = two_endpoints()
    desk.store.commit(Commit(rows=(opt_out_row("isis-arrests", "mail"),)))
    first_report(desk)
    desk.dispatch()
    assert desk.deliveries() == [("hook", 1, "pending")]

    alone = Desk()
    alone.store.commit(Commit(rows=(opt_out_row("isis-arrests", "hook"),)))
    first_report(alone)
    alone.dispatch()
    assert alone.alerts() == {"isis-arrests": "unsubscribed"}


def test_first_poll_items_go_into_one_digest_and_never_ring() -> None:
    desk = two_endpoints()
    for key, place in (("a1", {}), ("b2", {"places": (MOROCCO,), "count": 40})):
        of = article(key, catch_up=True)
        desk.read(of, mention(of, sentence=f"Report {key}.", **place))
    desk.dispatch()
    for event in desk.events():
        desk.dispatch(event.id)
    assert desk.alerts() == {"isis-arrests": "backfill"}
    assert desk.deliveries() == []
    index = make_index(desk.book)
    desk.later(minutes=10)
    due = desk.store.due(Kind.ALERT, ["held"], desk.at)

    made = [make_digest(row.id, store=desk.store, index=index, now=desk.at) for row in (*due, *due)]
    desk.deliver()

    assert made == [2, 0, 0, 0]
    assert [(n.type, len(n.snapshots)) for n in desk.notices] == [(MessageType.DIGEST, 2)] * 2
    assert desk.store.count(Kind.ALERT) == {"open": 2}


def test_what_a_digest_told_rings_only_when_it_changes() -> None:
    desk = Desk()
    first_report(desk, of={"catch_up": True})
    desk.dispatch()
    alert = desk.rows(Kind.ALERT)[0]
    make_digest(alert.id, store=desk.store, index=make_index(desk.book), now=desk.at)
    desk.deliver()
    desk.later(hours=1)
    next_report(desk, "b2", count=8)
    desk.dispatch()
    desk.deliver()

    assert [notice.type for notice in desk.notices] == [MessageType.DIGEST, MessageType.DETECTED]


def merged(desk: Desk) -> tuple[Event, Event]:
    """Two dispatched events turn out to be one."""
    first_report(desk)
    of = article("b2", fetched_at=NOW + timedelta(minutes=1))
    desk.later(minutes=1)
    desk.read(of, mention(of, count=40, sentence="Forty held.", places=(MOROCCO,)))
    older, younger = desk.events()
    for event in (older, younger):
        desk.dispatch(event.id)
    desk.deliver()
    desk.later(hours=1)
    rows = {row.id: row for row in desk.rows(Kind.EVENT)}
    older, younger = desk.events()
    survivor, gone = absorb_event(older, younger, now=desk.at)
    kinship = make_merge_book(desk.book).kinship
    desk.store.commit(
        Commit(
            rows=tuple(
                event_row(event, kinship=kinship, now=desk.at, version=rows[event.id].version)
                for event in (survivor, gone)
            )
        )
    )
    return survivor, gone


def test_a_subscriber_told_of_both_hears_once_that_they_are_one() -> None:
    desk = Desk()
    survivor, gone = merged(desk)
    desk.dispatch(survivor.id)
    desk.dispatch(gone.id)
    desk.deliver()
    desk.later(hours=1)
    next_report(desk, "c3", count=41)
    desk.dispatch()
    desk.deliver()

    assert [notice.type for notice in desk.notices] == [
        MessageType.DETECTED,
        MessageType.DETECTED,
        MessageType.MERGED,
        MessageType.UPDATED,
    ]
    assert desk.notices[2].snapshot.event.merged_from == (gone.id,)


def test_a_subscriber_told_only_of_the_younger_goes_on_with_the_older_in_its_thread() -> None:
    desk = Desk()
    survivor, gone = merged(desk)
    # Forget that the older one was told: as for a subscription that only the younger one concerned.
    alerts = [row for row in desk.rows(Kind.ALERT) if alert_from(row).event_id == survivor.id]
    desk.store.commit(Commit(drops=tuple(Drop(kind=row.kind, id=row.id) for row in alerts)))
    desk.dispatch(survivor.id)
    desk.deliver()
    assert len(desk.notices) == 2

    desk.later(hours=1)
    next_report(desk, "c3", count=41)
    desk.dispatch()
    desk.deliver()

    assert [notice.type for notice in desk.notices[2:]] == [MessageType.UPDATED]
    told = next(notice for notice in desk.notices if notice.snapshot.event.id == gone.id)
    assert desk.notices[2].thread == told.id
    assert {change.after for change in desk.notices[2].changes} == {"41"}


class Dying(MemoryStore):
    """A store whose process dies at the n-th commit of dispatch."""

    die_at = 0
    commits = 0

    def commit(self, commit: Commit) -> tuple[Row, ...]:
        if any(row.kind in {Kind.ALERT, Kind.DELIVERY, Kind.EVENT} for row in commit.rows) and self.die_at:
            self.commits += 1
            if self.commits == self.die_at:
                raise KeyboardInterrupt
        return super().commit(commit)


@pytest.mark.parametrize("die_at", [1, 2, 3])
def test_a_dispatch_killed_between_pages_is_finished_without_a_second_alert(die_at: int) -> None:
    many = tuple(subscription(f"s{n:03}") for n in range(300))
    desk = Desk(rulebook(subscriptions=many))
    store = Dying(clock=lambda: desk.at)
    desk.store = store
    event = first_report(desk)
    store.die_at = die_at
    with pytest.raises(KeyboardInterrupt):
        desk.dispatch(event.id)
    store.die_at = 0
    desk.dispatch(event.id)

    assert len(desk.rows(Kind.ALERT)) == len(desk.rows(Kind.DELIVERY)) == 300
    assert {row.version for row in desk.rows(Kind.DELIVERY)} == {1}
    assert desk.store.count(Kind.EVENT) == {"dispatched": 1}


class Racing(MemoryStore):
    """A store on which merge joins a report while dispatch is at work, once."""

    raced = False
    desk: Desk | None = None

    def commit(self, commit: Commit) -> tuple[Row, ...]:
        if any(row.kind is Kind.ALERT for row in commit.rows) and not self.raced and self.desk:
            self.raced = True
            next_report(self.desk, "b2", count=8)
        return super().commit(commit)


def test_a_report_that_joins_meanwhile_is_dispatched_with_the_rest() -> None:
    desk = Desk()
    store = Racing(clock=lambda: desk.at)
    desk.store = store
    event = first_report(desk)
    store.desk = desk
    desk.dispatch(event.id)

    assert desk.deliveries() == [("hook", 2, "pending")]
    assert desk.events()[0].dispatched_revision == 2


def test_a_retraction_is_told_as_such() -> None:
    desk = Desk()
    first_report(desk)
    desk.dispatch()
    desk.deliver()
    desk.later(hours=1)
    of = replace(article("a1"), fetched_at=desk.at)
    desk.store_article(of, mention(of, status=Status.DENIED, sentence="Nobody was held in Tangier after all."))
    desk.merge()
    desk.dispatch()
    desk.deliver()

    assert [notice.type for notice in desk.notices] == [MessageType.DETECTED, MessageType.RETRACTED]


def test_five_thousand_subscriptions_of_which_five_match_are_cheap() -> None:
    others = [
        subscription(
            f"o{n}", countries=(f"{chr(65 + n % 26)}{chr(65 + n // 26 % 26)}",), watchlists=(), types=("raid",)
        )
        for n in range(4995)
    ]
    desk = Desk(rulebook(subscriptions=(*others, *(subscription(f"m{n}") for n in range(5)))))
    reads: list[int] = []

    class Counting(MemoryStore):
        def get_many(self, kind: Kind, row_ids: Any) -> list[Row]:
            reads.append(len(row_ids))
            return super().get_many(kind, row_ids)

    event = first_report(desk)
    counting = Counting(clock=lambda: desk.at)
    counting._tables = desk.store._tables
    desk.store = counting

    assert desk.dispatch(event.id).deliveries == 5
    assert sum(reads) < 50
