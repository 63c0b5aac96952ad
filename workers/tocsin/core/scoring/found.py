"""What was found in one document, in the shape in which it is scored and exported."""

from dataclasses import dataclass
from enum import StrEnum

from tocsin.core.mentions import OPENING, EventDate, Status

_HAPPENED = OPENING | {Status.BACKGROUND, Status.AGGREGATE}


class Level(StrEnum):
    """Which findings count as found.

    Those that ring; those that open or join an event; those that are said to have happened, be they old or a total;
    or all that is recognised, also what is denied, planned or only possible.
    """

    RINGS = "rings"
    EVENTS = "events"
    HAPPENED = "happened"
    RECOGNISED = "recognised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A filler of a role: its words, the actor they name, and the head of the noun group."""

    text: str
    actor: str | None = None
    head: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlace:
    """A place: as printed, as the gazetteer has it, and where it lies. `kind` is country, province, town or unknown."""

    text: str
    name: str
    country: str | None = None
    kind: str = "town"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEvent:
    """One mention and the event it went to.

    `event_id` is None for a silent one. `start` and `end` are those of the sentence, in the row's `text`, or in its
    title when `in_title`.
    """

    type: str
    status: Status
    sentence: str
    start: int
    end: int
    in_title: bool = False
    event_id: str | None = None
    rings: bool = False
    reason: str = ""
    date: EventDate | None = None
    countries: tuple[str, ...] = ()
    places: tuple[FoundPlace, ...] = ()
    count: int | None = None
    objects: tuple[Name, ...] = ()
    agents: tuple[Name, ...] = ()
    recipients: tuple[Name, ...] = ()
    linked: tuple[Name, ...] = ()

    def counts_as(self, level: Level) -> bool:
        """Whether it is found, at this level."""
        if level is Level.RECOGNISED:
            return True
        if level is Level.HAPPENED:
            return self.event_id is not None or self.status in _HAPPENED
        return self.rings if level is Level.RINGS else self.event_id is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDocument:
    """Everything recognised in one row, in text order, and the type of its main event."""

    id: str
    primary: str | None = None
    events: tuple[FoundEvent, ...] = ()
