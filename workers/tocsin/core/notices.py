"""Notices: everything one message tells, as values; what it looks like on a channel is that channel's renderer's."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from tocsin.core.alerts import DispatchReason
from tocsin.core.events.values import Aspect, Change, Event, Report, Weight
from tocsin.core.mentions import Status
from tocsin.core.rulebook import Rulebook
from tocsin.core.rules import Maturity, Severity
from tocsin.core.subscriptions import Endpoint

SNAPSHOT_REPORTS = 8
SNAPSHOT_CHANGES = 30

_CERTAINTY = {Status.ASSERTED: 2, Status.ATTRIBUTED: 1}


class MessageType(StrEnum):
    """The types of message. Names are those of the webhook's `type`."""

    DETECTED = "event.detected"
    UPDATED = "event.updated"
    CORRECTED = "event.corrected"
    RETRACTED = "event.retracted"
    MERGED = "event.merged"
    DIGEST = "digest.ready"
    HEARTBEAT = "coverage.heartbeat"
    TEST = "endpoint.test"
    DISABLED = "endpoint.disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """An event as it stood when it was dispatched, with the names the rulebook had for its parts then."""

    id: str
    event: Event
    title: str
    severity: Severity = Severity.WARNING
    maturity: Maturity = Maturity.STABLE
    codes: Mapping[str, str] = field(default_factory=dict)
    actor_names: Mapping[str, str] = field(default_factory=dict)

    def actor_name(self, actor: str) -> str:
        """The actor's name, else its id."""
        return self.actor_names.get(actor, actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message for one endpoint. `snapshots` holds one event, or a digest's many; none for a test or heartbeat.

    `told_revision` is the last revision that arrived there before. `thread` is the id of the first message about the
    event to this endpoint, or its own. `sent_at` is when the first attempt began, on every attempt.
    """

    id: str
    type: MessageType
    reason: DispatchReason
    endpoint: Endpoint
    subscription_id: str
    subscription_title: str
    alert_id: str
    sent_at: datetime
    created_at: datetime
    snapshots: tuple[Snapshot, ...] = ()
    told_revision: int = 0
    thread: str = ""
    why: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def snapshot(self) -> Snapshot:
        """The event it is about. Only for types that start with `event.`."""
        return self.snapshots[0]

    @property
    def total(self) -> int:
        """How many events it stands for: a digest may hold fewer."""
        told = self.facts.get("Events", "")
        return int(told) if told.isdigit() else len(self.snapshots)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changed since the last message; nothing when this is the first."""
        if self.type is MessageType.DETECTED or not self.snapshots:
            return ()
        return self.snapshot.event.changes_since(self.told_revision)


def make_snapshot(snapshot_id: str, event: Event, rulebook: Rulebook) -> Snapshot:
    """Freeze an event for its messages: the best eight reports and the latest thirty changes are kept."""
    rule = rulebook.rules_by_id.get(event.type)
    actors = rulebook.actors
    slim = replace(event, reports=_best_reports(event), changes=event.changes[-SNAPSHOT_CHANGES:])
    return Snapshot(
        id=snapshot_id,
        event=slim,
        title=rule.title if rule else event.type,
        severity=rule.severity if rule else Severity.WARNING,
        maturity=rule.maturity if rule else Maturity.STABLE,
        codes=rule.codes if rule else {},
        actor_names={actor: actors[actor].name for actor in event.actors if actor in actors},
    )


def _best_reports(event: Event) -> tuple[Report, ...]:
    """The opener, then the latest."""
    return (*event.reports[:1], *event.reports[1:][-(SNAPSHOT_REPORTS - 1) :])


def find_evidence(event: Event, changes: tuple[Change, ...]) -> Report:
    """The report to show: the one behind the latest change, else the surest and earliest."""
    reports = {report.article_id: report for report in event.reports}
    for change in reversed(changes):
        if change.article_id in reports:
            return reports[change.article_id]
    return max(event.reports, key=lambda report: _CERTAINTY.get(report.status, 0))


def type_for(reason: DispatchReason, *, told_revision: int) -> MessageType:
    """The message's type: whatever the reason, the first that arrives is `event.detected`."""
    if told_revision == 0 and reason is not DispatchReason.MERGED:
        return MessageType.DETECTED
    return {
        DispatchReason.CORRECTED: MessageType.CORRECTED,
        DispatchReason.RETRACTED: MessageType.RETRACTED,
        DispatchReason.MERGED: MessageType.MERGED,
        DispatchReason.BACKFILL: MessageType.DIGEST,
    }.get(reason, MessageType.UPDATED)


def describe_change(change: Change) -> str:
    """One change in plain words."""
    if change.aspect is Aspect.MERGED:
        return "two events turned out to be one"
    if change.weight is Weight.RETRACTION:
        return "withdrawn by those who reported it"
    if change.aspect is Aspect.PUBLISHERS:
        return f"independent publishers: {change.before} → {change.after}"
    if not change.before:
        return f"{change.aspect.value}: now {change.after}"
    return f"{change.aspect.value}: {change.before} → {change.after}"
