"""Scan: each article once, its mentions with it, and an article that cannot be scanned costs nobody else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.adapters.memory_store import MemoryStore
from tocsin.core.article import Article, Span
from tocsin.core.ids import make_id
from tocsin.core.mentions import Detection, EventMention, Status
from tocsin.core.messages import Commit, Kind, Row, Step, Wakeup
from tocsin.errors import StoreUnavailable
from tocsin.pipeline.rows import article_row, attempts_of, count_attempt, mention_from
from tocsin.pipeline.scan import ScanReport, scan

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def article(number: int, *, body: str = "Police arrested two men.") -> Article:
    return Article(
        id=make_id("art", str(number)),
        feed_id="feed",
        url=f"https://news.example/{number}",
        publisher="news.example",
        title="Two arrested",
        body=body,
        lang="en",
        fetched_at=NOW,
    )


def mention(of: Article, *, number: int = 0) -> EventMention:
    return EventMention(
        id=make_id("men", of.id, str(number)),
        article_id=of.id,
        type="arrest",
        status=Status.ASSERTED,
        sentence=Span(start=0, end=10),
        sentence_text="Police arr",
        trigger=Span(start=7, end=10),
        trigger_text="arr",
    )


def finds_one(of: Article) -> Detection:
    return Detection(mentions=(mention(of),)) if "arrested" in of.body else Detection()


def store_with(*articles: Article) -> MemoryStore:
    store = MemoryStore(lambda: NOW)
    store.commit(Commit(rows=tuple(article_row(each, now=NOW) for each in articles)))
    return store


def row_of(store: MemoryStore, of: Article) -> Row:
    row = store.get(Kind.ARTICLE, of.id)
    assert row is not None
    return row


def test_an_article_and_its_mentions_are_stored_and_merge_is_woken() -> None:
    store = store_with(article(1))

    report = scan([article(1).id], store=store, detect=finds_one, now=NOW)

    assert report == ScanReport(scanned=1, mentions=1)
    assert row_of(store, article(1)).state == "scanned"
    (found,) = store.get_many(Kind.MENTION, store.find(Kind.MENTION, f"article:{article(1).id}"))
    assert mention_from(found) == mention(article(1))
    assert (found.state, found.due_at) == ("new", NOW + timedelta(seconds=60))
    assert store.queued(Step.MERGE) == 1


def test_an_article_without_mentions_wakes_nobody() -> None:
    store = store_with(article(1, body="Rain is expected."))

    report = scan([article(1).id], store=store, detect=finds_one, now=NOW)

    assert report == ScanReport(scanned=1)
    assert store.queued(Step.MERGE) == 0


def test_a_batch_wakes_merge_with_its_first_mention_and_once_more_at_its_end() -> None:
    store = store_with(*map(article, range(10)))
    taken: list[Wakeup] = []

    def detect_while_merge_is_quick(of: Article) -> Detection:
        while store.wakeups[Step.MERGE]:
            taken.append(store.wakeups[Step.MERGE].popleft())
        return finds_one(of)

    scan([article(number).id for number in range(10)], store=store, detect=detect_while_merge_is_quick, now=NOW)

    assert store.count(Kind.ARTICLE) == {"scanned": 10}
    assert (len(taken), store.queued(Step.MERGE)) == (1, 1)


def test_scanning_twice_changes_nothing_the_second_time() -> None:
    store = store_with(article(1))
    ids = [article(1).id, article(1).id, "art_unknown"]
    scan(ids, store=store, detect=finds_one, now=NOW)
    before = row_of(store, article(1))

    report = scan(ids, store=store, detect=finds_one, now=NOW)

    assert report == ScanReport(done_before=1)
    assert row_of(store, article(1)) == before
    assert store.queued(Step.MERGE) == 1


def test_the_attempt_is_counted_before_the_work() -> None:
    store = store_with(article(1))
    seen: list[int] = []

    def look(of: Article) -> Detection:
        seen.append(attempts_of(row_of(store, of)))
        return Detection()

    scan([article(1).id], store=store, detect=look, now=NOW)

    assert seen == [1]


def test_a_poisonous_article_is_given_up_after_three_attempts_and_the_rest_go_on() -> None:
    poison = article(2)
    store = store_with(article(1), poison, article(3))
    tried: list[str] = []

    def explode(of: Article) -> Detection:
        if of.id == poison.id:
            tried.append(of.id)
            raise ZeroDivisionError("a bug")
        return finds_one(of)

    ids = [article(number).id for number in (1, 2, 3)]
    reports = [scan(ids, store=store, detect=explode, now=NOW) for _ in range(4)]

    assert [(report.scanned, report.postponed, report.failed) for report in reports] == [
        (2, 1, 0),
        (0, 1, 0),
        (0, 0, 1),
        (0, 0, 0),
    ]
    assert len(tried) == 3
    assert row_of(store, poison).state == "failed"
    assert row_of(store, poison).body["reason"] == "ZeroDivisionError: a bug"


def test_an_article_that_kills_the_worker_is_given_up_and_its_neighbours_are_not() -> None:
    """A kill is an exception that nothing here catches; tick then wakes the batch as it was."""
    killer = article(1)
    others = [article(number) for number in range(2, 6)]
    store = store_with(killer, *others)

    class Killed(BaseException):
        pass

    def die(of: Article) -> Detection:
        if of.id == killer.id:
            raise Killed
        return finds_one(of)

    ids = [killer.id, *(each.id for each in others)]
    for _ in range(3):
        with pytest.raises(Killed):
            scan(ids, store=store, detect=die, now=NOW)

    report = scan(ids, store=store, detect=die, now=NOW)

    assert (report.failed, report.scanned) == (1, 4)
    assert row_of(store, killer).body["reason"] == "no scan of it came to its end in 3 attempts"


def test_an_article_that_takes_too_long_is_counted_as_slow_and_tried_again() -> None:
    store = store_with(article(1), article(2))

    @contextmanager
    def limit() -> Iterator[None]:
        yield

    def hang(of: Article) -> Detection:
        if of.id == article(1).id:
            raise TimeoutError
        return finds_one(of)

    report = scan([article(1).id, article(2).id], store=store, detect=hang, now=NOW, limit=limit)

    assert (report.slow, report.postponed, report.scanned) == (1, 1, 1)
    assert row_of(store, article(1)).due_at == NOW + timedelta(seconds=60)
    assert row_of(store, article(1)).state == "new"


def racing(store: MemoryStore, change: Callable[[Row], Row]) -> Callable[[Article], Detection]:
    """A detector during which somebody else writes the article's row."""

    def look(of: Article) -> Detection:
        store.commit(Commit(rows=(change(row_of(store, of)),)))
        return finds_one(of)

    return look


