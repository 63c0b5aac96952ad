"""Polling one feed, and the loop over many: what is stored, what is asked, what is left alone."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from poll_fakes import START, Clock, FakeFetcher, InlineParser, item, rss

from tocsin.adapters.memory_store import MemoryStore
from tocsin.core.feeds import Feed
from tocsin.core.messages import Commit, Kind, Row, Step
from tocsin.errors import Conflict, FetchTimeout, FetchUnreachable
from tocsin.pipeline.feed_rows import memory_from, sync_feeds
from tocsin.pipeline.poll import PollReport, PollStatus, poll_feed
from tocsin.pipeline.poller import OutageJudge, Poller, PollLimits
from tocsin.pipeline.rows import article_from

FEED = Feed(id="wire", url="https://wire.example/rss", lang="en", country="ES", timezone="Europe/Madrid")
LONG = "The harbour police of the northern port searched a warehouse and carried out crates all through the night. " * 4


class Desk:
    """One feed, its row, and everything a poll needs."""

    def __init__(self, *feeds: Feed) -> None:
        self.feeds = {feed.id: feed for feed in feeds or (FEED,)}
        self.clock = Clock()
        self.store = MemoryStore(self.clock)
        self.fetcher = FakeFetcher()
        self.parser = InlineParser()
        sync_feeds(tuple(self.feeds.values()), store=self.store, now=self.clock())

    def row(self, feed_id: str = "wire") -> Row:
        row = self.store.get(Kind.FEED, feed_id)
        assert row is not None, "the feed has a row"
        return row

    def poll(self, feed_id: str = "wire") -> PollReport:
        return asyncio.run(
            poll_feed(
                self.feeds[feed_id],
                self.row(feed_id),
                store=self.store,
                fetcher=self.fetcher,
                parser=self.parser,
                publisher_of=lambda _: "wire.example",
                now=self.clock(),
                jitter=0,
            )
        )

    def first_poll(self, *items: str) -> None:
        """Get the first poll over with, so that later items are news."""
        self.fetcher.serves(FEED.url, rss(*items))
        self.poll()
        self.clock.tick(300)

    def articles(self, state: str = "new") -> list[str]:
        return sorted(
            article_from(row).title
            for row in self.store.get_many(Kind.ARTICLE, self.store.list_ids(Kind.ARTICLE, state))
        )


def test_new_items_are_stored_and_a_scan_is_asked_for_in_one_commit():
    desk = Desk()
    desk.first_poll()
    desk.fetcher.serves(FEED.url, rss(item("a"), item("b")), etag='"2"', last_modified="x")

    report = desk.poll()

    assert (PollStatus.OK, 2) == (report.status, report.new)
    assert ["About a", "About b"] == desk.articles()
    assert [2] == [len(wakeup.ids) for wakeup in desk.store.wakeups[Step.SCAN]]
    memory = memory_from(desk.row(), FEED)
    assert ('"2"', "x") == (memory.etag, memory.last_modified)
    assert desk.row().due_at == desk.clock() + timedelta(seconds=300)


def test_an_article_carries_what_detection_and_merging_need():
    desk = Desk()
    desk.first_poll()
    desk.fetcher.serves(FEED.url, rss(item("a")))
    desk.poll()

    article = article_from(desk.store.get_many(Kind.ARTICLE, desk.store.list_ids(Kind.ARTICLE, "new"))[0])

    assert ("ES", "Europe/Madrid", "en") == (article.country, article.timezone, article.lang)
    assert ("wire.example", START, desk.clock()) == (article.publisher, article.published_at, article.fetched_at)
    assert not article.catch_up
    assert article.fingerprint


def test_a_second_poll_of_the_same_items_stores_nothing():
    desk = Desk()
    desk.first_poll(item("a"))
    desk.fetcher.serves(FEED.url, rss(item("a"), item("b")))
    desk.poll()
    desk.fetcher.serves(FEED.url, rss(item("b"), item("a")))

    report = desk.poll()

    assert (PollStatus.OK, 0) == (report.status, report.new)
    assert ["About a", "About b"] == desk.articles()


def test_an_equal_body_is_not_parsed():
    desk = Desk()
    desk.first_poll(item("a"))
    parsed = desk.parser.parsed

    report = desk.poll()

    assert (PollStatus.UNCHANGED, parsed) == (report.status, desk.parser.parsed)


def test_validators_are_sent_back_as_they_came():
    desk = Desk()
    desk.fetcher.serves(FEED.url, rss(), etag='W/"1"', last_modified="odd date")
    desk.poll()
    desk.fetcher.answers(FEED.url, 304)
    desk.poll()

    request = desk.fetcher.requests[-1]

    assert ('W/"1"', "odd date") == (request.etag, request.last_modified)


def test_items_of_the_first_poll_are_catch_up_unless_young_enough_for_the_backfill():
    desk = Desk(replace(FEED, backfill_s=3600))
    desk.first_poll(item("young", at=START - timedelta(minutes=30)), item("old", at=START - timedelta(hours=2)))

    rows = desk.store.get_many(Kind.ARTICLE, desk.store.list_ids(Kind.ARTICLE, "new"))

    assert {"About young": False, "About old": True} == {
        article_from(row).title: article_from(row).catch_up for row in rows
    }


def test_a_body_that_is_no_feed_keeps_the_validators_and_counts_a_failure():
    desk = Desk()
    desk.fetcher.serves(FEED.url, rss(), etag='"good"')
    desk.poll()
    desk.fetcher.serves(FEED.url, "<html>maintenance</html>", etag='"bad"')

    report = desk.poll()

    memory = memory_from(desk.row(), FEED)
    assert report.status is PollStatus.FAILED
    assert ('"good"', 1) == (memory.etag, memory.failures)
    assert "no RSS or Atom" in memory.error


def test_failures_back_off_and_a_success_forgets_them():
    desk = Desk()
    desk.fetcher.fails(FEED.url, FetchTimeout(FEED.url))
    waits = []
    for _ in range(4):
        desk.poll()
        waits.append((desk.row().due_at - desk.clock()).total_seconds())
    desk.fetcher.serves(FEED.url, rss())
    desk.poll()

    assert [300, 600, 1200, 2400] == waits
    assert memory_from(desk.row(), FEED).failures == 0


@pytest.mark.parametrize("status", [429, 503])
def test_a_publisher_that_asks_to_wait_is_left_alone_that_long(status):
    desk = Desk()
    desk.fetcher.answers(FEED.url, status, retry_after="7200")

    report = desk.poll()

    assert report.status is PollStatus.ASKED_TO_WAIT
    assert report.wait_host_until == desk.clock() + timedelta(hours=2)
    assert desk.row().due_at == desk.clock() + timedelta(hours=2)


def test_gone_ends_the_feed_and_says_so():
    desk = Desk()
    desk.fetcher.answers(FEED.url, 410)

    report = desk.poll()

    assert (PollStatus.GONE, "gone", None) == (report.status, desk.row().state, desk.row().due_at)


def test_the_same_page_in_another_feed_is_one_article():
    other = replace(FEED, id="other", url="https://other.example/rss")
    desk = Desk(FEED, other)
    desk.first_poll(item("a"))
    desk.fetcher.serves(other.url, rss(item("z", link="https://www.wire.example/a?utm_source=rss")))

    report = desk.poll("other")

    assert (0, 1) == (report.new, report.duplicate)


def test_a_changed_id_and_address_with_the_same_text_is_not_news():
    desk = Desk()
    desk.first_poll(item("a", body=LONG))
    desk.fetcher.serves(
        FEED.url, rss(item("a2", body=LONG.replace("crates", "boxes", 1)).replace("About a2", "About a"))
    )

    report = desk.poll()

    assert (0, 1) == (report.new, report.duplicate)


def test_a_text_that_differs_in_a_number_is_news():
    desk = Desk()
    desk.first_poll(item("a", body=LONG + "Ten people, 3 boats."))
    desk.fetcher.serves(FEED.url, rss(item("b", body=LONG + "Ten people, 4 boats.")))

    assert desk.poll().new == 1


def test_a_mass_republication_is_held_for_the_operator():
    desk = Desk()
    old = START - timedelta(days=30)
    desk.first_poll(item("first"))
    desk.fetcher.serves(FEED.url, rss(*(item(f"again-{n}", at=old, body=f"{LONG} {n}") for n in range(40))))

    report = desk.poll()

    assert (0, 40) == (report.new, report.held)
    assert len(desk.articles("held")) == 40
    assert [1] == [len(wakeup.ids) for wakeup in desk.store.wakeups[Step.SCAN]]  # the first poll's only


def test_more_than_fifty_items_make_several_scan_jobs():
    desk = Desk()
    desk.first_poll(*(item(f"n{n}", body=f"{LONG} {n}") for n in range(120)))

    assert [50, 50, 20] == [len(wakeup.ids) for wakeup in desk.store.wakeups[Step.SCAN]]


def test_a_poll_that_lost_the_race_writes_nothing():
    desk = Desk()
    desk.fetcher.serves(FEED.url, rss(item("a")))
    stale = desk.row()
    desk.store.commit(Commit(rows=(stale,)))

    with pytest.raises(Conflict):
        asyncio.run(
            poll_feed(FEED, stale, store=desk.store, fetcher=desk.fetcher, parser=desk.parser,
                      publisher_of=lambda _: "wire.example", now=desk.clock(), jitter=0)
        )  # fmt: skip

    assert desk.articles() == []


def test_feeds_follow_the_operators_list():
    desk = Desk()
    moved = replace(FEED, url="https://new.example/rss")
    sync_feeds((moved, replace(FEED, id="added")), store=desk.store, now=desk.clock())
    assert memory_from(desk.row(), moved).url == "https://new.example/rss"

    sync_feeds((moved,), store=desk.store, now=desk.clock())
    assert ("removed", None) == (desk.row("added").state, desk.row("added").due_at)

    changed = sync_feeds((moved,), store=desk.store, now=desk.clock())
    assert changed == 0


def run_loop(desk: Desk, limits: PollLimits, *, until: int) -> tuple[list[PollReport], list[str]]:
    """Run the loop until that many reports came in."""
    reports: list[PollReport] = []
    pauses: list[str] = []

    async def run() -> None:
        stop = asyncio.Event()

        def heard(report: PollReport) -> None:
            reports.append(report)
            if len(reports) >= until:
                stop.set()

        def paused(text: str) -> None:
            pauses.append(text)
            if until == 0:
                stop.set()

        poller = Poller(
            lambda: desk.feeds,
            store=desk.store,
            fetcher=desk.fetcher,
            parser=desk.parser,
            publisher_of=lambda _: "wire.example",
            limits=limits,
            random_source=random.Random(7),
            on_report=heard,
            on_pause=paused,
        )
        async with asyncio.timeout(10):
            await poller.run(stop)

    asyncio.run(run())
    return reports, pauses


def test_the_loop_polls_every_due_feed():
    feeds = [Feed(id=f"f{n}", url=f"https://h{n}.example/rss") for n in range(20)]
    desk = Desk(*feeds)
    for feed in feeds:
        desk.fetcher.serves(feed.url, rss())

    reports, _ = run_loop(desk, PollLimits(idle_s=0.01), until=20)

    assert {feed.id for feed in feeds} == {report.feed_id for report in reports}


def test_a_host_is_asked_once_at_a_time_and_its_other_feeds_keep_their_place():
    desk = Desk(Feed(id="a", url="https://h.example/a"), Feed(id="b", url="https://h.example/b"))
    desk.fetcher.serves("https://h.example/a", rss())
    desk.fetcher.serves("https://h.example/b", rss())

    reports, _ = run_loop(desk, PollLimits(idle_s=0.01, host_gap_s=60), until=1)

    assert len(reports) == 1
    left = desk.store.due(Kind.FEED, ("active",), desk.clock())
    assert len(left) == 1


def test_polling_pauses_and_says_so_when_the_scan_backlog_is_full():
    desk = Desk()
    desk.first_poll(item("a"))

    _, pauses = run_loop(desk, PollLimits(idle_s=0.01, max_backlog=0), until=0)

    assert pauses == ["polling paused: 1 articles wait for a scan: start more 'scan' workers"]


def test_our_own_outage_blames_no_feed():
    feeds = [Feed(id=f"f{n}", url=f"https://h{n}.example/rss") for n in range(12)]
    desk = Desk(*feeds)
    for feed in feeds:
        desk.fetcher.fails(feed.url, FetchUnreachable(feed.url))

    run_loop(desk, PollLimits(idle_s=0.01), until=12)

    blamed = [feed.id for feed in feeds if memory_from(desk.row(feed.id), feed).failures]
    assert len(blamed) < 4


def test_some_unreachable_hosts_are_no_outage_of_ours():
    judge = OutageJudge()
    for number in range(10):
        judge.note(f"h{number}", reached=number >= 4, now=START)

    assert not judge.is_our_outage(START)
