"""Poll one feed: fetch it politely, tell new items from old ones, store them and ask for a scan, in one commit."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.core.article import Article
from tocsin.core.feeds import Feed, FeedEntry, ParsedFeed
from tocsin.core.fingerprint import distance, numbers_in, simhash
from tocsin.core.ids import make_id
from tocsin.core.items import item_keys
from tocsin.core.messages import Commit, Kind, Row, Step, Wakeup
from tocsin.core.polling import (
    FeedMemory,
    Schedule,
    is_mass_republication,
    remember_failure,
    remember_redirect,
    remember_success,
    remember_unchanged,
    retry_after,
    schedule_after_failure,
    schedule_after_success,
)
from tocsin.errors import FetchError, FetchUnreachable, NotAFeed
from tocsin.pipeline.feed_rows import feed_row, memory_from
from tocsin.pipeline.rows import MAX_SCAN_IDS, article_from, article_row, item_key, print_keys, url_key
from tocsin.ports import FeedParser, Fetcher, FetchRequest, FetchResponse, Store

_OLD = timedelta(days=2)
_COPY_BITS = 3
_COPY_MIN_CHARS = 200


class PollStatus(StrEnum):
    """How a poll ended."""

    OK = "ok"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    GONE = "gone"
    ASKED_TO_WAIT = "asked_to_wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What a poll found. `wait_host_until` asks the caller to leave the host alone (B6, B7)."""

    feed_id: str
    status: PollStatus
    new: int = 0
    duplicate: int = 0
    held: int = 0
    detail: str = ""
    note: str = ""
    took_s: float = 0.0
    next_at: datetime | None = None
    wait_host_until: datetime | None = None


async def poll_feed(
    feed: Feed,
    row: Row,
    *,
    store: Store,
    fetcher: Fetcher,
    parser: FeedParser,
    publisher_of: Callable[[str], str],
    now: datetime,
    jitter: float,
) -> PollReport:
    """Fetch, decide, commit once. Raises only `StoreError`s; then nothing was written and the feed is still due.

    `FetchUnreachable` is not committed here: it comes back as `UNREACHABLE`, for the caller knows whether it is the
    publisher's fault or our own connection's (B9), and calls `commit_failure`.
    """
    memory = memory_from(row, feed)
    request = FetchRequest(
        url=memory.url, etag=memory.etag, last_modified=memory.last_modified, allow_private=feed.allow_private
    )
    try:
        response = await fetcher.fetch(request)
    except FetchUnreachable as exc:
        return PollReport(feed_id=feed.id, status=PollStatus.UNREACHABLE, detail=str(exc))
    except FetchError as exc:
        return await commit_failure(feed, row, str(exc), store=store, now=now, jitter=jitter)
    if response.status == 304:
        return await _unchanged(feed, row, memory, response, store=store, now=now, jitter=jitter)
    if response.status != 200:
        return await _refused(feed, row, memory, response, store=store, now=now, jitter=jitter)
    body_hash = hashlib.sha256(response.body).hexdigest()
    if body_hash == memory.body_hash:
        return await _unchanged(feed, row, memory, response, store=store, now=now, jitter=jitter)
    try:
        parsed = await parser.parse(
            response.body, content_type=response.headers.get("content-type", ""), url=response.url
        )
    except NotAFeed as exc:
        return await commit_failure(feed, row, str(exc), store=store, now=now, jitter=jitter)
    harvest = await asyncio.to_thread(_harvest, feed, memory, parsed, store, publisher_of, now)
    memory = remember_redirect(memory, response.permanent_url)
    memory = remember_success(memory, response.headers, body_hash=body_hash, new_items=len(harvest.articles), now=now)
    schedule = schedule_after_success(feed, response.headers, ttl_s=parsed.ttl_s, now=now, jitter=jitter)
    await asyncio.to_thread(store.commit, _commit(row, memory, harvest, schedule, now))
    held = len(harvest.articles) if harvest.held else 0
    return PollReport(
        feed_id=feed.id,
        status=PollStatus.OK,
        new=len(harvest.articles) - held,
        duplicate=harvest.duplicates,
        held=held,
        detail=parsed.warning,
        note=schedule.note,
        took_s=response.took_s,
        next_at=schedule.at,
    )


async def commit_failure(
    feed: Feed, row: Row, reason: str, *, store: Store, now: datetime, jitter: float, own_outage: bool = False
) -> PollReport:
    """Record a failed poll and schedule the next one; our own outage is retried at the feed's interval."""
    memory = remember_failure(memory_from(row, feed), reason, own_outage=own_outage)
    schedule = schedule_after_failure(feed, 1 if own_outage else memory.failures, now=now, jitter=jitter)
    await asyncio.to_thread(store.commit, Commit(rows=(feed_row(row, memory, due_at=schedule.at),)))
    return PollReport(feed_id=feed.id, status=PollStatus.FAILED, detail=reason, next_at=schedule.at)


async def _unchanged(
    feed: Feed, row: Row, memory: FeedMemory, response: FetchResponse, *, store: Store, now: datetime, jitter: float
) -> PollReport:
    memory = remember_unchanged(memory, response.headers, now=now)
    if memory.failures:
        schedule = schedule_after_failure(feed, memory.failures, now=now, jitter=jitter)
    else:
        schedule = schedule_after_success(feed, response.headers, ttl_s=None, now=now, jitter=jitter)
    await asyncio.to_thread(store.commit, Commit(rows=(feed_row(row, memory, due_at=schedule.at),)))
    return PollReport(
        feed_id=feed.id, status=PollStatus.UNCHANGED, took_s=response.took_s, next_at=schedule.at, note=schedule.note
    )


