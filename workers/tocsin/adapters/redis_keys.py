"""The names of our keys in Redis, as `redis_commit.lua` writes them. RQ's own (`rq:…`) are not ours to name."""

from dataclasses import dataclass

from tocsin.core.messages import Kind


@dataclass(frozen=True, slots=True)
class Keys:
    """Key names under one prefix, so that several Tocsins can share a database (their RQ queues need other names)."""

    prefix: str

    def row(self, kind: Kind, row_id: str) -> str:
        """The row itself, a string (`redis_codec`)."""
        return f"{self.prefix}r:{kind}:{row_id}"

    def states(self, kind: Kind) -> str:
        """Set of the states that a row of this kind was ever in."""
        return f"{self.prefix}s:{kind}"

    def state(self, kind: Kind, state: str) -> str:
        """Sorted set of the ids in a state, by time of writing."""
        return f"{self.prefix}s:{kind}:{state}"

    def due(self, kind: Kind, state: str) -> str:
        """Sorted set of the ids in a state that have a `due_at`, by it."""
        return f"{self.prefix}d:{kind}:{state}"

    def index(self, kind: Kind, key: str) -> str:
        """Sorted set of the ids carrying an index key, by time of writing."""
        return f"{self.prefix}k:{kind}:{key}"

    def holder(self, lease: str) -> str:
        """Who holds a lease; expires with it."""
        return f"{self.prefix}l:{lease}"

    def token(self, lease: str) -> str:
        """A lease's fencing token; changes whenever the lease moves on, and only then."""
        return f"{self.prefix}t:{lease}"
