"""Who carries a bomb on the body is a human bomb, whatever else is told of them."""

from functools import reduce
from operator import or_

from tocsin.core.lexicon import COMMA, CONJ, REL, SUB, Lexicon
from tocsin.core.matching.tokens import Group, Sentence

_SCOPE = 7
_BREAKS = frozenset((COMMA, CONJ, SUB))
WORN_BY, WORN_ON, DRIVERS = "worn_by", "worn_on", "drivers"


def mark_bombers(sentence: Sentence, lexicon: Lexicon) -> None:
    """Mark "a youth wearing explosives", "girls with charges taped to their legs" as bombers, the load as theirs.

    Whoever drives what is rigged is one too. A sentence without explosives, or without a word that says where
    they are worn, is left as it is.
    """
    words = lexicon.words
    donned, bodies, drivers = (words.get(name, frozenset()) for name in (WORN_BY, WORN_ON, DRIVERS))
    seen = set(sentence.word)
    if donned.isdisjoint(seen) and bodies.isdisjoint(seen) and drivers.isdisjoint(seen):
        return
    loads, rigged = lexicon.serving("body_load"), lexicon.serving("trap")
    for group in sentence.groups:
        if group.of >= 0 and sentence.word[group.head] in drivers and _is_rigged(sentence, lexicon, group, rigged):
            group.mask |= lexicon.made(DRIVERS)
        own, apart = group.mask | group.inner, lexicon.serving("aircraft")
        lined = sentence.word[group.head] in bodies and bool(_lining(sentence, group) & loads)
        if not (own & loads or lined) or own & apart:
            continue
        wearer = _wearer(sentence, lexicon, group, donned, lined=lined)
        bearer = wearer or _carrier(sentence, lexicon, group, bodies)
        if bearer is not None:
            bearer.mask |= lexicon.made(WORN_BY if wearer else WORN_ON)
            group.mask |= lexicon.whole("worn_load")


def _lining(sentence: Sentence, group: Group) -> int:
    """What "a waistcoat of nails and dynamite" or "a coat packed with TNT" is made of or holds."""
    at, words = group.end, sentence.lexicon.words
    if at >= len(sentence) or not (group.of >= 0 or sentence.word[at] in words.get("holding", ())):
        return 0
    stop = next((i for i in range(at, min(len(sentence), at + _SCOPE)) if sentence.tag[i] == COMMA), at + _SCOPE)
    return reduce(or_, (sentence.groups[i].mask for i in sentence.group_at[at:stop] if i >= 0), 0)


def _is_rigged(sentence: Sentence, lexicon: Lexicon, group: Group, rigged: int) -> bool:
    """Whether whoever drives drives what is rigged: "the driver of a tanker crammed with explosives"."""
    of = sentence.groups[group.of]
    return bool(of.mask & rigged and of.mask & lexicon.serving("conveyance"))


def _wearer(sentence: Sentence, lexicon: Lexicon, load: Group, donned: frozenset[str], *, lined: bool) -> Group | None:
    """Who stands before "wearing explosives", "strapped into vests of dynamite" or "with a coat full of TNT"."""
    joined = lexicon.words.get("instrument_prepositions", frozenset()) if lined else frozenset()
    for at in range(load.start - 1, max(-1, load.start - 4), -1):
        if sentence.tag[at] in _BREAKS:
            return None
        if sentence.word[at] in donned or sentence.word[at] in joined:
            return _before(sentence, lexicon, at)
    return None


def _carrier(sentence: Sentence, lexicon: Lexicon, load: Group, bodies: frozenset[str]) -> Group | None:
    """ "with bombs hidden beneath their veils", "the charge he carried under his robe"."""
    words = lexicon.words
    for at in range(load.end, min(len(sentence), load.end + _SCOPE)):
        if sentence.tag[at] in _BREAKS:
            return None
        if sentence.word[at] not in bodies:
            continue
        index = sentence.group_at[at]
        group = sentence.groups[index] if index >= 0 else None
        if group is None or sentence.word[group.start - 1] not in words.get("worn_prepositions", ()):
            return None
        return _before(sentence, lexicon, group.start - 1) if _is_own(sentence, group) else None
    return None


def _is_own(sentence: Sentence, group: Group) -> bool:
    return sentence.word[group.start] in sentence.lexicon.words.get("whose", ())


def _before(sentence: Sentence, lexicon: Lexicon, at: int) -> Group | None:
    """The nearest person before a word, past the verb and the pronoun of a relative clause."""
    who = lexicon.serving("bearer")
    for index in range(at - 1, -1, -1):
        inserted = sentence.tag[index] == COMMA and index < at - 1 and sentence.tag[index + 1] != REL
        if sentence.tag[index] == SUB or inserted:
            return None
        found = sentence.group_at[index]
        if found >= 0 and sentence.groups[found].mask & who:
            return sentence.groups[found]
    return None
