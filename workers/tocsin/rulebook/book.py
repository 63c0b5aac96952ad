"""All files of a rulebook side by side, for checks that look across them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from tocsin.core.actors import ActorKind
from tocsin.rulebook.codes import Code
from tocsin.rulebook.models_actors import ActorModel, WatchlistModel
from tocsin.rulebook.models_feeds import FeedsFile
from tocsin.rulebook.models_lexicon import CodesModel, FunctionsModel, WordClassModel
from tocsin.rulebook.models_rules import RuleModel
from tocsin.rulebook.models_subscriptions import SubscriptionsFile
from tocsin.rulebook.problems import Problem
from tocsin.rulebook.sources import Kind, Source, Tree, watchlists_in_force
from tocsin.rulebook.suggest import did_you_mean
from tocsin.rulebook.validate import Loc

Reference = Literal["event type", "actor", "watchlist", "word class", "endpoint"]
AnySource = (
    Source[RuleModel]
    | Source[WatchlistModel]
    | Source[WordClassModel]
    | Source[FunctionsModel]
    | Source[CodesModel]
    | Source[FeedsFile]
    | Source[SubscriptionsFile]
)


@dataclass(frozen=True)
class Book:
    """The trees laid over each other, the shipped one first, with every id that may be referred to.

    An id that stands in a file with mistakes of its own is known too: one mistake makes one problem.
    """

    trees: Sequence[Tree]

    @cached_property
    def rules(self) -> tuple[Source[RuleModel], ...]:
        """Every event rule's file."""
        return tuple(source for tree in self.trees for source in tree.rules)

    @cached_property
    def watchlists(self) -> tuple[Source[WatchlistModel], ...]:
        """Every watchlist's file."""
        return tuple(source for tree in self.trees for source in tree.watchlists)

    @cached_property
    def classes(self) -> tuple[Source[WordClassModel], ...]:
        """Every word class's file, of all languages."""
        return tuple(source for tree in self.trees for source in tree.classes)

    @cached_property
    def functions(self) -> tuple[Source[FunctionsModel], ...]:
        """Every table of what word classes serve."""
        return tuple(source for tree in self.trees for source in tree.functions)

    @cached_property
    def codes(self) -> tuple[Source[CodesModel], ...]:
        """Every list of codes."""
        return tuple(source for tree in self.trees for source in tree.codes)

    @cached_property
    def feeds(self) -> tuple[Source[FeedsFile], ...]:
        """Every feeds.yml."""
        return tuple(source for tree in self.trees for source in tree.feeds)

    @cached_property
    def subscriptions(self) -> tuple[Source[SubscriptionsFile], ...]:
        """Every subscriptions.yml."""
        return tuple(source for tree in self.trees for source in tree.subscriptions)

    def actors(self) -> Iterator[tuple[Source[WatchlistModel], int, ActorModel]]:
        """Every actor in force, with its file and its place in the file's list."""
        for source in watchlists_in_force(self.trees):
            for number, actor in enumerate(source.model.actors):
                yield source, number, actor

    @cached_property
    def rule_ids(self) -> frozenset[str]:
        """Every event type."""
        return frozenset(source.model.id for source in self.rules) | self._failed("rule")

    @cached_property
    def actor_ids(self) -> frozenset[str]:
        """Every actor."""
        return frozenset(actor.id for _, _, actor in self.actors()) | self._failed("watchlist")

    @cached_property
    def watchlist_ids(self) -> frozenset[str]:
        """Every watchlist."""
        return frozenset(source.model.id for source in self.watchlists) | self._failed("watchlist")

    @cached_property
    def fillers(self) -> frozenset[str]:
        """What a role may be limited to: word classes of any language, and kinds of actor."""
        classes = frozenset(source.model.id for source in self.classes)
        return classes | self._failed("word class") | frozenset(kind.value for kind in ActorKind)

    @cached_property
    def endpoint_ids(self) -> frozenset[str]:
        """Every endpoint."""
        known = frozenset(endpoint.id for source in self.subscriptions for endpoint in source.model.endpoints)
        return known | self._failed("subscriptions")

    def all_sources(self) -> tuple[AnySource, ...]:
        """Every file of every kind."""
        return (
            *self.rules,
            *self.watchlists,
            *self.classes,
            *self.functions,
            *self.codes,
            *self.feeds,
            *self.subscriptions,
        )

    def word_lists(self, lang: str) -> frozenset[str]:
        """The names of the lists in the language's grammar table."""
        return frozenset(name for grammar in self._grammars(lang) for name in grammar)

    def _grammars(self, lang: str) -> tuple[dict[str, object], ...]:
        tables = [tree.tables.get(lang, {}).get("grammar") for tree in self.trees]
        return tuple(table for table in tables if isinstance(table, dict))

    def prepositions(self, lang: str) -> tuple[str, ...]:
        """The language's prepositions and particles, as its grammar table lists them; none when it does not."""
        words: list[object] = []
        for grammar in self._grammars(lang):
            tags = grammar.get("tags")
            lists = [tags.get("preposition"), tags.get("to")] if isinstance(tags, dict) else []
            for words_of_kind in (*lists, grammar.get("particles")):
                words += words_of_kind if isinstance(words_of_kind, list) else ()
        return tuple(dict.fromkeys(word for word in words if isinstance(word, str)))

    def unknown(self, source: AnySource, loc: Loc, what: Reference, name: str) -> Iterator[Problem]:
        """A problem when nothing of this sort has that name, unless it may stand in a file that cannot be read."""
        known, kind, code = self._known(what)
        if name not in known and not any(kind in tree.unread for tree in self.trees):
            remedy = did_you_mean(name, sorted(known), f"add it, or name another {what}")
            yield source.error(loc, code, f"there is no {what} '{name}'", remedy)

    def _known(self, what: Reference) -> tuple[frozenset[str], Kind, Code]:
        match what:
            case "event type":
                return self.rule_ids, "rule", "unknown-event-type"
            case "actor":
                return self.actor_ids, "watchlist", "unknown-actor"
            case "watchlist":
                return self.watchlist_ids, "watchlist", "unknown-watchlist"
            case "word class":
                return self.fillers, "word class", "unknown-word-class"
            case "endpoint":
                return self.endpoint_ids, "subscriptions", "unknown-endpoint"

    def _failed(self, kind: Kind) -> frozenset[str]:
        return frozenset(name for tree in self.trees for name in tree.failed.get(kind, ()))
