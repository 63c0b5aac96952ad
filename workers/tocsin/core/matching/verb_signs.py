"""What around a word says that it is a verb or none: who stands before it, what follows, how a headline is put."""

from tocsin.core.lexicon import (
    ADJ,
    ADV,
    BASE,
    BE,
    DET,
    DO,
    HAVE,
    MODAL,
    NOUN,
    PART,
    POSS,
    PREP,
    THIRD,
    TO,
    VERB,
    Lexicon,
)
from tocsin.core.matching.tokens import Sentence

BRACKETED = 10
NEAR = 15


def is_terse(sentence: Sentence, at: int) -> bool:
    """ "Rocket lands in market": a headline's only verb after one thing; "farm lands in Kent were sold" has none."""
    words, tags, lexicon = sentence.word, sentence.tag, sentence.lexicon
    if words[at] in lexicon.event_nouns or words[at - 1].endswith(lexicon.plural_endings):
        return False
    return VERB not in tags[:at] and not any(tag_ in (BE, HAVE, DO, MODAL) for tag_ in tags)


def are_doers(sentence: Sentence, at: int, forms: int, following: int) -> bool:
    """Whether persons or forces are here or just before, whose verb comes next in a headline.

    "Libyan rebels attack a port", "Gunmen fire on bus": a plural with a deed, not a deed of its own.
    """
    words, lexicon = sentence.word, sentence.lexicon
    if forms & THIRD:
        ahead = words[at + 1] if at + 2 < len(words) else ""
        return bool(lexicon.verbs.get(ahead, 0) & BASE) and _are_several(sentence, at)
    if following != PREP or not forms & BASE or not _are_several(sentence, at - 1):
        return False
    return not {VERB, BE, HAVE, DO, MODAL} & set(sentence.tag)


def is_force_before(sentence: Sentence, at: int) -> bool:
    """ "the Syrian military shelled farms": an adjective that names a force too, before the first verb."""
    words, lexicon = sentence.word, sentence.lexicon
    if words[at] in lexicon.adjectives or VERB in sentence.tag[:at]:
        return False
    mask = sentence.mask[at - 1]
    return bool(mask & lexicon.serving("military")) and not mask & lexicon.serving("armed_group")


def is_deed(sentence: Sentence, at: int, forms: int) -> bool:
    """ "Army clashes with raiders", a force's deed in a headline with no other verb; or what several things undergo."""
    if forms & PART and _is_done(sentence, at):
        return True
    if not forms & THIRD:
        return False
    words, lexicon = sentence.word, sentence.lexicon
    together = at + 1 < len(words) and words[at + 1] in lexicon.words.get("instrument_prepositions", ())
    force = sentence.mask[at - 1] & lexicon.serving("combatant")
    return together and bool(force) and not {VERB, BE, HAVE, DO, MODAL} & set(sentence.tag)


def takes_name(sentence: Sentence, at: int) -> bool:
    """ "broke through the lines and captured Sarmin": a bare name after a second participle is its object."""
    caps, size, end = sentence.cap, len(sentence.word), at + 1
    if sentence.caseless or sentence.titled or caps[at] or VERB not in sentence.tag[max(0, at - NEAR) : at - 1]:
        return False
    while end < size and caps[end]:
        end += 1
    return end > at + 1 and (end == size or sentence.tag[end] >= 0 or not sentence.word[end][0].isalnum())


def is_aim(sentence: Sentence, at: int) -> bool:
    """ "rebels claim to", "members of the front claim to have": what several persons, or anybody, say of themselves."""
    words = sentence.word
    return _are_several(sentence, at - 1) or words[at + 2 : at + 3] == ["have"]


def _are_several(sentence: Sentence, at: int) -> bool:
    lexicon = sentence.lexicon
    return sentence.lexicon.is_plural(sentence.word[at]) and bool(sentence.mask[at] & lexicon.serving("acting"))


def splits_infinitive(sentence: Sentence, lexicon: Lexicon, at: int) -> bool:
    """ "to remotely trigger": an adverb between "to" and its verb."""
    words = sentence.word
    if at + 1 >= len(words) or not (sentence.tag[at] == ADV or words[at].endswith(lexicon.adverb_endings)):
        return False
    return bool(lexicon.verbs.get(words[at + 1], 0) & BASE) and not sentence.mask[at + 1]


def past_bracket(sentence: Sentence, at: int) -> int:
    """Where a short bracket opens that closes before a word: "the chief (an elder) beat up a clerk"."""
    if at == 0 or sentence.word[at - 1] != ")":
        return at
    return next((i for i in range(at - 2, max(0, at - BRACKETED), -1) if sentence.word[i] == "("), at)


def after_singular(sentence: Sentence, at: int) -> bool:
    """ "a dynamite attack": what "a" begins is one, and one takes no bare verb."""
    at -= 1
    while at > 0 and sentence.tag[at] in (NOUN, ADJ):
        at -= 1
    return sentence.tag[at] == DET and sentence.word[at] in sentence.lexicon.words.get("singular", ())


def is_particle(sentence: Sentence, at: int) -> bool:
    """Whether "up", "out" or the like stands here."""
    return at < len(sentence.word) and sentence.word[at] in sentence.lexicon.words.get("particles", ())


def after_preposition(sentence: Sentence, at: int) -> bool:
    """ "in army hands": what a preposition opens wants a noun at its end, unless a particle makes it a verb."""
    if is_particle(sentence, at + 1):
        return False
    at -= 1
    while at > 0 and sentence.tag[at] in (NOUN, ADJ, DET, POSS):
        at -= 1
    return sentence.tag[at] in (PREP, TO)


def are_persons(sentence: Sentence, at: int) -> bool:
    """Whether several persons stand here: "rioters", "villagers"."""
    return sentence.lexicon.is_plural(sentence.word[at]) and bool(
        sentence.mask[at] & sentence.lexicon.serving("person")
    )


def are_acting(sentence: Sentence, at: int, following: int) -> bool:
    """Whether several persons do what comes next: "rioters demonstrating over", "men throwing bricks".

    "people smuggling rings" are no people who do it.
    """
    if following == PREP:
        return are_persons(sentence, at)
    word, lexicon = sentence.word[at], sentence.lexicon
    several = word.endswith(lexicon.plural_endings) or word in lexicon.words.get("acting", ())
    kinds = lexicon.serving("acting")
    return following in (NOUN, VERB) and several and bool(sentence.mask[at] & kinds)


def _is_done(sentence: Sentence, at: int) -> bool:
    """ "kiosks run by widows": what several things undergo, and by whom."""
    ahead = sentence.word[at + 1 : at + 2]
    return (
        sentence.lexicon.is_plural(sentence.word[at - 1])
        and bool(ahead)
        and ahead[0] in sentence.lexicon.words.get("agent_prepositions", ())
    )
