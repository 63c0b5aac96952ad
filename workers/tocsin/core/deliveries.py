"""Deliveries: one message for one endpoint, its attempts, and when the next one is due."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.core.alerts import DispatchReason
from tocsin.core.notices import MessageType
from tocsin.core.subscriptions import Channel
from tocsin.core.text import counted

# Standard Webhooks, "deliverability": ten attempts within 75 h 35 m 5 s. The first leaves at once.
RETRY_SCHEDULE_S = (0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
JITTER = 0.2
MAX_RETRY_AFTER_S = 3600.0


class OutcomeKind(StrEnum):
    """How an attempt ended."""

    DELIVERED = "delivered"
    RETRY = "retry"
    GAVE_UP = "gave_up"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an attempt ended, in words an operator can act on.

    `code` is the HTTP status or SMTP reply code. `retry_after_s` is the least time the other side asked to be left
    alone. `throttle`: the whole endpoint should be slowed, not just this delivery.
    """

    kind: OutcomeKind
    detail: str = ""
    code: int | None = None
    retry_after_s: float | None = None
    throttle: bool = False
    took_s: float = 0.0


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENDING = "sending"
    WAITING = "waiting"
    DELIVERED = "delivered"
    GAVE_UP = "gave_up"
    SUPPRESSED = "suppressed"
    SUPERSEDED = "superseded"


OPEN_STATES = (DeliveryState.PENDING, DeliveryState.WAITING, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try, as logged in its delivery."""

    at: datetime
    outcome: OutcomeKind
    code: int | None = None
    detail: str = ""
    took_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An alert's revision for one endpoint; its id is the `webhook-id` and Message-ID of every attempt.

    `snapshots` are the ids of the rows with what is told: one, or the many of a digest. `after` is the previous
    delivery of this event, or of one merged into it, to this endpoint; `since` is the revision told before. `type`,
    `told_revision` (the last one that arrived there), `thread` (the first delivery that arrived there, or this) and
    `sent_at` are settled when the first attempt begins and kept, so that every attempt sends the same bytes. `spent`
    attempts were made before it was sent again by hand. `facts` is what a test, a heartbeat or a digest says beside.
    """

    id: str
    alert_id: str
    event_id: str
    subscription_id: str
    subscription_title: str
    endpoint_id: str
    channel: Channel
    reason: DispatchReason
    created_at: datetime
    revision: int = 0
    snapshots: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    after: str | None = None
    since: int = 0
    type: MessageType | None = None
    told_revision: int = 0
    thread: str = ""
    sent_at: datetime | None = None
    attempts: tuple[Attempt, ...] = ()
    spent: int = 0
    detail: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an outcome makes of a delivery: its state, and when it is tried again, if ever."""

    state: DeliveryState
    detail: str = ""
    next_at: datetime | None = None


def next_attempt_at(
    attempts: int, *, failed_at: datetime, jitter: float, retry_after_s: float | None = None
) -> datetime | None:
    """When to try again after this many attempts; None when the schedule is used up.

    `jitter` in -1..1 spreads the pause by up to a fifth either way. What the other side asks for is honoured up to
    an hour, and never shortens the schedule.
    """
    if attempts >= len(RETRY_SCHEDULE_S):
        return None
    pause = RETRY_SCHEDULE_S[attempts] * (1 + JITTER * max(-1.0, min(1.0, jitter)))
    return failed_at + timedelta(seconds=max(pause, min(retry_after_s or 0.0, MAX_RETRY_AFTER_S)))


def judge_outcome(outcome: Outcome, *, attempts: int, now: datetime, jitter: float) -> Verdict:
    """What becomes of a delivery after its `attempts`-th try."""
    if outcome.kind is OutcomeKind.DELIVERED:
        return Verdict(state=DeliveryState.DELIVERED)
    if outcome.kind is OutcomeKind.DISABLED:
        return Verdict(state=DeliveryState.SUPPRESSED, detail=outcome.detail)
    if outcome.kind is OutcomeKind.GAVE_UP:
        return Verdict(state=DeliveryState.GAVE_UP, detail=outcome.detail)
    next_at = next_attempt_at(attempts, failed_at=now, jitter=jitter, retry_after_s=outcome.retry_after_s)
    if next_at is None:
        return Verdict(
            state=DeliveryState.GAVE_UP, detail=f"no success in {counted(attempts, 'attempt')}; last: {outcome.detail}"
        )
    return Verdict(state=DeliveryState.WAITING, detail=outcome.detail, next_at=next_at)
