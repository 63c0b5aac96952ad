"""How an endpoint fares: failing, throttled, disabled (B48, B50, B59)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.core.deliveries import MAX_RETRY_AFTER_S, Outcome, OutcomeKind
from tocsin.core.subscriptions import Channel

GIVE_UP_AFTER = timedelta(days=5)
MAX_BOUNCES = 3
FAILURES_BEFORE_THROTTLE = 5
MIN_THROTTLE_S = 5.0
MAX_THROTTLE_S = 60.0


class EndpointState(StrEnum):
    """Whether an endpoint may be written to."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    FAILING = "failing"
    DISABLED = "disabled"
    UNSUBSCRIBED = "unsubscribed"


OPEN_TO_MAIL = frozenset({EndpointState.ACTIVE, EndpointState.FAILING})


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointHealth:
    """What is remembered of an endpoint. One without a row is active: the operator wrote it into the rulebook."""

    id: str
    state: EndpointState = EndpointState.ACTIVE
    failures: int = 0
    bounces: int = 0
    failing_since: datetime | None = None
    throttled_until: datetime | None = None
    detail: str = ""

    @property
    def open(self) -> bool:
        """Whether it may be written to."""
        return self.state in OPEN_TO_MAIL

    def throttled(self, now: datetime) -> bool:
        """Whether it is to be left alone for the moment."""
        return self.throttled_until is not None and now < self.throttled_until


def judge_endpoint(health: EndpointHealth, outcome: Outcome, *, channel: Channel, now: datetime) -> EndpointHealth:
    """The endpoint after an attempt.

    410 disables a webhook at once, three refusals in a row (5xx) a mail address, five days of nothing but failures
    either. A disabled or unsubscribed endpoint stays so whatever a straggler's outcome.
    """
    if not health.open:
        return health
    if outcome.kind is OutcomeKind.DELIVERED:
        if health == (fine := EndpointHealth(id=health.id)):
            return health
        return fine
    failing_since = health.failing_since or now
    failures = health.failures + 1
    refused = channel is Channel.EMAIL and outcome.code is not None and outcome.code >= 500
    bounces = health.bounces + 1 if refused else health.bounces
    worse = replace(
        health,
        state=EndpointState.FAILING,
        failures=failures,
        bounces=bounces,
        failing_since=failing_since,
        throttled_until=_throttle(health, outcome, failures=failures, now=now),
        detail=outcome.detail,
    )
    if outcome.kind is OutcomeKind.DISABLED:
        return replace(worse, state=EndpointState.DISABLED)
    if bounces >= MAX_BOUNCES:
        return replace(worse, state=EndpointState.DISABLED, detail=f"the address bounces: {outcome.detail}")
    if now - failing_since >= GIVE_UP_AFTER:
        detail = f"nothing but failures since {failing_since:%Y-%m-%d %H:%M} UTC; last: {outcome.detail}"
        return replace(worse, state=EndpointState.DISABLED, detail=detail)
    return worse


def _throttle(health: EndpointHealth, outcome: Outcome, *, failures: int, now: datetime) -> datetime | None:
    """The other side asked for it, or it has failed so often in a row that one probe a while is enough."""
    if outcome.throttle:
        pause = min(max(outcome.retry_after_s or 0.0, MIN_THROTTLE_S), MAX_RETRY_AFTER_S)
    elif failures >= FAILURES_BEFORE_THROTTLE:
        pause = min(MIN_THROTTLE_S * 2.0 ** min(failures - FAILURES_BEFORE_THROTTLE, 8), MAX_THROTTLE_S)
    else:
        return health.throttled_until
    return max(now + timedelta(seconds=pause), health.throttled_until or now)
