"""Dates in a sentence, resolved against the instant of the report.

Everything that belongs to a language (names of days and months, expressions and what they mean) is in the table
`dates` of its lexicon; here is only how such a table is used.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tocsin.core.article import Span
from tocsin.core.dates.meanings import MEANINGS, Context, resolve
from tocsin.core.dates.numbers import NUMBER_SLOTS, number_values
from tocsin.core.dates.token_patterns import Match, PatternSet, Token, Values, find_tokens, words_in
from tocsin.core.mentions import EventDate, Precision
from tocsin.core.numbers.word_tables import entries, items, words

KEY_SLOTS = frozenset({"weekday", "month", "unit", "part"})
WHOLE = frozenset({"weekday", "month", "n"})
KINDS = frozenset({"explicit", "relative", "vague", "period", "clock"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date expression: where it stands, the date it means (None when it names none), and what kind it is.

    `explicit` names a month, a year or a full date; `relative` counts from the report; `vague` is "recently";
    `period` marks a total over a stretch of time ("in the whole of 2014", "since January"); `clock` is a time of day.
    """

    span: Span
    value: EventDate | None
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Expression:
    means: str
    kind: str
    arguments: Mapping[str, str]


class DateResolver:
    """Compiled from one language's table `dates`; immutable and safe to share.

    Raises ValueError for a table that names an unknown slot, meaning or kind.
    """

    def __init__(self, table: Mapping[str, object]) -> None:
        self._words = _word_values(table.get("words"))
        self._suffixes = tuple(words(table.get("ordinal_suffixes")))
        self._clocks = tuple(words(table.get("clock_suffixes")))
        self._ambiguous = frozenset(words(table.get("ambiguous")))
        self._abbreviated = frozenset(words(table.get("abbreviations")))
        self._expressions, groups = _expressions(table)
        slots = {slot for values in self._words.values() for slot in values}
        self._patterns = PatternSet(groups, slots | NUMBER_SLOTS)
        self._keys = frozenset(words(table.get("keys"))) | frozenset(
            word for word, values in self._words.items() if not KEY_SLOTS.isdisjoint(values)
        )
        self._maybe = re.compile(
            rf"\d[/.:-]\d|(?<!\d)(?:19|20)\d\d(?!\d)|\d(?:{'|'.join(map(re.escape, self._suffixes)) or '(?!)'})(?!\w)"
        )

    def find_dates(
        self,
        text: str,
        start: int,
        end: int,
        *,
        reference: datetime,
        forward: bool = False,
        anchor: date | None = None,
    ) -> tuple[DateMention, ...]:
        """Every date expression of `text[start:end]`, in order, not overlapping; offsets index `text`.

        `reference` is the instant of the report in the outlet's time zone. A day without a year is the latest that
        is not after it; with `forward`, in a clause about what is planned, the first that is not before it. `anchor` is
        the day that the story spoke of last: "a day later" is counted from it.
        """
        words = words_in(text, start, end)
        if self._keys.isdisjoint(words) and self._maybe.search(text, start, end) is None:
            return ()
        tokens: Sequence[Token] = find_tokens(text, start, end)
        if not self._abbreviated.isdisjoint(words):
            tokens = self._unpointed(tokens)
        found: list[DateMention] = []
        for match in self._patterns.find(tokens, self._words, self._number_values):
            expression = self._expressions[match.group]
            if expression.kind == "never" or self._is_other_word(match, tokens, text[start:end]):
                continue
            context = Context(reference=reference, anchor=anchor, forward=forward)
            value = resolve(expression.means, match, expression.arguments, context)
            if value is None and expression.kind == "explicit":
                continue
            if value is not None and value.precision is Precision.DAY:
                anchor = value.on
            span = Span(start=tokens[match.first].start, end=tokens[match.last].end)
            found.append(DateMention(span=span, value=value, kind=expression.kind, text=text[span.start : span.end]))
        return tuple(found)

    def _unpointed(self, tokens: Sequence[Token]) -> list[Token]:
        """The tokens, without the full stop of an abbreviated month or day."""
        return [
            token
            for index, token in enumerate(tokens)
            if token.low != "." or not index or tokens[index - 1].low not in self._abbreviated
        ]

    def _is_other_word(self, match: Match, tokens: Sequence[Token], sentence: str) -> bool:
        """Whether the only sign of a date is a word like "may" or "march" that is more often something else.

        With a number beside it, it is a date; else it needs a preposition before it and a capital letter.
        """
        held = tokens[match.first : match.last + 1]
        doubtful = [token for token in held if token.low in self._ambiguous]
        if not doubtful:
            return False
        cased = sentence not in (sentence.upper(), sentence.lower())
        if cased and any(token.text.islower() for token in doubtful):
            return True
        if any(key in {"day", "year", "year2"} for key, _ in match.slots):
            return False
        return not cased or not match.fixed

    def _number_values(self, low: str) -> Values:
        return number_values(low, self._suffixes, self._clocks)


def _expressions(table: Mapping[str, object]) -> tuple[list[_Expression], list[list[str]]]:
    expressions: list[_Expression] = []
    groups: list[list[str]] = []
    for row in items(table.get("expressions")):
        entry = {key: value if key == "says" else str(value) for key, value in entries(row).items()}
        means, kind = str(entry.pop("means", "none")), str(entry.pop("kind", ""))
        if means not in MEANINGS or kind not in KINDS | {"never"}:
            raise ValueError(f"no such meaning or kind: {means}, {kind}")
        groups.append([str(pattern) for pattern in items(entry.pop("says", None))])
        expressions.append(_Expression(means, kind, {key: str(value) for key, value in entry.items()}))
    return expressions, groups


def _word_values(table: object) -> dict[str, dict[str, object]]:
    """What each word can stand for, from `slot: {value: [words]}`."""
    found: dict[str, dict[str, object]] = {}
    for slot, values in entries(table).items():
        for value, names in entries(values).items():
            for name in words(names):
                found.setdefault(name, {})[slot] = int(value) if slot in WHOLE else value
    return found
