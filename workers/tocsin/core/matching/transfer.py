"""Verbs that bring somebody into a state: "took five men into custody", "was remanded to judicial custody"."""

from tocsin.core.lexicon import ADV, BE, DET, ING, TIME, VERB, Lexicon
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.frames import find_phrases, verb_frame
from tocsin.core.matching.groups import chain_back, first_owner
from tocsin.core.matching.subjects import find_subject
from tocsin.core.matching.tokens import Group, Sentence
from tocsin.core.matching.verbs import read_verb_group


def transfer_frame(sentence: Sentence, lexicon: Lexicon, index: int) -> Frame | None:
    """The frame of the verb that moves somebody into what the group names; None when no such verb governs it."""
    words, tags = sentence.word, sentence.tag
    group = sentence.groups[index]
    if words[group.head] not in lexicon.words.get("custody_nouns", ()):
        return None
    at = group.prep
    if at < 0:
        at = group.start - 1
        while at > 0 and tags[at] in (ADV, TIME):
            at -= 1
    if at <= 0 or words[at] not in lexicon.words.get("transfer_prepositions", ()):
        return None
    at -= 1
    while at > 0 and tags[at] in (ADV, TIME):
        at -= 1
    moved = sentence.group_at[at]
    if moved < 0 and _is_of_others(sentence, lexicon, group):
        return None
    if moved >= 0 and tags[at] not in (VERB, ING):
        first = first_owner(sentence, chain_back(sentence, moved)[0])
        at = sentence.groups[first].start - 1
    if at < 0 or tags[at] not in (VERB, ING, BE):
        return None
    if moved < 0 and _is_stay(sentence, lexicon, at, words[group.head]):
        return _stay_frame(sentence, lexicon, at)
    if lexicon.lemmas.get(words[at]) not in lexicon.words.get("transfer_verbs", ()):
        return None
    return verb_frame(sentence, lexicon, at, at + 1, lexicon.verbs.get(words[at], 0), False)


def _is_of_others(sentence: Sentence, lexicon: Lexicon, group: Group) -> bool:
    """ "led to the arrest of five": what befalls somebody else, no state that one is brought into."""
    after = sentence.word[group.end : group.end + 1]
    if is_only_moved_into(lexicon, sentence.word[group.head]):
        return False  # "in the lock-up of the town"
    return sentence.tag[group.start] == DET and any(word in lexicon.words.get("of_prepositions", ()) for word in after)


def _is_stay(sentence: Sentence, lexicon: Lexicon, at: int, where: str) -> bool:
    """Whether a verb says where somebody is, not who brought him there: "is behind bars", "languishes in jail"."""
    if where not in lexicon.words.get("stayed_in", ()):
        return False
    stays = lexicon.lemmas.get(sentence.word[at]) in lexicon.words.get("staying_verbs", ())
    return sentence.tag[at] == BE or (stays and not read_verb_group(sentence, lexicon, at, 0).passive)


def _stay_frame(sentence: Sentence, lexicon: Lexicon, at: int) -> Frame:
    verbs = read_verb_group(sentence, lexicon, at, lexicon.verbs.get(sentence.word[at], 0))
    frame = Frame(sentence, at, at + 1, "passive", verbs=verbs, negated=verbs.negated)
    frame.slots["object"] = find_subject(sentence, lexicon, verbs.start, frame)
    find_phrases(sentence, lexicon, frame, at + 1)
    return frame


def is_only_moved_into(lexicon: Lexicon, word: str) -> bool:
    """Whether a noun is an event only as what somebody is brought to: a jail is a building else."""
    return word in lexicon.words.get("only_moved_into", ())
