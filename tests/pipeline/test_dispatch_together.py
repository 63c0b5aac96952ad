"""Dispatching several events in one commit."""

import pytest
from event_builders import FEZ, Desk, article, mention

from tocsin.adapters.memory_store import MemoryStore
from tocsin.core.messages import Commit, Kind, Row
from tocsin.core.watching import make_index
from tocsin.pipeline.dispatch import dispatch_events


class Rival(MemoryStore):
    """A store on which merge writes one of the events before dispatch does, once."""

    raced = False
    commits = 0

    def commit(self, commit: Commit) -> tuple[Row, ...]:
        self.commits += 1
        events = [row for row in commit.rows if row.kind is Kind.EVENT]
        if len(events) > 1 and not self.raced and any(row.kind is Kind.ALERT for row in commit.rows):
            self.raced = True
            row = self.get(Kind.EVENT, events[1].id)
            assert row is not None
            super().commit(Commit(rows=(row,)))
        return super().commit(commit)


@pytest.mark.parametrize("store_of", [MemoryStore, Rival])
def test_events_dispatched_together_ring_as_each_by_itself(store_of: type[MemoryStore]) -> None:
    desk = Desk()
    desk.store = store_of(clock=lambda: desk.at)
    for number in range(4):
        of = article(f"p{number}")
        desk.store_article(of, mention(of, count=2 * 10**number, sentence=f"Held: {number}.", places=(FEZ,)))
    desk.merge()
    index = make_index(desk.book)
    ids = [event.id for event in desk.events()]
    first = dispatch_events([*ids, *ids, "evt_unknown"], store=desk.store, index=index, now=desk.at)
    again = dispatch_events(ids, store=desk.store, index=index, now=desk.at)

    assert {event_id: report.deliveries for event_id, report in first.items()} == dict.fromkeys(ids, 1)
    assert again == {}
    assert len(ids) == len(desk.rows(Kind.DELIVERY)) == len(desk.rows(Kind.SNAPSHOT)) == 4
    assert desk.store.count(Kind.EVENT) == {"dispatched": 4}


def test_events_that_merge_was_faster_with_are_tried_together_once_more() -> None:
    desk = Desk()
    store = Rival(clock=lambda: desk.at)
    desk.store = store
    for number in range(4):
        of = article(f"p{number}")
        desk.store_article(of, mention(of, count=2 * 10**number, sentence=f"Held: {number}.", places=(FEZ,)))
    desk.merge()
    store.commits = 0
    ids = [event.id for event in desk.events()]
    reports = dispatch_events(ids, store=store, index=make_index(desk.book), now=desk.at)

    assert [1, 1, 1, 1] == [report.deliveries for report in reports.values()]
    assert store.commits == 2
