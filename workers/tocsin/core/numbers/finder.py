"""Numbers in a sentence, and what each one counts: persons or things, years of age, money, a measure, a name's part.

Which words say so belongs to the language: the table `numbers` of its lexicon.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from tocsin.core.article import Span
from tocsin.core.dates.token_patterns import Token, find_tokens, words_in
from tocsin.core.numbers.cardinals import Cardinal, CardinalWords
from tocsin.core.numbers.word_tables import by_word, longest, named_phrases, numbers, phrases, stands_at, words

OLDEST_AGE = 110
YEARS = range(1900, 2100)
_DIGIT = re.compile(r"\d")
SETS = (
    *("money_before", "money_after", "measures", "members", "age_before", "age_after", "age_units", "age_old"),
    *("possessives", "decades", "decade_suffixes", "name_before", "name_before_capital", "year_before"),
    *("year_before_weak", "clock_before", "clock_after", "clock_marks", "range_words", "range_before"),
)
DASHES = frozenset("-–—")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberMention:
    """A number: where it stands, its value when exact, and its kind.

    Only `count` numbers persons or things. `inexact` is "dozens" or "several" (no value); the other kinds are never a
    number of persons: `age`, `money`, `measure`, `year`, `clock`, `name` (AK-47), `range` (800-1000), `ordinal`.
    `modifier` is `at_least`, `at_most` or `about` when the words say so.
    """

    span: Span
    value: int | None
    kind: str
    modifier: str | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """A number among the tokens of its text."""

    text: str
    tokens: Sequence[Token]
    found: Cardinal

    def before(self, back: int = 1) -> str:
        at = self.found.first - back
        return self.tokens[at].low if at >= 0 else ""

    def after(self, ahead: int = 1) -> str:
        at = self.found.last + ahead
        return self.tokens[at].low if at < len(self.tokens) else ""

    @property
    def touches_before(self) -> bool:
        at = self.found.first
        return at > 0 and self.tokens[at - 1].end == self.tokens[at].start

    @property
    def touches_after(self) -> bool:
        at = self.found.last
        return at + 1 < len(self.tokens) and self.tokens[at + 1].start == self.tokens[at].end


class NumberWords:
    """Compiled from one language's table `numbers`; immutable and safe to share.

    A text without a digit and without one of the words `keys` holds no number.
    """

    def __init__(self, table: Mapping[str, object]) -> None:
        self._cardinals = CardinalWords(table)
        self._ordinals = numbers(table.get("ordinals"))
        self._ordinal_suffixes = frozenset(words(table.get("ordinal_suffixes")))
        self._inexact = phrases(table.get("inexact"))
        self._never = phrases(table.get("never"))
        self._modifiers = by_word(named_phrases(table.get("modifiers")), -1)
        self._trailing = by_word(named_phrases(table.get("trailing_modifiers")), 0)
        self._sets = {name: frozenset(words(table.get(name))) for name in SETS}
        telling = {max(phrase, key=len) for rows in self._inexact.values() for phrase in rows}
        known = self._cardinals.keys | self._ordinals.keys() | self._sets["decades"]
        self.keys: frozenset[str] = frozenset(known | telling)
        self._starts = known | self._inexact.keys() | self._cardinals.articles | self._cardinals.halves
        self._telling = self._starts | self._never.keys()
        self._tests: tuple[tuple[str, Callable[[_Place], bool]], ...] = (
            ("clock", self._is_clock),
            ("name", self._is_name),
            ("money", self._is_money),
            ("age", self._is_age),
            ("year", self._is_year),
            ("measure", self._is_measure),
        )

    def find_numbers(
        self, text: str, start: int, end: int, *, skip: Collection[Span] = ()
    ) -> tuple[NumberMention, ...]:
        """Every number of `text[start:end]`, in order, not overlapping; offsets index `text`.

        Numbers inside the spans `skip` (the dates of the sentence) are left out.
        """
        if not _DIGIT.search(text, start, end) and self.keys.isdisjoint(words_in(text, start, end)):
            return ()
        tokens = find_tokens(text, start, end)
        mentions: list[NumberMention] = []
        telling, following = self._telling, 0
        for at in [at for at, (_, low, _, _) in enumerate(tokens) if low in telling or low[0].isdecimal()]:
            if at < following:
                continue
            low = tokens[at].low
            never = longest(self._never[low], tokens, at) if low in self._never else 0
            known = not never and (low in self._starts or low[0].isdecimal())
            found = self._mention_at(text, tokens, at) if known else None
            if found is None:
                following = at + never
                continue
            mention, following = found
            if not any(span.start <= mention.span.start and mention.span.end <= span.end for span in skip):
                mentions.append(mention)
        return tuple(mentions)

    def _mention_at(self, text: str, tokens: Sequence[Token], at: int) -> tuple[NumberMention, int] | None:
        low = tokens[at].low
        inexact = longest(self._inexact.get(low, ()), tokens, at)
        if inexact:
            return self._made(tokens, at, at + inexact - 1, None, "inexact"), at + inexact
        lettered = self._lettered(tokens, at)
        if lettered is not None:
            return lettered, at + 1
        found = self._cardinals.find_at(tokens, at)
        if found is None:
            return None
        other = self._range_end(tokens, found)
        if other is not None:
            timed = _Place(text, tokens, other).after() in self._sets["clock_after"]
            return self._made(tokens, at, other.last, None, "clock" if timed else "range"), other.last + 1
        place = _Place(text, tokens, found)
        kind = next((name for name, test in self._tests if test(place)), "count")
        if kind == "count" and found.value is None:
            kind = "measure"
        return self._made(tokens, at, found.last, found.value, kind), found.last + 1

    def _made(self, tokens: Sequence[Token], first: int, last: int, value: int | None, kind: str) -> NumberMention:
        span = Span(start=tokens[first].start, end=tokens[last].end)
        return NumberMention(span=span, value=value, kind=kind, modifier=self._modifier(tokens, first, last))

    def _modifier(self, tokens: Sequence[Token], first: int, last: int) -> str | None:
        if first:
            for phrase, name in self._modifiers.get(tokens[first - 1].low, ()):
                if stands_at(phrase, tokens, first - len(phrase)):
                    return name
        if last + 1 < len(tokens):
            for phrase, name in self._trailing.get(tokens[last + 1].low, ()):
                if stands_at(phrase, tokens, last + 1):
                    return name
        return None

    def _lettered(self, tokens: Sequence[Token], at: int) -> NumberMention | None:
        """Ordinals ("27th", "third"), decades ("30s", "twenties") and measures written together ("50kg", "9mm")."""
        low = tokens[at].low
        if low in self._ordinals:
            return self._made(tokens, at, at, self._ordinals[low], "ordinal")
        if low in self._sets["decades"]:
            return self._made(tokens, at, at, None, "age" if self._is_owned(tokens, at) else "year")
        if not low[0].isdecimal() or not low[-1].isalpha():
            return None
        letters = low.lstrip("0123456789.")
        digits = low[: len(low) - len(letters)]
        if (
            at > 1
            and tokens[at - 1].low in DASHES
            and tokens[at - 2].end == tokens[at - 1].start == tokens[at].start - 1
        ):
            return self._made(tokens, at, at, None, "name")
        if letters in self._ordinal_suffixes:
            return self._made(tokens, at, at, int(digits) if digits.isdecimal() else None, "ordinal")
        if letters in self._sets["decade_suffixes"]:
            return self._made(tokens, at, at, None, "age" if self._is_owned(tokens, at) else "year")
        if letters in self._sets["measures"] and not self._has_currency(tokens, at):
            return self._made(tokens, at, at, None, "measure")
        return None if letters in self._cardinals.short_scales else self._made(tokens, at, at, None, "name")

    def _is_owned(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether somebody's: "in his twenties", "in her early 30s"."""
        return any(tokens[i].low in self._sets["possessives"] for i in range(max(0, at - 2), at))

    def _has_currency(self, tokens: Sequence[Token], at: int) -> bool:
        return self._is_money(_Place("", tokens, Cardinal(first=at, last=at, value=None, digits=True)))

    def _range_end(self, tokens: Sequence[Token], found: Cardinal) -> Cardinal | None:
        """The second number of a range: "1200-1400", "between 800 and 1000", "two or three"."""
        link = found.last + 1
        if link + 1 >= len(tokens) or tokens[link + 1].low in self._cardinals.articles:
            return None
        if tokens[link + 1].low in self._cardinals.scales:
            return None
        low = tokens[link].low
        opened = found.first > 0 and tokens[found.first - 1].low in self._sets["range_before"]
        if (
            low not in DASHES
            and low not in self._sets["range_words"]
            and not (opened and low in self._cardinals.joiners)
        ):
            return None
        return self._cardinals.find_at(tokens, link + 1)

    def _is_clock(self, place: _Place) -> bool:
        text = place.tokens[place.found.first].text
        if not place.found.digits or len(text) > 5:
            return False
        if ":" in text or place.after() in self._sets["clock_after"]:
            return True
        if len(text) != 4 or not text.isdecimal() or int(text[:2]) > 24 or int(text[2:]) > 59:
            return False
        return text[0] == "0" or (
            place.before() in self._sets["clock_before"] and place.after() in self._sets["clock_marks"]
        )

    def _is_name(self, place: _Place) -> bool:
        if not place.found.digits:
            return False
        if place.touches_before and (place.before()[-1].isalnum() or place.before() in {"/", "#"}):
            return True
        if place.touches_before and place.before() in DASHES and place.before(2)[-1:].isalpha():
            return place.tokens[place.found.first - 2].end == place.tokens[place.found.first - 1].start
        if place.before() in self._sets["name_before_capital"]:
            return place.tokens[place.found.first - 1].text[0].isupper() and not place.text.isupper()
        if place.found.first == 0 and place.after() == ".":  # the number of an item in a list
            return True
        return place.before() in self._sets["name_before"] or (place.touches_after and place.after() == "/")

    def _is_money(self, place: _Place) -> bool:
        before = place.before(2) if place.before() == "." else place.before()
        return before in self._sets["money_before"] or place.after() in self._sets["money_after"]

    def _is_age(self, place: _Place) -> bool:
        value = place.found.value
        if value is None or not 0 < value <= OLDEST_AGE:
            return False
        after, second = place.after(), place.after(2)
        if after in DASHES and second in self._sets["age_units"]:
            return place.after(3) in DASHES and place.after(4) in self._sets["age_old"]
        if after in self._sets["age_units"]:
            return second in self._sets["age_old"] or (second in DASHES and place.after(3) in self._sets["age_old"])
        if place.before() in self._sets["age_before"] or after in self._sets["age_after"]:
            return True
        return place.found.digits and self._is_beside_name(place)

    def _is_beside_name(self, place: _Place) -> bool:
        """An age between commas or in brackets after a name: "Haldar, 20, was", "Haldar (20)"."""
        before, after = place.before(), place.after()
        if before not in {",", "("} or place.found.first < 2:
            return False
        name = place.tokens[place.found.first - 2].text
        if not name[0].isalpha() or not (name[0].isupper() or place.text.islower()):
            return False
        return after == ")" if before == "(" else after in {",", ".", ";", ""}

    def _is_year(self, place: _Place) -> bool:
        token = place.tokens[place.found.first].text
        value = place.found.value
        if value is None or value not in YEARS or len(token) != 4 or not place.found.digits:
            return False
        if value % 100 and place.before() in self._sets["year_before_weak"]:
            return True
        return place.before() in self._sets["year_before"] or (place.before() == "(" and place.after() == ")")

    def _is_measure(self, place: _Place) -> bool:
        after = place.after()
        if after in DASHES and place.touches_after:
            return place.after(2)[:1].isalpha() and place.after(2) not in self._sets["members"]
        named = place.after(2) in DASHES and place.found.last + 2 < len(place.tokens)  # "four M-60 guns"
        glued = named and place.tokens[place.found.last + 2].start == place.tokens[place.found.last + 1].end
        return after in self._sets["measures"] and not glued
