"""All files of a rulebook side by side, for checks that look across them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tocsin.core.actors import ActorKind
from tocsin.rulebook.models_actors import ActorModel, WatchlistModel
from tocsin.rulebook.models_feeds import FeedsFile
from tocsin.rulebook.models_lexicon import CodesModel, WordClassModel
from tocsin.rulebook.models_rules import RuleModel
from tocsin.rulebook.models_subscriptions import SubscriptionsFile
from tocsin.rulebook.problems import Problem
from tocsin.rulebook.sources import Kind, Source, Tree
from tocsin.rulebook.suggest import did_you_mean


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
        """Every actor with its file and its place in the file's list."""
        for source in self.watchlists:
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
    def class_ids(self) -> frozenset[str]:
        """Every word class of any language."""
        return frozenset(source.model.id for source in self.classes) | self._failed("word class")

    @cached_property
    def fillers(self) -> frozenset[str]:
        """What a role may be limited to: word classes and kinds of actor."""
        return self.class_ids | frozenset(kind.value for kind in ActorKind)

    def is_unsure(self, kind: Kind) -> bool:
        """Whether a file of this kind could not be read at all, so that unknown ids may well stand in it."""
        return any(kind in tree.unread for tree in self.trees)

    def unknown(
        self, source: Source[RuleModel] | Source[WatchlistModel] | Source[WordClassModel] | Source[SubscriptionsFile],
        loc: tuple[int | str, ...], what: tuple[Kind, str], value: str, known: frozenset[str],
    ) -> Iterator[Problem]:  # fmt: skip
        """A problem when `value` is not among the known ids. `what` is the kind referred to, and its name in words."""
        kind, words = what
        if value not in known and not self.is_unsure(kind):
            code = f"unknown-{words.replace(' ', '-')}"
            remedy = did_you_mean(value, sorted(known), "add it, or use one that 'tocsin rules list' shows")
            yield source.error(loc, code, f"there is no {words} '{value}'", remedy)

    def _failed(self, kind: Kind) -> frozenset[str]:
        return frozenset(name for tree in self.trees for name in tree.failed.get(kind, ()))
