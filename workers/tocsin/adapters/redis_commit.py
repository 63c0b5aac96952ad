"""One commit as one Redis transaction: watch what it stands on, check it, write all of it in one MULTI.

Every key whose value decides is watched: guarded rows and the fence's token. A commit that lost the race reads again
and says `Conflict` only if a version really differs. Each commit carries a nonce, stored with its rows, so that one
that was applied while its reply was lost is known again and not taken for somebody else's.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import redis

from tocsin.adapters.redis_codec import Stored, decode, encode, from_us, to_us
from tocsin.adapters.redis_keys import Keys
from tocsin.core.messages import Commit, Kind, Row, Wakeup
from tocsin.errors import Conflict, FenceLost, StoreUnavailable

RACES = 20

# Reads the clock and all watched values in one round trip.
_READ = "return {redis.call('TIME'), redis.call('MGET', unpack(KEYS))}"


class Wakeups(Protocol):
    """Puts wake-ups into the caller's pipeline; nothing is sent before the caller executes it."""

    def enqueue(self, wakeups: Sequence[Wakeup], pipeline: Any) -> None:
        """Add the commands that queue these wake-ups."""
        ...


Name = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the watched keys held, and the server's time when they were read."""

    at: datetime
    rows: dict[Name, Stored]
    token: int


def run_commit(client: redis.Redis, keys: Keys, wakeups: Wakeups, commit: Commit) -> tuple[Row, ...]:
    """Apply the commit, or raise `Conflict`, `FenceLost` or one of the client's errors with nothing written."""
    names = _names(commit)
    nonce = secrets.token_hex(6)
    for _ in range(RACES):
        with client.pipeline(transaction=True) as pipeline:
            try:
                seen = _watch(pipeline, keys, commit, names)
                done = _already(commit, seen, nonce)
                if done is not None:
                    return done
                _check(commit, seen)
                written = tuple(replace(row, version=row.version + 1, updated_at=seen.at) for row in commit.rows)
                _stage(pipeline, keys, commit, written, seen, nonce)
                wakeups.enqueue(commit.wakeups, pipeline)
                pipeline.execute()
            except redis.WatchError:
                continue
            return written
    raise StoreUnavailable(f"the store is too contended: gave up a commit after {RACES} races")


def _names(commit: Commit) -> tuple[Name, ...]:
    written = [(row.kind, row.id) for row in commit.rows]
    dropped = [(drop.kind, drop.id) for drop in commit.drops]
    if len(set(written + dropped)) != len(written) + len(dropped):
        raise ValueError("a commit writes or drops each row at most once")
    return tuple(dict.fromkeys([*written, *dropped, *((guard.kind, guard.id) for guard in commit.expected)]))


def _watch(pipeline: Any, keys: Keys, commit: Commit, names: tuple[Name, ...]) -> Snapshot:
    watched = [keys.row(*name) for name in names]
    watched.append(keys.token(commit.fence.lease if commit.fence else ""))
    pipeline.watch(*watched)
    (seconds, micros), values = pipeline.eval(_READ, len(watched), *watched)
    pipeline.multi()
    rows = {name: decode(*name, value) for name, value in zip(names, values, strict=False) if value is not None}
    return Snapshot(at=from_us(int(seconds) * 1_000_000 + int(micros)), rows=rows, token=int(values[-1] or 0))


def _already(commit: Commit, seen: Snapshot, nonce: str) -> tuple[Row, ...] | None:
    stored = [seen.rows.get((row.kind, row.id)) for row in commit.rows]
    mine = tuple(found.row for found in stored if found is not None and found.nonce == nonce)
    return mine if mine and len(mine) == len(stored) else None


def _check(commit: Commit, seen: Snapshot) -> None:
    guards = [(row.kind, row.id, row.version) for row in commit.rows]
    guards += [(guard.kind, guard.id, guard.version) for guard in commit.expected]
    for kind, row_id, version in guards:
        stored = seen.rows.get((kind, row_id))
        found = stored.row.version if stored else 0
        if found != version:
            raise Conflict(kind, row_id, f"version {version}", f"version {found}")
    if commit.fence and seen.token != commit.fence.token:
        raise FenceLost(commit.fence.lease, commit.fence.token)


def _stage(pipeline: Any, keys: Keys, commit: Commit, written: tuple[Row, ...], seen: Snapshot, nonce: str) -> None:
    for row in written:
        stored = seen.rows.get((row.kind, row.id))
        pipeline.set(keys.row(row.kind, row.id), encode(row, nonce=nonce))
        _index(pipeline, keys, row, stored.row if stored else None)
    for drop in commit.drops:
        stored = seen.rows.get((drop.kind, drop.id))
        if stored is not None:
            pipeline.delete(keys.row(drop.kind, drop.id))
            _unindex(pipeline, keys, stored.row)


def _index(pipeline: Any, keys: Keys, row: Row, old: Row | None) -> None:
    at = to_us(row.updated_at) if row.updated_at else 0
    pipeline.zadd(keys.state(row.kind, row.state), {row.id: at})
    if row.due_at is not None:
        pipeline.zadd(keys.due(row.kind, row.state), {row.id: to_us(row.due_at)})
    for key in dict.fromkeys(row.keys):
        pipeline.zadd(keys.index(row.kind, key), {row.id: at})
    if old is None or old.state != row.state:
        pipeline.sadd(keys.states(row.kind), row.state)
    if old is not None:
        _unindex(pipeline, keys, old, but=row)


def _unindex(pipeline: Any, keys: Keys, old: Row, *, but: Row | None = None) -> None:
    moved = but is None or but.state != old.state
    if moved:
        pipeline.zrem(keys.state(old.kind, old.state), old.id)
    if old.due_at is not None and (moved or (but is not None and but.due_at is None)):
        pipeline.zrem(keys.due(old.kind, old.state), old.id)
    for key in set(old.keys) - set(but.keys if but else ()):
        pipeline.zrem(keys.index(old.kind, key), old.id)
