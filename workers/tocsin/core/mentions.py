"""What the detector finds: event mentions with their arguments, status and evidence."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tocsin.core.article import Span


class Role(StrEnum):
    """How an argument takes part in an event (design, section 3)."""

    AGENT = "agent"
    RECIPIENT = "recipient"
    OBJECT = "object"
    INSTRUMENT = "instrument"
    PLACE = "place"
    TIME = "time"
    COUNT = "count"
    LINKED = "linked"


class Status(StrEnum):
    """How a mention stands to the facts. The first three can open an event; the rest stay silent or only change one."""

    ASSERTED = "asserted"
    ATTRIBUTED = "attributed"
    HEDGED = "hedged"
    DENIED = "denied"
    PLANNED = "planned"
    NEGATED = "negated"
    HYPOTHETICAL = "hypothetical"
    AGGREGATE = "aggregate"
    BACKGROUND = "background"


OPENING = frozenset({Status.ASSERTED, Status.ATTRIBUTED, Status.HEDGED})


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDate:
    """The first day of the period, and how long it is."""

    on: date
    precision: Precision = Precision.DAY

    def render(self) -> str:
        """ISO 8601, cut to the precision: `2015-10-04`, `2015-09`, `2015`."""
        text = self.on.isoformat()
        return {Precision.MONTH: text[:7], Precision.YEAR: text[:4]}.get(self.precision, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """A filled role: the words, where they stand, and the actor they name, if a watched one."""

    role: Role
    text: str
    span: Span
    actor: str | None = None
    head: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMention:
    """A place of the event: its name as printed, its gazetteer name, province and country when known."""

    text: str
    span: Span
    name: str
    country: str | None = None
    province: str | None = None
    kind: str = "town"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMention:
    """One rule satisfied in one sentence of one article, with everything needed to judge and merge it.

    `sentence` and `trigger` index the article's text. `reason` says in words why the status is what it is, and
    `status_words` which words decided. `count` is the number of persons or things affected, never an age.
    `primary` marks the article's main event. `confidence` is in 0..1
    (`core/matching/confidence.py` says how it is reckoned).
    """

    id: str
    article_id: str
    type: str
    status: Status
    sentence: Span
    sentence_text: str
    trigger: Span
    trigger_text: str
    reason: str = ""
    status_words: tuple[str, ...] = ()
    agents: tuple[Argument, ...] = ()
    recipients: tuple[Argument, ...] = ()
    objects: tuple[Argument, ...] = ()
    instruments: tuple[Argument, ...] = ()
    linked: tuple[Argument, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    countries: tuple[str, ...] = ()
    date: EventDate | None = None
    count: int | None = None
    primary: bool = False
    confidence: float = 1.0

    @property
    def opens(self) -> bool:
        """Whether the mention can open an event."""
        return self.status in OPENING

    @property
    def actors(self) -> tuple[str, ...]:
        """Ids of the watched actors in any role, each once, in order of role."""
        arguments = (*self.agents, *self.recipients, *self.linked, *self.objects, *self.instruments)
        return tuple(dict.fromkeys(a.actor for a in arguments if a.actor))


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceStep:
    """One decision of the detector: at which stage, about which words, what was decided and why."""

    stage: str
    span: Span
    decision: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """Everything found in one article. `mentions` holds the silent ones too, in text order.

    `read` is how many of its sentences had to be read in full, `drafts` how many mentions were made of them before
    those of one event were merged: what it cost, whatever the machine.
    """

    mentions: tuple[EventMention, ...] = ()
    trace: tuple[TraceStep, ...] = ()
    read: int = 0
    drafts: int = 0

    @property
    def primary(self) -> EventMention | None:
        """The article's main event, if it reports one."""
        return next((m for m in self.mentions if m.primary), None)
