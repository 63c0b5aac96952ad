"""What a mention turns into by where it was done, how the next sentence says it was, and what came before it.

"Russian forces captured Kherson", "Soldiers took the town. There was no fighting.", "entered it after the rebels left".
"""

from collections.abc import Iterable, Sequence

from tocsin.core.lexicon import COMMA, PREP, PUNCT, SUB, VERB, Lexicon
from tocsin.core.matching.compiled import NAME, PLACE_NAME, CompiledRule
from tocsin.core.matching.draft import Draft, sets_scene
from tocsin.core.matching.filling import Filler
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.read import Document
from tocsin.core.matching.tokens import Sentence
from tocsin.core.mentions import OPENING, PlaceMention, Role

ADJACENT = 4
NEAR = 10
SHORT = 100
"""Characters within which a sentence only adds to the one before."""
LONG = 400
"""Characters within which it tells how others met what the one before tells."""


def turned(draft: Draft, kept: Sequence[Draft], drafts: Sequence[Draft], document: Document) -> CompiledRule:
    """The rule whose event a mention tells of, `kept` being those before it, `drafts` all of the article."""
    for name, to in draft.rule.rule.turns.items():
        rule = _rule(to, document)
        if rule is not None and _is_told(name, draft, rule, document):
            return rule
    for name, to in draft.rule.rule.amid.items():
        rule = _rule(to, document)
        if rule is not None and _is_amid(name, draft, rule, drafts, document):
            return rule
    abroad = draft.trigger.form.abroad
    return (_rule(abroad, document) if abroad and _is_abroad(draft, kept, document) else None) or draft.rule


def _rule(name: str, document: Document) -> CompiledRule | None:
    return next((rule for rule in document.language.rules if rule.rule.id == name), None)


def _is_told(name: str, draft: Draft, to: CompiledRule, document: Document) -> bool:
    """Whether the next sentence, a short one, holds a word of the class.

    What was done to a place after those who held it had left was done without a fight, too, if none is told.
    """
    if draft.status not in OPENING:
        return False
    itself, following = draft.frame.sentence, _next(draft, document)
    lexicon = itself.lexicon
    if draft.rule.rule.parent != to.rule.parent and not _has_place(draft.frame, lexicon):
        return False
    if following is not None and following.everything & lexicon.bit(name):
        return True
    if not lexicon.closure(name) & lexicon.serving("manner") or _is_fought(itself, lexicon):
        return False
    if draft.trigger.tail or draft.trigger.form.roles.get("subject", Role.AGENT) is not Role.AGENT:
        return False  # a town that "fell", or that an army "brought under control", was taken
    return any(_was_left(sentence, lexicon) for sentence in (itself, following) if sentence is not None)


def _is_amid(name: str, draft: Draft, to: CompiledRule, told: Sequence[Draft], document: Document) -> bool:
    """Whether a mention belongs to what its sentence or an event just before brings, done by and to those who can be.

    What nobody is said to have done belongs to it only when it was told before: "was burned, and tenants marched".
    """
    sentence = draft.frame.sentence
    bit, agents = sentence.lexicon.bit(name), draft.filling.groups(Role.AGENT)
    if draft.status not in OPENING or not _may_take(to, Role.AGENT, agents):
        return False
    affected = draft.filling.groups(Role.RECIPIENT)
    if any(filler.mask & bit for filler in affected) or not _may_take(to, Role.RECIPIENT, affected):
        return False
    following = (
        _next(draft, document, LONG) if sentence.lexicon.closure(name) & sentence.lexicon.serving("manner") else None
    )
    if following is not None and following.everything & bit:
        return True
    if any(other.rule.leaves & bit and _is_beside(other, draft) for other in told):
        return True
    if any(filler.mask & bit for filler in agents):
        return True
    end = len(sentence) if agents else draft.frame.start
    return any(group.mask & bit for group in sentence.groups if group.head < end)


