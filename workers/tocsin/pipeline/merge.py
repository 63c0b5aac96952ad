"""Merge: join each mention to the event it reports, or open one, under a lease so that one consumer does it.

Articles that wait together are merged one after another in memory and committed together: their events, their
mentions as `merged`, and the wake-up of dispatch, guarded by the lease's fence and by the versions that were read. The
events are the same as if each had been committed by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

import structlog

from tocsin.core.article import Article
from tocsin.core.events.identity import Profile
from tocsin.core.events.lineage import Kinship, make_kinship
from tocsin.core.events.merging import absorb_event, find_match, find_twin, join_event, open_event, profile_of
from tocsin.core.events.values import Event
from tocsin.core.mentions import OPENING, EventMention, Status
from tocsin.core.messages import Commit, Kind, Lease, Row, Step, Wakeup
from tocsin.core.rulebook import Rulebook
from tocsin.errors import Conflict, FenceLost, StoreUnavailable
from tocsin.pipeline.event_rows import event_row
from tocsin.pipeline.merge_overlay import EventCache, Overlay
from tocsin.pipeline.rows import (
    MAX_ATTEMPTS,
    MAX_IDS,
    WAKE_AFTER,
    article_from,
    attempts_of,
    count_attempt,
    mention_from,
    merged_mention,
    rest_at,
)
from tocsin.ports import Store

LEASE = "merge"
LEASE_S = 30.0
PAGE = 100
MAX_PAGES = 10
GROUP_MENTIONS = 60
# Dispatch writes to events that merge is at: read again, the group mostly goes through.
TRIES_TOGETHER = 3
MAX_CONFLICTS = 8

_CHANGING = frozenset({Status.DENIED, Status.NEGATED})
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeBook:
    """What merging needs of a rulebook, made once per rulebook. `opening`: the statuses that may open an event.

    `known` spares reading an event anew as long as its row's version is the same.
    """

    kinship: Kinship
    known: EventCache
    opening: frozenset[Status] = OPENING
    digest: str = ""


def make_merge_book(rulebook: Rulebook) -> MergeBook:
    """A planned event is opened only where a subscription asks for planned ones."""
    asked = {status for subscription in rulebook.subscriptions for status in subscription.statuses}
    opening = OPENING | ({Status.PLANNED} & asked)
    kinship = make_kinship(rulebook)
    return MergeBook(kinship=kinship, known=EventCache(kinship=kinship), opening=opening, digest=rulebook.digest)


@dataclass(slots=True, kw_only=True)
class MergeReport:
    """What a run did. `busy`: another consumer holds the lease and will do it. `more`: mentions are left over."""

    opened: int = 0
    joined: int = 0
    silent: int = 0
    redirected: int = 0
    failed: int = 0
    busy: bool = False
    more: bool = False


def merge(*, store: Store, book: MergeBook, holder: str, now: datetime) -> MergeReport:
    """Merge the mentions that wait, oldest first, at most a thousand. Safe to call at any time and any number of times.

    A wake-up's ids are no argument: whoever holds the lease merges whatever waits, in one order.
    """
    report = MergeReport()
    tried: set[str] = set()
    while lease := store.acquire_lease(LEASE, holder, LEASE_S):
        try:
            left = _merge_pages(lease, tried, store=store, book=book, now=now, report=report)
        except FenceLost:
            break
        store.release_lease(lease)
        if left:
            report.more = True
            store.wake(Step.MERGE)
            return report
        # A wake-up that found the lease taken is gone: what it came for is looked for once more without the lease.
        if not _waiting(store, now, tried):
            return report
    report.busy = True
    return report


def _merge_pages(
    lease: Lease, tried: set[str], *, store: Store, book: MergeBook, now: datetime, report: MergeReport
) -> bool:
    """Merge page after page; whether some mentions are left."""
    for _ in range(MAX_PAGES):
        page = _waiting(store, now, tried)
        if not page:
            return False
        tried |= {row.id for row in page}
        if store.acquire_lease(LEASE, lease.holder, LEASE_S) is None:
            raise FenceLost(lease.name, lease.token)
        _merge_page(page, store=store, book=book, lease=lease, now=now, report=report)
    return True


def _waiting(store: Store, now: datetime, tried: set[str]) -> list[Row]:
    rows = store.due(Kind.MENTION, ("new",), now + 2 * WAKE_AFTER, limit=PAGE + len(tried))
    return [row for row in rows if row.id not in tried][:PAGE]


def _merge_page(
    rows: Sequence[Row], *, store: Store, book: MergeBook, lease: Lease, now: datetime, report: MergeReport
) -> None:
    mentions = [pair for row in rows if (pair := _readable(row, store, lease, now, report))]
    ids = dict.fromkeys(mention.article_id for _, mention in mentions)
    articles = {row.id: article_from(row) for row in store.get_many(Kind.ARTICLE, list(ids))}

    def order(pair: tuple[Row, EventMention]) -> tuple[datetime, str, int, str]:
        article = articles.get(pair[1].article_id)
        at = article.fetched_at if article else now
        return at, pair[1].article_id, pair[1].sentence.start, pair[1].id

    together: list[_Work] = []
    for article_id, group in groupby(sorted(mentions, key=order), key=lambda pair: pair[1].article_id):
        work = _Work(store=store, book=book, lease=lease, now=now, article=articles.get(article_id), pairs=tuple(group))
        together.append(work)
        if sum(len(each.pairs) for each in together) >= GROUP_MENTIONS:
            _merge_together(together, report)
            together = []
    _merge_together(together, report)


def _readable(
    row: Row, store: Store, lease: Lease, now: datetime, report: MergeReport
) -> tuple[Row, EventMention] | None:
    """The row's mention; one that cannot be read is set aside, or it would stop every merge."""
    try:
        return row, mention_from(row)
    except (ValueError, KeyError):
        _log.exception("mention_unreadable", mention=row.id)
        aside = replace(row, state="failed", due_at=rest_at(Kind.MENTION, now))
        store.commit(Commit(rows=(aside,), fence=lease.fence))
        report.failed += 1
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One article's mentions and what is needed to merge them. The article is gone when retention outran us."""

    store: Store
    book: MergeBook
    lease: Lease
    now: datetime
    article: Article | None
    pairs: tuple[tuple[Row, EventMention], ...]


