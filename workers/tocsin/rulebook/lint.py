"""Checks across the files of a rulebook: each is one small function from all files to problems."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from tocsin.rulebook.book import Book
from tocsin.rulebook.codes import Code
from tocsin.rulebook.lint_actors import check_actor_references, check_aliases, check_shared_aliases
from tocsin.rulebook.lint_lexicon import check_class_references, check_functions
from tocsin.rulebook.lint_names import (
    check_duplicate_ids,
    check_duplicate_titles,
    check_duplicate_urls,
    check_file_names,
)
from tocsin.rulebook.lint_rules import (
    check_codes,
    check_examples,
    check_roles,
    check_rule_cycles,
    check_rule_references,
    check_slots,
    check_triggers,
)
from tocsin.rulebook.lint_subscribers import (
    check_endpoints,
    check_feeds,
    check_subscriptions,
    check_unused_endpoints,
)
from tocsin.rulebook.problems import Problem
from tocsin.rulebook.salvage import Lines
from tocsin.rulebook.sources import Tree

CHECKS: tuple[Callable[[Book], Iterable[Problem]], ...] = (
    check_file_names,
    check_duplicate_ids,
    check_duplicate_titles,
    check_duplicate_urls,
    check_rule_references,
    check_class_references,
    check_functions,
    check_rule_cycles,
    check_roles,
    check_triggers,
    check_slots,
    check_codes,
    check_examples,
    check_actor_references,
    check_aliases,
    check_shared_aliases,
    check_feeds,
    check_endpoints,
    check_subscriptions,
    check_unused_endpoints,
)


_LACKS: frozenset[Code] = frozenset(
    {
        "no-trigger",
        "few-examples",
        "no-alias",
        "empty-watchlist",
        "empty-role",
        "nothing-to-change",
        "private-address",
        "one-address",
        "not-https",
        "interval",
        "needless-secret",
        "unsigned-webhook",
        "no-endpoint",
        "unused-endpoint",
    }
)
"""Findings that something is not there: no wonder where a mistake was taken out."""
_FROM_AFAR: frozenset[Code] = frozenset({"unused-endpoint", "empty-watchlist"})
"""Those of them that what is missing elsewhere in the file brings about."""


def lint(trees: Sequence[Tree]) -> tuple[Problem, ...]:
    """Every finding, in no particular order. `trees` are laid over each other, the shipped one first.

    What only follows from a mistake that is reported already is none.
    """
    book = Book(trees)
    known = {(problem.path, problem.line, problem.column) for tree in trees for problem in tree.problems}
    lost = {source.path: source.lost for source in book.all_sources() if source.lost}
    return tuple(
        problem
        for check in CHECKS
        for problem in check(book)
        if (problem.path, problem.line, problem.column) not in known and not _follows(problem, lost)
    )


def _follows(problem: Problem, lost: Mapping[str, Sequence[Lines]]) -> bool:
    """Whether something lacks only because the mistake in its place was taken out."""
    entries = lost.get(problem.path, ())
    if problem.code in _FROM_AFAR:
        return bool(entries)
    return problem.code in _LACKS and any(first <= problem.line <= last for first, last in entries)
