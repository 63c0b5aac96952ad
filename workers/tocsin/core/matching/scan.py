"""One pass over an article for trigger forms and the phrases that cancel them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple, TypeAlias

from tocsin.core.matching.patterns import PatternFinder, PatternHit
from tocsin.core.mentions import Role
from tocsin.core.rules import TriggerForm
from tocsin.core.text import MAX_SENTENCE, fold, plain, spaced

MAX_HITS = 4_000
MAX_GAP = 120
MAX_TAILS = 1_000
Cancelled: TypeAlias = tuple[int, int, int]
"""Where a phrase begins and ends that cancels the triggers of a rule, and the rule's number."""


class Trigger(NamedTuple):
    """One form of one rule's trigger, as it stands in text.

    `bits` are the verb form, 0 for nouns and phrases; `need` is the mask of what the form needs, 0 for nothing.
    `only` are the masks that roles are held to.
    `tail` is what must follow the object of a verb that stands apart: the "ablaze" of "set the barn ablaze"; `ahead` is
    its longest word as it stands in the spaced words of a text.
    Triggers of the same `plan` fill the same roles in the same way, whichever their rules. `leaves` are the classes
    that the event leaves to the sentences after it.
    """

    rule: int
    kind: str
    form: TriggerForm
    text: str
    bits: int = 0
    need: int = 0
    plan: int = 0
    leaves: int = 0
    tail: str = ""
    ahead: str = ""
    only: tuple[tuple[Role, int], ...] = ()


class TriggerHit(NamedTuple):
    """Where trigger forms stand; several when rules share a word.

    `want` is what all of them need together, all bits when one needs nothing; verbs whose tail does not follow are
    left out.
    """

    start: int
    end: int
    triggers: tuple[Trigger, ...]
    want: int = -1


class Seen(NamedTuple):
    """Where triggers and cancelling phrases stand in a text, and what else was looked for, each by where it ends."""

    triggers: list[PatternHit]
    cancelled: list[Cancelled]
    others: list[PatternHit]


