"""Events: what happened in the world, put together from the mentions that report it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tocsin.core.mentions import EventDate, Role, Status

MAX_REPORTS = 60
MAX_CHANGES = 100
MAX_PARTIES = 24
MAX_PLACES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlace:
    """A place of the event. `kind` is country, province, town or unknown."""

    name: str
    country: str | None = None
    province: str | None = None
    kind: str = "town"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who or what fills a role: the words of the report, and the watched actor they name, if any."""

    role: Role
    text: str
    actor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """Words of a sentence that carried the decision: half-open offsets into it. `label` is `trigger` or a role."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article's report of the event, with its evidence. `content_hash` is SHA-256 of the article's text."""

    article_id: str
    mention_id: str
    publisher: str
    url: str
    title: str
    lang: str
    sentence: str
    highlights: tuple[Highlight, ...]
    status: Status
    fetched_at: datetime
    published_at: datetime | None = None
    count: int | None = None
    fingerprint: int = 0
    content_hash: str = ""
    reason: str = ""

    @property
    def reference_at(self) -> datetime:
        """When it was published, else fetched."""
        return self.published_at or self.fetched_at


class Aspect(StrEnum):
    """What of an event changed."""

    COUNT = "count"
    STATUS = "status"
    DATE = "date"
    PLACE = "place"
    ACTOR = "actor"
    OBJECT = "object"
    PUBLISHERS = "publishers"
    MERGED = "merged"


class Weight(StrEnum):
    """How much a change matters to a subscriber: `note` is kept, the others ring."""

    NOTE = "note"
    UPDATE = "update"
    CORROBORATION = "corroboration"
    CORRECTION = "correction"
    RETRACTION = "retraction"
    MERGE = "merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one revision changed, in words: `before` is empty where there was nothing."""

    revision: int
    at: datetime
    aspect: Aspect
    weight: Weight
    before: str
    after: str
    article_id: str = ""

    @property
    def material(self) -> bool:
        """Whether a subscriber hears of it."""
        return self.weight is not Weight.NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The occurrence. Its id derives from the mention that opened it and never changes.

    `revision` grows by one with each report that joins; `dispatched_revision` is the last one subscribers were asked
    about. `anchor_on` is the day it is looked up by: its date, else the day of the first report. `catch_up`: known
    only from the items of first polls, so it goes into a digest and does not ring. `publishers` is how many
    independent ones report it; `report_count` counts copies too, and more than are kept. `redirected_to` names the
    older event it turned out to be.
    """

    id: str
    type: str
    status: Status
    revision: int
    first_seen_at: datetime
    updated_at: datetime
    anchor_on: date
    dispatched_revision: int = 0
    confidence: float = 1.0
    date: EventDate | None = None
    count: int | None = None
    places: tuple[EventPlace, ...] = ()
    countries: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    reports: tuple[Report, ...] = ()
    report_count: int = 0
    publishers: int = 0
    changes: tuple[Change, ...] = ()
    catch_up: bool = False
    redirected_to: str | None = None
    merged_from: tuple[str, ...] = ()
    rulebook_digest: str = ""

    def by_role(self, role: Role) -> tuple[Party, ...]:
        """The parties in a role, in order of appearance."""
        return tuple(party for party in self.parties if party.role is role)

    @property
    def actors(self) -> tuple[str, ...]:
        """Ids of the watched actors in any role, each once."""
        return tuple(dict.fromkeys(party.actor for party in self.parties if party.actor))

    def changes_since(self, revision: int) -> tuple[Change, ...]:
        """The material changes of later revisions, oldest first."""
        return tuple(change for change in self.changes if change.revision > revision and change.material)
