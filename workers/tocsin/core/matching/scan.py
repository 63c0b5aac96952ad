"""One pass over an article for trigger forms and the phrases that cancel them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from tocsin.core.mentions import Role
from tocsin.core.rules import TriggerForm
from tocsin.core.text import fold, plain

MAX_HITS = 4_000
MAX_GAP = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One form of one rule's trigger, as it stands in text.

    `bits` are the verb form, 0 for nouns and phrases; `need` is the mask of what the form needs, 0 for nothing.
    `only` are the masks that roles are held to.
    `tail` is what must follow the object of a verb that stands apart: the "ablaze" of "set the barn ablaze".
    Triggers of the same `plan` fill the same roles in the same way, whichever their rules.
    """

    rule: int
    kind: str
    form: TriggerForm
    text: str
    bits: int = 0
    need: int = 0
    plan: int = 0
    tail: str = ""
    only: tuple[tuple[Role, int], ...] = ()


@dataclass(frozen=True, slots=True)
class TriggerHit:
    """Where trigger forms stand; several when rules share a word."""

    start: int
    end: int
    triggers: tuple[Trigger, ...]


@dataclass(slots=True)
class Hits:
    """What one scan found. `triggers` are in text order, longest first at one place."""

    triggers: list[TriggerHit] = field(default_factory=list)
    cancelled: list[tuple[int, int, int]] = field(default_factory=list)
    truncated: bool = False


class Scanner:
    """Compiled from triggers and cancelling phrases; immutable once built, safe to share.

    Text and patterns are compared as words between single blanks, so a match is whole words by construction and
    "al-Qaeda" is "al Qaeda". Triggers have an automaton of their own: most articles are done after it.
    """

    __slots__ = ("_cancelled", "_cancels", "_patterns", "_tails", "_triggers")

    def __init__(self, triggers: Iterable[Trigger], cancels: Mapping[int, Iterable[str]]) -> None:
        patterns: dict[str, list[Trigger]] = {}
        for trigger in triggers:
            patterns.setdefault(_key(trigger.text), []).append(trigger)
        cancelled: dict[str, list[int]] = {}
        for rule, phrases in cancels.items():
            for phrase in phrases:
                cancelled.setdefault(_key(phrase), []).append(rule)
        patterns.pop("  ", None)
        cancelled.pop("  ", None)
        self._triggers = [tuple(found) for found in patterns.values()]
        self._tails = [
            tuple({_key(t.tail) for t in found}) if all(t.tail for t in found) else () for found in self._triggers
        ]
        self._patterns = _automaton(patterns, Implementation.DFA)
        self._cancelled = list(cancelled.values())
        self._cancels = _automaton(cancelled, Implementation.ContiguousNFA)

    def scan(self, folded: str) -> Hits:
        """Every whole-word trigger that no phrase cancels; offsets index the text that was folded."""
        hits = Hits()
        words = f" {plain(folded)} "
        raw = self._patterns.find_matches_as_indexes(words, overlapping=True) if self._patterns else []
        raw = [hit for hit in raw if not (tails := self._tails[hit[0]]) or _follows(words, hit[2], tails)]
        if not raw:
            return hits
        if len(raw) > MAX_HITS:
            raw = raw[:MAX_HITS]
            hits.truncated = True
        cancels = self._cancels.find_matches_as_indexes(words, overlapping=True) if self._cancels else []
        hits.cancelled = [
            (start, end - 2, rule) for index, start, end in cancels[:MAX_HITS] for rule in self._cancelled[index]
        ]
        triggers = [(start, end - 2, self._triggers[index]) for index, start, end in raw]
        for start, end, found in sorted(triggers, key=lambda hit: (hit[0], -hit[1])):
            kept = found
            if hits.cancelled:
                barred = {rule for first, last, rule in hits.cancelled if first < end and start < last}
                kept = tuple(trigger for trigger in found if trigger.rule not in barred) if barred else found
            if kept:
                hits.triggers.append(TriggerHit(start, end, kept))
        return hits


def _follows(words: str, end: int, tails: Iterable[str]) -> bool:
    """Whether one of the tails stands after a verb, near enough to be its own."""
    return any(words.find(tail, end, end + MAX_GAP) >= 0 for tail in tails)


def _key(text: str) -> str:
    """A pattern as it stands in the words of a text: blanks around it, as many inside as its marks leave."""
    return f" {plain(fold(text)).strip()} "


def _automaton(patterns: Iterable[str], implementation: Implementation) -> AhoCorasick | None:
    texts = list(patterns)
    if not texts:
        return None
    return AhoCorasick(texts, matchkind=MatchKind.Standard, store_patterns=False, implementation=implementation)
