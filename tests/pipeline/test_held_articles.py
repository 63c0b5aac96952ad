"""Held batches: from the poll that held them to a scan, or to rest; never lost, never back by themselves."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from poll_fakes import START, Clock, FakeFetcher, InlineParser, item, rss

from tocsin.adapters.memory_store import MemoryStore
from tocsin.core.feeds import Feed
from tocsin.core.mentions import Detection
from tocsin.core.messages import Commit, Kind, Row, Step
from tocsin.pipeline.feed_rows import sync_feeds
from tocsin.pipeline.held_articles import Handled, drop, release, waiting_articles
from tocsin.pipeline.poll import PollReport, poll_feed
from tocsin.pipeline.scan import scan

FEED = Feed(id="wire", url="https://wire.example/rss")
LONG = "Several hundred words of one old report that the paper has published once more. " * 8
OLD = START - timedelta(days=30)


class Wire:
    """A feed that publishes its archive again at its second poll."""

    def __init__(self, copies: int) -> None:
        self.clock = Clock()
        self.store = MemoryStore(clock=self.clock)
        self.fetcher = FakeFetcher()
        sync_feeds([FEED], store=self.store, now=self.clock())
        self.fetcher.serves(FEED.url, rss(item("first")))
        self.poll()
        self.archive = rss(*(item(f"again-{n}", at=OLD, body=f"{LONG} {n}") for n in range(copies)))
        self.fetcher.serves(FEED.url, self.archive)
        assert self.poll().held == copies

    def poll(self) -> PollReport:
        row = self.store.get(Kind.FEED, FEED.id)
        assert row is not None
        return asyncio.run(
            poll_feed(
                FEED,
                row,
                store=self.store,
                fetcher=self.fetcher,
                parser=InlineParser(),
                publisher_of=lambda _: "wire.example",
                now=self.clock(),
                jitter=0,
            )
        )

    def held(self) -> list[Row]:
        return list(waiting_articles(self.store, "held"))


def test_a_held_batch_that_is_released_is_scanned_once() -> None:
    wire = Wire(70)
    before = len(wire.store.wakeups[Step.SCAN])

    handled = release(wire.held(), store=wire.store, now=START)
    woken = [list(wakeup.ids) for wakeup in wire.store.wakeups[Step.SCAN]][before:]
    reports = [scan(ids, store=wire.store, detect=lambda _: Detection(), now=START) for ids in woken]

    assert Handled(changed=70) == handled
    assert [50, 20] == [report.scanned for report in reports]
    assert [] == wire.held()


def test_released_articles_that_nobody_woke_are_due_for_tick() -> None:
    wire = Wire(40)
    release(wire.held(), store=wire.store, now=START)

    due = wire.store.due(Kind.ARTICLE, ("new",), START + timedelta(minutes=2), limit=100)

    assert len([row for row in due if row.body["article"]["published_at"] < START.isoformat()[:10]]) == 40


def test_a_dropped_batch_does_not_come_back_with_the_next_poll() -> None:
    wire = Wire(40)
    handled = drop(wire.held(), store=wire.store, now=START)
    wire.fetcher.serves(FEED.url, wire.archive.replace("Wire", "The wire"))

    report = wire.poll()

    assert Handled(changed=40) == handled
    assert (0, 0) == (report.new, report.held)
    assert wire.store.count(Kind.ARTICLE)["dropped"] == 40


def test_what_somebody_else_changed_meanwhile_is_left_and_counted() -> None:
    """A page is one commit, so the page of the changed one stays as it is; the others are released."""
    wire = Wire(70)
    rows = wire.held()
    wire.store.commit(Commit(rows=(replace(rows[0], state="scanned"),)))

    handled = release(rows, store=wire.store, now=START)

    assert Handled(changed=20, missed=50) == handled
    assert len(wire.held()) == 49
    assert Handled(changed=49) == release(wire.held(), store=wire.store, now=START)


def test_nothing_but_held_and_failed_articles_is_touched() -> None:
    wire = Wire(40)
    [first] = wire.store.get_many(Kind.ARTICLE, wire.store.list_ids(Kind.ARTICLE, "new"))

    assert Handled(missed=1) == drop([first], store=wire.store, now=START)
    assert Handled(missed=1) == release([first], store=wire.store, now=START)
    assert wire.store.get(Kind.ARTICLE, first.id) == first
