"""One validated file, with its nodes kept for later findings; and all files that were read under one root."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel

from tocsin.rulebook.codes import Code
from tocsin.rulebook.models_actors import WatchlistModel
from tocsin.rulebook.models_feeds import FeedsFile
from tocsin.rulebook.models_lexicon import CodesModel, FunctionsModel, WordClassModel
from tocsin.rulebook.models_rules import RuleModel
from tocsin.rulebook.models_subscriptions import SubscriptionsFile
from tocsin.rulebook.nodes import Node, Position, find_node
from tocsin.rulebook.problems import Level, Problem
from tocsin.rulebook.salvage import Lines
from tocsin.rulebook.validate import Loc

M = TypeVar("M", bound=BaseModel)
Kind = Literal["rule", "watchlist", "word class", "functions", "codes", "feeds", "subscriptions"]


@dataclass(frozen=True, slots=True)
class Source(Generic[M]):
    """One file: where it is, its nodes, its value; `shipped` when it came with Tocsin; `lang` of a lexicon file.

    `lost` holds the first and last lines of the entries whose mistakes were taken out.
    """

    path: str
    stem: str
    node: Node
    model: M
    shipped: bool = False
    lang: str = ""
    lost: tuple[Lines, ...] = ()

    def at(self, *loc: int | str) -> Position:
        """Where the value at `loc` stands."""
        return find_node(self.node, loc)[0]

    def where(self, *loc: int | str) -> str:
        """`path:line:column` of the value at `loc`."""
        at = self.at(*loc)
        return f"{self.path}:{at.line}:{at.column}"

    def error(self, loc: Loc, code: Code, message: str, remedy: str) -> Problem:
        """A problem at the value at `loc` that keeps the rulebook from being used."""
        return self._problem(Level.ERROR, loc, code, message, remedy)

    def warning(self, loc: Loc, code: Code, message: str, remedy: str) -> Problem:
        """A problem at the value at `loc` that does not."""
        return self._problem(Level.WARNING, loc, code, message, remedy)

    def _problem(self, level: Level, loc: Loc, code: Code, message: str, remedy: str) -> Problem:
        at = self.at(*loc)
        return Problem(
            path=self.path, line=at.line, column=at.column, level=level, code=code, message=message, remedy=remedy
        )


@dataclass(slots=True)
class Tree:
    """Everything read under one root, and every problem met on the way.

    `nouns` holds those of `.tsv` files by language and word class; they belong to the class's own file of this tree.
    `failed` holds the ids that stand in files with mistakes, `unread` the kinds of which a file could not be read.
    """

    shipped: bool
    rules: list[Source[RuleModel]] = field(default_factory=list)
    watchlists: list[Source[WatchlistModel]] = field(default_factory=list)
    classes: list[Source[WordClassModel]] = field(default_factory=list)
    functions: list[Source[FunctionsModel]] = field(default_factory=list)
    codes: list[Source[CodesModel]] = field(default_factory=list)
    feeds: list[Source[FeedsFile]] = field(default_factory=list)
    subscriptions: list[Source[SubscriptionsFile]] = field(default_factory=list)
    tables: dict[str, dict[str, object]] = field(default_factory=dict)
    nouns: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    digests: list[tuple[str, str]] = field(default_factory=list)
    failed: dict[Kind, set[str]] = field(default_factory=dict)
    unread: set[Kind] = field(default_factory=set)


def watchlists_in_force(trees: Sequence[Tree]) -> tuple[Source[WatchlistModel], ...]:
    """Every watchlist's file but the shipped ones that an operator's replaces: their actors are gone with them."""
    sources = [source for tree in trees for source in tree.watchlists]
    replaced = {source.model.id for source in sources if source.model.replace and not source.shipped}
    return tuple(source for source in sources if not (source.shipped and source.model.id in replaced))
