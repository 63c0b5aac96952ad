"""Tags: closed classes by table, the rest by form and neighbours."""

from collections.abc import Sequence

from tocsin.core.article import Span
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
    TIME,
    TO,
    VERB,
    Lexicon,
)
from tocsin.core.matching.name_tags import find_capitals, lower_adverb, tag_acronyms, tag_places
from tocsin.core.matching.phrases import (
    add_phrases,
    after_preposition,
    after_singular,
    are_acting,
    are_doers,
    is_aim,
    is_deed,
    is_force_before,
    is_particle,
    is_plural,
    is_terse,
    mark_deeds,
    mask_of_joint,
    past_bracket,
    splits_infinitive,
    tag_adverbs,
    takes_name,
)
from tocsin.core.matching.tokens import Sentence

_BEFORE_NOUN = frozenset((DET, ADJ, NUM, POSS))
_AUXILIARIES = frozenset((BE, HAVE, DO))
_AFTER_NOUN = frozenset((BE, HAVE, MODAL, PUNCT))
_CLAUSE_OPENERS = frozenset((PUNCT, COMMA, SUB, QUOTE))


def tag(
    sentence: Sentence,
    text: str,
    lexicon: Lexicon,
    timed: Sequence[tuple[int, int]],
    numbered: set[int],
    named: Sequence[Span],
) -> None:
    """Tag every token in place.

    `timed` are offset ranges of dates; `numbered` the tokens that are quantities; `named` where known places are named.
    """
    words = sentence.word
    tags = sentence.tag = [lexicon.tags.get(word, -1) for word in words]
    sentence.mask = [lexicon.masks.get(word) or (mask_of_joint(lexicon, word) if "/" in word else 0) for word in words]
    sentence.cap = find_capitals(sentence, text)
    capitals = sum(sentence.cap)
    letters = len([word for word in words if word[0].isalpha()])
    sentence.titled = capitals * 2 > letters
    sentence.caseless = capitals == 0 or text[sentence.span.start : sentence.span.end].isupper()
    if sentence.caseless:
        sentence.cap = [False] * len(words)
    else:
        lower_adverb(sentence)
        tag_acronyms(sentence, text, lexicon)
        tag_places(sentence, named)
    for at in numbered:
        tags[at] = NUM
        _add_modifier(sentence, lexicon, at)
    for start, end in timed:
        at = sentence.token_at(start)
        while at < len(words) and sentence.start[at] < end:
            tags[at] = TIME
            sentence.mask[at] = 0  # "On March 18": nobody marches
            at += 1
    tag_adverbs(sentence, lexicon)
    _tag_open_words(sentence, lexicon)
    add_phrases(sentence, lexicon)
    mark_deeds(sentence, lexicon)


def _add_modifier(sentence: Sentence, lexicon: Lexicon, at: int) -> None:
    """ "at least", "more than" and the like belong to the number that follows."""
    modifiers = lexicon.words.get("number_modifiers", frozenset())
    for length in (4, 3, 2, 1):
        first = at - length
        if first >= 0 and " ".join(sentence.word[first:at]) in modifiers:
            sentence.tag[first:at] = [NUM] * length
            return


def _tag_open_words(sentence: Sentence, lexicon: Lexicon) -> None:
    words, tags = sentence.word, sentence.tag
    for at, word in enumerate(words):
        known = tags[at]
        if known < 0:
            verbal = at and tags[at - 1] == TO and word not in lexicon.verbs
            tags[at] = VERB if verbal else _open_tag(sentence, lexicon, at, word)
        elif known in (PRON, REL, TO, POSS, SUB, DET, ADV, BE, CONJ):
            tags[at] = _settle(sentence, lexicon, at, known)


def _settle(sentence: Sentence, lexicon: Lexicon, at: int, known: int) -> int:
    """Closed-class words that depend on their neighbours."""
    words, tags = sentence.word, sentence.tag
    following = words[at + 1] if at + 1 < len(words) else ""
    before = tags[at - 1] if at else PUNCT
    forms = lexicon.verbs.get(following, 0)
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


def _open_tag(sentence: Sentence, lexicon: Lexicon, at: int, word: str) -> int:
    first = word[0]
    if not first.isalnum():
        if (
            word == "."
            and 0 < at < len(sentence.word) - 1
            and sentence.word[at - 1] in lexicon.words.get("abbreviations", ())
        ):
            return ADJ  # the full stop of a title stands inside the name
        return COMMA if first == "," else QUOTE if first == '"' else PUNCT
    if _inside_name(sentence, at):
        return NOUN
    forms = lexicon.verbs.get(word, 0)
    if not forms:
        forms = _guess_forms(lexicon, word)
    if forms:
        return _verb_or_noun(sentence, lexicon, at, word, forms)
    if word in lexicon.adjectives:
        return ADJ
    if sentence.mask[at]:
        return NOUN
    if word.endswith(lexicon.adverb_endings) and len(word) > 4 and not sentence.cap[at]:
        return ADV
    if word.endswith(lexicon.adjective_endings) and len(word) > 4:
        return ADJ
    return NOUN


def _inside_name(sentence: Sentence, at: int) -> bool:
    """Between or after capitals, in a sentence that does not capitalise everything: "Harmony Gold Mining"."""
    cap = sentence.cap
    if not cap[at] or sentence.titled or at < 2 or not cap[at - 1]:
        return False
    return sentence.tag[at - 1] in (NOUN, ADJ)


def _guess_forms(lexicon: Lexicon, word: str) -> int:
    if word in lexicon.adjectives or len(word) < 5 or "-" in word:
        return 0
    if word.endswith(lexicon.past_endings):
        return PAST | PART
    if word.endswith(lexicon.gerund_endings):
        return GERUND
    return 0


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


def _verb_or_noun(sentence: Sentence, lexicon: Lexicon, at: int, word: str, forms: int) -> int:
    before = sentence.tag[past_bracket(sentence, at) - 1] if at else PUNCT
    following = _next_kind(sentence, lexicon, at)
    if forms & GERUND:
        return _gerund_tag(sentence, lexicon, at, before, following)
    if forms & (PAST | PART) and not forms & BASE:
        return _past_tag(sentence, lexicon, at, word, before, following)
    return _base_tag(sentence, lexicon, at, word, forms, before, following)


def _gerund_tag(sentence: Sentence, lexicon: Lexicon, at: int, before: int, following: int) -> int:
    word = sentence.word[at]
    if before == BE:
        return VERB
    if word in lexicon.adjectives and following in (NOUN, ADJ, NUM):
        return ADJ
    if before in _BEFORE_NOUN:
        return NOUN
    noun_like = bool(sentence.mask[at]) or word in lexicon.event_nouns
    followed = sentence.word[at + 1] if at + 1 < len(sentence.word) else ""
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
    if before == NUM and (not nominal or is_plural(sentence, at - 1)):
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