def _merge_together(works: Sequence[_Work], report: MergeReport) -> None:
    """Several articles in one commit; each by itself when their events keep changing meanwhile, or one fails."""
    for _ in range(TRIES_TOGETHER if len(works) > 1 else 0):
        try:
            return _try_articles(works, report)
        except Conflict as conflict:
            if conflict.kind != Kind.EVENT:
                break
        except (FenceLost, StoreUnavailable):
            raise
        except Exception as error:  # noqa: BLE001  whose fault it is comes out when each goes alone
            _log.debug("merge_alone", articles=len(works), reason=str(error))
            break
    for work in works:
        _merge_article(work, report)
    return None


def _merge_article(work: _Work, report: MergeReport) -> None:
    for _ in range(MAX_CONFLICTS):
        try:
            return _try_articles([work], report)
        except Conflict as conflict:
            # Dispatch wrote the event, or the mention is merged already: read again, decide again.
            fresh = work.store.get_many(Kind.MENTION, [row.id for row, _ in work.pairs])
            pairs = tuple((row, mention_from(row)) for row in fresh if row.state == "new")
            _log.debug("merge_conflict", article=work.pairs[0][1].article_id, conflict=str(conflict))
            if not pairs:
                return None
            work = replace(work, pairs=pairs)
        except (FenceLost, StoreUnavailable):
            raise
        except Exception:  # noqa: BLE001  a bug must cost one article, not the queue behind it
            _log.exception("merge_failed", article=work.pairs[0][1].article_id)
            _count_failure(work, report)
            return None
    return None


def _count_failure(work: _Work, report: MergeReport) -> None:
    """A mention that fails three times is set aside with its reason; the rest go on."""
    rows = []
    for row, _ in work.pairs:
        counted = count_attempt(row, now=work.now)
        if attempts_of(counted) >= MAX_ATTEMPTS:
            body = {**counted.body, "reason": "could not be merged; see the log"}
            counted = replace(counted, state="failed", body=body, due_at=rest_at(Kind.MENTION, work.now))
            report.failed += 1
        rows.append(counted)
    work.store.commit(Commit(rows=tuple(rows), fence=work.lease.fence))


def _try_articles(works: Sequence[_Work], report: MergeReport) -> None:
    store, book, now = works[0].store, works[0].book, works[0].now
    overlay = Overlay(known=book.known)
    profiles = {
        mention.id: profile_of(mention, work.article, kinship=book.kinship)
        for work in works
        if work.article is not None
        for _, mention in work.pairs
        if mention.status in book.opening or mention.status in _CHANGING
    }
    overlay.read(profiles.values(), store)
    counted = MergeReport()
    merged: list[Row] = []
    for work in works:
        overlay.next_article()
        for row, mention in work.pairs:
            event_id = _merge_mention(mention, profiles.get(mention.id), work, overlay, counted)
            merged.append(merged_mention(row, event_id=event_id, now=now))
    events = tuple(
        event_row(
            overlay.events[event_id],
            kinship=book.kinship,
            now=now,
            version=overlay.versions.get(event_id, 0),
        )
        for event_id in overlay.changed
    )
    changed = [row.id for row in events if row.state == "changed"]
    batches = [tuple(changed[start : start + MAX_IDS]) for start in range(0, len(changed), MAX_IDS)]
    wakeups = tuple(Wakeup(step=Step.DISPATCH, ids=batch) for batch in batches)
    store.commit(Commit(rows=(*events, *merged), wakeups=wakeups, fence=works[0].lease.fence))
    for row in events:
        book.known.keep(row.version + 1, overlay.events[row.id], overlay.profiles[row.id])
    report.opened += counted.opened
    report.joined += counted.joined
    report.silent += counted.silent
    report.redirected += counted.redirected


def _merge_mention(
    mention: EventMention, profile: Profile | None, work: _Work, overlay: Overlay, report: MergeReport
) -> str | None:
    """The id of the event the mention went into; None for one that stays silent."""
    if work.article is None or profile is None:
        report.silent += 1
        return None
    match = find_match(profile, overlay.candidates(profile))
    if match.event is not None:
        joined = join_event(match.event, mention, work.article, now=work.now)
        report.joined += 1
        return _absorb_twin(joined, match.others, work, overlay, report)
    if mention.status not in work.book.opening:
        report.silent += 1
        return None
    event = open_event(mention, work.article, now=work.now, rulebook_digest=work.book.digest)
    overlay.put(event)
    report.opened += 1
    return event.id


def _absorb_twin(event: Event, others: Iterable[Event], work: _Work, overlay: Overlay, report: MergeReport) -> str:
    """When the mention fits a second event as well, the two may be one: the older survives."""
    twin = find_twin(event, others, kinship=work.book.kinship)
    if twin is None:
        overlay.put(event)
        return event.id
    older, younger = sorted((event, twin), key=lambda e: (e.first_seen_at, e.id))
    survivor, gone = absorb_event(older, younger, now=work.now)
    overlay.put(survivor)
    overlay.put(gone)
    report.redirected += 1
    return survivor.id
