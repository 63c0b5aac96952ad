"""The store on Redis or Valkey (6.2 or newer; one server or Sentinel, no Cluster)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import redis

from tocsin.adapters.redis_client import translated
from tocsin.adapters.redis_codec import decode, from_us, to_us
from tocsin.adapters.redis_commit import Committer, Wakeups
from tocsin.adapters.redis_format import ensure_format
from tocsin.adapters.redis_keys import Keys
from tocsin.core.messages import SELF_FINDING, Commit, Kind, Lease, Row, Step, StoreHealth, Wakeup

# A lease and its token: renewed under the same token by its holder, moved on to the next token once it is free.
_ACQUIRE = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return false end
if not holder then redis.call('INCR', KEYS[2]) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {redis.call('GET', KEYS[2]), redis.call('TIME')}
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('GET', KEYS[2]) == ARGV[2] then
  redis.call('INCR', KEYS[2])
  redis.call('DEL', KEYS[1])
end
"""


# Many short lists in one answer: as commands of a pipeline they cost the client ten times as much.
_FIND = """
local found = {}
for number = 2, #ARGV do
  found[number - 1] = redis.call('ZREVRANGE', ARGV[number], 0, ARGV[1] - 1)
end
return found
"""
_FIND_KEYS = 500


class Queues(Wakeups, Protocol):
    """Wake-ups and how many of them wait."""

    def count(self, step: Step) -> int:
        """How many wait."""
        ...


class RedisStore:
    """The `Store` port. `queues` carries the wake-ups; all our keys begin with `prefix`."""

    def __init__(self, client: redis.Redis, queues: Queues, *, prefix: str = "tocsin:") -> None:
        self._client: Any = client
        self._queues = queues
        self._keys = Keys(prefix)
        self._find: Any = client.register_script(_FIND)
        self._committer = Committer(client, queues, prefix=prefix)

    def check_format(self) -> None:
        """Upgrade the rows if they are of an older format. Raises `FormatTooNew` when they are of a later one."""
        ensure_format(self)

    def now(self) -> datetime:
        with translated():
            seconds, micros = self._client.execute_command("TIME")
        return from_us(int(seconds) * 1_000_000 + int(micros))

    def get(self, kind: Kind, row_id: str) -> Row | None:
        rows = self.get_many(kind, (row_id,))
        return rows[0] if rows else None

    def get_many(self, kind: Kind, row_ids: Sequence[str]) -> list[Row]:
        if not row_ids:
            return []
        with translated():
            values = self._client.execute_command("MGET", *(self._keys.row(kind, row_id) for row_id in row_ids))
        pairs = zip(row_ids, values, strict=True)
        return [decode(kind, row_id, value) for row_id, value in pairs if value is not None]

    def find(self, kind: Kind, key: str, *, limit: int = 100) -> list[str]:
        return self.find_any(kind, (key,), limit=limit)[key]

    def find_any(self, kind: Kind, keys: Sequence[str], *, limit: int = 100) -> dict[str, list[str]]:
        wanted = list(dict.fromkeys(keys))
        found: list[Any] = []
        # A page a script: the server serves nobody else meanwhile.
        for start in range(0, len(wanted), _FIND_KEYS):
            page = [self._keys.index(kind, key) for key in wanted[start : start + _FIND_KEYS]]
            with translated():
                found += self._find(args=[limit, *page])
        return {key: _texts(ids) for key, ids in zip(wanted, found, strict=True)}

    def due(self, kind: Kind, states: Iterable[str], before: datetime, *, limit: int = 100) -> list[Row]:
        wanted = list(dict.fromkeys(states))
        answers = self._read(
            [
                ("ZRANGEBYSCORE", self._keys.due(kind, state), "-inf", to_us(before), "WITHSCORES", "LIMIT", 0, limit)
                for state in wanted
            ]
        )
        overdue = sorted(pair for answer in answers for pair in _scored(answer))[:limit]
        rows = self.get_many(kind, [row_id for _, row_id in overdue])
        # A row may have moved on between the two reads.
        return [row for row in rows if row.state in wanted and row.due_at is not None and row.due_at <= before]

    def oldest_due(self, kind: Kind, state: str) -> datetime | None:
        answer = self._read([("ZRANGE", self._keys.due(kind, state), 0, 0, "WITHSCORES")])[0]
        scored = _scored(answer)
        return from_us(scored[0][0]) if scored else None

    def count(self, kind: Kind) -> dict[str, int]:
        with translated():
            states = sorted(_texts(self._client.execute_command("SMEMBERS", self._keys.states(kind))))
        counts = self._read([("ZCARD", self._keys.state(kind, state)) for state in states])
        return {state: int(count) for state, count in zip(states, counts, strict=True) if count}

    def list_ids(self, kind: Kind, state: str, *, offset: int = 0, limit: int = 100) -> list[str]:
        last = offset + limit - 1
        return _texts(self._read([("ZREVRANGE", self._keys.state(kind, state), offset, last)])[0])

    def commit(self, commit: Commit) -> tuple[Row, ...]:
        with translated():
            return self._committer.run(commit)

    def acquire_lease(self, name: str, holder: str, ttl_s: float) -> Lease | None:
        with translated():
            answer = self._client.eval(
                _ACQUIRE, 2, self._keys.holder(name), self._keys.token(name), holder, str(max(1, round(ttl_s * 1000)))
            )
        if answer is None:
            return None
        token, (seconds, micros) = answer
        at = from_us(int(seconds) * 1_000_000 + int(micros))
        return Lease(name=name, holder=holder, token=int(token), until=at + timedelta(seconds=ttl_s))

    def release_lease(self, lease: Lease) -> None:
        with translated():
            self._client.eval(
                _RELEASE, 2, self._keys.holder(lease.name), self._keys.token(lease.name), lease.holder, str(lease.token)
            )

    def wake(self, step: Step, ids: Sequence[str] = ()) -> None:
        if step in SELF_FINDING and self.queued(step):
            return
        with translated(), self._client.pipeline(transaction=True) as pipeline:
            self._queues.enqueue((Wakeup(step=step, ids=tuple(ids)),), pipeline)
            pipeline.execute()

    def queued(self, step: Step) -> int:
        with translated():
            return self._queues.count(step)

    def health(self) -> StoreHealth:
        with translated():
            info = self._client.info()
            queued = {str(step): self._queues.count(step) for step in Step}
        return StoreHealth(
            version=str(info.get("valkey_version") or info["redis_version"]),
            used_memory=int(info["used_memory"]),
            maxmemory=int(info.get("maxmemory", 0)),
            aof_enabled=bool(int(info.get("aof_enabled", 0))),
            eviction_policy=str(info.get("maxmemory_policy", "")),
            queued=queued,
        )

    def _read(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        if not commands:
            return []
        with translated(), self._client.pipeline(transaction=False) as pipeline:
            for command in commands:
                pipeline.execute_command(*command)
            answers: list[Any] = pipeline.execute()
        return answers


def _texts(values: Iterable[bytes]) -> list[str]:
    return [value.decode("utf-8", "surrogatepass") for value in values]


def _scored(answer: Sequence[Any]) -> list[tuple[int, str]]:
    # Depending on protocol and command, the client pairs members and scores, or leaves them flat.
    if answer and isinstance(answer[0], bytes):
        answer = list(zip(answer[::2], answer[1::2], strict=True))
    return [(int(float(score)), member.decode("utf-8", "surrogatepass")) for member, score in answer]
