"""Relative clauses: the noun that one describes, and where that noun stands when a verb comes after the clause."""

from tocsin.core.lexicon import (
    ADV,
    BE,
    COMMA,
    CONJ,
    DET,
    DO,
    HAVE,
    MODAL,
    NEG,
    NOUN,
    PREP,
    PRON,
    PUNCT,
    REL,
    SUB,
    TIME,
    VERB,
)
from tocsin.core.matching.frame import REACH
from tocsin.core.matching.groups import chain_back
from tocsin.core.matching.tokens import Sentence


def relative_antecedent(sentence: Sentence, at: int) -> list[int]:
    before = at - 1
    if before >= 0 and sentence.tag[before] == COMMA:
        before -= 1
    while before >= 0 and sentence.tag[before] in (PREP, TIME):
        before -= 1
    index = sentence.group_at[before] if before >= 0 else -1
    if index < 0:
        return []
    groups = sentence.groups
    group = groups[index]
    steps = 0
    thing = sentence.word[at] in sentence.lexicon.words.get("impersonal_relatives", ())
    while (
        group.prep > 0 and steps < 3 and (not _is_personal(sentence, index) or (thing and _is_human(sentence, index)))
    ):
        previous = sentence.group_at[group.prep - 1]
        if previous < 0:
            break
        index, group = previous, groups[previous]
        steps += 1
    return chain_back(sentence, index)


def _is_human(sentence: Sentence, index: int) -> bool:
    """Whether a group is persons and no body of them: "the president, which" does not go together."""
    mask, lexicon = sentence.groups[index].mask, sentence.lexicon
    bodies = lexicon.serving("body")
    return bool(mask & lexicon.serving("person")) and not mask & bodies


def _is_personal(sentence: Sentence, index: int) -> bool:
    group = sentence.groups[index]
    return not group.place and bool(group.mask)


def before_relative(sentence: Sentence, at: int) -> int:
    """ "a man who had fled the city was …": where the noun ends whose clause, without a comma, holds `at`; else -1."""
    tags = sentence.tag
    for start in range(at, max(0, at - REACH), -1):
        if tags[start] in (COMMA, SUB, PUNCT):
            return -1
        if tags[start] == REL:
            noun = start - 2 if tags[start - 1] == PREP and start > 1 else start - 1
            return noun if sentence.group_at[noun] >= 0 else -1
    return -1


def past_relative(sentence: Sentence, at: int) -> int:
    """ "A man who angered the gang by saying so was …": where the noun ends whose clause ends at `at`; else -1.

    The clause has no comma and exactly one finite verb of its own: the next one is the noun's. So it may without a
    word that opens it: "the bomb he was laying went off".
    """
    tags, verbs, inside, joined = sentence.tag, 0, False, False
    for start in range(at, max(0, at - REACH), -1):
        tag = tags[start]
        if tag in (COMMA, SUB, PUNCT):
            return -1
        if tag == REL:
            noun = start - 2 if tags[start - 1] == PREP and start > 1 else start - 1
            return noun if verbs == 1 and noun >= 0 and sentence.group_at[noun] >= 0 else -1
        opens = tag in (PRON, DET) and verbs == 1 and not joined and tags[start - 1] == NOUN
        if opens and _opens_clause(sentence, start):
            return start - 1
        if tag == CONJ:
            joined = True
        finite = tag in (MODAL, BE, HAVE, DO) or (tag == VERB and sentence.finite[start])
        verbs += finite and not inside
        inside = finite or (inside and tag in (ADV, NEG, VERB))
    return -1


def _opens_clause(sentence: Sentence, at: int) -> bool:
    """Whether a subject right behind a noun opens a clause that says which one: "the car they had hired"."""
    words = sentence.lexicon.words
    word, known = sentence.word[at], sentence.tag[at] == DET
    doing = word in words.get("person_pronouns", ()) and word not in words.get("object_pronouns", ())
    group = sentence.groups[sentence.group_at[at - 1]]
    ruled = group.prep >= 0 or (group.start > 0 and sentence.tag[group.start - 1] == VERB)
    return (doing or known) and not ruled and group.start < at - 1