def test_an_article_that_another_worker_finished_meanwhile_is_left_to_it() -> None:
    store = store_with(article(1))

    report = scan(
        [article(1).id], store=store, detect=racing(store, lambda row: replace(row, state="scanned")), now=NOW
    )

    assert report == ScanReport(done_before=1)
    assert store.count(Kind.MENTION) == {}


def test_an_article_that_tick_put_off_meanwhile_is_stored_all_the_same() -> None:
    store = store_with(article(1))
    later = NOW + timedelta(hours=1)

    report = scan([article(1).id], store=store, detect=racing(store, lambda row: replace(row, due_at=later)), now=NOW)

    assert (report.scanned, report.mentions) == (1, 1)


class RacingStore(MemoryStore):
    """A store in which somebody else writes an article's row right before the next commit."""

    race: Row | None = None

    def commit(self, commit: Commit) -> tuple[Row, ...]:
        if self.race is not None:
            race, self.race = self.race, None
            super().commit(Commit(rows=(race,)))
        return super().commit(commit)


@pytest.mark.parametrize(
    ("change", "scanned"),
    [
        (lambda row: count_attempt(row, now=NOW), 0),  # another worker began it: it is left to that one
        (lambda row: replace(row, state="scanned"), 0),  # another worker is done with it
        (lambda row: replace(row, due_at=NOW + timedelta(hours=1)), 1),  # tick put it off: it is still ours
    ],
)
def test_an_article_written_to_before_its_attempt_is_counted(change: Callable[[Row], Row], scanned: int) -> None:
    store = RacingStore(lambda: NOW)
    store.commit(Commit(rows=(article_row(article(1), now=NOW), article_row(article(2), now=NOW))))
    store.race = change(row_of(store, article(1)))

    report = scan([article(1).id, article(2).id], store=store, detect=finds_one, now=NOW)

    assert report.scanned == scanned + 1
    assert row_of(store, article(2)).state == "scanned"


