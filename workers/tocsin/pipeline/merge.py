"""Merge: join each mention to the event it reports, or open one, under a lease so that one consumer does it.

One commit per article: its events, its mentions as `merged`, and the wake-up of dispatch, guarded by the lease's
fence and by the versions that were read.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

import structlog

from tocsin.core.article import Article
from tocsin.core.blocking import lookup_keys
from tocsin.core.events import Event
from tocsin.core.identity import Profile, profile_of_event
from tocsin.core.lineage import Kinship, make_kinship
from tocsin.core.mentions import OPENING, EventMention, Status
from tocsin.core.merging import absorb_event, find_match, find_twin, join_event, open_event, profile_of
from tocsin.core.messages import Commit, Kind, Lease, Row, Step, Wakeup
from tocsin.core.rulebook import Rulebook
from tocsin.errors import Conflict, FenceLost, StoreUnavailable
from tocsin.pipeline.event_rows import event_from, event_row
from tocsin.pipeline.rows import (
    MAX_ATTEMPTS,
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
MAX_CANDIDATES = 60
MAX_KNOWN = 5_000
MAX_CONFLICTS = 8

_CHANGING = frozenset({Status.DENIED, Status.NEGATED})
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeBook:
    """What merging needs of a rulebook, made once per rulebook. `opening`: the statuses that may open an event.

    `known` spares reading an event anew as long as its row's version is the same.
    """

    kinship: Kinship
    known: "EventCache"
    opening: frozenset[Status] = OPENING
    digest: str = ""


def make_merge_book(rulebook: Rulebook) -> MergeBook:
    """A planned event is opened only where a subscription asks for planned ones."""
    asked = {status for subscription in rulebook.subscriptions for status in subscription.statuses}
    opening = OPENING | ({Status.PLANNED} & asked)
    kinship = make_kinship(rulebook)
    return MergeBook(kinship=kinship, known=EventCache(kinship=kinship), opening=opening, digest=rulebook.digest)


@dataclass(slots=True, kw_only=True)
class EventCache:
    """Events and their profiles as last read, the longest unused one forgotten first."""

    kinship: Kinship
    entries: OrderedDict[str, tuple[int, Event, Profile]] = field(default_factory=OrderedDict)

    def read(self, row: Row) -> tuple[Event, Profile]:
        """The event in a row and its profile."""
        version, event, profile = self.entries.pop(row.id, (0, None, None))
        if event is None or profile is None or version != row.version:
            event = event_from(row)
            profile = profile_of_event(event, kinship=self.kinship)
        self.entries[row.id] = (row.version, event, profile)
        if len(self.entries) > MAX_KNOWN:
            self.entries.popitem(last=False)
        return event, profile


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

    for article_id, group in groupby(sorted(mentions, key=order), key=lambda pair: pair[1].article_id):
        work = _Work(store=store, book=book, lease=lease, now=now, article=articles.get(article_id), pairs=tuple(group))
        _merge_article(work, report)


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


def _merge_article(work: _Work, report: MergeReport) -> None:
    for _ in range(MAX_CONFLICTS):
        try:
            return _try_article(work, report)
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


@dataclass(slots=True)
class _Overlay:
    """Events as they stand within this commit, with the versions they were read at."""

    versions: dict[str, int] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    changed: dict[str, None] = field(default_factory=dict)

    def put(self, event: Event, kinship: Kinship) -> None:
        self.events[event.id] = event
        self.profiles[event.id] = profile_of_event(event, kinship=kinship)
        self.changed[event.id] = None


def _try_article(work: _Work, report: MergeReport) -> None:
    overlay = _Overlay()
    counted = MergeReport()
    merged = tuple(
        merged_mention(row, event_id=_merge_mention(mention, work, overlay, counted), now=work.now)
        for row, mention in work.pairs
    )
    events = tuple(
        event_row(
            overlay.events[event_id],
            kinship=work.book.kinship,
            now=work.now,
            version=overlay.versions.get(event_id, 0),
        )
        for event_id in overlay.changed
    )
    changed = tuple(row.id for row in events if row.state == "changed")
    wakeups = (Wakeup(step=Step.DISPATCH, ids=changed),) if changed else ()
    work.store.commit(Commit(rows=(*events, *merged), wakeups=wakeups, fence=work.lease.fence))
    report.opened += counted.opened
    report.joined += counted.joined
    report.silent += counted.silent
    report.redirected += counted.redirected


def _merge_mention(mention: EventMention, work: _Work, overlay: _Overlay, report: MergeReport) -> str | None:
    """The id of the event the mention went into; None for one that stays silent."""
    opens = mention.status in work.book.opening
    if work.article is None or not (opens or mention.status in _CHANGING):
        report.silent += 1
        return None
    kinship = work.book.kinship
    profile = profile_of(mention, work.article, kinship=kinship)
    match = find_match(profile, _candidates(profile, work, overlay))
    if match.event is not None:
        joined = join_event(match.event, mention, work.article, now=work.now)
        report.joined += 1
        return _absorb_twin(joined, match.others, work, overlay, report)
    if not opens:
        report.silent += 1
        return None
    event = open_event(mention, work.article, now=work.now, rulebook_digest=work.book.digest)
    overlay.put(event, work.book.kinship)
    report.opened += 1
    return event.id


def _absorb_twin(event: Event, others: Iterable[Event], work: _Work, overlay: _Overlay, report: MergeReport) -> str:
    """When the mention fits a second event as well, the two may be one: the older survives."""
    twin = find_twin(event, others, kinship=work.book.kinship)
    if twin is None:
        overlay.put(event, work.book.kinship)
        return event.id
    older, younger = sorted((event, twin), key=lambda e: (e.first_seen_at, e.id))
    survivor, gone = absorb_event(older, younger, now=work.now)
    overlay.put(survivor, work.book.kinship)
    overlay.put(gone, work.book.kinship)
    report.redirected += 1
    return survivor.id


def _candidates(profile: Profile, work: _Work, overlay: _Overlay) -> list[tuple[Event, Profile]]:
    """The events that share a block with the account, as they stand within this commit."""
    found = work.store.find_any(Kind.EVENT, lookup_keys(profile), limit=MAX_CANDIDATES)
    ids = dict.fromkeys(event_id for event_ids in found.values() for event_id in event_ids)
    unread = [event_id for event_id in ids if event_id not in overlay.events]
    for row in work.store.get_many(Kind.EVENT, unread) if unread else ():
        overlay.versions[row.id] = row.version
        overlay.events[row.id], overlay.profiles[row.id] = work.book.known.read(row)
    return [(event, overlay.profiles[event_id]) for event_id, event in overlay.events.items()]