async def _refused(
    feed: Feed, row: Row, memory: FeedMemory, response: FetchResponse, *, store: Store, now: datetime, jitter: float
) -> PollReport:
    if response.status == 410:
        memory = remember_failure(memory, "410 gone: the publisher has ended this feed; remove it from feeds.yml")
        await asyncio.to_thread(store.commit, Commit(rows=(feed_row(row, memory, due_at=None, state="gone"),)))
        return PollReport(feed_id=feed.id, status=PollStatus.GONE, detail=memory.error)
    memory = remember_failure(memory, f"HTTP status {response.status}")
    schedule = schedule_after_failure(feed, memory.failures, now=now, jitter=jitter)
    wait = retry_after(response.headers, now) if response.status in {429, 503} else None
    until = now + wait if wait is not None else None
    at = max(schedule.at, until) if until else schedule.at
    await asyncio.to_thread(store.commit, Commit(rows=(feed_row(row, memory, due_at=at),)))
    status = PollStatus.ASKED_TO_WAIT if until else PollStatus.FAILED
    return PollReport(feed_id=feed.id, status=status, detail=memory.error, next_at=at, wait_host_until=until)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Harvest:
    articles: tuple[tuple[Article, str], ...]
    duplicates: int
    held: bool


def _harvest(
    feed: Feed,
    memory: FeedMemory,
    parsed: ParsedFeed,
    store: Store,
    publisher_of: Callable[[str], str],
    now: datetime,
) -> _Harvest:
    """The document's unseen items as articles with their item keys, oldest first."""
    # A publisher's id may be of any length; its digest is what the index holds.
    keyed = tuple(
        (make_id("itm", key), entry) for key, entry in zip(item_keys(parsed.entries), parsed.entries, strict=True)
    )
    known = store.find_any(Kind.ARTICLE, [item_key(feed.id, key) for key, _ in keyed], limit=1)
    unseen = [(key, entry) for key, entry in keyed if not known[item_key(feed.id, key)]]
    made = [(_article(feed, memory, parsed, key, entry, publisher_of, now), key) for key, entry in unseen]
    fresh, copies = _without_copies(made, store)
    stale = copies + sum(1 for article, _ in fresh if article.published_at and now - article.published_at > _OLD)
    held = memory.polled and is_mass_republication(new=len(made), total=len(keyed), usual=memory.usual, stale=stale)
    fresh.sort(key=lambda pair: pair[0].reference_at)
    return _Harvest(articles=tuple(fresh), duplicates=copies, held=held)


def _article(
    feed: Feed,
    memory: FeedMemory,
    parsed: ParsedFeed,
    key: str,
    entry: FeedEntry,
    publisher_of: Callable[[str], str],
    now: datetime,
) -> Article:
    published = min(entry.published_at, now) if entry.published_at else None
    recent = published is not None and (now - published).total_seconds() <= feed.backfill_s
    return Article(
        id=make_id("art", feed.id, key),
        feed_id=feed.id,
        url=entry.url,
        publisher=publisher_of(entry.url or feed.url),
        title=entry.title,
        body=entry.body,
        lang=entry.lang or feed.lang or parsed.lang or "en",
        country=feed.country,
        timezone=feed.timezone,
        published_at=published,
        fetched_at=now,
        catch_up=not memory.polled and not recent,
        fingerprint=simhash(f"{entry.title}\n{entry.body}"),
    )


def _without_copies(made: Sequence[tuple[Article, str]], store: Store) -> tuple[list[tuple[Article, str]], int]:
    """Leave out what is already known under another id: the same page in any feed, the same text in this one (B16)."""
    urls = {url_key(article.url) for article, _ in made if article.url}
    prints = {key for article, _ in made for key in print_keys(article.fingerprint)}
    known = store.find_any(Kind.ARTICLE, [*sorted(urls), *sorted(prints)], limit=20)
    fresh: list[tuple[Article, str]] = []
    seen: set[str] = set()
    for article, key in made:
        url = url_key(article.url) if article.url else ""
        if url in seen or known.get(url) or _is_copy(article, _near(article, known, store)):
            continue
        seen |= {url} if url else set()
        fresh.append((article, key))
    return fresh, len(made) - len(fresh)


def _near(article: Article, known: Mapping[str, list[str]], store: Store) -> Iterator[Article]:
    ids = dict.fromkeys(i for key in print_keys(article.fingerprint) for i in known[key])
    others = (article_from(row) for row in store.get_many(Kind.ARTICLE, list(ids)))
    return (other for other in others if other.feed_id == article.feed_id)


def _is_copy(article: Article, others: Iterator[Article]) -> bool:
    """Whether one of the others is the same text; what differs in a number is a new report, however alike."""
    if len(article.body) < _COPY_MIN_CHARS:
        return False
    return any(
        distance(article.fingerprint, other.fingerprint) <= _COPY_BITS
        and numbers_in(article.text) == numbers_in(other.text)
        for other in others
    )


def _commit(row: Row, memory: FeedMemory, harvest: _Harvest, schedule: Schedule, now: datetime) -> Commit:
    state = "held" if harvest.held else "new"
    rows = tuple(article_row(article, now=now, item_keys=(key,), state=state) for article, key in harvest.articles)
    ids = [] if harvest.held else [article.id for article, _ in harvest.articles]
    batches = [tuple(ids[i : i + MAX_SCAN_IDS]) for i in range(0, len(ids), MAX_SCAN_IDS)]
    return Commit(
        rows=(feed_row(row, replace(memory, capped=schedule.note), due_at=schedule.at), *rows),
        wakeups=tuple(Wakeup(step=Step.SCAN, ids=batch) for batch in batches),
    )
