"""What an article talks about around an event: markets and matches have raids and battles of their own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tocsin.core.article import Span
from tocsin.core.lexicon import Lexicon

REACH = 600
FIGURES = 2
STATISTICS = 3
_GRAVE, _DEED, _STATISTIC, _MISHAP, _FIELD = 1, 2, 4, 8, 16
_LISTS = {"grave": _GRAVE, "deed": _DEED, "statistic": _STATISTIC, "mishap": _MISHAP}


@dataclass(frozen=True, slots=True)
class Topic:
    """What the title and the text around a sentence speak of.

    `figures` names a field whose words outnumber the grave ones, with those words; `statistics` are the words of one
    who counts, if there are many; `is_mishap` says that something blew up or burnt and no word says by whom.
    """

    figures: tuple[str, tuple[str, ...]] | None
    statistics: tuple[str, ...]
    is_mishap: bool


class TopicFinder:
    """Compiled from one language's lexicon: its words and classes that tell what an article talks about.

    Immutable, safe to share.
    """

    __slots__ = ("_fields", "_phrases", "_words")

    def __init__(self, lexicon: Lexicon) -> None:
        self._fields = {name: _FIELD << at for at, name in enumerate(sorted(lexicon.words.get("topics", ())))}
        classes = [(lexicon.bit(name), sign) for name, sign in self._fields.items()]
        self._words: dict[str, int] = {}
        for name, sign in _LISTS.items():
            listed = lexicon.words.get(f"{name}_classes", ())
            classes.append((lexicon.mask_of(tuple(sorted(listed))), sign))
            for word in lexicon.words.get(f"{name}_words", ()):
                self._words[word] = self._words.get(word, 0) | sign
        for word, mask in lexicon.masks.items():
            if signs := _signs(mask, classes):
                self._words[word] = self._words.get(word, 0) | signs
        self._phrases: dict[tuple[str, str], list[tuple[list[str], int]]] = {}
        for last, rows in lexicon.multi.items():
            for before, mask in rows:
                if signs := _signs(mask, classes):
                    self._words.setdefault(last, 0)
                    self._phrases.setdefault((before[-1], last), []).append((list(before), signs))

    def find(self, words: str, span: Span, title_end: int) -> Topic:
        """The topic of the title and of at most `REACH` characters on either side of a sentence.

        `words` are the spaced words of the article, `title_end` is where its title ends.
        """
        start = max(0, span.start - REACH)
        grave: set[str] = set()
        counted: set[str] = set()
        light: dict[str, set[str]] = {name: set() for name in self._fields}
        all_signs = 0
        for stretch in (words[1 : min(title_end, start) + 1], words[start + 1 : span.end + REACH + 1]):
            for word, signs in self._signs_in(stretch.split()):
                all_signs |= signs
                if signs & _STATISTIC:
                    counted.add(word)
                if signs & _GRAVE:
                    grave.add(word)
                elif signs >= _FIELD:
                    for name, sign in self._fields.items():
                        if signs & sign:
                            light[name].add(word)
        return Topic(
            figures=_figures(light, len(grave)),
            statistics=tuple(sorted(counted)) if len(counted) >= STATISTICS else (),
            is_mishap=bool(all_signs & _MISHAP) and not all_signs & _DEED,
        )

    def _signs_in(self, words: Sequence[str]) -> Iterator[tuple[str, int]]:
        """The words that tell something, with all that they tell: those of a phrase on its last word."""
        known, phrases = self._words, self._phrases
        for at in [at for at, word in enumerate(words) if word in known]:
            word = words[at]
            signs = known[word]
            for before, more in phrases.get((words[at - 1], word), ()) if at else ():
                if words[max(0, at - len(before)) : at] == before:
                    signs = more | signs & ~_DEED  # a coal mine is no mine that is laid
            yield word, signs


def _signs(mask: int, classes: Sequence[tuple[int, int]]) -> int:
    signs = 0
    for bits, sign in classes:
        if mask & bits:
            signs |= sign
    return signs


def _figures(light: Mapping[str, set[str]], grave: int) -> tuple[str, tuple[str, ...]] | None:
    name, words = max(light.items(), key=lambda item: len(item[1]), default=("", set()))
    if len(words) < FIGURES or len(words) <= grave:
        return None
    return name, tuple(sorted(words))
