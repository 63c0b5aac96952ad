"""The store in memory: for evaluation and tests, under the same contract suite as the one on Redis.

Bodies are kept as JSON text, so that what comes back is what Redis would give and no caller shares an object.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tocsin.adapters.redis_codec import from_json, to_json
from tocsin.core.messages import SELF_FINDING, Commit, Kind, Lease, Row, Step, StoreHealth, Wakeup
from tocsin.errors import Conflict, FenceLost


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class _Table:
    """Rows of one kind and their indices. `order` numbers the writes."""

    rows: dict[str, Row] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    by_key: dict[str, set[str]] = field(default_factory=dict)
    by_state: dict[str, set[str]] = field(default_factory=dict)


class MemoryStore:
    """The `Store` port over dictionaries. `clock` is the store's clock; `wakeups` holds what was queued, by step."""

    def __init__(self, clock: Callable[[], datetime] = _utc_now) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._tables: dict[Kind, _Table] = {kind: _Table() for kind in Kind}
        self._tokens: dict[str, int] = {}
        self._leases: dict[str, Lease] = {}
        self._writes = 0
        self.wakeups: dict[Step, deque[Wakeup]] = {step: deque() for step in Step}

    def now(self) -> datetime:
        return self._clock()

    def get(self, kind: Kind, row_id: str) -> Row | None:
        with self._lock:
            table = self._tables[kind]
            row = table.rows.get(row_id)
            return None if row is None else replace(row, body=from_json(table.bodies[row_id]))

    def get_many(self, kind: Kind, row_ids: Sequence[str]) -> list[Row]:
        with self._lock:
            rows = (self.get(kind, row_id) for row_id in row_ids)
            return [row for row in rows if row is not None]

    def find(self, kind: Kind, key: str, *, limit: int = 100) -> list[str]:
        return self.find_any(kind, (key,), limit=limit)[key]

    def find_any(self, kind: Kind, keys: Sequence[str], *, limit: int = 100) -> dict[str, list[str]]:
        with self._lock:
            table = self._tables[kind]
            return {key: _latest(table, table.by_key.get(key, ()))[:limit] for key in keys}

    def due(self, kind: Kind, states: Iterable[str], before: datetime, *, limit: int = 100) -> list[Row]:
        with self._lock:
            overdue = sorted(
                (row.due_at, row_id)
                for state in set(states)
                for row_id, row in self._in_state(kind, state)
                if row.due_at is not None and row.due_at <= before
            )
            return self.get_many(kind, [row_id for _, row_id in overdue[:limit]])

    def oldest_due(self, kind: Kind, state: str) -> datetime | None:
        with self._lock:
            return min((row.due_at for _, row in self._in_state(kind, state) if row.due_at), default=None)

    def count(self, kind: Kind) -> dict[str, int]:
        with self._lock:
            by_state = self._tables[kind].by_state
            return {state: len(by_state[state]) for state in sorted(by_state) if by_state[state]}

    def list_ids(self, kind: Kind, state: str, *, offset: int = 0, limit: int = 100) -> list[str]:
        with self._lock:
            table = self._tables[kind]
            return _latest(table, table.by_state.get(state, ()))[offset : offset + limit]

    def commit(self, commit: Commit) -> tuple[Row, ...]:
        with self._lock:
            self._check(commit)
            bodies = [to_json(row.body) for row in commit.rows]
            at = self._clock()
            written = tuple(replace(row, version=row.version + 1, updated_at=at) for row in commit.rows)
            for row, body in zip(written, bodies, strict=True):
                self._write(row, body)
            for drop in commit.drops:
                self._remove(drop.kind, drop.id)
            for wakeup in commit.wakeups:
                self.wake(wakeup.step, wakeup.ids)
            return written

    def acquire_lease(self, name: str, holder: str, ttl_s: float) -> Lease | None:
        with self._lock:
            now = self._clock()
            held = self._leases.get(name)
            alive = held is not None and held.until > now
            if held is not None and alive and held.holder != holder:
                return None
            if not alive:
                self._tokens[name] = self._tokens.get(name, 0) + 1
            lease = Lease(name=name, holder=holder, token=self._tokens[name], until=now + timedelta(seconds=ttl_s))
            self._leases[name] = lease
            return lease

    def release_lease(self, lease: Lease) -> None:
        with self._lock:
            held = self._leases.get(lease.name)
            if held is not None and held.holder == lease.holder and self._tokens[lease.name] == lease.token:
                self._tokens[lease.name] += 1
                del self._leases[lease.name]

    def wake(self, step: Step, ids: Sequence[str] = ()) -> None:
        with self._lock:
            if step not in SELF_FINDING or not self.wakeups[step]:
                self.wakeups[step].append(Wakeup(step=step, ids=tuple(ids)))

    def queued(self, step: Step) -> int:
        with self._lock:
            return len(self.wakeups[step])

    def health(self) -> StoreHealth:
        return StoreHealth(
            version="memory",
            used_memory=0,
            maxmemory=0,
            aof_enabled=False,
            eviction_policy="noeviction",
            queued={str(step): self.queued(step) for step in Step},
        )

    def _in_state(self, kind: Kind, state: str) -> list[tuple[str, Row]]:
        table = self._tables[kind]
        return [(row_id, table.rows[row_id]) for row_id in table.by_state.get(state, ())]

    def _check(self, commit: Commit) -> None:
        touched = [(row.kind, row.id) for row in commit.rows] + [(drop.kind, drop.id) for drop in commit.drops]
        if len(set(touched)) != len(touched):
            raise ValueError("a commit writes or drops each row at most once")
        guards = [(row.kind, row.id, row.version) for row in commit.rows]
        guards += [(guard.kind, guard.id, guard.version) for guard in commit.expected]
        for kind, row_id, version in guards:
            stored = self._tables[kind].rows.get(row_id)
            found = stored.version if stored else 0
            if found != version:
                raise Conflict(kind, row_id, f"version {version}", f"version {found}")
        if commit.fence and self._tokens.get(commit.fence.lease, 0) != commit.fence.token:
            raise FenceLost(commit.fence.lease, commit.fence.token)

    def _write(self, row: Row, body: bytes) -> None:
        self._remove(row.kind, row.id)
        table = self._tables[row.kind]
        self._writes += 1
        table.rows[row.id] = replace(row, body={})
        table.bodies[row.id] = body
        table.order[row.id] = self._writes
        table.by_state.setdefault(row.state, set()).add(row.id)
        for key in row.keys:
            table.by_key.setdefault(key, set()).add(row.id)

    def _remove(self, kind: Kind, row_id: str) -> None:
        table = self._tables[kind]
        row = table.rows.pop(row_id, None)
        if row is None:
            return
        del table.bodies[row_id], table.order[row_id]
        table.by_state[row.state].discard(row_id)
        for key in set(row.keys):
            table.by_key[key].discard(row_id)
            if not table.by_key[key]:
                del table.by_key[key]


def _latest(table: _Table, ids: Iterable[str]) -> list[str]:
    return sorted(ids, key=lambda row_id: table.order[row_id], reverse=True)
