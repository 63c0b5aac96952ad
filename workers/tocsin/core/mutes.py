"""Mutes: an operator's time-boxed suppression, with author, reason and expiry (B39)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tocsin.core.events.lineage import Kinship
from tocsin.core.events.values import Event
from tocsin.core.subscriptions import Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """What is suppressed until `expires_at`. An empty tuple means any; every filled one must hold."""

    id: str
    author: str
    reason: str
    created_at: datetime
    expires_at: datetime
    events: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    subscriptions: tuple[str, ...] = ()


def find_mute(
    event: Event, subscription: Subscription, mutes: Iterable[Mute], *, now: datetime, kinship: Kinship
) -> Mute | None:
    """The first mute in force that covers the event for the subscription."""
    kin = {ancestor for actor in event.actors for ancestor in kinship.actors.line(actor)}
    line = set(kinship.types.line(event.type))
    for mute in mutes:
        covers = (
            (not mute.events or event.id in mute.events)
            and (not mute.types or line & set(mute.types))
            and (not mute.actors or kin & set(mute.actors))
            and (not mute.countries or set(event.countries) & set(mute.countries))
            and (not mute.subscriptions or subscription.id in mute.subscriptions)
        )
        if covers and mute.created_at <= now < mute.expires_at:
            return mute
    return None
