"""One pass over an article for trigger forms and the phrases that cancel them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import NamedTuple

from tocsin.core.matching.patterns import PatternFinder, PatternHit
from tocsin.core.mentions import Role
from tocsin.core.rules import TriggerForm
from tocsin.core.text import MAX_SENTENCE, fold, plain, spaced

MAX_HITS = 4_000
MAX_GAP = 120


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


@dataclass(slots=True)
class Hits:
    """What one scan found. `triggers` are in text order, longest first at one place."""

    triggers: list[TriggerHit] = field(default_factory=list)
    cancelled: list[tuple[int, int, int]] = field(default_factory=list)
    truncated: bool = False


class Seen(NamedTuple):
    """Where triggers and cancelling phrases stand in a text, and what else was looked for, each by where it ends."""

    triggers: list[PatternHit]
    cancels: list[PatternHit]
    others: list[PatternHit]


class Scanner:
    """Compiled from triggers and cancelling phrases; immutable once built, safe to share.

    Text and patterns are compared as words between single blanks, so a match is whole words by construction and
    "al-Qaeda" is "al Qaeda". `others` are patterns of somebody else that are looked for in the same pass: few articles
    hold no trigger at all, and a pass over three tables costs hardly more than over one.
    """

    __slots__ = (
        "_apart",
        "_cancelled",
        "_finder",
        "_first",
        "_last",
        "_leaves",
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
        self._wants = [
            _want(trigger for trigger in found if not trigger.tail) if apart else _want(found)
            for found, apart in zip(self._triggers, parted, strict=True)
        ]
        self._parted = [_by_tail(apart) if apart else () for apart in parted]
        self._apart = [reduce(or_, (need for _, need in tails), 0) for tails in self._parted]
        self._leaves = [reduce(or_, [trigger.leaves for trigger in found]) for found in self._triggers]
        self._tails = [
            tuple({_key(t.tail) for t in apart}) if len(apart) == len(found) else ()
            for found, apart in zip(self._triggers, parted, strict=True)
        ]
        self._cancelled = list(cancelled.values())
        self._first, self._last = len(others), len(others) + len(patterns)
        self._finder = PatternFinder((*others, *patterns, *cancelled))

    def look(self, words: str) -> Seen:
        """What stands in the spaced words of a text: the cheap look before `keep`."""
        first, last, tails = self._first, self._last, self._tails
        seen = Seen([], [], [])
        triggers, cancels, others = seen
        for hit in self._finder.find(words):
            index, start, stop = hit
            if index < first:
                others.append(hit)
            elif index >= last:
                cancels.append((index - last, start, stop))
            elif not (apart := tails[index - first]) or _follows(words, stop, apart):
                triggers.append((index - first, start, stop))
        return seen

    def wants(
        self, words: str, matches: Iterable[PatternHit], reach: int = -1, ends: Callable[[int], int] | None = None
    ) -> list[int]:
        """What the triggers of each match need together; all bits are set when one needs nothing.

        Of the verbs whose tail must follow only those count that find within `reach` what they need. `ends` tells
        where a paragraph of the text ends: no tail follows beyond it.
        """
        found: list[int] = []
        for index, start, stop in matches:
            want, apart = self._wants[index], self._apart[index]
            if apart & reach & ~want:
                end = min(stop + MAX_SENTENCE, ends(start) + 2) if ends else stop + MAX_SENTENCE
                for ahead, need in self._parted[index]:
                    if need & reach & ~want and words.find(ahead, stop - 1, end) >= 0:
                        want |= need
            found.append(want)
        return found

    def leavings(self, matches: Iterable[PatternHit]) -> int:
        """What the events of all matches may leave to other sentences."""
        leaves, found = self._leaves, 0
        for index, _, _ in matches:
            found |= leaves[index]
        return found

    def leaves(self, matches: Iterable[PatternHit], wants: Iterable[int], reach: int) -> int:
        """What the events of those matches that find within `reach` what they need leave to other sentences."""
        found = 0
        for (index, _, _), want in zip(matches, wants, strict=True):
            if want & reach:
                found |= self._leaves[index]
        return found

    def keep(self, seen: Seen, wants: Iterable[int]) -> Hits:
        """Those of the triggers that no phrase cancels; offsets index the text whose words were looked at."""
        hits = Hits()
        matches = seen.triggers
        if not matches:
            return hits
        if len(matches) > MAX_HITS:
            matches = matches[:MAX_HITS]
            hits.truncated = True
        hits.cancelled = [
            (start, end - 2, rule) for index, start, end in seen.cancels[:MAX_HITS] for rule in self._cancelled[index]
        ]
        triggers, make = self._triggers, tuple.__new__  # half of the time that calling the type takes
        placed = [(start, 2 - end, index, want) for (index, start, end), want in zip(matches, wants, strict=False)]
        placed.sort()
        if not hits.cancelled:
            hits.triggers = [
                make(TriggerHit, (start, -end, triggers[index], want)) for start, end, index, want in placed
            ]
            return hits
        for start, back, index, want in placed:
            end, kept = -back, triggers[index]
            barred = [rule for first, last, rule in hits.cancelled if first < end and start < last]
            kept = tuple(trigger for trigger in kept if trigger.rule not in barred) if barred else kept
            if kept:
                hits.triggers.append(make(TriggerHit, (start, end, kept, want)))
        return hits

    def scan(self, folded: str) -> Hits:
        """Every whole-word trigger that no phrase cancels; offsets index the text that was folded."""
        words = spaced(folded)
        seen = self.look(words)
        return self.keep(seen, self.wants(words, seen.triggers))


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
    if text.isascii() and text.islower() and text.isalpha():
        return f" {text} "  # nearly always
    return f" {plain(fold(text)).strip()} "
