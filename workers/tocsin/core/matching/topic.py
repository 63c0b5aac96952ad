"""What an article talks about around an event: markets and matches have raids and battles of their own."""

from tocsin.core.matching.read import Document
from tocsin.core.matching.tokens import Sentence
from tocsin.core.text import plain

REACH = 600
ENOUGH = 2


def find_topic(document: Document, sentence: Sentence) -> tuple[str, tuple[str, ...]] | None:
    """The topic of the title and the text around a sentence, and its words; None where grave words are as many.

    Looks at no more than `REACH` characters on either side.
    """
    lexicon = document.language.lexicon
    topics = [(name, lexicon.bit(name)) for name in sorted(lexicon.words.get("topics", ()))]
    if not topics:
        return None
    grave = lexicon.mask_of(tuple(sorted(lexicon.words.get("grave_classes", ()))))
    graves = lexicon.words.get("grave_words", frozenset())
    heavy: set[str] = set()
    light: dict[str, set[str]] = {name: set() for name, _ in topics}
    for word, mask in _words(document, sentence):
        if mask & grave or word in graves:
            heavy.add(word)
            continue
        for name, bit in topics:
            if mask & bit:
                light[name].add(word)
    name, words = max(light.items(), key=lambda item: len(item[1]))
    if len(words) < ENOUGH or len(words) <= len(heavy):
        return None
    return name, tuple(sorted(words))


def _words(document: Document, sentence: Sentence) -> list[tuple[str, int]]:
    """Each word of the title and around the sentence with its classes, those of a phrase on its last word."""
    lexicon, folded = document.language.lexicon, document.folded
    start, end = max(0, sentence.span.start - REACH), sentence.span.end + REACH
    texts = [folded[: min(document.title_end, start)], folded[start:end]]
    found: list[tuple[str, int]] = []
    for text in texts:
        words = plain(text).split()
        for at, word in enumerate(words):
            mask = lexicon.masks.get(word, 0)
            for prefix, more in lexicon.multi.get(word, ()):
                if tuple(words[max(0, at - len(prefix)) : at]) == prefix:
                    mask |= more
            found.append((word, mask))
    return found
