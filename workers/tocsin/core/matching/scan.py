"""One pass over an article for trigger forms, actor names and the phrases that cancel them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from tocsin.core.actors import Actor, Alias
from tocsin.core.rules import TriggerForm
from tocsin.core.text import fold, plain

MAX_HITS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One form of one rule's trigger, as it stands in text. `bits` are the verb form, 0 for nouns and phrases."""

    rule: int
    kind: str
    form: TriggerForm
    text: str
    bits: int = 0


@dataclass(slots=True)
class _Pattern:
    triggers: list[Trigger] = field(default_factory=list)
    aliases: list[tuple[Actor, Alias]] = field(default_factory=list)
    cancelled_actors: list[str] = field(default_factory=list)
    cancelled_rules: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TriggerHit:
    """Where trigger forms stand; several when rules share a word."""

    start: int
    end: int
    triggers: tuple[Trigger, ...]


@dataclass(frozen=True, slots=True)
class ActorHit:
    """Where a watched actor is named. `others` are ids that share the name and were not chosen."""

    start: int
    end: int
    actor: str
    others: tuple[str, ...] = ()


@dataclass(slots=True)
class Hits:
    """What one scan found. `triggers` and `actors` are in text order, longest first at one place."""

    triggers: list[TriggerHit] = field(default_factory=list)
    actors: list[ActorHit] = field(default_factory=list)
    cancelled: list[tuple[int, int, int]] = field(default_factory=list)
    truncated: bool = False


class Scanner:
    """Compiled from triggers, aliases and cancelling phrases; immutable once built, safe to share.

    Text and patterns are compared as words between single blanks, so a match is whole words by construction and
    "al-Qaeda" is "al Qaeda". Triggers have an automaton of their own: most articles are done after it.
    """

    __slots__ = ("_names", "_others", "_patterns", "_triggers")

    def __init__(
        self, triggers: Iterable[Trigger], actors: Iterable[Actor], cancels: Mapping[int, Iterable[str]]
    ) -> None:
        patterns: dict[str, list[Trigger]] = {}
        for trigger in triggers:
            patterns.setdefault(_key(trigger.text), []).append(trigger)
        others: dict[str, _Pattern] = {}
        for actor in actors:
            _add_actor(others, actor)
        for rule, phrases in cancels.items():
            for phrase in phrases:
                others.setdefault(_key(phrase), _Pattern()).cancelled_rules.append(rule)
        patterns.pop("  ", None)
        others.pop("  ", None)
        self._triggers = [tuple(found) for found in patterns.values()]
        self._patterns = _automaton(patterns, Implementation.DFA)
        self._others = list(others.values())
        self._names = _automaton(others, Implementation.ContiguousNFA)

    def scan(self, text: str, folded: str, country: str | None = None, *, always_name: bool = False) -> Hits:
        """Every whole-word hit. Without any trigger the actors are not looked at, unless `always_name`."""
        hits = Hits()
        words = f" {plain(folded)} "
        raw = self._patterns.find_matches_as_indexes(words, overlapping=True) if self._patterns else []
        if not raw and not always_name:
            return hits
        if len(raw) > MAX_HITS:
            raw = raw[:MAX_HITS]
            hits.truncated = True
        triggers = [(start, end - 2, self._triggers[index]) for index, start, end in raw]
        named = self._names.find_matches_as_indexes(words, overlapping=True) if self._names else []
        if len(named) > MAX_HITS:
            named = named[:MAX_HITS]
            hits.truncated = True
        others = [(start, end - 2, self._others[index]) for index, start, end in named]
        self._cancel(triggers, others, hits)
        self._name(text, folded, others, country, hits)
        return hits

    def _cancel(
        self, triggers: list[tuple[int, int, tuple[Trigger, ...]]], others: list[tuple[int, int, _Pattern]], hits: Hits
    ) -> None:
        cancels = [(start, end, rule) for start, end, pattern in others for rule in pattern.cancelled_rules]
        hits.cancelled = cancels
        for start, end, found in sorted(triggers, key=lambda hit: (hit[0], -hit[1])):
            kept = found
            if cancels:
                barred = {rule for first, last, rule in cancels if first < end and start < last}
                kept = tuple(trigger for trigger in found if trigger.rule not in barred) if barred else found
            if kept:
                hits.triggers.append(TriggerHit(start, end, kept))

    def _name(
        self, text: str, folded: str, others: list[tuple[int, int, _Pattern]], country: str | None, hits: Hits
    ) -> None:
        barred = [(start, end, actor) for start, end, pattern in others for actor in pattern.cancelled_actors]
        reached = -1
        for start, end, pattern in sorted(others, key=lambda hit: (hit[0], -hit[1])):
            if end <= reached or not pattern.aliases:
                continue
            ids = [
                actor
                for actor, alias in pattern.aliases
                if _counts(alias, text, folded, start, end)
                and not any(b < end and start < e and actor.id == name for b, e, name in barred)
            ]
            if not ids:
                continue
            chosen = _choose(ids, country)
            hits.actors.append(
                ActorHit(start, end, chosen.id, tuple(dict.fromkeys(a.id for a in ids if a.id != chosen.id)))
            )
            reached = end


def _key(text: str) -> str:
    """A pattern as it stands in the words of a text: blanks around it, as many inside as its marks leave."""
    return f" {plain(fold(text)).strip()} "


def _automaton(patterns: Iterable[str], implementation: Implementation) -> AhoCorasick | None:
    texts = list(patterns)
    if not texts:
        return None
    return AhoCorasick(texts, matchkind=MatchKind.Standard, store_patterns=False, implementation=implementation)


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _add_actor(table: dict[str, _Pattern], actor: Actor) -> None:
    for aliases in actor.aliases.values():
        for alias in aliases:
            pattern = table.setdefault(_key(alias.text), _Pattern())
            if (actor, alias) not in pattern.aliases:
                pattern.aliases.append((actor, alias))
    for phrase in actor.never:
        table.setdefault(_key(phrase), _Pattern()).cancelled_actors.append(actor.id)


def _counts(alias: Alias, text: str, folded: str, start: int, end: int) -> bool:
    if alias.exact and plain(text[start:end]) != plain(alias.text).strip():
        return False
    return not alias.near or any(_holds(folded, fold(word)) for word in alias.near)


def _holds(folded: str, word: str) -> bool:
    at = folded.find(word)
    while at >= 0:
        end = at + len(word)
        if not (at and _is_word(folded[at - 1])) and not (end < len(folded) and _is_word(folded[end])):
            return True
        at = folded.find(word, end)
    return False


def _choose(actors: list[Actor], country: str | None) -> Actor:
    if len(actors) > 1 and country:
        local = [actor for actor in actors if country in actor.country]
        if local:
            return local[0]
    return actors[0]
