"""Tags of closed-class words that depend on their neighbours: "that", "to", "others", an apostrophe."""

from tocsin.core.lexicon import (
    ADJ,
    ADV,
    BASE,
    BE,
    COMMA,
    CONJ,
    DET,
    DO,
    HAVE,
    MODAL,
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
    TIME,
    TO,
    VERB,
    Lexicon,
)
from tocsin.core.matching.tokens import Sentence
from tocsin.core.matching.verb_signs import splits_infinitive

_AUXILIARIES = frozenset((BE, HAVE, DO))


def settle(sentence: Sentence, lexicon: Lexicon, at: int, known: int) -> int:
    """Closed-class words that depend on their neighbours."""
    words, tags = sentence.word, sentence.tag
    following = words[at + 1] if at + 1 < len(words) else ""
    before = tags[at - 1] if at else PUNCT
    forms = lexicon.verbs.get(following, 0)
    if known == MODAL:
        return NOUN if following in lexicon.words.get("clitics", ()) else known  # "May's plan"
    if known == TO:
        return _settle_to(sentence, lexicon, at, following, before)
    if known == ADV and words[at] in lexicon.adjectives and before in (DET, ADJ, NUM):
        return ADJ if _looks_nominal(sentence, lexicon, at + 1) else known
    if known == POSS:
        if words[at] in lexicon.words.get("clitics", ()):
            return POSS
        adjacent = at > 0 and sentence.end[at - 1] == sentence.start[at] and words[at - 1].endswith("s")
        return POSS if adjacent and _looks_nominal(sentence, lexicon, at + 1) else QUOTE
    if known == SUB and at + 1 < len(words) and tags[at + 1] == TIME:
        return PREP if words[at] in lexicon.words.get("time_prepositions", ()) else known
    if known == REL:
        if words[at] in lexicon.words.get("definite", ()):
            if before in (NOUN, PRON, ADJ, NUM) and not _starts_noun(sentence, lexicon, at + 1):
                return REL
            if before in (VERB, BE) or (before in (ADV, TIME) and _after_verb(tags, at)):
                return SUB
            if before == NOUN and at + 1 < len(tags) and tags[at + 1] == NUM:
                return SUB  # "a report that four …"
            if before in (NOUN, PRON, ADJ, COMMA, TIME):
                named = at + 1 < len(words) and sentence.cap[at + 1] and before == NOUN
                return REL if forms or following in lexicon.tags or named else DET  # "the truce that Oslo brokered"
            return DET
        return REL
    if known in (PRON, DET):
        return _settle_pronoun(sentence, lexicon, at, known, before)
    return DET if known == CONJ and f"{words[at]} {following}" in lexicon.words.get("determiner_pairs", ()) else known


def _settle_pronoun(sentence: Sentence, lexicon: Lexicon, at: int, known: int, before: int) -> int:
    """Whether a pronoun is one, a determiner, or a noun that looks like it ("six others")."""
    word, ends = sentence.word[at], at + 1 >= len(sentence.word)
    before_article = word in lexicon.words.get("predeterminers", ()) and sentence.tag[at + 1 : at + 2] == [DET]
    nominal = before_article or _looks_nominal(sentence, lexicon, at + 1)
    following = "" if ends else sentence.word[at + 1]
    if before in (BE, HAVE) and word in lexicon.words.get("floating", ()) and lexicon.verbs.get(following, 0) & PART:
        return ADV  # "was himself arrested", "were either killed or wounded"
    if before == NUM and word in lexicon.words.get("others", ()):
        return known if known == DET and nominal else NOUN
    if known == PRON and word in lexicon.words.get("det_or_pron", ()) and nominal:
        return DET
    if word in lexicon.words.get("object_pronouns", ()) and not ends:  # "seized her in", but "seized her car"
        ends = not nominal and sentence.tag[at + 1] in (-1, PREP, CONJ, SUB, TIME, TO)
        said_of = following in lexicon.words.get("predicative", ())  # "found her guilty", but "her dead sister"
        ends = ends or (said_of and not _looks_nominal(sentence, lexicon, at + 2))
    return PRON if ends and known == DET and word in lexicon.words.get("definite", ()) else known


def _settle_to(sentence: Sentence, lexicon: Lexicon, at: int, following: str, before: int) -> int:
    """Whether "to" opens an infinitive or is a preposition."""
    words, forms = sentence.word, lexicon.verbs.get(following, 0)
    if forms & BASE or lexicon.tags.get(following) in _AUXILIARIES:
        return TO
    if splits_infinitive(sentence, lexicon, at + 1):
        return TO
    unknown = not forms and not lexicon.masks.get(following) and following not in lexicon.tags
    unknown = unknown and not (following in lexicon.adjectives or following.endswith(lexicon.adjective_endings))
    capital = at + 1 < len(words) and sentence.cap[at + 1]
    return TO if unknown and before in (VERB, ADJ) and not capital and following[:1].isalpha() else PREP


def _after_verb(tags: list[int], at: int) -> bool:
    while at > 0 and tags[at - 1] in (ADV, TIME):
        at -= 1
    return at > 0 and tags[at - 1] == VERB


def _looks_nominal(sentence: Sentence, lexicon: Lexicon, at: int) -> bool:
    if at >= len(sentence.word):
        return False
    tag_ = sentence.tag[at]
    if tag_ == NUM:
        return True
    if tag_ >= 0:
        return False
    word = sentence.word[at]
    forms = lexicon.verbs.get(word, 0)
    if forms & (PAST | PART) or (not forms and word.endswith(lexicon.past_endings)):
        return at + 1 < len(sentence.word) and sentence.tag[at + 1] < 0
    return word[0].isalnum()


def _starts_noun(sentence: Sentence, lexicon: Lexicon, at: int) -> bool:
    if at >= len(sentence.word):
        return False
    tag_ = sentence.tag[at]
    return tag_ in (NUM, DET, TIME) or (tag_ < 0 and not lexicon.verbs.get(sentence.word[at]))
