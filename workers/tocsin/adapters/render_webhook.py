"""Webhook bodies: a notice as `{"type", "timestamp", "data"}`, under 20 kB, the same bytes for the same notice.

An event is told to many at once: what its messages have in common is made once and kept while they are sent.
"""

from functools import lru_cache
from typing import Generic, TypeVar

from tocsin.adapters.plain import one_line
from tocsin.adapters.secrets import resolve_secrets
from tocsin.adapters.webhook_models import (
    ChangeData,
    DigestData,
    DigestItem,
    DigestMessage,
    EndpointMessage,
    EventData,
    EventMessage,
    EvidenceData,
    FactsData,
    HeartbeatMessage,
    HighlightData,
    OccurrenceData,
    PartyData,
    PlaceData,
    ReportData,
    SubscriptionData,
    TimesData,
)
from tocsin.core.events.values import Change, Report
from tocsin.core.mentions import Role
from tocsin.core.notices import MessageType, Notice, Snapshot, find_evidence
from tocsin.ports import OutgoingMessage

MAX_BYTES = 20_000
MAX_DIGEST = 20
MAX_SENTENCE = 1_200
MAX_URL = 2_000

# Events whose common parts are kept: as many as a drainer holds deliveries of at a time.
KEPT = 256

T = TypeVar("T")


