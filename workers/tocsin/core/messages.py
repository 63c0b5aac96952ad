"""Rows, commits and wake-ups: how a step says what it found, what it writes and whom it wakes.

Truth is in rows with a state; a wake-up may be lost, late or doubled (design, section 4). A step returns a
`Commit`; one `Store.commit` applies all of it or nothing (on Redis as one script: docs/decisions.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The kinds of row."""

    FEED = "feed"
    ARTICLE = "article"
    MENTION = "mention"
    EVENT = "event"
    SNAPSHOT = "snapshot"
    ALERT = "alert"
    DELIVERY = "delivery"
    ENDPOINT = "endpoint"
    MUTE = "mute"
    MARK = "mark"


class Step(StrEnum):
    """The steps a wake-up can call for; each has a queue of its name."""

    SCAN = "scan"
    MERGE = "merge"
    DISPATCH = "dispatch"
    DELIVER = "deliver"


# Steps that take whatever is due: while one of their wake-ups waits, another would say the same.
SELF_FINDING = frozenset({Step.MERGE, Step.DELIVER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the store holds.

    `version` grows by one with each write; 0 means not stored yet. `due_at` is when tick looks at the row again,
    None when it is at rest. `keys` are the index keys it is found by, within its kind; the store keeps them in step
    with the row. `body` is a JSON object. Times are aware UTC.
    """

    kind: Kind
    id: str
    state: str
    body: Mapping[str, Any]
    version: int = 0
    due_at: datetime | None = None
    keys: tuple[str, ...] = ()
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A guard: the row must be at this version when the commit is applied; 0 means it must not exist."""

    kind: Kind
    id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wakeup:
    """Ask for a step over rows, by id only: at most 50 articles a scan job, 100 ids elsewhere.

    One for a step that finds its rows itself is left out while another of its step waits: that one is answered by a
    look that begins later.
    """

    step: Step
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """Proof that the writer holds a lease: refused when the lease has moved on to another token."""

    lease: str
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Remove a row and its index keys (retention)."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """All or nothing: if every guard holds, the rows are written, the drops done, the wake-ups queued.

    Every row in `rows` is guarded by its own `version` as well: it must be the stored one (0 for a new row), and the
    stored version becomes that plus one.
    """

    rows: tuple[Row, ...] = ()
    expected: tuple[Expected, ...] = ()
    wakeups: tuple[Wakeup, ...] = ()
    drops: tuple[Drop, ...] = ()
    fence: Fence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A named right held until `until`, with a token that only ever grows."""

    name: str
    holder: str
    token: int
    until: datetime

    @property
    def fence(self) -> Fence:
        """The proof to put in a commit."""
        return Fence(lease=self.name, token=self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreHealth:
    """What `status`, `doctor`, metrics and back-pressure read. Memory is in bytes; `maxmemory` 0 means no limit."""

    version: str
    used_memory: int
    maxmemory: int
    aof_enabled: bool
    eviction_policy: str
    queued: Mapping[str, int] = field(default_factory=dict)
