"""The words around place names in one language: prepositions, features, names of countries and peoples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tocsin.core.token_patterns import Token, find_tokens

Phrase = tuple[str, ...]


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
        def words(name: str) -> frozenset[str]:
            return frozenset(_strings(table.get(name)))

        self.strict = words("strict")
        self.loose = words("loose")
        self.prepositions = words("prepositions") | words("verbs") | self.strict | self.loose
        self.located = self.strict | self.loose | words("verbs")
        self.of = words("of")
        self.capital = words("capital")
        self.joiners = words("joiners")
        self.of_nouns = words("of_nouns")
        self.inside = words("inside")
        self.articles = words("articles")
        self.small = words("small") | self.prepositions
        self.particles = words("particles")
        self.qualifiers = words("qualifiers")
        self.heads = words("heads")
        self.weak = words("weak")
        self.titles = words("titles")
        self.not_places = words("not_places")
        self.excused = words("excused")
        self.possessives = words("possessives")
        self.abroad = frozenset(str(item) for item in _items(table.get("abroad")))
        self.exact = frozenset(str(item) for item in _items(table.get("exact")))
        features = table.get("features")
        self.features: dict[str, str] = {
            word: kind
            for kind, names in (features.items() if isinstance(features, Mapping) else ())
            for word in _strings(names)
        }
        self.never = self.features.keys() | self.qualifiers | self.not_places | self.articles | self.small
        self._phrases: dict[str, list[tuple[Phrase, str, bool]]] = {}
        self.country_words = self._phrases.keys()
        self._shown: dict[str, str] = {}
        countries = table.get("countries")
        for country, entry in countries.items() if isinstance(countries, Mapping) else ():
            self._add(str(country), entry)

    def name_of(self, country: str) -> str | None:
        """The usual name of a country in this language."""
        return self._shown.get(country)

    def country_at(self, tokens: Sequence[Token], at: int, *, cased: bool) -> CountryName | None:
        """The country that is named from this token on, by itself or by its people."""
        best: CountryName | None = None
        for phrase, country, people in self._phrases.get(tokens[at].low, ()):
            last = at + len(phrase) - 1
            if last >= len(tokens) or any(tokens[at + i].low != word for i, word in enumerate(phrase)):
                continue
            if not self._has_case(tokens[at], cased=cased, alone=len(phrase) == 1):
                continue
            if best is None or last > best.last:
                best = CountryName(at, last, country, people)
        return best

    def country_of(self, name: str) -> str | None:
        """The country of a name or of a people's name, whatever its case."""
        tokens = find_tokens(name, 0, len(name))
        found = self.country_at(tokens, 0, cased=False) if tokens else None
        return found.country if found and found.last == len(tokens) - 1 else None

    def _has_case(self, token: Token, *, cased: bool, alone: bool) -> bool:
        if alone and token.text.upper() in self.exact:
            return cased and token.text.isupper()
        return not cased or token.text[0].isupper()

    def _add(self, country: str, entry: Mapping[str, object]) -> None:
        names = _items(entry.get("names"))
        if names:
            self._shown[country] = str(names[0])
        for people, group in ((False, names), (True, _items(entry.get("people")))):
            for name in group:
                phrase = tuple(token.low for token in find_tokens(str(name), 0, len(str(name))))
                self._phrases.setdefault(phrase[0], []).append((phrase, country, people))


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _strings(value: object) -> list[str]:
    return [str(item).lower() for item in _items(value)]
