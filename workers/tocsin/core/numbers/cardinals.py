"""Cardinal numbers in digits and words: "1,200", "twenty-three", "a hundred and five", "two dozen", "1.5 million"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tocsin.core.dates.token_patterns import Token
from tocsin.core.numbers.word_tables import numbers, words

HUNDRED = 100
LONGEST = 12
"""Digits on either side of the point at most."""


@dataclass(frozen=True, slots=True)
class Cardinal:
    """A number made of tokens `first` to `last`; `value` is None for a fraction of a whole ("3.5")."""

    first: int
    last: int
    value: int | None
    digits: bool


class CardinalWords:
    """The number words of one language: simple ones ("seven", "forty"), scales ("hundred", "dozen") and joiners."""

    def __init__(self, table: Mapping[str, object]) -> None:
        self.simple = numbers(table.get("simple"))
        self.scales = numbers(table.get("scales"))
        self.joiners = frozenset(words(table.get("joiners")))
        self.articles = frozenset(words(table.get("articles")))
        self.halves = frozenset(words(table.get("halves")))
        self.short_scales = numbers(table.get("short_scales"))

    @property
    def keys(self) -> frozenset[str]:
        """The words that can begin or be a number."""
        return frozenset(self.simple) | frozenset(self.scales)

    def find_at(self, tokens: Sequence[Token], at: int) -> Cardinal | None:
        """The longest number that begins with this token."""
        low = tokens[at].low
        if low[0].isdecimal():
            return self._digits(tokens, at)
        if low in self.halves:
            return self._half(tokens, at)
        if low in self.articles:
            scaled = at + 1 < len(tokens) and tokens[at + 1].low in self.scales
            return self._spelled(tokens, at, at + 1, 1) if scaled else None
        if low in self.simple:
            return self._spelled(tokens, at, at + 1, self.simple[low])
        return self._spelled(tokens, at, at, 1) if low in self.scales else None

    def _digits(self, tokens: Sequence[Token], at: int) -> Cardinal | None:
        low = tokens[at].low
        letters = low.lstrip("0123456789.,:")
        number = low[: len(low) - len(letters)]
        if letters and letters not in self.short_scales:
            return None
        factor = self.short_scales.get(letters, 1)
        if not letters and at + 1 < len(tokens):
            factor = self.scales.get(tokens[at + 1].low, 1)
        value = _scaled(number, factor)
        last = at + 1 if factor > 1 and not letters else at
        if factor > 1 and last + 1 < len(tokens) and tokens[last + 1].low in self.scales:  # "5 hundred thousand"
            last += 1
            value = None if value is None else value * self.scales[tokens[last].low]
        return Cardinal(first=at, last=last, value=value, digits=True)

    def _half(self, tokens: Sequence[Token], at: int) -> Cardinal | None:
        position = at + 1
        if position < len(tokens) and tokens[position].low in self.articles:
            position += 1
        scale = self.scales.get(tokens[position].low) if position < len(tokens) else None
        return Cardinal(first=at, last=position, value=scale // 2, digits=False) if scale else None

    def _spelled(self, tokens: Sequence[Token], first: int, position: int, current: int) -> Cardinal:
        """Add what follows: a unit after a ten, a scale after either, and after a scale whatever is smaller."""
        total, limit = 0, _room(current) if position > first else 1
        last = first
        scale = 0
        while position < len(tokens):
            low = tokens[position].low
            if low in self.scales and (not scale or self.scales[low] != scale):
                scale = self.scales[low]
                if scale > HUNDRED:
                    total, current = total + max(current, 1) * scale, 0
                else:
                    current = max(current, 1) * scale
                limit, last, position = scale, position, position + 1
            elif low in self.simple and 0 < self.simple[low] < limit:
                current += self.simple[low]
                limit, last, position = _room(self.simple[low]), position, position + 1
                scale = 0
            elif low in self.joiners and position + 1 < len(tokens) and self._joins(tokens, position, limit, scale):
                position += 1
            else:
                break
        return Cardinal(first=first, last=last, value=total + current, digits=False)

    def _joins(self, tokens: Sequence[Token], position: int, limit: int, scale: int) -> bool:
        """Whether a joiner goes on: "twenty-three", "two hundred and five", not "two and three"."""
        value = self.simple.get(tokens[position + 1].low, 0)
        close = tokens[position].start == tokens[position - 1].end and tokens[position].low == "-"
        return 0 < value < limit and (close or scale >= HUNDRED)


def _room(value: int) -> int:
    """What may still be added: units after a round ten, nothing after a unit."""
    return 10 if value >= 20 and value % 10 == 0 and value < HUNDRED else 1


def _scaled(number: str, factor: int) -> int | None:
    whole, _, fraction = number.replace(",", "").partition(".")
    if not whole.isdecimal() or len(whole) > LONGEST:
        return None
    if not fraction:
        return int(whole) * factor
    if not fraction.isdecimal() or len(fraction) > LONGEST:
        return None  # "22.10.2004" is no number
    exact = int(whole + fraction) * factor
    return exact // 10 ** len(fraction) if exact % 10 ** len(fraction) == 0 and factor > 1 else None
