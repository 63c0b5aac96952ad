"""Whether a word that has a verb's form is one here, or a noun or adjective."""

from tocsin.core.lexicon import (
    ADJ,
    ADV,
    BASE,
    BE,
    COMMA,
    CONJ,
    DET,
    DO,
    GERUND,
    HAVE,
    ING,
    MODAL,
    NEG,
    NOUN,
    NUM,
    PART,
    PAST,
    POSS,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    REL,
    SUB,
    THIRD,
    TO,
    VERB,
    Lexicon,
)
from tocsin.core.matching.tokens import Sentence
from tocsin.core.matching.verb_signs import (
    after_preposition,
    after_singular,
    are_acting,
    are_doers,
    is_aim,
    is_deed,
    is_force_before,
    is_particle,
    is_terse,
    past_bracket,
    takes_name,
)

_BEFORE_NOUN = frozenset((DET, ADJ, NUM, POSS))
_AFTER_NOUN = frozenset((BE, HAVE, MODAL, PUNCT))
_CLAUSE_OPENERS = frozenset((PUNCT, COMMA, SUB, QUOTE))


def verb_or_noun(sentence: Sentence, lexicon: Lexicon, at: int, word: str, forms: int) -> int:
    before = sentence.tag[past_bracket(sentence, at) - 1] if at else PUNCT
    following = _next_kind(sentence, lexicon, at)
    if forms & GERUND:
        return _gerund_tag(sentence, lexicon, at, before, following)
    if forms & (PAST | PART) and not forms & BASE:
        return _past_tag(sentence, lexicon, at, word, before, following)
    return _base_tag(sentence, lexicon, at, word, forms, before, following)


def _next_kind(sentence: Sentence, lexicon: Lexicon, at: int) -> int:
    """What follows: NOUN, VERB, or a closed-class tag; PUNCT at the end."""
    if at + 1 >= len(sentence.word):
        return PUNCT
    tag_ = sentence.tag[at + 1]
    word = sentence.word[at + 1]
    if tag_ >= 0:  # "denies having": what stands before it is its verb
        return ING if tag_ in (HAVE, BE) and word.endswith(lexicon.gerund_endings) else tag_
    if not word[0].isalnum():
        return COMMA if word == "," else PUNCT
    forms = lexicon.verbs.get(word, 0)
    noun = any(sentence.mask[at + 2 : at + 3]) or any(sentence.cap[at + 2 : at + 3])
    if word in lexicon.words.get("hearsay_participles", ()) and (noun or sentence.tag[at + 2 : at + 3] == [-1]):
        return ADJ  # "kills suspected rebels"
    if forms and not sentence.mask[at + 1] and word not in lexicon.event_nouns and not forms & GERUND:
        return VERB
    after = sentence.tag[min(at + 2, len(sentence.word) - 1)]
    if (forms & PAST and after in (DET, NUM, PRON)) or (forms & THIRD and after == NUM):
        return VERB  # "a bomb wounded four", "mortar fire hit a school": an adjective stands after the number
    return NOUN


def _gerund_tag(sentence: Sentence, lexicon: Lexicon, at: int, before: int, following: int) -> int:
    word = sentence.word[at]
    if before == BE:
        return VERB
    if word in lexicon.adjectives and following in (NOUN, ADJ, NUM):
        return ADJ
    followed = sentence.word[at + 1] if at + 1 < len(sentence.word) else ""
    if followed in lexicon.words.get("gerund_objects", ()):
        return ING
    if before in _BEFORE_NOUN:
        return NOUN
    noun_like = bool(sentence.mask[at]) or word in lexicon.event_nouns
    if before == NOUN and followed in lexicon.words.get("of_prepositions", ()):
        return NOUN
    if before == NOUN and noun_like and following not in (DET, NUM, PRON):
        return ING if are_acting(sentence, at - 1, following) else NOUN
    if noun_like and before in (PREP, PUNCT) and following not in (DET, NUM, PRON, NOUN):
        return NOUN
    return ING


