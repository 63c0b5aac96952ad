"""The rulebook: everything the operator owns, together, immutable, with a digest."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tocsin.core.actors import Actor, Watchlist
from tocsin.core.feeds import Feed
from tocsin.core.rules import Rule, WordClass
from tocsin.core.subscriptions import Endpoint, Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Rules, watchlists, word classes, feeds, endpoints and subscriptions, checked against each other.

    `classes` are keyed by language. `tables` are the lexicon files that are no word class (months, number words,
    markers …), keyed by language and file name. `gazetteer` is the compact place table as text. `digest` is SHA-256
    over every file that was read. What is looked up for every event and delivery is put in order once: `actors` (of
    every watchlist), `rules_by_id`, `endpoints_by_id`, and `enabled_ids` of the subscriptions in force.
    """

    rules: tuple[Rule, ...] = ()
    watchlists: tuple[Watchlist, ...] = ()
    classes: Mapping[str, tuple[WordClass, ...]] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    gazetteer: str = ""
    feeds: tuple[Feed, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    digest: str = ""
    actors: Mapping[str, Actor] = field(init=False, repr=False, compare=False)
    rules_by_id: Mapping[str, Rule] = field(init=False, repr=False, compare=False)
    endpoints_by_id: Mapping[str, Endpoint] = field(init=False, repr=False, compare=False)
    enabled_ids: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        def put(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        put("actors", {actor.id: actor for watchlist in self.watchlists for actor in watchlist.actors})
        put("rules_by_id", {rule.id: rule for rule in self.rules})
        put("endpoints_by_id", {endpoint.id: endpoint for endpoint in self.endpoints})
        put("enabled_ids", frozenset(each.id for each in self.subscriptions if each.enabled))
