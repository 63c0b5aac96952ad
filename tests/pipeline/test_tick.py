"""Tick: what waited too long is woken, once a deadline; what is old goes to the archive before it is dropped."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tocsin.adapters.memory_store import MemoryStore
from tocsin.core.article import Article
from tocsin.core.ids import make_id
from tocsin.core.messages import Commit, Kind, Lease, Row, Step
from tocsin.errors import FenceLost
from tocsin.pipeline.retention import AT_REST
from tocsin.pipeline.rows import MAX_SCAN_IDS, Retention, article_from, article_row, count_attempt, item_key, url_key
from tocsin.pipeline.tick import MAX_QUEUED, WAITING, TickReport, tick

T0 = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MINUTE = timedelta(seconds=60)


@dataclass
class ListArchive:
    """An archive that remembers, and fails on request."""

    rows: list[Row] = field(default_factory=list)
    days: list[datetime] = field(default_factory=list)
    fails: bool = False

    def append(self, rows: Sequence[Row], *, on: datetime) -> None:
        if self.fails:
            raise OSError(28, "No space left on device")
        self.rows += rows
        self.days += [on] * len(rows)


class Clockwork:
    """A store, an archive, a lease, and a clock that moves when it is told."""

    def __init__(self) -> None:
        self.now = T0
        self.store = MemoryStore(lambda: self.now)
        self.archive = ListArchive()
        lease = self.store.acquire_lease("tick", "here", 10_000_000)
        assert lease is not None
        self.lease: Lease = lease

    def put(self, *rows: Row) -> None:
        self.store.commit(Commit(rows=rows))

    def tick_after(self, passed: timedelta) -> TickReport:
        self.now += passed
        return tick(store=self.store, archive=self.archive, lease=self.lease, now=self.now)

    def take(self, step: Step) -> list[tuple[str, ...]]:
        queue = self.store.wakeups[step]
        taken = [wakeup.ids for wakeup in queue]
        queue.clear()
        return taken


@pytest.fixture
def clockwork() -> Clockwork:
    return Clockwork()


def article(number: int = 0) -> Article:
    return Article(
        id=make_id("art", str(number)),
        feed_id="feed",
        url=f"https://news.example/{number}",
        publisher="news.example",
        title="A title",
        body="A body.",
        lang="en",
        fetched_at=T0,
    )


def row(kind: Kind, state: str, *, due_at: datetime | None = T0 + MINUTE, **changes: Any) -> Row:
    return replace(Row(kind=kind, id=make_id("row", kind, state), state=state, body={}, due_at=due_at), **changes)


def test_nothing_is_woken_before_its_deadline(clockwork: Clockwork) -> None:
    clockwork.put(article_row(article(), now=T0), *(row(w.kind, s) for w in WAITING[1:] for s in w.states))

    report = clockwork.tick_after(MINUTE - timedelta(microseconds=1))

    assert report == TickReport()
    assert [clockwork.store.queued(step) for step in Step] == [0, 0, 0, 0]


@pytest.mark.parametrize("waiting", WAITING, ids=lambda waiting: waiting.kind)
def test_a_row_past_its_deadline_wakes_its_step_whatever_waiting_state_it_is_in(
    clockwork: Clockwork, waiting: Any
) -> None:
    for state in waiting.states:
        clockwork.put(row(waiting.kind, state, due_at=clockwork.now + MINUTE))

        clockwork.tick_after(MINUTE)

        assert clockwork.take(waiting.step) == [(make_id("row", waiting.kind, state),) if waiting.batch else ()]
        stored = clockwork.store.get(waiting.kind, make_id("row", waiting.kind, state))
        assert stored is not None
        clockwork.put(replace(stored, due_at=None))


def test_a_row_whose_wakeup_is_lost_again_is_woken_again_after_the_deadline(clockwork: Clockwork) -> None:
    clockwork.put(article_row(article(), now=T0))
    ids = [(article().id,)]

    woken = []
    for _ in range(180):
        clockwork.tick_after(timedelta(seconds=1))
        woken.append(clockwork.take(Step.SCAN))

    assert [at + 1 for at, found in enumerate(woken) if found] == [60, 120, 180]
    assert all(found in ([], ids) for found in woken)


def test_merge_and_deliver_are_woken_once_while_a_wakeup_waits(clockwork: Clockwork) -> None:
    clockwork.put(row(Kind.MENTION, "new"), row(Kind.DELIVERY, "waiting"))
    before = clockwork.store.get(Kind.DELIVERY, make_id("row", "delivery", "waiting"))

    for _ in range(5):
        clockwork.tick_after(MINUTE)

    assert clockwork.take(Step.MERGE) == [()]
    assert clockwork.take(Step.DELIVER) == [()]
    assert clockwork.store.get(Kind.DELIVERY, make_id("row", "delivery", "waiting")) == before


def test_many_articles_are_woken_in_batches_and_those_begun_before_alone(clockwork: Clockwork) -> None:
    articles = [article_row(article(number), now=T0) for number in range(MAX_SCAN_IDS + 2)]
    articles[0] = count_attempt(articles[0], now=T0)
    clockwork.put(*articles)

    report = clockwork.tick_after(MINUTE)

    assert report.woken == {Step.SCAN: MAX_SCAN_IDS + 2}
    assert sorted(len(ids) for ids in clockwork.take(Step.SCAN)) == [1, 1, MAX_SCAN_IDS]


def test_a_long_queue_gets_no_more_wakeups(clockwork: Clockwork) -> None:
    clockwork.put(article_row(article(), now=T0))
    for _ in range(MAX_QUEUED):
        clockwork.store.wake(Step.SCAN)

    clockwork.tick_after(MINUTE)
    assert clockwork.store.queued(Step.SCAN) == MAX_QUEUED
    clockwork.take(Step.SCAN)
    clockwork.tick_after(timedelta(seconds=1))

    assert clockwork.take(Step.SCAN) == [(article().id,)]


def test_a_ticker_that_lost_its_lease_writes_nothing(clockwork: Clockwork) -> None:
    clockwork.put(article_row(article(), now=T0))
    clockwork.store.release_lease(clockwork.lease)

    with pytest.raises(FenceLost):
        clockwork.tick_after(MINUTE)

    assert clockwork.take(Step.SCAN) == []


def test_an_article_loses_its_text_first_and_stays_known(clockwork: Clockwork) -> None:
    clockwork.put(replace(article_row(article(), now=T0, item_keys=("guid",)), state="scanned", due_at=T0 + MINUTE))

    report = clockwork.tick_after(MINUTE)

    assert (report.retention.archived, report.retention.slimmed, report.retention.dropped) == (1, 1, 0)
    assert [article_from(archived) for archived in clockwork.archive.rows] == [article()]
    assert clockwork.archive.days == [T0 + MINUTE]
    (slim,) = clockwork.store.get_many(Kind.ARTICLE, clockwork.store.find(Kind.ARTICLE, url_key(article().url)))
    assert article_from(slim) == replace(article(), body="")
    assert slim.state == "scanned"
    assert slim.keys == (item_key("feed", "guid"), url_key(article().url))


def test_a_slim_article_is_dropped_in_the_end_and_not_archived_twice(clockwork: Clockwork) -> None:
    clockwork.put(replace(article_row(article(), now=T0), state="scanned", due_at=T0 + MINUTE))
    clockwork.tick_after(MINUTE)
    rest = timedelta(days=Retention().article_days - Retention().article_text_days)

    assert clockwork.tick_after(rest - MINUTE).retention.dropped == 0
    assert clockwork.tick_after(MINUTE).retention.dropped == 1

    assert clockwork.store.count(Kind.ARTICLE) == {}
    assert len(clockwork.archive.rows) == 1


KEPT = [(kind, state) for kind, states in AT_REST.items() for state in states if kind is not Kind.ARTICLE]


@pytest.mark.parametrize(("kind", "state"), KEPT)
def test_a_row_at_rest_is_archived_then_dropped(clockwork: Clockwork, kind: Kind, state: str) -> None:
    clockwork.put(row(kind, state, body={"a": 1}, keys=("k",)))

    clockwork.tick_after(MINUTE)

    assert [(archived.kind, archived.state, archived.body) for archived in clockwork.archive.rows] == [
        (kind, state, {"a": 1})
    ]
    assert clockwork.store.count(kind) == {}
    assert clockwork.store.find(kind, "k") == []


@pytest.mark.parametrize("waiting", WAITING, ids=lambda waiting: waiting.kind)
def test_a_row_that_a_step_still_has_to_do_is_never_dropped(clockwork: Clockwork, waiting: Any) -> None:
    clockwork.put(*(row(waiting.kind, state) for state in waiting.states))

    for _ in range(3):
        clockwork.tick_after(timedelta(days=1000))

    assert clockwork.store.count(waiting.kind) == dict.fromkeys(waiting.states, 1)
    assert clockwork.archive.rows == []


def test_an_archive_that_cannot_be_written_keeps_the_rows(clockwork: Clockwork) -> None:
    clockwork.put(row(Kind.ALERT, "open"))
    clockwork.archive.fails = True

    clockwork.tick_after(MINUTE)
    assert clockwork.store.count(Kind.ALERT) == {"open": 1}
    clockwork.archive.fails = False
    clockwork.tick_after(MINUTE)

    assert clockwork.store.count(Kind.ALERT) == {}


def test_a_mute_expires_at_its_time_and_is_dropped_much_later(clockwork: Clockwork) -> None:
    clockwork.put(row(Kind.MUTE, "active"))

    assert clockwork.tick_after(MINUTE).retention.expired == 1
    assert clockwork.store.count(Kind.MUTE) == {"expired": 1}
    clockwork.tick_after(timedelta(days=400))

    assert clockwork.store.count(Kind.MUTE) == {}