def _past_tag(sentence: Sentence, lexicon: Lexicon, at: int, word: str, before: int, following: int) -> int:
    nominal = following in (NOUN, ADJ, NUM)
    if before in _BEFORE_NOUN and following in _AFTER_NOUN and word in lexicon.words.get("nominal_participles", ()):
        return NOUN  # "the two accused were remanded"
    if before == NUM and (not nominal or lexicon.is_plural(sentence.word[at - 1])):
        return VERB  # "hundreds linked arms": nothing stands between such a number and its noun
    if following == NUM and before in (CONJ, COMMA, ADV, ADJ):
        return VERB  # "killed four and wounded 22 others": an adjective stands after the number
    if before in (DET, POSS, NUM):
        alone = not nominal and following in (PREP, PUNCT, COMMA)
        return VERB if alone and sentence.word[at - 1] in lexicon.words.get("det_or_pron", ()) else ADJ
    if before == ADJ and nominal:
        return VERB if is_force_before(sentence, at) else ADJ
    if before == CONJ and at > 1 and sentence.tag[at - 2] == VERB:
        return VERB
    if (before == PREP or (before == CONJ and word in lexicon.adjectives)) and nominal:
        return ADJ if before == PREP or not takes_name(sentence, at) else VERB
    if before == ADV and following in (NOUN, ADJ) and at > 2 and sentence.tag[at - 2] == NUM:
        return ADJ if sentence.tag[at - 3] in (VERB, PREP) else VERB  # "seized 300 locally made rifles"
    if word in lexicon.adjectives and nominal and before not in (BE, HAVE, PRON, NOUN):
        return ADJ
    return VERB


def _base_tag(sentence: Sentence, lexicon: Lexicon, at: int, word: str, forms: int, before: int, following: int) -> int:
    noun_like = bool(sentence.mask[at]) or word in lexicon.event_nouns
    if before in (TO, MODAL, DO):
        return VERB if before == DO or forms & BASE else NOUN  # "should rebels attack"
    if before == NEG:
        return VERB if at > 1 and sentence.tag[at - 2] in (DO, MODAL, BE, HAVE) else NOUN
    if before in _BEFORE_NOUN or before == PREP:
        if before in (ADJ, NUM) and not noun_like and forms & (THIRD | PAST) and following in (DET, NUM, PRON, PREP):
            return VERB
        return NOUN
    if before in (BE, HAVE):
        return VERB if forms & PART else NOUN
    if before in (PRON, REL):
        return VERB
    if before in (VERB, ING):  # "the van in which he was travelling hit a mine"
        return VERB if forms & PAST and following == DET and sentence.tag[at - 2] == BE else NOUN
    if before == ADV:
        carried = noun_like and at > 1 and sentence.tag[at - 2] == VERB and is_particle(sentence, at - 1)
        return VERB if not (noun_like and (carried or following not in (DET, NUM, PRON, NOUN))) else NOUN
    if before == COMMA and at > 1 and sentence.tag[at - 2] == VERB and following == CONJ and forms & (THIRD | PAST):
        return VERB
    if before in _CLAUSE_OPENERS or at == 0:
        inserted = forms & PAST and (is_particle(sentence, at + 1) or (following in (PREP, TO) and not forms & PART))
        taking = following in (DET, NUM, PRON) and forms & (THIRD | PAST)
        return VERB if before == COMMA and (taking or (inserted and sentence.tag.count(COMMA) > 1)) else NOUN
    if before == CONJ:
        verb_before = any(tag_ == VERB for tag_ in sentence.tag[max(0, at - 15) : at - 1])
        return (
            VERB
            if verb_before
            and (following in (DET, NUM, PRON, NOUN, ADJ) or is_particle(sentence, at + 1))
            and not (noun_like and following == NOUN)
            else NOUN
        )
    return _after_noun(sentence, at, forms, following, noun_like)


def _after_noun(sentence: Sentence, at: int, forms: int, following: int, noun_like: bool) -> int:
    """A base or third-person form after a noun: "police arrest four", "drug arrests", "jets strike camp"."""
    ahead = sentence.word[at + 1] if at + 1 < len(sentence.word) else ""
    if sentence.word[at] in sentence.lexicon.words.get("never_nouns", ()):
        return VERB
    if following in (VERB, BE, HAVE, MODAL) or (noun_like and sentence.lexicon.verbs.get(ahead, 0) & GERUND):
        return NOUN  # "air strikes targeting rebels"
    if sentence.word[at] in sentence.lexicon.words.get("holding_nouns", ()) and after_preposition(sentence, at):
        return NOUN
    if noun_like and not forms & (THIRD | PAST) and after_singular(sentence, at):
        return NOUN
    if noun_like and are_doers(sentence, at, forms, following):
        return NOUN if forms & THIRD else VERB
    if is_deed(sentence, at, forms):
        return VERB
    if following in (DET, PRON, NUM) or (following == TO and (forms & THIRD or is_aim(sentence, at))):
        return VERB  # "the navy plans to", "rebels claim to"
    if not noun_like or (forms & PAST and following in (PREP, PUNCT, COMMA)):
        return VERB
    if following in (NOUN, ADJ):
        plural_before = sentence.word[at - 1].endswith("s") or bool(sentence.mask[at - 1])
        return VERB if (plural_before and forms & BASE) or forms & THIRD else NOUN
    return VERB if forms & THIRD and following == PREP and is_terse(sentence, at) else NOUN