def test_a_mention_that_is_stored_already_stays_as_it_is() -> None:
    store = store_with(article(1))
    scan([article(1).id], store=store, detect=finds_one, now=NOW)
    store.commit(Commit(rows=(replace(row_of(store, article(1)), state="new"),)))
    (stored,) = store.get_many(Kind.MENTION, [mention(article(1)).id])

    def finds_two(of: Article) -> Detection:
        return Detection(mentions=(mention(of), mention(of, number=1)))

    report = scan([article(1).id], store=store, detect=finds_two, now=NOW)

    assert (report.scanned, report.mentions) == (1, 1)
    assert store.get(Kind.MENTION, stored.id) == stored
    assert store.count(Kind.MENTION) == {"new": 2}


def test_a_store_that_goes_away_is_not_the_articles_fault() -> None:
    store = store_with(article(1))

    def gone(of: Article) -> Detection:
        raise StoreUnavailable("gone")

    with pytest.raises(StoreUnavailable):
        scan([article(1).id], store=store, detect=gone, now=NOW)

    assert row_of(store, article(1)).state == "new"


class CountingStore(MemoryStore):
    """A store that counts its commits."""

    commits = 0

    def commit(self, commit: Commit) -> tuple[Row, ...]:
        self.commits += 1
        return super().commit(commit)


def test_articles_are_stored_ten_a_commit_after_their_attempts_were_counted_together() -> None:
    store = CountingStore(lambda: NOW)
    quiet = [article(number, body="Rain is expected.") for number in range(25)]
    store.commit(Commit(rows=tuple(article_row(each, now=NOW) for each in quiet)))
    store.commits = 0

    report = scan([each.id for each in quiet], store=store, detect=finds_one, now=NOW)

    assert report == ScanReport(scanned=25)
    assert store.commits == 1 + 3


def test_what_was_done_is_stored_before_an_article_that_was_begun_before_is_tried_again() -> None:
    begun, others = article(9), [article(number, body="Rain is expected.") for number in range(3)]
    store = store_with(*others, begun)
    store.commit(Commit(rows=(count_attempt(row_of(store, begun), now=NOW),)))

    class Killed(BaseException):
        pass

    def die(of: Article) -> Detection:
        if of.id == begun.id:
            raise Killed
        return finds_one(of)

    with pytest.raises(Killed):
        scan([*(each.id for each in others), begun.id], store=store, detect=die, now=NOW)

    assert store.count(Kind.ARTICLE) == {"scanned": 3, "new": 1}


def test_when_another_wrote_to_one_of_the_articles_stored_together_the_rest_are_stored() -> None:
    store = store_with(*map(article, range(3)))

    def look(of: Article) -> Detection:
        if of.id == article(1).id:
            store.commit(Commit(rows=(replace(row_of(store, of), state="scanned"),)))
        return Detection()

    report = scan([article(number).id for number in range(3)], store=store, detect=look, now=NOW)

    assert report == ScanReport(scanned=2, done_before=1)
