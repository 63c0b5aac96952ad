"""Places named in a sentence, each resolved to the one of its namesakes that the story is about."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from tocsin.core.article import Span
from tocsin.core.mentions import PlaceMention
from tocsin.core.numbers.word_tables import phrase
from tocsin.core.places.cues import CONTAINERS, CueReader, Cues
from tocsin.core.places.gazetteer import Gazetteer, Place, normal_key
from tocsin.core.places.names import APOSTROPHE, Found, NameReader, PlaceSentence
from tocsin.core.places.words import CountryName, PlaceWords

LARGE = 50
"""Rank from which a town is known by its name alone: a hundred thousand people."""
WEIGHTY = 45
"""Rank below which an ordinary word is no town's name unless more says so: thirty thousand."""
KNOWN_NEARBY = 36
"""The same in a country that the story speaks of: four thousand."""
METROPOLIS = 58
"""Rank from which a town is meant even by a name that persons bear, in text without capitals: six hundred thousand."""
RENOWNED = 55
"""Rank from which a town may stand after an article ("the Kharkiv front"): three hundred thousand."""
CONTAINER, KIND, NAMED, SEEN, PRIOR, PEOPLE, TOWN = 200, 40, 30, 20, 15, 16, 8
"""What each sign is worth against the rank: thirty points make up for a thousandth of the people."""


def contains(outer: PlaceMention, inner: PlaceMention) -> bool:
    """Whether the first is a country or province that holds the second, as far as their names tell."""
    if outer.country is None or outer.country != inner.country or inner.kind == "country":
        return False
    if outer.kind == "country":
        return True
    return outer.kind in {"province", "region"} and inner.kind != outer.kind and inner.province == outer.name


