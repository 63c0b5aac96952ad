"""Which trigger hits cannot count, told from the words of their sentence before it is read.

Most ambiguous triggers stand in sentences that hold nothing of what they need; to read these in full is most of what
an article could cost. The gate looks every word up once. It errs on one side only: what it drops, the full reading
would have refused.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter

from tocsin.core.actors import ActorKind
from tocsin.core.article import Span
from tocsin.core.lexicon import Lexicon
from tocsin.core.matching.names import NameHit
from tocsin.core.matching.scan import TriggerHit
from tocsin.core.numbers.finder import NumberWords
from tocsin.core.text import fold, plain


class Gate:
    """Compiled from one language's lexicon; `late` are the classes that only a full reading gives to words."""

    __slots__ = ("_closures", "_late", "_marks", "_numbers", "_person", "_several")

    def __init__(self, lexicon: Lexicon, numbers: NumberWords, late: tuple[str, ...]) -> None:
        self._closures = {kind.value: lexicon.closure(kind.value) for kind in ActorKind}
        self._late = lexicon.mask_of(late)
        self._numbers = frozenset(part for key in numbers.keys for part in plain(fold(key)).split())
        self._person = lexicon.closure("person")
        self._marks: dict[str, int] = {}
        self._several: dict[str, dict[str, int]] = {}
        for word, mask in lexicon.masks.items():
            self._add(word, mask)
        for last, rows in lexicon.multi.items():
            for prefix, mask in rows:
                self._add(" ".join((*prefix, last)), mask)
        for word in lexicon.words.get("person_pronouns", ()):
            self._add(word, self._person)

    def open(
        self, folded: str, found: Iterable[tuple[Span, list[TriggerHit]]], names: Sequence[NameHit]
    ) -> list[tuple[Span, list[TriggerHit]]]:
        """The sentences with those of their hits, and of these those triggers, whose needs may be met."""
        words = plain(folded)
        named = _Named(names, self._closures)
        kept: list[tuple[Span, list[TriggerHit]]] = []
        for span, hits in found:
            reader = _Reader(self, words, span, named)
            passed = [hit for hit in map(reader.passed, hits) if hit is not None]
            if passed:
                kept.append((span, passed))
        return kept

    def marks_of(self, words: Sequence[str]) -> list[int]:
        """What the words may be, by themselves or with the one before; those left out that are nothing."""
        known, several = self._marks, self._several
        marks = [known[word] for word in words if word in known]
        if not several.keys().isdisjoint(words):
            before = ""
            for word in words:
                if word in several and before in several[word]:
                    marks.append(several[word][before])
                before = word
        return marks

    def may_become(self, need: int, words: Sequence[str]) -> bool:
        """Whether a full reading may find what is needed in other words: a name or place, a number of persons."""
        if need & self._late:
            return True
        if not need & self._person:
            return False
        return not self._numbers.isdisjoint(words) or any(not word.isalpha() for word in words)

    def _add(self, text: str, mask: int) -> None:
        """Of several words only the last two are looked at."""
        words = plain(text).split()
        if len(words) == 1:
            self._marks[words[0]] = self._marks.get(words[0], 0) | mask
        elif words:
            known = self._several.setdefault(words[-1], {})
            known[words[-2]] = known.get(words[-2], 0) | mask


class _Reader:
    """One sentence; its words are looked up when a trigger first needs something."""

    __slots__ = ("_gate", "_marks", "_named", "_plain", "_span", "_whole", "_words")

    def __init__(self, gate: Gate, plain_text: str, span: Span, named: "_Named") -> None:
        self._gate, self._plain, self._span, self._named = gate, plain_text, span, named
        self._words: list[str] = []
        self._marks: list[int] = []
        self._whole = 0

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
        if not self._words:
            self._look_up()
        if self._whole & need:
            inside = self._gate.marks_of(self._plain[hit.start : hit.end].split())
            if len([mark for mark in self._marks if mark & need]) > len([mark for mark in inside if mark & need]):
                return True
        return bool(self._named.within(self._span) & need) or self._gate.may_become(need, self._words)

    def _look_up(self) -> None:
        self._words = self._plain[self._span.start : self._span.end].split()
        self._marks = self._gate.marks_of(self._words)
        for mark in self._marks:
            self._whole |= mark


class _Named:
    """The kinds of everybody whom an article may name, by place."""

    __slots__ = ("_closures", "_hits", "_longest", "_names", "_starts", "_within")

    def __init__(self, names: Sequence[NameHit], closures: Mapping[str, int]) -> None:
        self._names, self._closures = names, closures
        self._hits: list[tuple[int, int, int]] = []
        self._starts: list[int] = []
        self._longest = 0
        self._within: dict[int, int] = {}

    def within(self, span: Span) -> int:
        """The kinds of those whose names touch the span."""
        if not self._names:
            return 0
        if not self._hits:
            self._sort()
        found = self._within.get(span.start)
        if found is None:
            found = 0
            for at in range(bisect_left(self._starts, span.start - self._longest), len(self._hits)):
                start, end, kinds = self._hits[at]
                if start >= span.end:
                    break
                if end > span.start:
                    found |= kinds
            self._within[span.start] = found
        return found

    def _sort(self) -> None:
        self._hits = sorted(((hit.start, hit.end, self._kinds(hit)) for hit in self._names), key=itemgetter(0))
        self._starts = [start for start, _, _ in self._hits]
        self._longest = max(end - start for start, end, _ in self._hits)

    def _kinds(self, hit: NameHit) -> int:
        kinds = 0
        for name in hit.names:
            kinds |= self._closures[name.actor.kind.value]
        return kinds
