"""Deliveries: the outcome of an attempt, and when the next one is due."""

from dataclasses import dataclass
from enum import StrEnum


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