def _is_beside(other: Draft, draft: Draft) -> bool:
    """Whether an event is told in the sentence before, or in the same: earlier, or as what it is done after.

    "gathered in Gori, and nine were held", "nine were held after chaining themselves to a gate", but not
    "nine were held, and thousands gathered".
    """
    if other is draft or not (other.status in OPENING or sets_scene(other)):
        return False
    if other.span.start != draft.span.start:
        return not _is_one_known(draft) and 0 <= draft.span.start - other.span.end <= ADJACENT
    words = draft.frame.sentence.lexicon.words
    openers = words.get("prior_openers", frozenset()) | words.get("accusing_prepositions", frozenset())
    before = _opener(draft) in words.get("prior_openers", ())
    return not before if other.frame.start < draft.frame.start else _opener(other) in openers


def _is_one_known(draft: Draft) -> bool:
    """Whether it was done to one of whom the sentence before spoke: "marched for the editor. He was arrested …"."""
    words = draft.frame.sentence.lexicon.words.get("singular_pronouns", ())
    return any(f.sentence.word[f.group.head] in words for f in draft.filling.groups(Role.RECIPIENT))


def _opener(draft: Draft) -> str:
    """The word that opens the clause of a verb: "after", "for"; empty for none near it."""
    frame, sentence = draft.frame, draft.frame.sentence
    start = frame.verbs.start if frame.verbs is not None else frame.start
    for at in range(start - 1, max(-1, start - NEAR), -1):
        if sentence.tag[at] in (SUB, PREP) and (at == start - 1 or sentence.tag[at] == SUB):
            return sentence.word[at]
        if sentence.tag[at] in (VERB, COMMA, PUNCT):
            return ""
    return ""


def _may_take(rule: CompiledRule, role: Role, fillers: Iterable[Filler]) -> bool:
    """Whether everybody in a role may stand in that of another rule."""
    constraint = rule.constraints.get(role)
    if constraint is None:
        return True
    return all(f.mask & constraint.accepts and not f.mask & constraint.refuses for f in fillers)


def _next(draft: Draft, document: Document, longest: int = SHORT) -> Sentence | None:
    """The sentence after a mention's own, if it is no longer than this."""
    at = draft.span.end
    span = next((s for gap in range(1, ADJACENT) if (s := document.finder.around(at + gap)) and s.start >= at), None)
    return document.read(span) if span is not None and span.end - span.start <= longest else None


def _has_place(frame: Frame, lexicon: Lexicon) -> bool:
    """Whether what a verb is done to is a place, or has a name that may be one's."""
    places = lexicon.serving("conquest") | lexicon.mask_of((PLACE_NAME, NAME))
    return any(frame.sentence.groups[index].mask & places for index in frame.slots.get("object", ()))


def _is_fought(sentence: Sentence, lexicon: Lexicon) -> bool:
    """Whether a fight or its victims are told."""
    fights = lexicon.words.get("fighting_verbs", ())
    return bool(sentence.everything & lexicon.serving("fought")) or any(
        lexicon.lemmas.get(word) in fights for word in sentence.word
    )


def _was_left(sentence: Sentence, lexicon: Lexicon) -> bool:
    """Whether a phrase with "after" or the like tells that armed men left: "after the army pulled out"."""
    openers, leaving = (lexicon.words.get(name, ()) for name in ("sequel_openers", "leaving_words"))
    armed, words = lexicon.serving("leaving"), sentence.word
    for start in (at for at, word in enumerate(words) if word in openers):
        end = next((at for at in range(start, len(words)) if sentence.tag[at] in (COMMA, PUNCT)), len(words))
        told = any(lexicon.lemmas.get(word, word) in leaving for word in words[start + 1 : end])
        if told and any(mask & armed for mask in sentence.mask[start + 1 : end]):
            return True
    return False


def _is_abroad(draft: Draft, kept: Sequence[Draft], document: Document) -> bool:
    """Whether its agents are of one country and its place is in another. What is not known for sure is at home.

    Against an armed group a foreign army fights for the state whose place it is.
    """
    lexicon = document.language.lexicon
    if draft.frame.sentence.everything & lexicon.serving("armed_group"):
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
