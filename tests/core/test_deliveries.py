"""When a delivery is tried again, and when an endpoint is left alone."""

from datetime import timedelta

import pytest
from event_builders import NOW
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.deliveries import (
    JITTER,
    RETRY_SCHEDULE_S,
    DeliveryState,
    Outcome,
    OutcomeKind,
    judge_outcome,
    next_attempt_at,
)
from tocsin.core.endpoints import EndpointHealth, EndpointState, judge_endpoint
from tocsin.core.subscriptions import Channel

OK = Outcome(kind=OutcomeKind.DELIVERED)
FAIL = Outcome(kind=OutcomeKind.RETRY, detail="answered 500", code=500)

jitters = st.floats(-1, 1)
waits = st.one_of(st.none(), st.floats(0, 1e6))


def pause(attempts: int, jitter: float = 0.0, retry_after_s: float | None = None) -> float:
    at = next_attempt_at(attempts, failed_at=NOW, jitter=jitter, retry_after_s=retry_after_s)
    assert at is not None
    return (at - NOW).total_seconds()


def test_the_whole_schedule_takes_75_hours_35_minutes_and_5_seconds() -> None:
    pauses = [pause(made) for made in range(1, len(RETRY_SCHEDULE_S))]

    assert timedelta(seconds=sum(pauses)) == timedelta(hours=75, minutes=35, seconds=5)


@given(st.integers(1, 8), jitters)
def test_pauses_grow_under_any_one_jitter(attempts: int, jitter: float) -> None:
    assert pause(attempts, jitter) < pause(attempts + 1, jitter)


@given(st.integers(1, 9), jitters, waits)
def test_a_pause_is_bounded(attempts: int, jitter: float, wait: float | None) -> None:
    base = RETRY_SCHEDULE_S[attempts]
    found = pause(attempts, jitter, wait)

    assert base * (1 - JITTER) - 1e-3 <= found <= max(base * (1 + JITTER), 3600) + 1e-3
    assert found >= min(wait or 0, 3600) - 1e-3


@given(st.integers(10, 99), jitters, waits)
def test_after_ten_attempts_it_is_over(attempts: int, jitter: float, wait: float | None) -> None:
    assert next_attempt_at(attempts, failed_at=NOW, jitter=jitter, retry_after_s=wait) is None


VERDICTS = {
    "delivered": (OK, 1, DeliveryState.DELIVERED),
    "tried again": (FAIL, 1, DeliveryState.WAITING),
    "used up": (FAIL, 10, DeliveryState.GAVE_UP),
    "refused for good": (Outcome(kind=OutcomeKind.GAVE_UP, code=550), 1, DeliveryState.GAVE_UP),
    "endpoint gone": (Outcome(kind=OutcomeKind.DISABLED, code=410), 1, DeliveryState.SUPPRESSED),
}


@pytest.mark.parametrize(("outcome", "attempts", "state"), VERDICTS.values(), ids=VERDICTS.keys())
def test_what_becomes_of_a_delivery(outcome: Outcome, attempts: int, state: DeliveryState) -> None:
    verdict = judge_outcome(outcome, attempts=attempts, now=NOW, jitter=0.0)

    assert verdict.state is state
    assert (verdict.next_at is not None) == (state is DeliveryState.WAITING)


def after(*outcomes: Outcome, channel: Channel = Channel.WEBHOOK, apart: timedelta = timedelta(0)) -> EndpointHealth:
    health = EndpointHealth(id="hook")
    for number, outcome in enumerate(outcomes):
        health = judge_endpoint(health, outcome, channel=channel, now=NOW + number * apart)
    return health


def test_a_success_wipes_the_slate() -> None:
    assert after(FAIL, FAIL, OK) == EndpointHealth(id="hook")


def test_410_disables_at_once() -> None:
    assert after(Outcome(kind=OutcomeKind.DISABLED, code=410)).state is EndpointState.DISABLED


def test_five_days_of_nothing_but_failures_disable() -> None:
    day = timedelta(days=1)

    assert after(*[FAIL] * 5, apart=day).state is EndpointState.FAILING
    assert after(*[FAIL] * 6, apart=day).state is EndpointState.DISABLED
    assert after(*[FAIL] * 3, OK, *[FAIL] * 3, apart=day).state is EndpointState.FAILING


def test_an_address_bounces_after_three_refusals_in_a_row() -> None:
    refused = Outcome(kind=OutcomeKind.GAVE_UP, code=550, detail="550 no such user")
    later = Outcome(kind=OutcomeKind.RETRY, code=451)

    assert after(refused, refused, channel=Channel.EMAIL).state is EndpointState.FAILING
    assert after(refused, later, refused, OK, refused, channel=Channel.EMAIL).bounces == 1
    assert after(refused, refused, refused, channel=Channel.EMAIL).state is EndpointState.DISABLED


def test_500_from_a_webhook_is_no_bounce() -> None:
    assert after(FAIL, FAIL, FAIL).state is EndpointState.FAILING


def test_a_throttled_endpoint_is_left_alone_as_long_as_it_asked_but_at_most_an_hour() -> None:
    asked = Outcome(kind=OutcomeKind.RETRY, code=429, throttle=True, retry_after_s=120)
    greedy = Outcome(kind=OutcomeKind.RETRY, code=429, throttle=True, retry_after_s=1e6)

    assert after(asked).throttled_until == NOW + timedelta(seconds=120)
    assert after(greedy).throttled_until == NOW + timedelta(hours=1)


def test_after_five_failures_in_a_row_only_a_probe_now_and_then() -> None:
    assert after(*[FAIL] * 4).throttled_until is None
    assert after(*[FAIL] * 5).throttled(NOW + timedelta(seconds=4))
    assert after(*[FAIL] * 50).throttled_until == NOW + timedelta(seconds=60)


def test_a_straggler_does_not_revive_a_disabled_endpoint() -> None:
    assert after(Outcome(kind=OutcomeKind.DISABLED, code=410), OK).state is EndpointState.DISABLED
