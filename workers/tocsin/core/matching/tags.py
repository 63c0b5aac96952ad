"""Tags: closed classes by table, the rest by form and neighbours."""

from collections.abc import Sequence

from tocsin.core.article import Span
from tocsin.core.lexicon import (
    ADJ,
    ADV,
    BE,
    COMMA,
    CONJ,
    DET,
    GERUND,
    MODAL,
    NOUN,
    NUM,
    PART,
    PAST,
    POSS,
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
from tocsin.core.matching.closed_tags import settle
from tocsin.core.matching.name_tags import find_capitals, lower_adverb, tag_acronyms, tag_places
from tocsin.core.matching.phrases import add_phrases, mark_deeds, mask_of_joint, tag_adverbs
from tocsin.core.matching.tokens import Sentence
from tocsin.core.matching.verb_tags import verb_or_noun


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
        elif known in (PRON, REL, TO, POSS, SUB, DET, ADV, BE, CONJ, MODAL):
            tags[at] = settle(sentence, lexicon, at, known)


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
        return verb_or_noun(sentence, lexicon, at, word, forms)
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
