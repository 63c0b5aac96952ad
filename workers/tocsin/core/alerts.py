"""Alerts: whether a subscription hears of an event now, later or not at all, and always why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from tocsin.core.events.values import Change, Event, Weight
from tocsin.core.mentions import Precision
from tocsin.core.mutes import Mute
from tocsin.core.rules import Maturity
from tocsin.core.subscriptions import Subscription
from tocsin.core.text import counted

UPDATE_INTERVAL = timedelta(minutes=5)


class DispatchReason(StrEnum):
    """Why an alert was or was not sent. The first group sends."""

    FIRST = "first"
    UPDATE = "update"
    CORROBORATED = "corroborated"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    MERGED = "merged"

    DUPLICATE = "duplicate"
    UPDATES_OFF = "updates_off"
    STALE = "stale"
    MUTED = "muted"
    UNWATCHED = "unwatched"
    BELOW_CONFIDENCE = "below_confidence"
    TOO_FEW_PUBLISHERS = "too_few_publishers"
    EXPERIMENTAL = "experimental"
    SILENT_STATUS = "silent_status"
    BACKFILL = "backfill"
    UNCONFIRMED_ENDPOINT = "unconfirmed_endpoint"
    DISABLED_ENDPOINT = "disabled_endpoint"
    UNSUBSCRIBED = "unsubscribed"


SENDING = frozenset(
    {
        DispatchReason.FIRST,
        DispatchReason.UPDATE,
        DispatchReason.CORROBORATED,
        DispatchReason.CORRECTED,
        DispatchReason.RETRACTED,
        DispatchReason.MERGED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One event for one subscription.

    `told_revision` is the last revision written to its deliveries, 0 when it never rang; `told_at` when. `reason`
    is the latest decision's; `detail` says it in words. `carried_from` names the merged event whose alert this one
    continues; `digested` whether a digest has told of it.
    """

    id: str
    event_id: str
    subscription_id: str
    reason: DispatchReason
    detail: str = ""
    told_revision: int = 0
    told_at: datetime | None = None
    carried_from: str | None = None
    digested: bool = False
    deliveries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do for a subscription: send (the reason says what), hold until `not_before`, or stay silent."""

    reason: DispatchReason
    detail: str = ""
    not_before: datetime | None = None

    @property
    def sends(self) -> bool:
        """Whether a message goes out now."""
        return self.reason in SENDING and self.not_before is None


def decide(
    event: Event,
    subscription: Subscription,
    alert: Alert | None,
    *,
    now: datetime,
    maturity: Maturity = Maturity.STABLE,
    mute: Mute | None = None,
    told_merged: bool = False,
) -> Decision:
    """Judge an event for a subscription it concerns.

    `alert` is what the subscription heard so far. `told_merged`: it also heard of an event that merged into this one
    since.
    """
    if alert is None or alert.told_revision == 0:
        return _decide_first(event, subscription, now=now, maturity=maturity, mute=mute)
    return _decide_update(event, subscription, alert, now=now, mute=mute, told_merged=told_merged)


def _decide_first(
    event: Event, subscription: Subscription, *, now: datetime, maturity: Maturity, mute: Mute | None
) -> Decision:
    if event.status not in subscription.statuses:
        return Decision(reason=DispatchReason.SILENT_STATUS, detail=f"status {event.status.value} is not asked for")
    if maturity is not Maturity.STABLE and not subscription.include_experimental:
        return Decision(reason=DispatchReason.EXPERIMENTAL, detail=f"rule {event.type} is {maturity.value}")
    if event.confidence < subscription.min_confidence:
        return Decision(
            reason=DispatchReason.BELOW_CONFIDENCE,
            detail=f"confidence {event.confidence:.2f}, asked for {subscription.min_confidence:.2f}",
        )
    age = age_of(event, now=now)
    if age.total_seconds() > subscription.max_age_s:
        return Decision(
            reason=DispatchReason.STALE, detail=f"{_days(age)} old, asked for at most {_max_age(subscription)}"
        )
    if event.publishers < subscription.min_publishers:
        return Decision(
            reason=DispatchReason.TOO_FEW_PUBLISHERS,
            detail=f"{counted(event.publishers, 'independent publisher')}, asked for {subscription.min_publishers}",
        )
    if mute is not None:
        return _muted(mute)
    if event.catch_up:
        return Decision(reason=DispatchReason.BACKFILL, detail="known only from a first poll; goes into a digest")
    return Decision(reason=DispatchReason.FIRST)


def _decide_update(
    event: Event, subscription: Subscription, alert: Alert, *, now: datetime, mute: Mute | None, told_merged: bool
) -> Decision:
    changes = [c for c in event.changes_since(alert.told_revision) if told_merged or c.weight is not Weight.MERGE]
    if not changes:
        return Decision(
            reason=DispatchReason.DUPLICATE, detail=f"revision {event.revision} changes nothing that matters"
        )
    reason = _reason_of(changes)
    if not subscription.updates and reason not in {DispatchReason.CORRECTED, DispatchReason.RETRACTED}:
        return Decision(reason=DispatchReason.UPDATES_OFF, detail="the subscription wants first alerts only")
    if mute is not None:
        return _muted(mute)
    earliest = alert.told_at + UPDATE_INTERVAL if alert.told_at else now
    return Decision(reason=reason, not_before=earliest if earliest > now else None)


_STRONGEST = (
    (Weight.RETRACTION, DispatchReason.RETRACTED),
    (Weight.MERGE, DispatchReason.MERGED),
    (Weight.CORRECTION, DispatchReason.CORRECTED),
    (Weight.CORROBORATION, DispatchReason.CORROBORATED),
)


def _reason_of(changes: Collection[Change]) -> DispatchReason:
    weights = {change.weight for change in changes}
    return next((reason for weight, reason in _STRONGEST if weight in weights), DispatchReason.UPDATE)


def _muted(mute: Mute) -> Decision:
    detail = f"muted by {mute.author} until {mute.expires_at:%Y-%m-%d %H:%M} UTC: {mute.reason}"
    return Decision(reason=DispatchReason.MUTED, detail=detail)


def age_of(event: Event, *, now: datetime) -> timedelta:
    """How long ago it happened: never negative.

    A day counts from its end; a week, month or year from its middle, the least wrong guess; without a date, from the
    first report.
    """
    if event.date is None:
        first = min((report.reference_at for report in event.reports), default=event.first_seen_at)
        return max(timedelta(0), now - first)
    length = {Precision.DAY: 1.0, Precision.WEEK: 3.5, Precision.MONTH: 15.0, Precision.YEAR: 182.0}
    start = datetime.combine(event.date.on, time.min, tzinfo=UTC)
    return max(timedelta(0), now - start - timedelta(days=length[event.date.precision]))


def _days(age: timedelta) -> str:
    return counted(age.days, "day")


def _max_age(subscription: Subscription) -> str:
    return f"{subscription.max_age_s / 86400:g} days"
