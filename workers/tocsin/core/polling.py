"""When a feed is polled next, and what its last answer changes: politeness as pure decisions over a feed's memory."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tocsin.core.feeds import Feed

MAX_INTERVAL_S = 6 * 3600
MAX_BACKOFF_S = 6 * 3600
MAX_RETRY_AFTER_S = 24 * 3600
PERMANENT_REDIRECTS_TO_SAVE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMemory:
    """What is kept of a feed between polls.

    `etag` and `last_modified` are byte for byte what the publisher sent with the last body that parsed. `usual` is
    a running mean of new items per poll. `moved_to` has been the end of a permanent redirect `moved_seen` times.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str = ""
    failures: int = 0
    error: str = ""
    polled: bool = False
    usual: float = 0.0
    moved_to: str | None = None
    moved_seen: int = 0
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    capped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When to poll next, and what the operator should know about it."""

    at: datetime
    note: str = ""


def schedule_after_success(
    feed: Feed, headers: Mapping[str, str], *, ttl_s: int | None, now: datetime, jitter: float
) -> Schedule:
    """The longest of the feed's own interval and what the publisher asks for, inside the operator's bounds (B5).

    `jitter` is in -1..1 and moves the time by up to 10 %, so that feeds added together drift apart.
    """
    asked = max(ttl_s or 0, _max_age(headers), _expires_in(headers, now))
    cap = max(feed.interval_s, min(MAX_INTERVAL_S, feed.interval_s * 3))
    wanted = max(feed.interval_s, asked)
    note = f"publisher asks {asked} s, capped at {cap} s" if wanted > cap else ""
    return Schedule(at=now + timedelta(seconds=min(wanted, cap) * (1 + 0.1 * jitter)), note=note)


def schedule_after_failure(feed: Feed, failures: int, *, now: datetime, jitter: float) -> Schedule:
    """Exponential backoff 1, 2, 4 … times the interval with 20 % jitter, at most six hours, never stopping (B8)."""
    wait = min(feed.interval_s * 2 ** min(max(failures, 1) - 1, 20), MAX_BACKOFF_S)
    return Schedule(at=now + timedelta(seconds=wait * (1 + 0.2 * jitter)))


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Retry-After as seconds or an HTTP date (RFC 9110, 10.2.3), at most 24 hours; None when absent or unreadable."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isdigit():
        return timedelta(seconds=min(int(value[:9]), MAX_RETRY_AFTER_S))
    at = _http_date(value)
    return None if at is None else min(max(at - now, timedelta(0)), timedelta(seconds=MAX_RETRY_AFTER_S))


def remember_success(
    memory: FeedMemory, headers: Mapping[str, str], *, body_hash: str, new_items: int, now: datetime
) -> FeedMemory:
    """After a 200 that parsed: validators are replaced, failures forgotten (B2)."""
    return replace(
        memory,
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
        body_hash=body_hash,
        failures=0,
        error="",
        polled=True,
        usual=memory.usual * 0.9 + new_items * 0.1 if memory.polled else float(new_items) * 0.1,
        last_ok_at=now,
        last_new_at=now if new_items else memory.last_new_at,
    )


def remember_unchanged(memory: FeedMemory, headers: Mapping[str, str], *, now: datetime) -> FeedMemory:
    """After a 304 or an equal body: the ETag stays, a new Last-Modified is taken (RFC 9111, 3.2); a 304 right after a
    failed poll does not clear the failure, for the body it vouches for may be the one that failed (B3).
    """
    kept = replace(memory, last_modified=headers.get("last-modified", memory.last_modified))
    return kept if memory.failures else replace(kept, last_ok_at=now)


def remember_failure(memory: FeedMemory, reason: str, *, own_outage: bool = False) -> FeedMemory:
    """After an error: counted, unless our own connection is down (B9). Validators stay those of the last good body."""
    return replace(memory, failures=memory.failures + (0 if own_outage else 1), error=reason)


def remember_redirect(memory: FeedMemory, permanent_url: str | None) -> FeedMemory:
    """The new address is saved after three polls in a row that a permanent redirect led to it (B10)."""
    if permanent_url is None or permanent_url == memory.url:
        return replace(memory, moved_to=None, moved_seen=0)
    seen = memory.moved_seen + 1 if permanent_url == memory.moved_to else 1
    if seen >= PERMANENT_REDIRECTS_TO_SAVE:
        return replace(memory, url=permanent_url, moved_to=None, moved_seen=0)
    return replace(memory, moved_to=permanent_url, moved_seen=seen)


def is_mass_republication(*, new: int, total: int, usual: float, stale: int) -> bool:
    """Whether a known feed suddenly shows far more unseen items than usual, most of them old (B17).

    `new` of the document's `total` items are unseen; `stale` of the new ones are old by date or by text.
    """
    return new > max(10, 3 * usual) and new > 0.8 * total and stale > 0.5 * new


def _max_age(headers: Mapping[str, str]) -> int:
    for directive in headers.get("cache-control", "").lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name == "max-age" and value.strip('"').isdigit():
            return int(value.strip('"')[:9])
    return 0


def _expires_in(headers: Mapping[str, str], now: datetime) -> int:
    at = _http_date(headers.get("expires", ""))
    return max(0, int((at - now).total_seconds())) if at else 0


def _http_date(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
