"""Names that the tables would take for other words: "US", "IS", "Had Soualem", "Porto do Son"."""

from collections.abc import Iterable

from tocsin.core.article import Span
from tocsin.core.lexicon import NOUN, Lexicon
from tocsin.core.matching.tokens import Sentence
from tocsin.core.places.gazetteer import ARTICLES

ARTICLE = 3


def find_capitals(sentence: Sentence, text: str) -> list[bool]:
    """Which tokens begin with a capital, if need be behind a short article: "al-Masri", "el-Sisi"."""
    found = [text[offset].isupper() for offset in sentence.start]
    for at, word in enumerate(sentence.word):
        hyphen = word.find("-")
        if 0 < hyphen <= ARTICLE and hyphen + 1 < len(word):
            found[at] = found[at] or text[sentence.start[at] + hyphen + 1].isupper()
    return found


def lower_adverb(sentence: Sentence) -> None:
    """Take back the capital of an adverb that opens a sentence: "Presumably hit by", but not "Emily Hart"."""
    endings = tuple(sentence.lexicon.words.get("opening_adverb_endings", ()))
    if any(word.endswith(endings) for word in sentence.word[:1]) and not any(sentence.cap[1:2]):
        sentence.cap[0] = False


def tag_acronyms(sentence: Sentence, text: str, lexicon: Lexicon) -> None:
    """ "US", "IS" and "WHO" are names, unless their neighbours are in capitals too."""
    acronyms = lexicon.words.get("acronyms", frozenset())
    if acronyms.isdisjoint(sentence.word):
        return
    for at, word in enumerate(sentence.word):
        if not sentence.cap[at] or word not in acronyms or not text[sentence.start[at] : sentence.end[at]].isupper():
            continue
        near = [i for i in (at - 1, at + 1) if 0 <= i < len(sentence) and sentence.word[i].isalpha()]
        if not any(len(sentence.word[i]) > 4 and text[sentence.start[i] : sentence.end[i]].isupper() for i in near):
            sentence.tag[at] = NOUN


def tag_places(sentence: Sentence, named: Iterable[Span]) -> None:
    """Every word of a known place's name is a noun, whatever it is elsewhere: a verb, a pronoun, an apostrophe.

    Where a sentence begins, a capital is no sign: "As" of "As Safirah fell" stays the word it is.
    """
    for span in named:
        first = sentence.token_at(span.start)
        last = sentence.token_at(span.end - 1)
        opens = not any(word[0].isalnum() for word in sentence.word[:first])
        for at in range(first, min(last + 1, len(sentence))):
            word = sentence.word[at]
            if at == first and opens and (word in ARTICLES or (first == last and _is_word(sentence, word))):
                continue
            sentence.tag[at] = NOUN


def _is_word(sentence: Sentence, word: str) -> bool:
    """Whether the tables know the word in another sense: "As", but not "Beijing"."""
    lexicon = sentence.lexicon
    return word in lexicon.tags or word in lexicon.verbs or word in lexicon.adjectives or word in lexicon.masks
