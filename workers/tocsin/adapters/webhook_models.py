"""What a webhook's body holds: these models give the published JSON Schema and are the only way a body is made."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    # Receivers must take fields they do not know: the schema therefore leaves additional properties open.
    model_config = ConfigDict(frozen=True)


class PlaceData(_Model):
    """A place of the event."""

    name: str
    kind: str = Field(description="country, province, town or unknown")
    province: str | None = None
    country: str | None = Field(None, description="ISO 3166-1 alpha-2")


class PartyData(_Model):
    """Who or what fills a role."""

    text: str = Field(description="the words of the report")
    actor: str | None = Field(None, description="id of the watched actor they name")
    name: str | None = Field(None, description="that actor's name")


class HighlightData(_Model):
    """Words that carried the decision: half-open offsets in Unicode code points into `sentence`."""

    start: int
    end: int
    label: str = Field(description="trigger, or the role the words fill")


class ReportData(_Model):
    """One article that reports the event."""

    article_id: str
    url: str
    publisher: str
    title: str
    lang: str
    status: str
    published_at: datetime | None = None
    fetched_at: datetime
    count: int | None = None


class EvidenceData(_Model):
    """The sentence the message rests on, where it stands, and which rule read it."""

    sentence: str
    highlights: list[HighlightData]
    article_id: str
    url: str
    publisher: str
    title: str
    lang: str
    content_hash: str = Field(description="SHA-256 of the article's text as it was read")
    status_reason: str = ""
    rule: str
    rulebook_digest: str


class ChangeData(_Model):
    """What changed since the last message about this event to this endpoint."""

    revision: int
    at: datetime
    aspect: str
    weight: str
    before: str
    after: str


class TimesData(_Model):
    """The four times of a message: each step's delay can be read off."""

    published_at: datetime | None = None
    fetched_at: datetime
    detected_at: datetime
    sent_at: datetime = Field(description="when the first attempt began; the same on every attempt")


class OccurrenceData(_Model):
    """The event itself."""

    id: str
    revision: int
    type: str
    title: str
    severity: str
    maturity: str
    codes: dict[str, str] = Field(default_factory=dict, description="codes in PLOVER, CAMEO, ACLED, ACE")
    status: str
    confidence: float
    date: str | None = Field(None, description="ISO 8601, cut to its precision")
    date_precision: str | None = None
    count: int | None = None
    countries: list[str] = Field(default_factory=list)
    places: list[PlaceData] = Field(default_factory=list)
    agents: list[PartyData] = Field(default_factory=list)
    recipients: list[PartyData] = Field(default_factory=list)
    objects: list[PartyData] = Field(default_factory=list)
    instruments: list[PartyData] = Field(default_factory=list)
    linked: list[PartyData] = Field(default_factory=list)
    independent_publishers: int
    report_count: int
    first_seen_at: datetime
    merged_from: list[str] = Field(default_factory=list, description="ids of events that turned out to be this one")


class SubscriptionData(_Model):
    """Whose message this is."""

    id: str
    title: str


class EventData(_Model):
    """`data` of every message about an event."""

    alert_id: str
    reason: str
    why: list[str] = Field(description="what of the subscription it matched")
    subscription: SubscriptionData
    event: OccurrenceData
    evidence: EvidenceData
    changes: list[ChangeData] = Field(default_factory=list)
    reports: list[ReportData] = Field(default_factory=list)
    times: TimesData


class DigestItem(_Model):
    """One event of a digest."""

    event: OccurrenceData
    evidence: EvidenceData


class DigestData(_Model):
    """`data` of `digest.ready`: events that were collected instead of rung one by one."""

    subscription: SubscriptionData
    reason: str
    count: int = Field(description="how many events were collected; `events` may hold fewer")
    events: list[DigestItem]
    sent_at: datetime


class FactsData(_Model):
    """`data` of `coverage.heartbeat`, `endpoint.test` and `endpoint.disabled`."""

    subscription: SubscriptionData | None = None
    facts: dict[str, str]
    sent_at: datetime


EventType = Literal["event.detected", "event.updated", "event.corrected", "event.retracted", "event.merged"]


class EventMessage(_Model):
    """A message about one event."""

    type: EventType
    timestamp: datetime
    data: EventData


class DigestMessage(_Model):
    """A digest."""

    type: Literal["digest.ready"]
    timestamp: datetime
    data: DigestData


class HeartbeatMessage(_Model):
    """A sign of life: nothing to report, and how well the feeds are covered."""

    type: Literal["coverage.heartbeat"]
    timestamp: datetime
    data: FactsData


class EndpointMessage(_Model):
    """About endpoints: a test of this one, or that another one of its subscriptions was disabled."""

    type: Literal["endpoint.test", "endpoint.disabled"]
    timestamp: datetime
    data: FactsData


Message = Annotated[
    EventMessage | DigestMessage | HeartbeatMessage | EndpointMessage, Field(discriminator="type", title="Message")
]

SCHEMAS: dict[str, type[BaseModel]] = {
    "webhook-event": EventMessage,
    "webhook-digest": DigestMessage,
    "webhook-heartbeat": HeartbeatMessage,
    "webhook-endpoint": EndpointMessage,
}


def json_schema(name: str) -> dict[str, Any]:
    """The published JSON Schema of one kind of message."""
    schema = SCHEMAS[name].model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"{name}.json", **schema}
