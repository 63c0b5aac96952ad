"""Patterns over words: a small trie that date expressions and number expressions of any language are written in.

A pattern is a row of elements: a word (`ago`), words to choose from (`in|since`), a slot (`{month}`), an option
(`[the]`, which may hold several elements). Matching walks the trie from each token, so its cost is bounded by the
longest pattern, not by the number of patterns.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeAlias

TOKEN = re.compile(
    r"[^\W\d_]{2,}|\d{4}-\d\d?-\d\d?(?!\d)|\d\d?[/.]\d\d?[/.](?:\d{4}|\d\d)(?!\d)|\d\d?[:.]\d\d(?!\d)"
    r"|(?:[^\W\d_]\.){2,}|\d+(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?[^\W\d_]*|[^\W\d_]+|[^\w\s]"
)

_WORD = re.compile(r"[^\W\d_]+")

Values = Mapping[str, object]
"""What a token can stand for: slot name to value."""

NONE: Values = {}


class Token(NamedTuple):
    """A word, number or mark. `low` is the lower-cased form with the typewriter's apostrophe."""

    text: str
    low: str
    start: int
    end: int


@dataclass(slots=True)
class _Node:
    """A set of places inside patterns, with the sets that a word or a slot leads to."""

    words: dict[str, "_Node"] = field(default_factory=dict)
    slots: dict[str, "_Node"] = field(default_factory=dict)
    ends: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """One pattern found: which group of patterns, how far it reaches, and what its slots hold, in order."""

    group: int
    first: int
    last: int
    slots: tuple[tuple[str, object], ...]
    fixed: int

    def all(self, name: str) -> tuple[object, ...]:
        """Every value of the slot, in order."""
        return tuple(value for key, value in self.slots if key == name)

    def get(self, name: str) -> object | None:
        """The first value of the slot."""
        return next((value for key, value in self.slots if key == name), None)


@lru_cache(maxsize=8)  # dates, numbers and places of a sentence are read one after the other
def words_in(text: str, start: int, end: int) -> frozenset[str]:
    """The lower-cased words of `text[start:end]`, without their places: the cheap look before `find_tokens`."""
    return frozenset(_WORD.findall(text[start:end].lower()))


@lru_cache(maxsize=8)
def find_tokens(text: str, start: int, end: int) -> tuple[Token, ...]:
    """The words, numbers and marks of `text[start:end]`; offsets index `text`."""
    found = []
    make = tuple.__new__  # a third of the time that calling the type takes
    for word in TOKEN.findall(text, start, end):  # between tokens are only blanks and underscores
        start = text.index(word, start)
        stop = start + len(word)
        found.append(make(Token, (word, "'" if word == "’" else word.lower(), start, stop)))
        start = stop
    return tuple(found)


class PatternSet:
    """Groups of patterns compiled together. The longest match wins; of two as long, the one of the earlier group.

    Raises ValueError for a pattern with an unknown slot or an option that does not end.
    """

    def __init__(self, groups: Sequence[Sequence[str]], slots: Collection[str]) -> None:
        self._root = _merged(_rows(groups, frozenset(slots)))

    def find(
        self, tokens: Sequence[Token], known: Mapping[str, Values], number: Callable[[str], Values]
    ) -> Iterator[Match]:
        """Matches from left to right, not overlapping.

        `known` says which slots a lower-cased word can fill, `number` which a token that begins with a digit can.
        """
        lows = [token.low for token in tokens]
        values = [number(low) if low[0].isdecimal() else known.get(low, NONE) for low in lows]
        words, slots = self._root.words, self._root.slots
        following = 0
        for at in [at for at, value in enumerate(values) if value or lows[at] in words]:
            if at < following:
                continue
            # Most words that begin a pattern are "in", "on" or "the": one look ahead spares the walk.
            alone = slots.keys().isdisjoint(values[at])
            if alone and not (lows[at] in words and _goes_on(words[lows[at]], lows, values, at + 1)):
                continue
            match = self._match_at(tokens, values, at)
            if match is not None:
                yield match
                following = match.last + 1

    def _match_at(self, tokens: Sequence[Token], values: Sequence[Values], at: int) -> Match | None:
        """The longest pattern that begins with this token."""
        best: Match | None = None
        stack: list[tuple[_Node, int, tuple[tuple[str, object], ...], int]] = [(self._root, at, (), 0)]
        while stack:
            node, position, held, fixed = stack.pop()
            if node.ends is not None and (best is None or (position, -node.ends) > (best.last + 1, -best.group)):
                best = Match(group=node.ends, first=at, last=position - 1, slots=held, fixed=fixed)
            if position >= len(tokens):
                continue
            following = node.words.get(tokens[position].low)
            if following is not None:
                stack.append((following, position + 1, held, fixed + 1))
            for name, value in values[position].items():
                branch = node.slots.get(name)
                if branch is not None:
                    stack.append((branch, position + 1, (*held, (name, value)), fixed))
        return best


