"""Participles in a row share whom they are done to and who did it: "was stripped, beaten and burned by residents"."""

from tocsin.core.lexicon import ADV, COMMA, CONJ, PART, VERB, Lexicon
from tocsin.core.matching.groups import chain_forward, owned_head
from tocsin.core.matching.tokens import Sentence
from tocsin.core.matching.verbs import VerbGroup, read_verb_group

_MOST = 6
_JOINS = (COMMA, CONJ, ADV)


def first_of_passives(sentence: Sentence, lexicon: Lexicon, at: int) -> VerbGroup | None:
    """The passive at the head of the row of bare participles that goes on at `at`; None for no row."""
    tags = sentence.tag
    for _ in range(_MOST):
        before = at - 1
        while before > 0 and tags[before] in _JOINS:
            before -= 1
        if before == at - 1 or tags[before] != VERB or sentence.finite[at]:
            return None
        bits = lexicon.verbs.get(sentence.word[before], 0)
        if not bits & PART:
            return None
        group = read_verb_group(sentence, lexicon, before, bits)
        if group.passive:
            return group
        if group.start != before:
            return None
        at = before
    return None


def shared_doer(sentence: Sentence, lexicon: Lexicon, end: int) -> list[int]:
    """Who did the last of the row of participles that goes on at `end`, told by "by" after it; else nobody."""
    tags, size = sentence.tag, len(sentence)
    for _ in range(_MOST):
        at = end
        while at < size and tags[at] in _JOINS:
            at += 1
        if at == end or at >= size or tags[at] != VERB or not lexicon.verbs.get(sentence.word[at], 0) & PART:
            return []
        end = at + 1
        index = sentence.group_at[end + 1] if end + 1 < size else -1
        if (
            sentence.word[end : end + 1]
            and sentence.word[end] in lexicon.words.get("agent_prepositions", ())
            and index >= 0
        ):
            return chain_forward(sentence, owned_head(sentence, index))
    return []
