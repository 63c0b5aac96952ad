"""What a mention turns into by where it was done and how the next sentence says it was.

"Russian forces captured Kherson", "Soldiers took the town. There was no fighting."
"""

from collections.abc import Iterable, Sequence

from tocsin.core.matching.compiled import CompiledRule
from tocsin.core.matching.draft import Draft
from tocsin.core.matching.read import Document
from tocsin.core.matching.roles import Filler
from tocsin.core.mentions import OPENING, PlaceMention, Role

ADJACENT = 4
SHORT = 90
"""Characters within which a sentence only adds to the one before."""


def turned(draft: Draft, kept: Sequence[Draft], document: Document) -> CompiledRule:
    """The rule whose event a mention tells of, `kept` being those before it."""
    to = next((to for name, to in draft.rule.rule.turns.items() if _is_told_next(name, draft, document)), "")
    if not to and draft.trigger.form.abroad and _is_abroad(draft, kept, document):
        to = draft.trigger.form.abroad
    rules = document.language.rules if to else ()
    return next((rule for rule in rules if rule.rule.id == to), draft.rule)


def _is_told_next(name: str, draft: Draft, document: Document) -> bool:
    """Whether the next sentence, a short one, holds a word of the class."""
    if draft.status not in OPENING:
        return False
    at = draft.span.end
    span = next((s for gap in range(1, ADJACENT) if (s := document.finder.around(at + gap)) and s.start >= at), None)
    if span is None or span.end - span.start > SHORT:
        return False
    return bool(document.read(span).everything & document.language.lexicon.bit(name))


def _is_abroad(draft: Draft, kept: Sequence[Draft], document: Document) -> bool:
    """Whether its agents are of one country and its place is in another. What is not known for sure is at home.

    Against an armed group a foreign army fights for the state whose place it is.
    """
    lexicon = document.language.lexicon
    if draft.frame.sentence.everything & lexicon.bit("armed_group"):
        return False
    homes = _homes(draft, document)
    stage = _stage(draft, kept, document) if homes else set()
    return bool(stage) and not stage & homes


def _stage(draft: Draft, kept: Sequence[Draft], document: Document) -> set[str]:
    """The countries in which it happens: those of its places, else of what else the sentence names.

    A place that its sentence does not name ("the city") is that of the mention before.
    """
    owned = {_people(filler, document) for filler in draft.filling.groups(Role.OBJECT)} - {""}
    found = owned or _countries(draft.places) or _countries(draft.frame.sentence.places)
    if found or draft.places:
        return found
    before = next((other for other in reversed(kept) if other.status in OPENING and other.places), None)
    return _countries(before.places) if before else set()


def _homes(draft: Draft, document: Document) -> set[str]:
    """The countries that the agents belong to; none when one of them is of several or of none."""
    found: set[str] = set()
    for filler in draft.filling.groups(Role.AGENT):
        actor = document.actors.get(filler.actor) if filler.actor else None
        home = actor.country[0] if actor and len(actor.country) == 1 else _people(filler, document)
        if not home:
            return set()
        found.add(home)
    return found


def _people(filler: Filler, document: Document) -> str:
    """The country that a group's own words or its owner's name: "Syrian town", "Syria's army"; empty for none."""
    sentence, group = filler.sentence, filler.group
    owner = sentence.groups[group.owner] if group.owner >= 0 else group
    words = (*sentence.word[owner.start : owner.end], *sentence.word[group.start : group.head])
    return next((country for word in words if (country := document.country_of(word))), "")


def _countries(places: Iterable[PlaceMention]) -> set[str]:
    """The countries of the places that a gazetteer knows."""
    return {place.country for place in places if place.country and place.kind not in ("unknown", "people")}
