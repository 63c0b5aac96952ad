"""Which trigger hits cannot count, told from the words of their sentence before it is read.

Most ambiguous triggers stand in sentences that hold nothing of what they need; to read these in full is most of what
an article could cost. The gate looks every word up once. It errs on one side only: what it drops, the full reading
would have refused.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter

from tocsin.core.article import Span
from tocsin.core.lexicon import Lexicon
from tocsin.core.matching.names import NameHit
from tocsin.core.matching.scan import TriggerHit
from tocsin.core.matching.tokens import find_words
from tocsin.core.numbers import NumberWords


class Gate:
    """Compiled from one language's lexicon; `late` are the classes that only a full reading gives to words."""

    __slots__ = ("_late", "_lexicon", "_marks", "_multi", "_numbers", "_person")

    def __init__(self, lexicon: Lexicon, numbers: NumberWords, late: tuple[str, ...]) -> None:
        self._lexicon = lexicon
        self._numbers = numbers
        self._late = lexicon.mask_of(late)
        self._person = lexicon.closure("person")
        self._marks = _marks(lexicon, self._person)
        self._multi = frozenset(lexicon.multi)

    def open(
        self, text: str, folded: str, found: Iterable[tuple[Span, list[TriggerHit]]], names: Sequence[NameHit]
    ) -> list[tuple[Span, list[TriggerHit]]]:
        """The sentences with those of their hits, and of these those triggers, whose needs may be met."""
        named = _Named(names, self._lexicon)
        kept: list[tuple[Span, list[TriggerHit]]] = []
        for span, hits in found:
            reader = _Reader(self, text, folded, span, named)
            passed = [hit for hit in map(reader.passed, hits) if hit is not None]
            if passed:
                kept.append((span, passed))
        return kept

    def marks_of(self, folded: str, start: int, end: int) -> list[int]:
        """What the words between the offsets may be, those left out that are nothing."""
        words = find_words(folded, start, end)
        known = self._marks
        marks = [known[word] for word in words if word in known]
        if not self._multi.isdisjoint(words):
            marks.extend(_several(self._lexicon, words))
        if folded.find("-", start, end) >= 0:
            parts = (word.rpartition("-")[2] for word in words if "-" in word)
            marks.extend(known[part] for part in parts if part in known)
        return marks

    def may_become(self, need: int, text: str, span: Span) -> bool:
        """Whether a full reading may find what is needed in other words: a name or place, a number of persons."""
        if need & self._late:
            return True
        return bool(need & self._person) and self._numbers.may_hold(text, span.start, span.end)


class _Reader:
    """One sentence; its words are looked up when a trigger first needs something."""

    __slots__ = ("_folded", "_gate", "_kinds", "_marks", "_named", "_span", "_text", "_whole")

    def __init__(self, gate: Gate, text: str, folded: str, span: Span, named: "_Named") -> None:
        self._gate, self._text, self._folded, self._span, self._named = gate, text, folded, span, named
        self._marks: list[int] | None = None
        self._whole = self._kinds = 0

    def passed(self, hit: TriggerHit) -> TriggerHit | None:
        """The hit with the triggers that may count, None when there is none."""
        if len(hit.triggers) == 1:
            return hit if self._may_count(hit, hit.triggers[0].need) else None
        verdicts = {need: self._may_count(hit, need) for need in {trigger.need for trigger in hit.triggers}}
        if all(verdicts.values()):
            return hit
        kept = tuple(trigger for trigger in hit.triggers if verdicts[trigger.need])
        return replace(hit, triggers=kept) if kept else None

    def _may_count(self, hit: TriggerHit, need: int) -> bool:
        """Whether a word outside the hit may be what is needed."""
        if not need:
            return True
        if self._marks is None:
            self._marks = self._look_up()
        if self._whole & need:
            if self._kinds & need:
                return True
            inside = self._gate.marks_of(self._folded, hit.start, hit.end)
            if sum(1 for mark in self._marks if mark & need) > sum(1 for mark in inside if mark & need):
                return True
        return self._gate.may_become(need, self._text, self._span)

    def _look_up(self) -> list[int]:
        marks = self._gate.marks_of(self._folded, self._span.start, self._span.end)
        self._whole = self._kinds = self._named.within(self._span)
        for mark in marks:
            self._whole |= mark
        return marks


class _Named:
    """The kinds of everybody whom an article may name, by place."""

    __slots__ = ("_hits", "_longest", "_starts")

    def __init__(self, names: Sequence[NameHit], lexicon: Lexicon) -> None:
        self._hits = sorted(((hit.start, hit.end, _kinds(hit, lexicon)) for hit in names), key=itemgetter(0))
        self._starts = [start for start, _, _ in self._hits]
        self._longest = max((end - start for start, end, _ in self._hits), default=0)

    def within(self, span: Span) -> int:
        """The kinds of those whose names touch the span."""
        found = 0
        for at in range(bisect_left(self._starts, span.start - self._longest), len(self._hits)):
            start, end, kinds = self._hits[at]
            if start >= span.end:
                break
            if end > span.start:
                found |= kinds
        return found


def _kinds(hit: NameHit, lexicon: Lexicon) -> int:
    kinds = 0
    for kind in {name.actor.kind for name in hit.names}:
        kinds |= lexicon.closure(kind.value)
    return kinds


def _several(lexicon: Lexicon, words: Sequence[str]) -> Iterator[int]:
    """What words are that mean something only together, such as "oil tanker"."""
    multi = lexicon.multi
    for at, word in enumerate(words):
        if word in multi:
            for prefix, mask in multi[word]:
                if at >= len(prefix) and words[at - 1] == prefix[-1]:
                    yield mask


def _marks(lexicon: Lexicon, person: int) -> dict[str, int]:
    """What each word may be by itself."""
    marks = dict(lexicon.masks)
    for word in lexicon.words.get("person_pronouns", ()):
        marks[word] = marks.get(word, 0) | person
    return marks
