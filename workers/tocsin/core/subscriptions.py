"""Subscriptions and endpoints: who wants what, and where it is sent."""

from dataclasses import dataclass, field
from enum import StrEnum

from tocsin.core.mentions import Status


class Channel(StrEnum):
    """How an endpoint is reached."""

    EMAIL = "email"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where alerts go. `address` is a mail address or an https URL. `secret` names where a webhook's signing secret
    is kept (`env:NAME` or `file:PATH`), never the secret itself.
    """

    id: str
    channel: Channel
    address: str
    secret: str | None = None
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who wants what. An empty tuple means any.

    `types` include their children, `actors` their members, `watchlists` all their actors. `roles` narrows where the
    actor must stand (agent, recipient, linked …). `statuses` are those that may ring; `min_confidence` is in 0..1.
    `max_age_s`: an event dated longer ago than this is stored, not rung. `min_publishers`: ring only when that many
    independent publishers report it.
    """

    id: str
    title: str
    endpoints: tuple[str, ...]
    types: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    watchlists: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = (Status.ASSERTED, Status.ATTRIBUTED, Status.HEDGED)
    min_confidence: float = 0.0
    min_publishers: int = 1
    max_age_s: int = 7 * 86400
    updates: bool = True
    include_experimental: bool = False
    enabled: bool = True
    tags: tuple[str, ...] = field(default=())
