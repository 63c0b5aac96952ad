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
    email: Text | None = None
    webhook: Text | None = None
    secret: Text | None = None
    allow_private: bool = False


class SubscriptionModel(FileModel):
    """Who wants what."""

    id: Id
    title: Text
    send_to: tuple[Id, ...]
    types: tuple[Id, ...] = ()
    actors: tuple[Id, ...] = ()
    watchlists: tuple[Id, ...] = ()
    countries: tuple[Country, ...] = ()
    roles: tuple[Role, ...] = ()
    statuses: tuple[Status, ...] = (Status.ASSERTED, Status.ATTRIBUTED, Status.HEDGED)
    min_confidence: Confidence = 0.0
    min_publishers: Publishers = 1
    max_age: Duration = 7 * 86400
    updates: bool = True
    include_experimental: bool = False
    enabled: bool = True
    tags: Words = ()


class SubscriptionsFile(FileModel):
    """All endpoints and subscriptions."""

    requires: Text | None = None
    endpoints: tuple[EndpointModel, ...] = ()
    subscriptions: tuple[SubscriptionModel, ...] = ()
