"""Every language's names compiled together: one pass over a text finds where they stand, not yet whom they mean."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from unicodedata import combining

from tocsin.core.actors import Actor
from tocsin.core.lexicon import mapping_of, words_of
from tocsin.core.matching.name_patterns import CountryPattern, NamePattern, PatternBuilder, words_in
from tocsin.core.matching.names import CountryHit, Found, Name, NameHit
from tocsin.core.matching.patterns import PatternFinder, PatternHit
from tocsin.core.text import fold

MAX_NAMES = 4_000
LONGEST_LEAD = 6
LONGEST_WORD = 16
_MARKS = "\u0300"


class NameIndex:
    """Every language's names together, compiled once for a rulebook. Immutable once built, safe to share.

    `ordinary` are ordinary words by language, `ties` what stands between a country and a name, `against` what turns a
    name into its enemy's.
    """

    __slots__ = (
        "_all_leads",
        "_authorities",
        "_entries",
        "_finder",
        "_places",
        "_shouted",
        "against",
        "ordinary",
        "ties",
    )

    def __init__(self, actors: Iterable[Actor], tables: Mapping[str, Mapping[str, object]]) -> None:
        spoken = {lang: mapping_of(table.get("naming")) for lang, table in tables.items()}
        self.ordinary = {lang: frozenset(words_of(table.get("ordinary"))) for lang, table in spoken.items()}
        self.ties = {
            side: frozenset(word for table in spoken.values() for word in words_of(table.get(side)))
            for side in ("before", "after")
        }
        self._authorities = frozenset(word for table in spoken.values() for word in words_of(table.get("authorities")))
        self.against = tuple(word for table in spoken.values() for word in words_of(table.get("against")))
        countries = {
            lang: mapping_of(mapping_of(table.get("places")).get("countries")) for lang, table in tables.items()
        }
        self._places = frozenset(lang for lang, entry in countries.items() if entry)
        builder = PatternBuilder(spoken, countries)
        known = tuple(actors)
        for actor in known:
            builder.add(actor)
        for actor in known:
            builder.add_forms(actor)
        for lang, table in tables.items():
            builder.add_countries(lang, mapping_of(table.get("places")))
        self._all_leads = builder.all_leads()
        self._entries = list(builder.entries.values())
        self._shouted = [_is_shouted(entry) for entry in self._entries]
        self._finder = PatternFinder(builder.entries)

    def _look(self, text: str, words: str) -> list[PatternHit]:
        """Where names and countries may stand in a text with these spaced words."""
        shouted = self._shouted
        return [
            hit
            for hit in self._finder.find(words)[:MAX_NAMES]
            if not (shouted[hit[0]] and text[hit[1] : hit[2] - 2].islower())
        ]

    def find(self, text: str, words: str, lang: str | None = None) -> Found:
        """Every whole-word hit in text order, those that overlap too; offsets index `text`.

        `words` are its spaced words.
        """
        found = Found(words=words)
        marked = not text.isascii()
        local = lang if lang in self._places else None
        lower = text.islower()
        spans: dict[tuple[int, int], list[Name]] = {}
        for index, start, stop in self._look(text, words):
            entry, end = self._entries[index], stop - 2
            begin, lead = (start, "") if words[start] == " " else (start - 1, _lead(words, start))
            if lead is None or (marked and not _is_whole(text, begin, end)):
                continue
            names = [*entry.names, *(name for leads, name in entry.led if lead in leads)]
            if names:
                spans.setdefault((begin, end), []).extend(names)
            found.barred.extend((begin, end, actor) for leads, actor in entry.barred if leads is None or lead in leads)
            if entry.countries:
                following = words[end + 2 : end + 2 + LONGEST_WORD].partition(" ")[0]
                rules = text[end : end + 1] == " " and following in self._authorities
                found.countries.extend(
                    replace(hit, rules=rules)
                    for hit in _countries(entry.countries, text[begin:end], begin, local, lower=lower)
                )
        found.names = [NameHit(begin, end, tuple(names)) for (begin, end), names in spans.items()]
        return found

    def stands(self, word: str, words: str) -> bool:
        """Whether the word stands in `Found.words`, alone or after what its language writes together with it."""
        wanted = words_in(fold(word))
        at = words.find(f"{wanted} ")
        while at >= 0:
            lead = _lead(words, at)
            if lead is not None and (not lead or lead in self._all_leads):
                return True
            at = words.find(f"{wanted} ", at + 1)
        return False


def _is_shouted(entry: NamePattern) -> bool:
    """Whether all that a pattern stands for is never written in small letters: "is" is not "IS", "us" not "US"."""
    if entry.led or entry.barred:
        return False
    exact = all(name.alias.exact and " " not in name.words and not name.words.islower() for name in entry.names)
    return exact and all(country.exact for country in entry.countries)


def _lead(words: str, start: int) -> str | None:
    """What is written together with the word before it; none when that is too long to be a prefix."""
    at = words.rfind(" ", max(0, start - LONGEST_LEAD), start)
    return words[at + 1 : start] if at >= 0 else None


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether marks above or below letters do not tie the words to others."""
    if start and text[start - 1] >= _MARKS and combining(text[start - 1]):
        return False
    while end < len(text) and text[end] >= _MARKS and combining(text[end]):
        end += 1
    return end >= len(text) or not text[end].isalnum()


def _countries(
    known: Iterable[CountryPattern], shown: str, start: int, lang: str | None, *, lower: bool
) -> Iterator[CountryHit]:
    for one in known:
        if lang not in (None, one.lang) or (shown[0].islower() and not lower):
            continue
        if not one.exact or shown.isupper():
            yield CountryHit(start, start + len(shown), one.country, one.people)
