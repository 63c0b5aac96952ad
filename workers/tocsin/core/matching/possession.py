"""Whose a place is: "is back in army hands", "fell under rebel control", "left the port in the hands of its guards"."""

from tocsin.core.lexicon import ADV, BE, ING, TIME, VERB, Lexicon
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.frames import find_phrases
from tocsin.core.matching.groups import chain_back, chain_forward, first_owner
from tocsin.core.matching.subjects import find_subject
from tocsin.core.matching.tokens import Group, Sentence
from tocsin.core.matching.verbs import VerbGroup, read_verb_group


def is_holding(lexicon: Lexicon, word: str) -> bool:
    """Whether a noun tells of an event only by who holds what: hands and control are none by themselves."""
    return word in lexicon.words.get("holding_nouns", ())


def possession_frame(sentence: Sentence, lexicon: Lexicon, index: int, modifier: int) -> Frame | None:
    """What came, or is now, into whose hands: the holder as the doer of a passive, who lost it as its source.

    None when nobody holds anything.
    """
    words, tags, groups = sentence.word, sentence.tag, sentence.groups
    group = groups[index]
    outer = groups[first_owner(sentence, index)]
    prep = outer.prep if outer.prep >= 0 else outer.start - 1
    if prep <= 0 or words[prep] not in lexicon.words.get("holding_prepositions", ()):
        return None
    holder = "from" if words[prep] in lexicon.words.get("source_prepositions", ()) else "by"
    at = prep - 1
    while at > 0 and tags[at] in (ADV, TIME):
        at -= 1
    frame = Frame(sentence, prep, group.end, "passive")
    held = sentence.group_at[at]
    if held >= 0 and tags[at] not in (VERB, ING):
        frame.slots["object"] = chain_back(sentence, held)
        at = groups[first_owner(sentence, frame.slots["object"][0])].start - 1
        if any(sentence.finite):
            frame.verbs = _verb(sentence, lexicon, at, "holding_movers")
        else:
            frame.headline = True
    else:
        frame.verbs = _verb(sentence, lexicon, at, "holding_verbs")
        if frame.verbs is not None:
            frame.slots["object"] = find_subject(sentence, lexicon, frame.verbs.start, frame)
    if frame.verbs is None and not frame.headline:
        return None
    frame.negated = frame.verbs.negated if frame.verbs is not None else -1
    find_phrases(sentence, lexicon, frame, group.end)
    if group.of >= 0:
        frame.slots[holder] = chain_forward(sentence, group.of)
    elif group.owner >= 0 or modifier >= 0:
        frame.slots[holder] = [group.owner if group.owner >= 0 else modifier]
    elif words[group.start] in lexicon.words.get("whose", ()):
        pronoun = Group(len(groups), group.start, group.start + 1, group.start)
        groups.append(pronoun)
        frame.slots[holder] = [pronoun.index]  # "the rebels say that the town is in their hands"
    return frame


def _verb(sentence: Sentence, lexicon: Lexicon, at: int, listed: str) -> VerbGroup | None:
    """The verb at a token when it is on a list, or a plain "is"."""
    if at < 0 or sentence.tag[at] not in (VERB, ING, BE):
        return None
    word = sentence.word[at]
    stands = sentence.tag[at] == BE and listed == "holding_verbs"
    if not stands and lexicon.lemmas.get(word) not in lexicon.words.get(listed, ()):
        return None
    return read_verb_group(sentence, lexicon, at, lexicon.verbs.get(word, 0))
