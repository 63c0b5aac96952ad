"""Checks across the files of a rulebook: each is one small function from all files to problems."""

from collections.abc import Callable, Iterable, Sequence

from tocsin.rulebook.book import Book
from tocsin.rulebook.lint_actors import check_actor_references, check_aliases, check_shared_aliases
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
from tocsin.rulebook.sources import Tree

CHECKS: tuple[Callable[[Book], Iterable[Problem]], ...] = (
    check_file_names,
    check_duplicate_ids,
    check_duplicate_titles,
    check_duplicate_urls,
    check_rule_references,
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


def lint(trees: Sequence[Tree]) -> tuple[Problem, ...]:
    """Every finding, in no particular order. `trees` are laid over each other, the shipped one first."""
    book = Book(trees)
    return tuple(problem for check in CHECKS for problem in check(book))