class Scanner:
    """Compiled from triggers and cancelling phrases; immutable once built, safe to share.

    Text and patterns are compared as words between single blanks, so a match is whole words by construction and
    "al-Qaeda" is "al Qaeda". `others` are patterns of somebody else that are looked for in the same pass: few articles
    hold no trigger at all, and a pass over three tables costs hardly more than over one.
    """

    __slots__ = (
        "_cancelled",
        "_finder",
        "_first",
        "_last",
        "_might",
        "_parted",
        "_tails",
        "_triggers",
        "_wants",
    )

    def __init__(
        self, triggers: Iterable[Trigger], cancels: Mapping[int, Iterable[str]], others: Sequence[str] = ()
    ) -> None:
        texts: dict[str, list[Trigger]] = {}
        for trigger in triggers:
            texts.setdefault(trigger.text, []).append(trigger)
        patterns: dict[str, list[Trigger]] = {}
        for text, same in texts.items():
            patterns.setdefault(_key(text), []).extend(same)
        cancelled: dict[str, list[int]] = {}
        for rule, phrases in cancels.items():
            for phrase in phrases:
                cancelled.setdefault(_key(phrase), []).append(rule)
        patterns.pop("  ", None)
        cancelled.pop("  ", None)
        self._triggers = [tuple(found) for found in patterns.values()]
        parted = [[trigger for trigger in found if trigger.tail] for found in self._triggers]
        self._wants = [_want([t for t in found if not t.tail]) for found in self._triggers]
        self._parted = [_by_tail(apart) if apart else () for apart in parted]
        self._might = [
            reduce(or_, [need for _, need in tails], want) if tails else want
            for want, tails in zip(self._wants, self._parted, strict=True)
        ]
        self._tails = [
            tuple({_key(t.tail) for t in apart}) if apart and len(apart) == len(found) else ()
            for found, apart in zip(self._triggers, parted, strict=True)
        ]
        self._cancelled = list(cancelled.values())
        self._first, self._last = len(others), len(others) + len(patterns)
        self._finder = PatternFinder((*others, *patterns, *cancelled))

    def look(self, words: str) -> Seen:
        """What stands in the spaced words of a text: the cheap look before `keep`."""
        first, last, tails = self._first, self._last, self._tails
        found = self._finder.find(words)
        triggers: list[PatternHit] = []
        cancels: list[PatternHit] = []
        for index, start, stop in [hit for hit in found if hit[0] >= first]:
            if index >= last:
                cancels.append((index - last, start, stop))
            elif not (apart := tails[index - first]) or _follows(words, stop, apart):
                triggers.append((index - first, start, stop))
        cancelled = [(start, end - 2, rule) for index, start, end in cancels for rule in self._cancelled[index]]
        return Seen(triggers, cancelled[:MAX_HITS], [hit for hit in found if hit[0] < first])

    def may_count(self, words: str, matches: Iterable[PatternHit], reach: int, end: int) -> bool:
        """Whether any trigger of the matches needs nothing or something within `reach`. `end` is as for `keep`."""
        wants, might = self._wants, self._might
        for index, _, stop in matches:
            if wants[index] & reach or (might[index] & reach and self._want(words, index, stop, end, reach) & reach):
                return True
        return False

    def _want(self, words: str, index: int, stop: int, end: int, reach: int = -1) -> int:
        """What the triggers of a match need together; all bits are set when one needs nothing.

        Of the verbs whose tail must follow only those count that find within `reach` what they need.
        """
        want = self._wants[index]
        last = min(stop + MAX_SENTENCE, end + 2)
        for ahead, need in self._parted[index]:
            if need & reach & ~want and words.find(ahead, stop - 1, last) >= 0:
                want |= need
        return want

    def keep(
        self, words: str, matches: Iterable[PatternHit], cancelled: Sequence[Cancelled], end: int
    ) -> list[TriggerHit]:
        """Those of the matches that no phrase cancels, in text order, longest first at one place.

        Offsets index the text whose spaced words were looked at. No verb's tail follows beyond `end`.
        """
        triggers, make = self._triggers, tuple.__new__  # half of the time that calling the type takes
        wants, parted = self._wants, self._parted
        placed = [
            (start, 2 - stop, index, self._want(words, index, stop, end) if parted[index] else wants[index])
            for index, start, stop in matches
        ]
        placed.sort()
        if not cancelled:
            return [make(TriggerHit, (start, -back, triggers[index], want)) for start, back, index, want in placed]
        hits: list[TriggerHit] = []
        for start, back, index, want in placed:
            stop, kept = -back, triggers[index]
            barred = [rule for first, last, rule in cancelled if first < stop and start < last]
            kept = tuple(trigger for trigger in kept if trigger.rule not in barred) if barred else kept
            if kept:
                hits.append(make(TriggerHit, (start, stop, kept, want)))
        return hits

    def scan(self, folded: str) -> list[TriggerHit]:
        """Every whole-word trigger that no phrase cancels; offsets index the text that was folded."""
        words = spaced(folded)
        seen = self.look(words)
        return self.keep(words, seen.triggers, seen.cancelled, len(folded))


@lru_cache(maxsize=MAX_TAILS)
def telling_word(tail: str) -> str:
    """`Trigger.ahead` of a tail: "ransom" of "for ransom", empty when it has no word."""
    words = plain(fold(tail)).split()
    return f" {max(words, key=len)} " if words else ""


def _want(triggers: Iterable[Trigger]) -> int:
    want = 0
    for trigger in triggers:
        want |= trigger.need or -1
    return want


def _by_tail(triggers: Iterable[Trigger]) -> tuple[tuple[str, int], ...]:
    """What the verbs that stand apart need together, by the word that must follow them."""
    found: dict[str, int] = {}
    for trigger in triggers:
        found[trigger.ahead] = found.get(trigger.ahead, 0) | (trigger.need or -1)
    return tuple(found.items())


def _follows(words: str, end: int, tails: Iterable[str]) -> bool:
    """Whether one of the tails stands after a verb, near enough to be its own."""
    near = words[end : end + MAX_GAP]
    for tail in tails:  # noqa: SIM110 - a generator takes twice the time
        if tail in near:
            return True
    return False


def _key(text: str) -> str:
    """A pattern as it stands in the words of a text: blanks around it, as many inside as its marks leave."""
    if text.isascii() and text.islower() and text.replace(" ", "").isalpha():
        return f" {text.strip()} "  # nearly always
    return f" {plain(fold(text)).strip()} "
