"""What an article talks about around an event: markets and matches have raids and battles of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_

from tocsin.core.article import Span
from tocsin.core.lexicon import Lexicon
from tocsin.core.text import plain

REACH = 600
FIGURES = 2
STATISTICS = 3
STORIES = 2
TRIED = 2
HEADING = 48
YEAR, OLDEST = 4, 1900
_GRAVE, _DEED, _STATISTIC, _MISHAP, _TRIAL, _NOTICE, _DISASTER, _STORY = 1, 2, 4, 8, 16, 32, 64, 128
_FIELD = 256
LISTS = {
    "grave": _GRAVE,
    "deed": _DEED,
    "statistic": _STATISTIC,
    "mishap": _MISHAP,
    "disaster": _DISASTER,
    "trial": _TRIAL,
    "notice": _NOTICE,
    "story": _STORY,
}


@dataclass(frozen=True, slots=True)
class Topic:
    """What the title and the text around a sentence speak of.

    `figures` names a field whose words outnumber the grave ones, with those words. `statistics` are the words of one
    who counts, if there are many, `trial` those of a court, `story` those of films, books and games, however grave the
    rest. `is_mishap` says that something blew up or burnt, `is_disaster` that the weather, a crash or the earth is
    spoken of, and no word says of anybody who did it. `genre` is the heading of an article that reports nothing new.
    `explains` is the word with which a title asks why or how, `recalls` what in it looks back: a year long over, an
    anniversary, a death at an age.
    """

    figures: tuple[str, tuple[str, ...]] | None
    statistics: tuple[str, ...]
    is_mishap: bool
    is_disaster: bool = False
    story: tuple[str, ...] = ()
    trial: tuple[str, ...] = ()
    genre: str = ""
    explains: str = ""
    recalls: str = ""


class TopicFinder:
    """Compiled from one language's lexicon: its words and classes that tell what an article talks about.

    Immutable, safe to share.
    """

    __slots__ = (
        "_explaining_words",
        "_fields",
        "_genres",
        "_phrases",
        "_recalling_ages",
        "_recalling_phrases",
        "_stories",
        "_words",
    )

    def __init__(self, lexicon: Lexicon) -> None:
        self._fields = {name: _FIELD << at for at, name in enumerate(sorted(lexicon.serves.get("topics", ())))}
        self._stories = [name for name in lexicon.serves.get("story_topics", ()) if name in self._fields]
        self._genres = tuple(sorted(lexicon.words.get("genre_headings", ())))
        self._explaining_words = lexicon.words.get("explaining_openers", frozenset())
        self._recalling_phrases = tuple(sorted(lexicon.words.get("recalling_titles", ())))
        self._recalling_ages = frozenset(lexicon.words.get("recalling_ages", ()))
        classes = [(lexicon.bit(name), sign) for name, sign in self._fields.items()]
        self._words: dict[str, int] = {}
        self._phrases: dict[str, dict[str, list[tuple[list[str], int]]]] = {}
        for name, sign in LISTS.items():
            classes.append((lexicon.serving(f"{name}_topic"), sign))
            for listed_words in lexicon.words.get(f"{name}_words", ()):
                self._list(listed_words, sign)
        telling = reduce(or_, [bits for bits, _ in classes], 0)
        signs_of = cache(lambda told: _signs(told, classes))
        for word, mask in lexicon.masks.items():
            if told := mask & telling:
                self._list(word, signs_of(told))
        for last, rows in lexicon.multi.items():
            for before, mask in rows:
                if told := mask & telling:
                    self._list(" ".join((*before, last)), signs_of(told))

    def _list(self, words: str, signs: int) -> None:
        """A word, or several, that tell something: spaced as an article's are, without hyphens."""
        *before, word = plain(words).split() or [""]
        self._words[word] = self._words.get(word, 0) | (0 if before else signs)
        if before:
            self._phrases.setdefault(word, {}).setdefault(before[-1], []).append((before, signs))

    def find(self, words: str, span: Span, title_end: int, heading: str = "", year: int = 0) -> Topic:
        """The topic of the title and of at most `REACH` characters on either side of a sentence.

        `words` are the spaced words of the article, `title_end` is where its title ends, `heading` are the words
        before the colon of its first line, `year` is that of the report, 0 if it has no date.
        """
        full = words[1 : title_end + 1].split()
        start = max(0, span.start - REACH)
        title, around = words[1 : min(title_end, start) + 1], words[start + 1 : span.end + REACH + 1]
        told = self._told([*title.split(), "", *around.split()])
        every = reduce(or_, [signs for _, signs in told], 0)

        def listed(sign: int) -> set[str]:
            return {word for word, signs in told if signs & sign} if every & sign else set()

        light: dict[str, set[str]] = {name: set() for name in self._fields}
        for word, signs in told:
            if signs >= _FIELD and not signs & _GRAVE:
                self._add(light, word, signs)
        for word in heading.split():
            self._add(light, f"{word}:", self._words.get(word, 0))  # "Golf: Ruiz fires a 65" is about golf
        grave, deed, told_as = len(listed(_GRAVE)), every & _DEED, listed(_STORY)
        notice, counted, tried = (tuple(sorted(listed(sign))) for sign in (_NOTICE, _STATISTIC, _TRIAL))
        story = tuple(sorted(told_as.union(*(light[name] for name in self._stories))))
        return Topic(
            figures=("announcements", notice) if len(notice) > grave else _figures(light, grave),
            statistics=counted if len(counted) >= STATISTICS else (),
            is_mishap=bool(every & _MISHAP) and not deed,
            is_disaster=bool(every & _DISASTER) and not deed,
            story=story if len(story) >= STORIES or told_as else (),
            trial=tried if len(tried) >= TRIED else (),
            genre=next((genre for genre in self._genres if f" {genre} " in f" {heading} "), ""),
            explains=self._explaining(full),
            recalls=self._recalling(full, year),
        )

    def _explaining(self, title: Sequence[str]) -> str:
        """The question word that a title opens with: "Why the siege failed"."""
        return title[0] if title and title[0] in self._explaining_words else ""

    def _recalling(self, title: Sequence[str], year: int) -> str:
        """What in a title looks back: a year at least two before the report's, an age at death, or "years on"."""
        for at, word in enumerate(title):
            if not word.isdigit():
                continue
            # a number of full hundreds is a count sooner than a year: "2000 arrested"
            if len(word) == YEAR and OLDEST <= int(word) < year - 1 and int(word) % 100:
                return word
            if " ".join(title[max(0, at - 2) : at]) in self._recalling_ages:
                return word
        line = f" {' '.join(title)} "
        return next((phrase for phrase in self._recalling_phrases if f" {phrase} " in line), "")

    def _add(self, light: Mapping[str, set[str]], word: str, signs: int) -> None:
        if signs >= _FIELD:
            for name, sign in self._fields.items():
                if signs & sign:
                    light[name].add(word)

    def _told(self, words: Sequence[str]) -> set[tuple[str, int]]:
        """The words that tell something, with all that they tell: those of a phrase by its last word."""
        known, phrases = self._words, self._phrases
        told = {(word, known[word]) for word in known.keys() & set(words) if word not in phrases}
        for at in [at for at, word in enumerate(words) if word in phrases]:
            word = words[at]
            signs, rows = known[word], phrases[word].get(words[at - 1]) if at else None
            for before, more in rows or ():
                if words[max(0, at - len(before)) : at] == before:
                    signs = more | signs & ~_DEED  # a coal mine is no mine that is laid
            if signs:
                told.add((word, signs))
        return told


def heading_of(folded: str) -> str:
    """The words before a colon near the beginning of a text: "Cricket: Lanka fight back"; empty if it has none."""
    line = folded[:HEADING].partition("\n")[0]
    before, colon, _ = line.partition(":")
    return " ".join(plain(before).split()) if colon else ""


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