class PlaceFinder:
    """A gazetteer and one language's table `places`; immutable and safe to share."""

    def __init__(self, gazetteer: Gazetteer, table: Mapping[str, object]) -> None:
        self._gazetteer = gazetteer
        self._words = PlaceWords(table)
        self._names = NameReader(gazetteer, self._words)
        self._cues = CueReader(self._names)

    def country_of(self, name: str) -> str | None:
        """The country (ISO 3166-1 alpha-2) of a country's or people's name: "Spain", "Spaniards", "Spanish"."""
        return self._words.country_of(name)

    def country_words(self) -> frozenset[str]:
        """Words of which one stands wherever a country is named: of each name the one that fewest others have."""
        names = [phrase(name) for name in self._gazetteer.country_names()]
        rows = {tuple(word for word in row if word.isalpha()) or row for row in (*names, *self._words.country_rows())}
        shared = Counter(word for row in rows for word in row)
        return frozenset(max(row, key=lambda word: (-shared[word], len(word))) for row in rows)

    def people_words(self) -> frozenset[str]:
        """The words that name a country or its people by themselves."""
        return self._words.lone_words()

    def find_places(
        self, text: str, start: int, end: int, *, prior: str | None = None, seen: Collection[str] = ()
    ) -> tuple[PlaceMention, ...]:
        """Places named in `text[start:end]`, in order, not overlapping; offsets index `text`.

        `prior` is the outlet's country, `seen` the countries that the article has named so far. A capitalised name
        after "in" or "town of" that no table knows comes with the kind `unknown`.
        """
        sentence = self._names.read(text, start, end, prior, seen)
        found, certain = self._find(sentence)
        if certain and len(found.mentions) > 1:  # the places that have no namesake elsewhere say where the others are
            found, _ = self._find(replace(sentence, around=certain))
        return tuple(found.mentions)

    def _find(self, sentence: PlaceSentence) -> tuple[Found, frozenset[str]]:
        """The places, and the countries of those names that only one country has, when another name is in doubt."""
        found = Found()
        certain: set[str] = set()
        doubt = False
        at = 0
        for begun in self._names.of_interest(sentence):
            if begun < at:
                continue
            at, country = begun, sentence.countries.get(begun)
            if country and not self._is_other_place(sentence, country, found):
                mention, at = self._country(sentence, country), country.last + 1
            elif sentence.low(at) in self._words.capital:
                mention, at = self._capital(sentence, at), at + 1
            else:
                mention, at = self._mention_at(sentence, at, found)
                namesakes = self._names.longest(sentence, begun) if mention and mention.kind != "unknown" else None
                countries = {place.country for place in namesakes[1] if place.country} if namesakes else set()
                doubt = doubt or len(countries) > 1
                certain |= countries if len(countries) == 1 else set()
            if mention is not None and not self._names.is_compound(sentence, at - 1):
                found.add(mention)
        return found, frozenset(certain) if doubt else frozenset()

    def _is_other_place(self, sentence: PlaceSentence, name: CountryName, found: Found) -> bool:
        """Whether more than the country is named, or a province.

        "Mexico City", "near Indian Trail", "Niger state", "Atlanta, Georgia".
        """
        longer = self._names.longest(sentence, name.first)
        if longer is None:
            return False
        if longer[0] > name.last:
            pointed = sentence.low(name.first - 1) in self._words.prepositions | self._words.joiners
            return not name.people or (sentence.cased and pointed)
        if name.people:
            return False
        provinces = {place.name for place in longer[1] if place.kind == "province"}
        held = sentence.low(name.first - 1) == "," and found.last is not None and found.last.province in provinces
        before = sentence.low(name.first - 2) if sentence.low(name.first - 1) in self._words.of else ""
        called = "province" in {self._words.features.get(word) for word in (before, sentence.low(name.last + 1))}
        return bool(provinces) and (held or called)

    def _country(self, sentence: PlaceSentence, name: CountryName) -> PlaceMention | None:
        if name.people or (sentence.low(name.first) in self._words.weak and self._is_person(sentence, name)):
            return None
        shown = self._words.name_of(name.country) or name.country
        return _mention(sentence, name.first, name.last, Place(name=shown, kind="country", country=name.country))

    def _is_person(self, sentence: PlaceSentence, name: CountryName) -> bool:
        """Whether a country's name is somebody's: "Michael Jordan", "President Chad"."""
        before, after = name.first - 1, name.last + 1
        return (
            self._names.is_name_word(sentence, before, name.first)
            or self._names.is_name_word(sentence, after, after)
            or (sentence.cased and sentence.low(before) in self._words.titles)
        )

    def _capital(self, sentence: PlaceSentence, at: int) -> PlaceMention | None:
        """The city meant by "the Syrian capital" or "Nigeria's capital", unless its name follows."""
        possessed = sentence.low(at - 1) in self._words.possessives and sentence.low(at - 2) == APOSTROPHE
        owner = sentence.country_over(at - 3 if possessed else at - 1)
        name = self._gazetteer.capital_of(owner.country) if owner else None
        if owner is None or name is None or sentence.is_capital(at + 2 if sentence.low(at + 1) == "," else at + 1):
            return None
        towns = [place for place in self._gazetteer.find(normal_key(name)) if place.country == owner.country]
        capital = max(towns, key=lambda place: (place.kind == "town", place.rank), default=None)
        return _mention(sentence, at, at, capital) if capital else None

    def _mention_at(self, sentence: PlaceSentence, at: int, found: Found) -> tuple[PlaceMention | None, int]:
        """The place that begins here, if one does, and where to go on."""
        if not self._names.may_begin(sentence, at):
            return None, at + 1
        known = self._names.longest(sentence, at)
        if known is not None and not self._is_phrase(sentence, at, known[0]):
            last, candidates = known
            cues = self._cues.read(sentence, at, last, found)
            best = self._best(sentence, at, candidates, cues, found)
            if self._is_place(sentence, at, last, best, cues, found):
                return _mention(sentence, at, last, best), last + 1
        if not sentence.cased or not self._names.is_name_word(sentence, at, at):
            return None, at + 1
        last = self._names.run_end(sentence, at)
        return self._unknown(sentence, at, last, found), last + 1

    def _is_phrase(self, sentence: PlaceSentence, first: int, last: int) -> bool:
        """Whether only little words and directions make up the name: "north-east", "go to"."""
        words = [sentence.low(at) for at in range(first, last + 1) if sentence.low(at).isalpha()]
        never = self._words.never
        if (
            sentence.cased
            and words[:1]
            and words[0] in self._words.verbs
            and sentence.low(first - 1) in self._words.strict
        ):
            return False  # "near Hit": no verb follows a preposition
        return all(word in never for word in words) or (not sentence.cased and words[-1] in never)

    def _best(
        self,
        sentence: PlaceSentence,
        at: int,
        candidates: Sequence[Place],
        cues: Cues,
        found: Found,
    ) -> Place:
        """The likeliest of the namesakes."""
        near = sentence.named(but=at) | sentence.around | found.countries
        people = sentence.people() - self._words.abroad

        def score(place: Place) -> int:
            points = place.rank
            points += CONTAINER if cues.holds(place) else 0
            points += NAMED if place.country in near else 0
            points += PEOPLE if place.country in people else 0
            points += SEEN if place.country in sentence.seen else 0
            points += PRIOR if place.country == sentence.prior else 0
            if cues.kind:
                return points + (KIND if place.kind == cues.kind else 0)
            return points + (TOWN if place.kind == "town" else 0)

        return max(candidates, key=score)

    def _is_place(
        self,
        sentence: PlaceSentence,
        first: int,
        last: int,
        best: Place,
        cues: Cues,
        found: Found,
    ) -> bool:
        """Whether a name of the gazetteer is a place here, and no person, group, institution or common word."""
        word = sentence.low(first)
        common = first == last and self._gazetteer.is_common(word)
        weak = common or (first == last and word in self._words.weak)
        large = best.rank >= LARGE or best.kind in CONTAINERS
        if cues.title or cues.larger_left or (cues.larger_right and not (cues.direct and large and not weak)):
            return False
        if cues.article and best.kind == "town" and best.rank < RENOWNED and not cues.kind:
            return False
        if cues.container and not cues.holds(best) and not large:
            return False
        doubtful = (common and best.rank < WEIGHTY) or (weak and not sentence.cased and best.rank < METROPOLIS)
        pointed = sentence.cased and cues.direct and cues.strict
        if doubtful and not (cues.kind or cues.holds(best) or pointed):
            return False
        if cues.holds(best) or (cues.preposition and (sentence.cased or cues.located or cues.listed)):
            return True
        if weak or not sentence.cased:
            return False
        close = sentence.named() | sentence.people() | sentence.seen | found.countries
        return large or (best.rank >= KNOWN_NEARBY and (best.country in close or best.country == sentence.prior))

    def _unknown(self, sentence: PlaceSentence, first: int, last: int, found: Found) -> PlaceMention | None:
        """A capitalised name after "in" or "village of" that the gazetteer lacks."""
        if first == 0:
            return None
        words = self._words
        run = self._names.whole_words(sentence, first, last)
        following = sentence.low(last + 1)
        headed = run[-1] in words.heads or following in words.heads or following in words.features
        if following in words.buildings:
            return None
        barred = words.not_places.intersection(run)
        if words.descriptive.issuperset(run) or (len(run) == 1 and len(run[0]) < 3):
            return None
        if (barred and not (run[-1] in words.heads and barred <= words.excused)) or sentence.low(first) in words.small:
            return None
        cues = self._cues.read(sentence, first, last, found)
        articled = sentence.low(first - 1) in words.articles
        if cues.title or not ((cues.strict and not articled) or (headed and cues.located)):
            return None
        country = next(iter(cues.container), None) or self._likely_country(sentence, first, found)
        text = sentence.text[sentence.tokens[first].start : sentence.tokens[last].end]
        return _mention(sentence, first, last, Place(name=text, kind="unknown", country=country))

    def _likely_country(self, sentence: PlaceSentence, at: int, found: Found) -> str | None:
        """The one country that the sentence, else the article, else the outlet speaks of."""
        for countries in (sentence.named(), found.countries, sentence.people(before=at), sentence.seen):
            if len(countries) == 1:
                return next(iter(countries))
        return sentence.prior


def _mention(sentence: PlaceSentence, first: int, last: int, place: Place) -> PlaceMention:
    span = Span(start=sentence.tokens[first].start, end=sentence.tokens[last].end)
    return PlaceMention(
        text=sentence.text[span.start : span.end],
        span=span,
        name=place.name,
        country=place.country,
        province=place.province,
        kind=place.kind,
    )
