"""Many patterns looked for together, in one pass over the words of a text."""

from collections.abc import Iterable
from typing import TypeAlias

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

PatternHit: TypeAlias = tuple[int, int, int]
"""The number of a pattern, and where it begins and ends."""


class PatternFinder:
    """Compiled from patterns, which are numbered in their order; immutable, safe to share."""

    __slots__ = ("_automaton",)

    def __init__(self, patterns: Iterable[str]) -> None:
        texts = list(patterns)
        # A full table of states is no faster once other work has emptied the caches, and takes ten times the memory.
        compact = Implementation.ContiguousNFA
        self._automaton = (
            AhoCorasick(texts, matchkind=MatchKind.Standard, store_patterns=False, implementation=compact)
            if texts
            else None
        )

    def find(self, words: str) -> list[PatternHit]:
        """Every place of every pattern, those that overlap too, by where they end."""
        return self._automaton.find_matches_as_indexes(words, overlapping=True) if self._automaton else []
