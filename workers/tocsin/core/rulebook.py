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
    over every file that was read.
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

    @property
    def actors(self) -> Mapping[str, Actor]:
        """Every actor of every watchlist, by id."""
        return {actor.id: actor for watchlist in self.watchlists for actor in watchlist.actors}
