"""Which subscriptions an event concerns: an exact test, and an index so that only likely ones are tested."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from tocsin.core.events.lineage import Kinship, make_kinship
from tocsin.core.events.values import Event
from tocsin.core.rulebook import Rulebook
from tocsin.core.rules import Maturity
from tocsin.core.subscriptions import Endpoint, Subscription

ANY = "*"
MAX_ENTRIES = 400

Key = tuple[str, str, str]


def watched_actors(subscription: Subscription, rulebook: Rulebook) -> frozenset[str]:
    """The actors a subscription names, itself or through a watchlist; empty means any."""
    wanted = set(subscription.watchlists)
    listed = (actor.id for watchlist in rulebook.watchlists if watchlist.id in wanted for actor in watchlist.actors)
    return frozenset((*subscription.actors, *listed))


def find_mismatch(event: Event, subscription: Subscription, *, actors: frozenset[str], kinship: Kinship) -> str | None:
    """Why the event does not concern the subscription, in words; None when it does.

    `actors` is `watched_actors` of the subscription. Types include their children, actors their members.
    """
    if subscription.types and not set(kinship.types.line(event.type)) & set(subscription.types):
        return f"type {event.type} is not asked for"
    if subscription.countries and not set(event.countries) & set(subscription.countries):
        return f"none of {', '.join(event.countries) or 'no country'} is asked for"
    if actors or subscription.roles:
        standing = _standing(event, subscription.roles, actors, kinship)
        if not standing:
            where = f" as {' or '.join(subscription.roles)}" if subscription.roles else ""
            return f"no watched actor takes part{where}"
    return None


def find_reasons(
    event: Event, subscription: Subscription, *, actors: frozenset[str], kinship: Kinship
) -> tuple[str, ...]:
    """Why the event concerns the subscription, in words for the subscriber."""
    reasons = [f"type {event.type}"] if subscription.types else []
    reasons += [f"country {country}" for country in event.countries if country in subscription.countries]
    if actors or subscription.roles:
        reasons += [f"{actor} as {role}" for actor, role in _standing(event, subscription.roles, actors, kinship)]
    return tuple(dict.fromkeys(reasons)) or ("everything",)


def _standing(event: Event, roles: tuple[str, ...], actors: frozenset[str], kinship: Kinship) -> list[tuple[str, str]]:
    return [
        (party.actor, party.role.value)
        for party in event.parties
        if party.actor
        and (not roles or party.role.value in roles)
        and (not actors or actors & set(kinship.actors.line(party.actor)))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionIndex:
    """The enabled subscriptions by actor × country × type, built once per rulebook.

    Finding those of an event costs a look-up per combination of its actors, countries and types, whatever the
    number of subscriptions, and a test per candidate.
    """

    rulebook: Rulebook
    kinship: Kinship
    subscriptions: Mapping[str, Subscription]
    actors: Mapping[str, frozenset[str]]
    entries: Mapping[Key, tuple[str, ...]]
    ranks: Mapping[str, int]
    channels: Mapping[str, Endpoint]
    maturities: Mapping[str, Maturity]

    def find(self, event: Event) -> tuple[Subscription, ...]:
        """The subscriptions the event concerns, in the rulebook's order."""
        kin = {ancestor for actor in event.actors for ancestor in self.kinship.actors.line(actor)}
        keys = product((ANY, *kin), (ANY, *event.countries), (ANY, *self.kinship.types.line(event.type)))
        candidates = {found for key in keys for found in self.entries.get(key, ())}
        return tuple(
            self.subscriptions[found]
            for found in sorted(candidates, key=self.ranks.__getitem__)
            if self.mismatch(event, self.subscriptions[found]) is None
        )

    def mismatch(self, event: Event, subscription: Subscription) -> str | None:
        """`find_mismatch` under this rulebook."""
        actors = self.actors[subscription.id]
        return find_mismatch(event, subscription, actors=actors, kinship=self.kinship)

    def reasons(self, event: Event, subscription: Subscription) -> tuple[str, ...]:
        """`find_reasons` under this rulebook."""
        actors = self.actors[subscription.id]
        return find_reasons(event, subscription, actors=actors, kinship=self.kinship)

    def endpoints(self, subscription: Subscription) -> tuple[Endpoint, ...]:
        """The subscription's endpoints."""
        return tuple(self.channels[endpoint] for endpoint in subscription.endpoints if endpoint in self.channels)

    def maturity(self, type_: str) -> Maturity:
        """The maturity of the type's rule."""
        return self.maturities.get(type_, Maturity.STABLE)


def make_index(rulebook: Rulebook) -> SubscriptionIndex:
    """The index of a rulebook's enabled subscriptions."""
    enabled = [subscription for subscription in rulebook.subscriptions if subscription.enabled]
    actors = {s.id: watched_actors(s, rulebook) for s in enabled}
    entries: dict[Key, list[str]] = {}
    for subscription in enabled:
        for key in _keys(subscription, actors[subscription.id]):
            entries.setdefault(key, []).append(subscription.id)
    return SubscriptionIndex(
        rulebook=rulebook,
        kinship=make_kinship(rulebook),
        subscriptions={s.id: s for s in enabled},
        actors=actors,
        entries={key: tuple(ids) for key, ids in entries.items()},
        ranks={s.id: rank for rank, s in enumerate(enabled)},
        channels={endpoint.id: endpoint for endpoint in rulebook.endpoints},
        maturities={rule.id: rule.maturity for rule in rulebook.rules},
    )


def _keys(subscription: Subscription, actors: frozenset[str]) -> Iterable[Key]:
    """All combinations, unless they are too many: then the last dimensions are left open and the test decides."""
    wanted = [tuple(sorted(actors)), subscription.countries, subscription.types]
    size = 1
    dimensions: list[tuple[str, ...]] = []
    for values in wanted:
        size *= max(1, len(values))
        dimensions.append(values if values and (size <= MAX_ENTRIES or not dimensions) else (ANY,))
    return ((actor, country, type_) for actor, country, type_ in product(*dimensions))
