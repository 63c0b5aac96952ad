"""Feed rows: a feed's memory between polls, and the rows that follow the operator's list of feeds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter

from tocsin.core.feeds import Feed
from tocsin.core.messages import Commit, Kind, Row
from tocsin.core.polling import FeedMemory
from tocsin.ports import Store

_MEMORY = TypeAdapter(FeedMemory)


def memory_from(row: Row, feed: Feed) -> FeedMemory:
    """What is kept of the feed. A changed address in the operator's file starts it afresh, items stay known."""
    memory = _MEMORY.validate_python(row.body["memory"])
    return memory if row.body["declared_url"] == feed.url else FeedMemory(url=feed.url)


def feed_row(row: Row, memory: FeedMemory, *, due_at: datetime | None, state: str = "active") -> Row:
    """The row with this memory, due then."""
    body = {**row.body, "memory": _MEMORY.dump_python(memory, mode="json")}
    return replace(row, state=state, due_at=due_at, body=body)


def new_feed_row(feed: Feed, *, now: datetime) -> Row:
    """The row of a feed that was never polled: due at once."""
    memory = FeedMemory(url=feed.url)
    body = {"declared_url": feed.url, "memory": _MEMORY.dump_python(memory, mode="json")}
    return Row(kind=Kind.FEED, id=feed.id, state="active", body=body, due_at=now)


def sync_feeds(feeds: Sequence[Feed], *, store: Store, now: datetime) -> int:
    """Make the rows follow the rulebook: new feeds become due, removed ones rest, moved ones start afresh.

    Idempotent. Returns how many rows changed.
    """
    wanted = {feed.id: feed for feed in feeds if feed.enabled}
    rows = {row.id: row for row in store.get_many(Kind.FEED, [feed.id for feed in feeds])}
    changes = [_changed(wanted[feed_id], rows.get(feed_id), now) for feed_id in wanted]
    stored = [i for state in ("active", "gone") for i in store.list_ids(Kind.FEED, state, limit=1_000_000)]
    leftover = store.get_many(Kind.FEED, [i for i in stored if i not in wanted])
    changes += [replace(row, state="removed", due_at=None) for row in leftover]
    written = [row for row in changes if row is not None]
    for start in range(0, len(written), 500):
        store.commit(Commit(rows=tuple(written[start : start + 500])))
    return len(written)


def _changed(feed: Feed, row: Row | None, now: datetime) -> Row | None:
    if row is None:
        return new_feed_row(feed, now=now)
    if row.body["declared_url"] != feed.url:
        return replace(new_feed_row(feed, now=now), version=row.version)
    if row.state == "removed":
        return replace(row, state="active", due_at=now)
    return None
