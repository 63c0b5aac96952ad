"""What a labelled corpus says: one document a row, with its labels or its full annotation."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tocsin.core.mentions import Status


class Split(StrEnum):
    """Which part of a corpus is scored: a third is held out, by a hash of the group."""

    DEV = "dev"
    HELD_OUT = "held-out"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEvent:
    """One annotated event.

    `labelled` names the fields that the row really gives: a field that is absent is not scored, one that is null
    says that there is no such thing. `agents`, `recipients` and `linked` are actor ids or words.
    """

    type: str
    key: str | None = None
    status: Status | None = None
    date: str | None = None
    countries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    count: int | None = None
    agents: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    sentence: str = ""
    labelled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """A sentence that looks like an event and is none, or none of its own."""

    kind: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDocument:
    """One row of a corpus.

    `labels` is None where the row is not labelled, empty where it holds no event. `events` is None unless the row
    is fully annotated. `facts` are an origin's annotation of arguments in a row that has only labels: their fillers
    are scored by how many are found. `also_ok` are types neither right nor wrong; `single_label` marks a set that
    names one event of several, where precision is not defined. `group` is what the bootstrap resamples.
    """

    id: str
    text: str
    lang: str
    group: str
    title: str = ""
    source: str = ""
    published_at: datetime | None = None
    labels: tuple[str, ...] | None = None
    raw_label: str | None = None
    events: tuple[GoldEvent, ...] | None = None
    facts: tuple[GoldEvent, ...] = ()
    traps: tuple[Trap, ...] = ()
    neutral: tuple[str, ...] = ()
    also_ok: tuple[str, ...] = ()
    single_label: bool = False
    kind: str | None = None
    location: str = field(default="", compare=False)

    @property
    def held_out(self) -> bool:
        """Whether the row belongs to the third that is left unread."""
        return int(hashlib.sha256(self.group.encode()).hexdigest(), 16) % 3 == 0

    def in_split(self, split: Split) -> bool:
        """Whether the row belongs to this part of its corpus."""
        return split is Split.ALL or self.held_out is (split is Split.HELD_OUT)
