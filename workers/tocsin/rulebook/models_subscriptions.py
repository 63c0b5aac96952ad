"""Who is told: `subscriptions.yml`."""

from typing import Annotated

from pydantic import Field

from tocsin.core.mentions import Role, Status
from tocsin.rulebook.model_types import Country, Duration, FileModel, Id, Text, Words

Confidence = Annotated[float, Field(ge=0, le=1)]
Publishers = Annotated[int, Field(ge=1, le=100)]


class EndpointModel(FileModel):
    """Where alerts go: a mail address or a webhook."""

    id: Id
    """The endpoint's name here."""
    email: Text | None = None
    """A mail address; an endpoint has this or `webhook`."""
    webhook: Text | None = None
    """An https address; an endpoint has this or `email`."""
    secret: Text | None = None
    """Where the webhook's signing secret is kept: env:NAME or file:PATH."""
    allow_private: bool = False
    """Whether the webhook may be in your own network, on http."""


class SubscriptionModel(FileModel):
    """Who wants what."""

    id: Id
    """The subscription's name here."""
    title: Text
    """What subscribers read."""
    send_to: tuple[Id, ...]
    """Endpoints, by id."""
    types: tuple[Id, ...] = ()
    """Event types, with their children; none means any."""
    actors: tuple[Id, ...] = ()
    """Actors, with their members; none means anyone."""
    watchlists: tuple[Id, ...] = ()
    """Watchlists, with all their actors."""
    countries: tuple[Country, ...] = ()
    """Where it happened (ISO 3166); none means anywhere."""
    roles: tuple[Role, ...] = ()
    """In which role the actor must stand."""
    statuses: tuple[Status, ...] = (Status.ASSERTED, Status.ATTRIBUTED, Status.HEDGED)
    """Which statuses ring."""
    min_confidence: Confidence = 0.0
    """How sure the detector must be, 0 to 1."""
    min_publishers: Publishers = 1
    """How many independent publishers must report it."""
    max_age: Duration = 7 * 86400
    """An event dated longer ago is stored, not rung."""
    updates: bool = True
    """Whether later changes are sent."""
    include_experimental: bool = False
    """Whether rules under trial ring."""
    enabled: bool = True
    """`false` keeps the subscription and stops it."""
    tags: Words = ()
    """Words to sort subscriptions by."""


class SubscriptionsFile(FileModel):
    """All endpoints and subscriptions."""

    requires: Text | None = None
    """The oldest Tocsin that can read this file."""
    endpoints: tuple[EndpointModel, ...] = ()
    """Where alerts go."""
    subscriptions: tuple[SubscriptionModel, ...] = ()
    """Who wants what."""
