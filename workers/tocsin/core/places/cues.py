"""What the words around a name say of it: a preposition, a kind of place, the country that holds it."""

from dataclasses import dataclass

from tocsin.core.places.gazetteer import Place
from tocsin.core.places.names import APOSTROPHE, HYPHEN, Found, NameReader, PlaceSentence

CONTAINERS = frozenset({"province", "region", "country"})
FARTHEST = 5
"""How many words may stand between a preposition and its place: "in the restive northern Syrian town X"."""


@dataclass(slots=True)
class Cues:
    """The signs that a name is a place, and which.

    `preposition`: some sign says that it is one. `direct`: the preposition stands right before it. `located`: it is one
    of place. `strict`: even an unknown name is a place here. `listed`: it is the next of a row of places.
    `larger_left`, `larger_right`: it may be part of a longer name. `kind`: the words call it a town, district or
    province. `container`, `held_in`: countries and provinces that the words say hold it.
    """

    preposition: bool = False
    direct: bool = False
    located: bool = False
    strict: bool = False
    listed: bool = False
    article: bool = False
    title: bool = False
    larger_left: bool = False
    larger_right: bool = False
    kind: str | None = None
    container: frozenset[str] = frozenset()
    held_in: frozenset[str] = frozenset()

    def holds(self, place: Place) -> bool:
        """Whether the place lies in what the words say holds it."""
        return place.country in self.container or place.province in self.held_in


class CueReader:
    """Reads the cues with one language's words."""

    def __init__(self, names: NameReader) -> None:
        self._names = names
        self._words = names.words

    def read(self, sentence: PlaceSentence, first: int, last: int, found: Found) -> Cues:
        """The cues around the tokens `first` to `last`; `found` are the places before them in the sentence."""
        cues = Cues()
        before = sentence.low(first - 1)
        cues.article = before in self._words.articles
        cues.direct = before in self._words.strict or before in self._words.loose
        self._look_back(sentence, first, cues)
        owner = self._owner(sentence, first, found)
        if owner is not None:
            cues.container = frozenset({owner})
            cues.preposition = cues.strict = True
        cues.listed = self._continues_list(sentence, first, found)
        cues.preposition = cues.preposition or cues.listed
        after = last + 1
        feature = self._words.features.get(sentence.low(after))
        if feature is not None:
            cues.kind, cues.preposition = feature, True
            after += 1
        self._look_inside(sentence, after, cues)
        if sentence.cased:
            cues.larger_left = self._names.is_name_word(sentence, first - 1, first)
            cues.larger_right = self._names.is_name_word(sentence, last + 1, last + 1)
        return cues

    def _owner(self, sentence: PlaceSentence, first: int, found: Found) -> str | None:
        """The country of a place found just before: "Islamabad's Faizabad", "the Mopti region's Boni"."""
        if (
            first < 3
            or found.last is None
            or found.last.kind == "country"
            or not self._is_possessive(sentence, first - 1)
        ):
            return None
        end = first - 4 if first > 3 and sentence.low(first - 3) in self._words.features else first - 3
        return found.last.country if found.last.span.end == sentence.tokens[end].end else None

    def _look_back(self, sentence: PlaceSentence, first: int, cues: Cues) -> None:
        words = self._words
        at = first - 1
        title = at - 1 if sentence.low(at) == "." else at
        cues.title = sentence.low(title) in words.titles and sentence.is_capital(first)
        before = sentence.low(at - 1)
        if sentence.low(at) in words.of and before in words.features:
            cues.kind = words.features[before]
            cues.strict = cues.located = cues.preposition = True
            at -= 2
        elif sentence.low(at) in words.of and (before in words.of_nouns or before in words.qualifiers):
            cues.strict = cues.located = cues.preposition = True
            at -= 2
        elif sentence.low(at) == "," and words.features.get(before) == "town":
            cues.preposition = True
            return
        for back in range(at, max(at - FARTHEST, -1), -1):
            if not self._look_at(sentence, back, cues):
                return

    def _look_at(self, sentence: PlaceSentence, at: int, cues: Cues) -> bool:
        """Take in one word before the name, and say whether to look farther."""
        words, low = self._words, sentence.low(at)
        country = sentence.country_over(at)
        if country is not None:
            cues.container = cues.container or frozenset({country.country})
            owned = self._is_possessive(sentence, at + 2)
            cues.preposition, cues.located = cues.preposition or owned, cues.located or owned
        elif low in words.features and not cues.kind:
            cues.kind = words.features[low]
            cues.preposition = True
        elif low in words.prepositions and sentence.low(at - 1) != HYPHEN:
            cues.preposition = True
            cues.strict = cues.strict or low in words.strict
            cues.located = cues.located or low in words.located or sentence.low(at - 1) in words.of_nouns
            return False
        else:
            mark = low in {HYPHEN, APOSTROPHE} or low in words.possessives
            return mark or low in words.qualifiers or low in words.articles
        return True

    def _is_possessive(self, sentence: PlaceSentence, at: int) -> bool:
        return sentence.low(at) in self._words.possessives and sentence.low(at - 1) == APOSTROPHE

    def _look_inside(self, sentence: PlaceSentence, at: int, cues: Cues) -> None:
        """What holds the place, said after it: "Springfield, Illinois", "Essaouira in Morocco"."""
        words = self._words
        if cues.container or sentence.low(at) not in words.inside:
            return
        begin = at + 1
        while sentence.low(begin) in words.qualifiers or sentence.low(begin) in words.articles:
            begin += 1
        listed = sentence.low(at) == ","
        name = sentence.countries.get(begin)
        if name is not None and not name.people:
            if not (listed and sentence.low(name.last + 1) in words.joiners - {","}):
                cues.container = frozenset({name.country})
            return
        known = begin < len(sentence.tokens) and self._names.may_begin(sentence, begin)
        held = self._names.longest(sentence, begin) if known else None
        if held is not None:
            cues.held_in = frozenset(place.name for place in held[1] if place.kind in CONTAINERS and place.country)

    def _continues_list(self, sentence: PlaceSentence, at: int, found: Found) -> bool:
        """The next of a row of places; in text without capitals, the head of a dateline too."""
        if at == 0 and not sentence.cased and sentence.low(1) == ",":
            return True
        if sentence.low(at - 1) == APOSTROPHE and sentence.touches(at):
            at -= 1  # "and 'Amuda"
        if at < 2 or found.last is None or sentence.low(at - 1) not in self._words.joiners:
            return False
        end = at - 3 if sentence.low(at - 2) == APOSTROPHE and sentence.touches(at - 2) else at - 2  # "Kazan' and"
        return found.last.span.end == sentence.tokens[end].end
