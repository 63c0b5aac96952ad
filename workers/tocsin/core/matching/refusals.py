"""When a trigger word is no event of its rule, whatever stands around it."""

from itertools import pairwise

from tocsin.core.lexicon import BASE, DO, ING, MODAL, PAST, PRON, TO, VERB, Lexicon
from tocsin.core.matching.compiled import CompiledRule
from tocsin.core.matching.filling import Filling
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.objects import find_object
from tocsin.core.matching.read import Document
from tocsin.core.matching.tokens import Sentence
from tocsin.core.mentions import Role

JUDGED = 10
NEAR = 12


def is_judgement(sentence: Sentence, lexicon: Lexicon, start: int, end: int) -> bool:
    """ "held the minister responsible": nobody is held, somebody is blamed."""
    if lexicon.lemmas.get(sentence.word[start]) not in lexicon.words.get("stative", ()):
        return False
    return any(word in lexicon.words.get("judging_adjectives", ()) for word in sentence.word[end : end + JUDGED])


def is_other_verb(sentence: Sentence, lexicon: Lexicon, at: int, bits: int) -> bool:
    """ "found" is the past of "find" before it is the base of "found"."""
    if bits != BASE or not lexicon.verbs.get(sentence.word[at], 0) & PAST:
        return False
    return at == 0 or sentence.tag[at - 1] not in (TO, MODAL, DO)


def is_verbal(sentence: Sentence, at: int) -> bool:
    """Whether a noun's form is a verb here: "for killing two men"."""
    return sentence.tag[at] == VERB or (sentence.tag[at] == ING and bool(find_object(sentence, at + 1)))


def is_somebody(sentence: Sentence, lexicon: Lexicon, index: int, slot: str | None) -> bool:
    """Whether a group is one of a known kind; no means: "whisked away by speedboat", "set off by remote control"."""
    group = sentence.groups[index]
    if slot == "by" and sentence.word[group.head] in lexicon.words.get("set_off_by", ()):
        return False
    if not group.mask or group.count == 0 or sentence.tag[group.start] == PRON:
        return False
    return slot != "by" or group.end - group.start > 1 or not group.mask & lexicon.serving("conveyance")


def is_accident(frame: Frame, lexicon: Lexicon, rule: CompiledRule) -> bool:
    """ "was killed in a car crash": what happened is no deed, for a rule whose doers are no disasters."""
    constraint = rule.constraints.get(Role.AGENT)
    disaster = lexicon.serving("disaster")
    if constraint is None or not constraint.refuses & disaster or frame.shape not in ("passive", "reduced", "active"):
        return False
    groups = frame.sentence.groups
    slots = ("subject",) if frame.shape == "active" else ("in", "by")
    return any(
        groups[i].mask & disaster and not _is_fired(frame.sentence, lexicon, i)
        for slot in slots
        for i in frame.slots.get(slot, ())
    )


def _is_fired(sentence: Sentence, lexicon: Lexicon, index: int) -> bool:
    """ "a hail of rockets" is no weather."""
    of = sentence.groups[index].of
    return of >= 0 and bool(sentence.groups[of].mask & lexicon.serving("fired"))


def is_mishap(frame: Frame, filling: Filling, lexicon: Lexicon, rule: CompiledRule, document: Document) -> bool:
    """ "Two blasts at a chemicals store", "hailstones … injuring 19": no deed in an article that knows of no doer."""
    constraint = rule.constraints.get(Role.AGENT)
    if constraint is None or not constraint.refuses & lexicon.serving("disaster"):
        return False
    words = frame.sentence.word
    doers, means = lexicon.serving("doer"), lexicon.serving("means")
    armed = lexicon.serving("armed")
    if _is_unmeant(frame, lexicon) and not any(f.mask & armed for f in filling.groups(Role.AGENT)):
        return True
    said = {words[frame.end - 1], " ".join(words[frame.start : frame.end])}
    plain, natural = (bool(said & lexicon.words.get(name, frozenset())) for name in ("unexplained", "natural_deeds"))
    if not (plain or natural):
        return False
    topic = document.topic(frame.sentence)
    if not (topic.is_disaster or (plain and topic.is_mishap)):
        return False
    return not any(f.mask & doers and not f.group.mask & means for f in filling.groups(Role.AGENT))


def _is_unmeant(frame: Frame, lexicon: Lexicon) -> bool:
    """ "shot his brother by mistake", "accidentally killed"."""
    words, listed = frame.sentence.word, lexicon.words.get("unmeant", frozenset())
    near = words[max(0, frame.start - 3) : frame.end + NEAR]
    return not (listed.isdisjoint(near) and listed.isdisjoint(map(" ".join, pairwise(near))))


def is_mere_word(frame: Frame) -> bool:
    """ "a fit case for arrest": one noun without article, number, negation or verb names a kind, not an event."""
    sentence = frame.sentence
    index = sentence.group_at[frame.start]
    if index < 0 or frame.support >= 0 or frame.negated >= 0 or frame.verbs is not None or frame.number > 0:
        return False
    group = sentence.groups[index]
    alone = group.end - group.start == 1 and frame.end - frame.start == 1
    return alone and group.owner < 0 and group.prep >= 0 and not sentence.dates and not sentence.places
