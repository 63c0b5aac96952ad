"""What an article talks about around an event: markets and matches have raids and battles of their own."""

from dataclasses import dataclass

from tocsin.core.matching.read import Document
from tocsin.core.matching.tokens import Sentence
from tocsin.core.text import plain

REACH = 600
FIGURES = 2
STATISTICS = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """What the title and the text around a sentence speak of.

    `figures` names a field whose words outnumber the grave ones, with those words; `statistics` are the words of one
    who counts, if there are many; `is_mishap` says that something blew up or burnt and no word says by whom.
    """

    figures: tuple[str, tuple[str, ...]] | None
    statistics: tuple[str, ...]
    is_mishap: bool


def find_topic(document: Document, sentence: Sentence) -> Topic:
    """The topic of the title and of at most `REACH` characters on either side of a sentence."""
    lexicon = document.language.lexicon
    listed = lexicon.words

    def mask_of(name: str) -> int:
        return lexicon.mask_of(tuple(sorted(listed.get(name, ()))))

    fields = [(name, lexicon.bit(name)) for name in sorted(listed.get("topics", ()))]
    grave, graves = mask_of("grave_classes"), listed.get("grave_words", frozenset())
    deed, deeds = mask_of("deed_classes"), listed.get("deed_words", frozenset())
    counting, mishap = mask_of("statistic_classes"), mask_of("mishap_classes")
    heavy: set[str] = set()
    counted: set[str] = set()
    light: dict[str, set[str]] = {name: set() for name, _ in fields}
    by_itself = done = False
    for word, mask in _words(document, sentence):
        by_itself = by_itself or bool(mask & mishap)
        done = done or bool(mask & deed) or word in deeds
        if mask & counting:
            counted.add(word)
        if mask & grave or word in graves:
            heavy.add(word)
            continue
        for name, bit in fields:
            if mask & bit:
                light[name].add(word)
    return Topic(
        figures=_figures(light, heavy),
        statistics=tuple(sorted(counted)) if len(counted) >= STATISTICS else (),
        is_mishap=by_itself and not done,
    )


def _figures(light: dict[str, set[str]], heavy: set[str]) -> tuple[str, tuple[str, ...]] | None:
    name, words = max(light.items(), key=lambda item: len(item[1]), default=("", set()))
    if len(words) < FIGURES or len(words) <= len(heavy):
        return None
    return name, tuple(sorted(words))


def _words(document: Document, sentence: Sentence) -> list[tuple[str, int]]:
    """Each word of the title and around the sentence with its classes, those of a phrase on its last word."""
    lexicon, folded = document.language.lexicon, document.folded
    start, end = max(0, sentence.span.start - REACH), sentence.span.end + REACH
    found: list[tuple[str, int]] = []
    for text in (folded[: min(document.title_end, start)], folded[start:end]):
        words = plain(text).split()
        for at, word in enumerate(words):
            mask = lexicon.masks.get(word, 0)
            for prefix, more in lexicon.multi.get(word, ()):
                if tuple(words[max(0, at - len(prefix)) : at]) == prefix:
                    mask |= more
            found.append((word, mask))
    return found
