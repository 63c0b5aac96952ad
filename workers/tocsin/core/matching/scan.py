"""One pass over an article for trigger forms, actor names and the phrases that cancel them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from tocsin.core.actors import Actor, Alias
from tocsin.core.rules import TriggerForm
from tocsin.core.text import fold

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
    """Compiled from triggers, aliases and cancelling phrases; immutable once built, safe to share."""

    __slots__ = ("_automaton", "_is_alias", "_patterns", "_texts")

    def __init__(
        self, triggers: Iterable[Trigger], actors: Iterable[Actor], cancels: Mapping[int, Iterable[str]]
    ) -> None:
        table: dict[str, _Pattern] = {}
        for trigger in triggers:
            table.setdefault(trigger.text, _Pattern()).triggers.append(trigger)
        for actor in actors:
            _add_actor(table, actor)
        for rule, phrases in cancels.items():
            for phrase in phrases:
                table.setdefault(fold(phrase), _Pattern()).cancelled_rules.append(rule)
        table.pop("", None)
        self._texts = list(table)
        self._patterns = list(table.values())
        self._automaton = (
            AhoCorasick(
                self._texts,
                matchkind=MatchKind.Standard,
                store_patterns=False,
                implementation=Implementation.ContiguousNFA,
            )
            if table
            else None
        )

    def scan(self, text: str, folded: str, country: str | None = None, *, always_name: bool = False) -> Hits:
        """Every whole-word hit. Without any trigger the actors are not looked at, unless `always_name`."""
        hits = Hits()
        if self._automaton is None:
            return hits
        raw = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        if not raw:
            return hits
        patterns = self._patterns
        size = len(folded)
        triggers: list[tuple[int, int, list[Trigger]]] = []
        others: list[tuple[int, int, int]] = []
        for index, start, end in raw:
            if (start and _is_word(folded[start - 1])) or (end < size and _is_word(folded[end])):
                continue
            pattern = patterns[index]
            if pattern.triggers:
                triggers.append((start, end, pattern.triggers))
            if pattern.aliases or pattern.cancelled_actors or pattern.cancelled_rules:
                others.append((start, end, index))
        if not triggers and not always_name:
            return hits
        if len(triggers) > MAX_HITS:
            triggers = triggers[:MAX_HITS]
            hits.truncated = True
        self._cancel(triggers, others, hits)
        self._name(text, folded, others, country, hits)
        return hits

    def _cancel(
        self, triggers: list[tuple[int, int, list[Trigger]]], others: list[tuple[int, int, int]], hits: Hits
    ) -> None:
        cancels = [(start, end, rule) for start, end, index in others for rule in self._patterns[index].cancelled_rules]
        hits.cancelled = cancels
        for start, end, found in sorted(triggers, key=lambda hit: (hit[0], -hit[1])):
            kept = found
            if cancels:
                barred = {rule for first, last, rule in cancels if first < end and start < last}
                kept = [trigger for trigger in found if trigger.rule not in barred] if barred else found
            if kept:
                hits.triggers.append(TriggerHit(start, end, tuple(kept)))

    def _name(
        self, text: str, folded: str, others: list[tuple[int, int, int]], country: str | None, hits: Hits
    ) -> None:
        barred = [
            (start, end, actor) for start, end, index in others for actor in self._patterns[index].cancelled_actors
        ]
        reached = -1
        for start, end, index in sorted(others, key=lambda hit: (hit[0], -hit[1])):
            if end <= reached or len(hits.actors) >= MAX_HITS:
                continue
            ids = [
                actor
                for actor, alias in self._patterns[index].aliases
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


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _add_actor(table: dict[str, _Pattern], actor: Actor) -> None:
    for aliases in actor.aliases.values():
        for alias in aliases:
            pattern = table.setdefault(fold(alias.text), _Pattern())
            if (actor, alias) not in pattern.aliases:
                pattern.aliases.append((actor, alias))
    for phrase in actor.never:
        table.setdefault(fold(phrase), _Pattern()).cancelled_actors.append(actor.id)


def _counts(alias: Alias, text: str, folded: str, start: int, end: int) -> bool:
    if alias.exact and text[start:end] != alias.text:
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