def _goes_on(node: _Node, lows: Sequence[str], values: Sequence[Values], at: int) -> bool:
    """Whether a pattern ends with the words up to here, or may go on with the next one."""
    if node.ends is not None:
        return True
    return at < len(lows) and (lows[at] in node.words or not node.slots.keys().isdisjoint(values[at]))


@dataclass(slots=True)
class _State:
    """A place inside one pattern: which elements may come next, and whether a pattern may end here."""

    following: list[tuple[str, int]] = field(default_factory=list)
    ends: int | None = None


def _rows(groups: Sequence[Sequence[str]], slots: frozenset[str]) -> list[_State]:
    """All patterns side by side as states; the first one begins them all."""
    states = [_State()]
    for number, patterns in enumerate(groups):
        for pattern in patterns:
            for last in _add(states, {0}, _elements(pattern, slots)):
                if last == 0:
                    raise ValueError(f"a pattern of nothing but options: {pattern}")
                known = states[last].ends
                states[last].ends = number if known is None else min(number, known)
    return states


def _add(states: list[_State], current: set[int], elements: Sequence["_Element"]) -> set[int]:
    """Append the elements after the current states, and say where one stands after them."""
    for element in elements:
        if isinstance(element, tuple):
            current = current | _add(states, current, element)
            continue
        states.append(_State())
        for place in current:
            states[place].following.extend((symbol, len(states) - 1) for symbol in element.split("|"))
        current = {len(states) - 1}
    return current


def _merged(states: Sequence[_State]) -> _Node:
    """The same patterns with their common beginnings joined, so that matching follows few paths."""
    start = frozenset({0})
    nodes = {start: _Node()}
    waiting = [start]
    while waiting:
        places = waiting.pop()
        node = nodes[places]
        ends = [states[place].ends for place in places]
        node.ends = min((number for number in ends if number is not None), default=None)
        reached: dict[str, set[int]] = {}
        for place in places:
            for symbol, following in states[place].following:
                reached.setdefault(symbol, set()).add(following)
        for symbol, following_places in reached.items():
            key = frozenset(following_places)
            if key not in nodes:
                nodes[key] = _Node()
                waiting.append(key)
            if symbol.startswith("{"):
                node.slots[symbol[1:-1]] = nodes[key]
            else:
                node.words[symbol] = nodes[key]
    return nodes[start]


_Element: TypeAlias = "str | tuple[_Element, ...]"


def _elements(pattern: str, slots: frozenset[str]) -> tuple[_Element, ...]:
    """Words, choices and slots as text, an option as a tuple of elements."""
    opened: list[list[_Element]] = [[]]
    for part in re.findall(r"\[|\]|\{\w+\}|[^\s\[\]]+", pattern):
        if part == "[":
            opened.append([])
        elif part == "]":
            if len(opened) == 1:
                raise ValueError(f"an option ends that did not begin: {pattern}")
            option = tuple(opened.pop())
            opened[-1].append(option)
        elif part.startswith("{") and part[1:-1] not in slots:
            raise ValueError(f"no such slot: {part} in {pattern}")
        elif part.startswith("{") or "|" in part:
            opened[-1].append(part)
        else:
            opened[-1].extend(token.low for token in find_tokens(part, 0, len(part)))
    if len(opened) > 1:
        raise ValueError(f"an option without its end: {pattern}")
    return tuple(opened[0])
