"""From files to a whole rulebook, or to every problem that stands in the way. The service and the CLI call this one.

`rules/events`, `actors`, `lexicon`, `places` and `codes` come with Tocsin; an operator's directory adds `feeds.yml`,
`subscriptions.yml` and any of the same folders, laid over the shipped ones.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tocsin
from tocsin.core.actors import Actor, Watchlist
from tocsin.core.inflection import Inflector
from tocsin.core.rulebook import Rulebook
from tocsin.core.rules import Rule, WordClass
from tocsin.errors import RulebookError
from tocsin.rulebook.convert import (
    InflectorOf,
    make_actor,
    make_endpoint,
    make_feed,
    make_rule,
    make_subscription,
    make_word_class,
)
from tocsin.rulebook.detector import collector_paused
from tocsin.rulebook.lint import lint
from tocsin.rulebook.overlay import append_actor, append_class, append_rule
from tocsin.rulebook.problems import Problem, count_problems, has_errors, sort_problems
from tocsin.rulebook.sources import Tree, watchlists_in_force
from tocsin.rulebook.tree import read_tree

Tables = dict[str, dict[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """`rulebook` is None when any problem is an error. `files` is how many were read, the shipped ones included."""

    rulebook: Rulebook | None
    problems: tuple[Problem, ...]
    files: int

    def summary(self) -> str:
        """`3 errors, 1 warning in 5 files`."""
        return count_problems(self.problems, self.files)


def shipped_rules() -> Path:
    """The rulebook that came with Tocsin: the packaged copy, else the checkout's; never the current directory's."""
    package = Path(tocsin.__file__).resolve().parent
    # In a checkout the package is workers/tocsin; an installed one has its rules inside it.
    for candidate in (package / "rules", package.parent.parent / "rules"):
        if (candidate / "events").is_dir():
            return candidate
    raise RulebookError("the shipped rulebook is missing: install Tocsin again")


def load_rulebook(root: Path, *, base: Path | None = None) -> LoadResult:
    """The rulebook under `root`, laid over the one under `base` if given.

    Never raises on any content: what is wrong is in `problems`, all of it at once, in file and line order.
    """
    with collector_paused():
        trees = [read_tree(base, shipped=True)] if base is not None else []
        trees.append(read_tree(root, shipped=base is None and _is_shipped(root)))
        problems = sort_problems([*(problem for tree in trees for problem in tree.problems), *lint(trees)])
        files = sum(len(tree.digests) for tree in trees)
        rulebook = None if has_errors(problems) else _assemble(trees)
        return LoadResult(rulebook=rulebook, problems=problems, files=files)


def _is_shipped(root: Path) -> bool:
    try:
        return root.resolve() == shipped_rules()
    except RulebookError:
        return False


def _assemble(trees: Sequence[Tree]) -> Rulebook:
    tables: Tables = {}
    for tree in trees:
        for lang, named in tree.tables.items():
            tables.setdefault(lang, {}).update(named)
    inflector = _inflectors(tables)
    subscriptions = [source.model for tree in trees for source in tree.subscriptions]
    return Rulebook(
        rules=_rules(trees, inflector),
        watchlists=_watchlists(trees),
        classes=_classes(trees, inflector),
        tables=tables,
        gazetteer="\n".join(text.rstrip("\n") for tree in trees for text in tree.places),
        feeds=tuple(make_feed(feed) for tree in trees for source in tree.feeds for feed in source.model.feeds),
        endpoints=tuple(make_endpoint(endpoint) for file in subscriptions for endpoint in file.endpoints),
        subscriptions=tuple(make_subscription(wanted) for file in subscriptions for wanted in file.subscriptions),
        digest=_digest(trees),
    )


def _inflectors(tables: Tables) -> InflectorOf:
    @cache
    def of(lang: str) -> Inflector:
        named = tables.get(lang, {})
        return Inflector(_mapping(named.get("forms")), _mapping(named.get("inflection")))

    return of


def _mapping(table: object) -> dict[str, object]:
    return table if isinstance(table, dict) else {}


def _rules(trees: Sequence[Tree], inflector: InflectorOf) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    for tree in trees:
        for source in tree.rules:
            rule = make_rule(source, inflector)
            if source.model.append and (shipped := rules.get(rule.id)):
                rule = append_rule(shipped, rule, source.model.model_fields_set)
            rules[rule.id] = rule
    return tuple(rules.values())


def _watchlists(trees: Sequence[Tree]) -> tuple[Watchlist, ...]:
    actors: dict[str, Actor] = {}
    members: dict[str, tuple[str, ...]] = {}
    titles: dict[str, str] = {}
    for source in watchlists_in_force(trees):
        for number, model in enumerate(source.model.actors):
            actor = make_actor(source, number)
            if model.append and (shipped := actors.get(actor.id)):
                actor = append_actor(shipped, actor, model.model_fields_set)
            actors[actor.id] = actor
        model_ids = (*(model.id for model in source.model.actors), *source.model.include)
        before = members.get(source.model.id, ()) if source.model.append else ()
        members[source.model.id] = tuple(dict.fromkeys((*before, *model_ids)))
        titles[source.model.id] = source.model.title
    return tuple(
        Watchlist(id=name, title=titles[name], actors=tuple(actors[actor] for actor in ids))
        for name, ids in members.items()
    )


def _classes(trees: Sequence[Tree], inflector: InflectorOf) -> dict[str, tuple[WordClass, ...]]:
    classes: dict[str, dict[str, WordClass]] = {}
    sources = [(source, tree.nouns.get(source.lang, {})) for tree in trees for source in tree.classes]
    own = {(source.lang, noun) for source, _ in sources for noun in source.model.nouns}
    for source, listed in sources:
        more = listed.get(source.model.id, ())
        nouns = [noun for noun in more if (source.lang, noun) not in own]
        made = make_word_class(source, inflector(source.lang), nouns)
        named = classes.setdefault(source.lang, {})
        if source.model.append and (shipped := named.get(made.id)):
            made = append_class(shipped, made)
        named[made.id] = made
    return {lang: tuple(named.values()) for lang, named in classes.items()}


def _digest(trees: Sequence[Tree]) -> str:
    lines = "".join(f"{name} {digest}\n" for tree in trees for name, digest in tree.digests)
    return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()