class _Same(Generic[T]):
    """A value as a key that equals nothing but itself: telling two events apart field by field costs more."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value


_Message = EventMessage | DigestMessage | HeartbeatMessage | EndpointMessage


def render_webhook(notice: Notice) -> OutgoingMessage:
    """The message with its signing secrets, resolved now. Raises `SettingsError` when one is missing."""
    endpoint = notice.endpoint
    return OutgoingMessage(
        id=notice.id,
        address=endpoint.address,
        body=webhook_body(notice),
        headers={"content-type": "application/json"},
        secrets=resolve_secrets(endpoint.secret) if endpoint.secret else (),
        allow_private=endpoint.allow_private,
    )


def webhook_body(notice: Notice) -> bytes:
    """The exact bytes. Too long a body loses its other reports, then its older changes, then the tail of a digest."""
    room = 8
    while True:
        body = _message(notice, room=room).model_dump_json(exclude_none=True).encode()
        if len(body) < MAX_BYTES or room == 0:
            return body
        room //= 2


def _message(notice: Notice, *, room: int) -> _Message:
    if notice.type is MessageType.DIGEST:
        return DigestMessage(type="digest.ready", timestamp=notice.sent_at, data=_digest(notice, room=room))
    if notice.type is MessageType.HEARTBEAT:
        return HeartbeatMessage(type="coverage.heartbeat", timestamp=notice.sent_at, data=_facts(notice))
    if notice.type is MessageType.TEST:
        return EndpointMessage(type="endpoint.test", timestamp=notice.sent_at, data=_facts(notice))
    if notice.type is MessageType.DISABLED:
        return EndpointMessage(type="endpoint.disabled", timestamp=notice.sent_at, data=_facts(notice))
    return EventMessage.model_validate(
        {"type": notice.type.value, "timestamp": notice.sent_at, "data": _event(notice, room=room)}
    )


def _event(notice: Notice, *, room: int) -> EventData:
    event = notice.snapshot.event
    report = find_evidence(event, notice.changes)
    return EventData(
        alert_id=notice.alert_id,
        reason=notice.reason.value,
        why=list(notice.why),
        subscription=_subscription(notice),
        event=_occurrence(_Same(notice.snapshot)),
        evidence=_evidence(_Same(notice.snapshot), _Same(report)),
        changes=[_change(change) for change in notice.changes[-4 * room - 2 :]],
        reports=_reports(_Same(notice.snapshot))[:room],
        times=TimesData(
            published_at=report.published_at,
            fetched_at=report.fetched_at,
            detected_at=event.updated_at,
            sent_at=notice.sent_at,
        ),
    )


def _digest(notice: Notice, *, room: int) -> DigestData:
    shown = notice.snapshots[: MAX_DIGEST * room // 8 or 1]
    return DigestData(
        subscription=_subscription(notice),
        reason=notice.reason.value,
        count=notice.total,
        events=[
            DigestItem(
                event=_occurrence(_Same(snapshot)),
                evidence=_evidence(_Same(snapshot), _Same(find_evidence(snapshot.event, ()))),
            )
            for snapshot in shown
        ],
        sent_at=notice.sent_at,
    )


def _facts(notice: Notice) -> FactsData:
    return FactsData(
        subscription=_subscription(notice) if notice.subscription_id else None,
        facts={key: one_line(value) for key, value in notice.facts.items()},
        sent_at=notice.sent_at,
    )


def _subscription(notice: Notice) -> SubscriptionData:
    return SubscriptionData(id=notice.subscription_id, title=notice.subscription_title)


@lru_cache(maxsize=KEPT)
def _occurrence(same: _Same[Snapshot]) -> OccurrenceData:
    snapshot = same.value
    event = snapshot.event
    return OccurrenceData(
        id=event.id,
        revision=event.revision,
        type=event.type,
        title=snapshot.title,
        severity=snapshot.severity.value,
        maturity=snapshot.maturity.value,
        codes=dict(snapshot.codes),
        status=event.status.value,
        confidence=round(event.confidence, 3),
        date=event.date.render() if event.date else None,
        date_precision=event.date.precision.value if event.date else None,
        count=event.count,
        countries=list(event.countries),
        places=[
            PlaceData(name=one_line(p.name), kind=p.kind, province=p.province, country=p.country) for p in event.places
        ],
        agents=_parties(snapshot, Role.AGENT),
        recipients=_parties(snapshot, Role.RECIPIENT),
        objects=_parties(snapshot, Role.OBJECT),
        instruments=_parties(snapshot, Role.INSTRUMENT),
        linked=_parties(snapshot, Role.LINKED),
        independent_publishers=event.publishers,
        report_count=event.report_count,
        first_seen_at=event.first_seen_at,
        merged_from=list(event.merged_from),
    )


def _parties(snapshot: Snapshot, role: Role) -> list[PartyData]:
    return [
        PartyData(
            text=one_line(party.text),
            actor=party.actor,
            name=snapshot.actor_name(party.actor) if party.actor else None,
        )
        for party in snapshot.event.by_role(role)
    ]


@lru_cache(maxsize=KEPT)
def _evidence(of: _Same[Snapshot], by: _Same[Report]) -> EvidenceData:
    snapshot, report = of.value, by.value
    # Offsets index the sentence, so it is cut but never rewritten; JSON escapes what it holds.
    sentence = report.sentence[:MAX_SENTENCE]
    return EvidenceData(
        sentence=sentence,
        highlights=[
            HighlightData(start=h.start, end=h.end, label=h.label) for h in report.highlights if h.end <= len(sentence)
        ],
        article_id=report.article_id,
        url=report.url[:MAX_URL],
        publisher=report.publisher,
        title=one_line(report.title),
        lang=report.lang,
        content_hash=report.content_hash,
        status_reason=report.reason,
        rule=snapshot.event.type,
        rulebook_digest=snapshot.event.rulebook_digest,
    )


@lru_cache(maxsize=KEPT)
def _reports(of: _Same[Snapshot]) -> list[ReportData]:
    return [_report(report) for report in of.value.event.reports]


def _report(report: Report) -> ReportData:
    return ReportData(
        article_id=report.article_id,
        url=report.url[:MAX_URL],
        publisher=report.publisher,
        title=one_line(report.title),
        lang=report.lang,
        status=report.status.value,
        published_at=report.published_at,
        fetched_at=report.fetched_at,
        count=report.count,
    )


def _change(change: Change) -> ChangeData:
    return ChangeData(
        revision=change.revision,
        at=change.at,
        aspect=change.aspect.value,
        weight=change.weight.value,
        before=one_line(change.before),
        after=one_line(change.after),
    )
