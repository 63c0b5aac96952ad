"""The words around place names in one language: prepositions, features, names of countries and peoples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tocsin.core.dates.token_patterns import Token, find_tokens
from tocsin.core.numbers.word_tables import Phrase, entries, items, phrase, stands_at, words


@dataclass(frozen=True, slots=True)
class CountryName:
    """A country named by itself or by its people, in tokens `first` to `last`."""

    first: int
    last: int
    country: str
    people: bool


class PlaceWords:
    """The table `places` of a language's lexicon, ready for look-up."""

    def __init__(self, table: Mapping[str, object]) -> None:
        def listed(name: str) -> frozenset[str]:
            return frozenset(words(table.get(name)))

        self.strict = listed("strict")
        self.loose = listed("loose")
        self.verbs = listed("verbs")
        self.prepositions = listed("prepositions") | self.verbs | self.strict | self.loose
        self.located = self.strict | self.loose | self.verbs
        self.of = listed("of")
        self.capital = listed("capital")
        self.joiners = listed("joiners")
        self.of_nouns = listed("of_nouns")
        self.inside = listed("inside")
        self.articles = listed("articles")
        self.small = listed("small") | self.prepositions
        self.particles = listed("particles")
        self.qualifiers = listed("qualifiers")
        self.heads = listed("heads")
        self.buildings = listed("buildings")
        self.weak = listed("weak")
        self.titles = listed("titles")
        self.not_places = listed("not_places")
        self.excused = listed("excused")
        self.possessives = listed("possessives")
        self.abroad = frozenset(str(item) for item in items(table.get("abroad")))
        self.exact = frozenset(str(item) for item in items(table.get("exact")))
        self.features = {word: kind for kind, names in entries(table.get("features")).items() for word in words(names)}
        self.descriptive = self.features.keys() | self.heads | self.qualifiers
        self.never = self.features.keys() | self.qualifiers | self.not_places | self.articles | self.small
        self._phrases: dict[str, list[tuple[Phrase, str, bool]]] = {}
        self.country_words = self._phrases.keys()
        self._shown: dict[str, str] = {}
        for country, entry in entries(table.get("countries")).items():
            self._add(country, entries(entry))

    def name_of(self, country: str) -> str | None:
        """The usual name of a country in this language."""
        return self._shown.get(country)

    def country_rows(self) -> list[Phrase]:
        """The names of all countries, without those of their peoples."""
        return [row for named in self._phrases.values() for row, _, people in named if not people]

    def lone_words(self) -> frozenset[str]:
        """The words that name a country or its people by themselves: "Chad", "Georgians"."""
        return frozenset(word for word, named in self._phrases.items() for row, _, _ in named if len(row) == 1)

    def country_at(self, tokens: Sequence[Token], at: int, *, cased: bool) -> CountryName | None:
        """The country that is named from this token on, by itself or by its people."""
        best: CountryName | None = None
        for row, country, people in self._phrases.get(tokens[at].low, ()):
            last = at + len(row) - 1
            if not stands_at(row, tokens, at) or not self._has_case(tokens[at], cased=cased, alone=len(row) == 1):
                continue
            if best is None or last > best.last:
                best = CountryName(at, last, country, people)
        return best

    def country_of(self, name: str) -> str | None:
        """The country of a name or of a people's name; only a word like "US" must be in capitals."""
        tokens = find_tokens(name, 0, len(name))
        found = self.country_at(tokens, 0, cased=not name.islower()) if tokens else None
        return found.country if found and found.last == len(tokens) - 1 else None

    def _has_case(self, token: Token, *, cased: bool, alone: bool) -> bool:
        if alone and token.text.upper() in self.exact:
            return cased and token.text.isupper()
        return not cased or token.text[0].isupper()

    def _add(self, country: str, entry: Mapping[str, object]) -> None:
        names = items(entry.get("names"))
        if names:
            self._shown[country] = str(names[0])
        for people, group in ((False, names), (True, items(entry.get("people")))):
            for name in group:
                row = phrase(str(name))
                self._phrases.setdefault(row[0], []).append((row, country, people))
