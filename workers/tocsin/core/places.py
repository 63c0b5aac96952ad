"""Places named in a sentence, each resolved to the one of its namesakes that the story is about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tocsin.core.article import Span
from tocsin.core.gazetteer import ARTICLES, Gazetteer, Place, fold, key_of
from tocsin.core.mentions import PlaceMention
from tocsin.core.place_words import CountryName, PlaceWords
from tocsin.core.token_patterns import Token, find_tokens

LONGEST = 7
LARGE = 50
"""Rank from which a town is known by its name alone: a hundred thousand people."""
KNOWN_NEARBY = 36
"""The same in a country that the story speaks of: four thousand."""
JOINERS = frozenset("-'’.")
CONTAINERS = frozenset({"province", "region", "country"})
BONUS = {"container": 200, "sentence": 30, "seen": 20, "prior": 15, "kind": 25}


def contains(outer: PlaceMention, inner: PlaceMention) -> bool:
    """Whether the first is a country or province that holds the second, as far as their names tell."""
    if outer.country is None or outer.country != inner.country or inner.kind == "country":
        return False
    if outer.kind == "country":
        return True
    return outer.kind in {"province", "region"} and inner.kind != outer.kind and inner.province == outer.name


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The tokens of a sentence, the countries named in it, and what the story said before."""

    text: str
    tokens: Sequence[Token]
    cased: bool
    countries: Mapping[int, CountryName]
    prior: str | None
    seen: frozenset[str]

    def low(self, at: int) -> str:
        return self.tokens[at].low if 0 <= at < len(self.tokens) else ""

    def is_capital(self, at: int) -> bool:
        return 0 <= at < len(self.tokens) and self.tokens[at].text[0].isupper()

    def touches(self, at: int) -> bool:
        """Whether nothing stands between this token and the one before it."""
        return 0 < at < len(self.tokens) and self.tokens[at - 1].end == self.tokens[at].start

    def named(self) -> frozenset[str]:
        return frozenset(name.country for name in self.countries.values())


@dataclass(slots=True)
class _Cues:
    """What the words around a name say of it."""

    strict: bool = False
    preposition: bool = False
    title: bool = False
    larger_name: bool = False
    kind: str | None = None
    container: frozenset[str] = frozenset()
    container_names: frozenset[str] = field(default_factory=frozenset)


class PlaceFinder:
    """A gazetteer and one language's table `places`; immutable and safe to share."""

    def __init__(self, gazetteer: Gazetteer, table: Mapping[str, object]) -> None:
        self._gazetteer = gazetteer
        self._words = PlaceWords(table)

    def country_of(self, name: str) -> str | None:
        """The country (ISO 3166-1 alpha-2) of a country's or people's name: "Spain", "Spaniards", "Spanish"."""
        return self._words.country_of(name)

    def countries_in(self, text: str, start: int, end: int) -> tuple[str, ...]:
        """Countries named in `text[start:end]`, by themselves or by their people, each once, in order."""
        names = self._read(text, start, end, None, ()).countries.values()
        return tuple(dict.fromkeys(name.country for name in names))

    def find_places(
        self, text: str, start: int, end: int, *, prior: str | None = None, seen: Collection[str] = ()
    ) -> tuple[PlaceMention, ...]:
        """Places named in `text[start:end]`, in order, not overlapping; offsets index `text`.

        `prior` is the outlet's country, `seen` the countries that the article has named so far. A capitalised name
        after "in" or "town of" that no table knows comes with the kind `unknown`.
        """
        sentence = self._read(text, start, end, prior, seen)
        found: list[PlaceMention] = []
        at = 0
        while at < len(sentence.tokens):
            country = sentence.countries.get(at)
            if country is not None:
                place = self._country(sentence, country)
                longer = self._longest(sentence, at)
                if longer is None or longer[0] <= country.last:
                    found.extend([place] if place else [])
                    at = country.last + 1
                    continue
            mention, at = self._mention_at(sentence, at, found)
            found.extend([mention] if mention else [])
        return tuple(found)

    def _read(self, text: str, start: int, end: int, prior: str | None, seen: Collection[str]) -> _Sentence:
        tokens = find_tokens(text, start, end)
        cased = _is_cased(tokens)
        countries: dict[int, CountryName] = {}
        at = 0
        while at < len(tokens):
            name = self._words.country_at(tokens, at, cased=cased)
            if name is not None:
                countries[at] = name
            at = name.last + 1 if name else at + 1
        return _Sentence(text, tokens, cased, countries, prior, frozenset(seen))

    def _country(self, sentence: _Sentence, name: CountryName) -> PlaceMention | None:
        if name.people:
            return None
        if sentence.low(name.first) in self._words.weak and self._is_in_larger_name(sentence, name.first, name.last):
            return None
        shown = self._words.name_of(name.country) or name.country
        return _mention(sentence, name.first, name.last, Place(name=shown, kind="country", country=name.country))

    def _mention_at(
        self, sentence: _Sentence, at: int, found: Sequence[PlaceMention]
    ) -> tuple[PlaceMention | None, int]:
        if not self._may_begin(sentence, at):
            return None, at + 1
        known = self._longest(sentence, at)
        if known is not None:
            last, candidates = known
            cues = self._cues(sentence, at, last)
            if not sentence.cased:
                cues.preposition = cues.preposition or self._continues_list(sentence, at, found)
            place = self._choose(sentence, at, candidates, cues)
            if place is not None:
                return _mention(sentence, at, last, place), last + 1
        if sentence.cased:
            unknown = self._unknown(sentence, at)
            if unknown is not None:
                return unknown
        return None, (self._run_end(sentence, at) + 1 if sentence.cased and sentence.is_capital(at) else at + 1)

    def _may_begin(self, sentence: _Sentence, at: int) -> bool:
        token = sentence.tokens[at]
        if not token.text[0].isalpha() or at in sentence.countries:
            return False
        if sentence.cased:
            article = token.low in ARTICLES and sentence.low(at + 1) == "-" and sentence.is_capital(at + 2)
            return article or (token.text[0].isupper() and token.low not in self._words.articles)
        return token.low not in self._words.small

    def _longest(self, sentence: _Sentence, at: int) -> tuple[int, tuple[Place, ...]] | None:
        """The longest name of the gazetteer that begins with this token: its last token, and the places of that name."""
        words: list[str] = []
        best: tuple[int, str] | None = None
        for position in range(at, min(at + LONGEST, len(sentence.tokens))):
            token = sentence.tokens[position]
            if token.low in JOINERS:
                if not sentence.touches(position):
                    break
                continue
            if not token.text[0].isalpha():
                break
            glued = words and sentence.low(position - 1) in {"'", "’"} and sentence.touches(position)
            word = fold(token.text)
            words = [*words[:-1], words[-1] + word] if glued else [*words, word]
            capital = token.text[0].isupper() or not sentence.cased
            if not capital and token.low not in self._words.particles and sentence.low(position - 1) not in JOINERS:
                break
            if capital or glued:
                key = key_of(words)
                if len(key) > 2 and key in self._gazetteer:
                    best = position, key
        return (best[0], self._gazetteer.find(best[1])) if best else None

    def _choose(self, sentence: _Sentence, at: int, candidates: Sequence[Place], cues: _Cues) -> Place | None:
        """The namesake that is meant, or None when the words are no place here."""
        if cues.title or cues.larger_name:
            return None
        named = sentence.named()

        def score(place: Place) -> int:
            points = place.rank
            if place.country in cues.container or place.province in cues.container_names:
                points += BONUS["container"]
            points += BONUS["sentence"] if place.country in named else 0
            points += BONUS["seen"] if place.country in sentence.seen else 0
            points += BONUS["prior"] if place.country == sentence.prior else 0
            if cues.kind:
                points += BONUS["kind"] if place.kind == cues.kind else 0
            else:
                points += 8 if place.kind == "town" else 0
            return points

        best = max(candidates, key=score)
        if cues.preposition:
            return best
        if sentence.low(at) in self._words.weak or not sentence.cased:
            return None
        near = best.country in named or best.country in sentence.seen or best.country == sentence.prior
        floor = KNOWN_NEARBY if near else LARGE
        return best if best.rank >= floor or best.kind in CONTAINERS else None

    def _cues(self, sentence: _Sentence, first: int, last: int) -> _Cues:
        cues = _Cues()
        self._look_back(sentence, first, cues)
        after = last + 1
        feature = self._words.features.get(sentence.low(after))
        if feature is not None:
            cues.kind, cues.preposition = feature, True
            after += 1
        self._look_inside(sentence, after, cues)
        weak = sentence.low(first) in self._words.weak or not cues.preposition
        cues.larger_name = sentence.cased and weak and self._is_in_larger_name(sentence, first, last)
        return cues

    def _look_back(self, sentence: _Sentence, first: int, cues: _Cues) -> None:
        words = self._words
        at = first - 1
        if sentence.low(at) in words.titles or (sentence.low(at) == "." and sentence.low(at - 1) in words.titles):
            cues.title = sentence.low(at) != "leader" and sentence.is_capital(first)
        if sentence.low(at) in words.of and sentence.low(at - 1) in words.features:
            cues.kind = words.features[sentence.low(at - 1)]
            cues.strict = cues.preposition = True
            at -= 2
        for back in range(at, max(at - 5, -1), -1):
            low = sentence.low(back)
            people = self._country_ending(sentence, back)
            if people is not None:
                cues.container = cues.container or frozenset({people})
                cues.preposition = cues.preposition or low == "s" or sentence.low(back + 1) == "'"
            elif low in words.features and not cues.kind:
                cues.kind = words.features[low]
                cues.preposition = True
            elif low in words.prepositions:
                cues.preposition = True
                cues.strict = cues.strict or low in words.strict
                return
            elif low not in words.qualifiers and low not in words.articles and low not in {"-", "'", "’", "s"}:
                return

    def _country_ending(self, sentence: _Sentence, at: int) -> str | None:
        return next((name.country for name in sentence.countries.values() if name.last == at), None)

    def _look_inside(self, sentence: _Sentence, at: int, cues: _Cues) -> None:
        """What holds the place, said after it: "Springfield, Illinois", "Essaouira in Morocco", "Tyre (Lebanon)"."""
        if cues.container or sentence.low(at) not in self._words.inside:
            return
        begin = at + 1
        while sentence.low(begin) in self._words.qualifiers or sentence.low(begin) in self._words.articles:
            begin += 1
        name = sentence.countries.get(begin)
        if name is not None:
            follows = sentence.low(name.last + 1)
            listed = sentence.low(at) == "," and follows in {"and", "or"}
            cues.container = frozenset() if listed else frozenset({name.country})
            return
        held = (
            self._longest(sentence, begin)
            if begin < len(sentence.tokens) and self._may_begin(sentence, begin)
            else None
        )
        if held is not None:
            outer = [place for place in held[1] if place.kind in CONTAINERS and place.country]
            cues.container_names = frozenset(place.name for place in outer)

    def _is_in_larger_name(self, sentence: _Sentence, first: int, last: int) -> bool:
        """Whether the words are part of a longer capitalised name: "Ali Hassan", "Kabul University"."""
        return self._is_name_word(sentence, first - 1, sentence.touches(first)) or (
            self._is_name_word(sentence, last + 1, sentence.touches(last + 1))
            and sentence.low(last + 1) not in self._words.features
        )

    def _is_name_word(self, sentence: _Sentence, at: int, touching: bool) -> bool:
        low = sentence.low(at)
        if not sentence.is_capital(at) or low in self._words.small or low in self._words.qualifiers:
            return touching and low in {"-"}
        return (
            self._country_ending(sentence, at) is None
            and at not in sentence.countries
            and low not in self._words.features
        )

    def _continues_list(self, sentence: _Sentence, at: int, found: Sequence[PlaceMention]) -> bool:
        """In text without capitals: the head of a dateline, or the next of a row of places."""
        if at == 0 and sentence.low(1) == ",":
            return True
        before = sentence.tokens[at - 2] if at > 1 else None
        listed = sentence.low(at - 1) in {",", "and"} and before is not None
        return bool(listed and found and before is not None and found[-1].span.end == before.end)

    def _run_end(self, sentence: _Sentence, at: int) -> int:
        """The last token of the capitalised name that begins here."""
        last = at
        for position in range(at + 1, len(sentence.tokens)):
            token = sentence.tokens[position]
            if token.low in JOINERS:
                if not sentence.touches(position) or not sentence.touches(position + 1) or token.low == ".":
                    break
            elif token.text[0].isupper():
                last = position
            elif token.low not in self._words.particles or token.low in {
                "and",
                "the",
                "of",
                "at",
                "on",
                "en",
                "as",
                "an",
            }:
                break
        return last

    def _unknown(self, sentence: _Sentence, at: int) -> tuple[PlaceMention, int] | None:
        """A capitalised name after "in" or "village of" that the gazetteer lacks."""
        if not sentence.is_capital(at):
            return None
        last = self._run_end(sentence, at)
        if sentence.low(last) == "s" and sentence.low(last - 1) in {"'", "’"}:
            last -= 2
        run = [sentence.low(position) for position in range(at, last + 1)]
        if any(low in self._words.not_places for low in run) or run[0] in self._words.small:
            return None
        cues = self._cues(sentence, at, last)
        headed = run[-1] in self._words.heads or sentence.low(last + 1) in self._words.features
        articled = sentence.low(at - 1) in self._words.articles
        if cues.title or not cues.preposition or not (headed or (cues.strict and not articled)):
            return None
        named = sentence.named()
        alone = (
            next(iter(named))
            if len(named) == 1
            else next(iter(sentence.seen))
            if len(sentence.seen) == 1
            else sentence.prior
        )
        country = next(iter(cues.container), None) or alone
        words = sentence.text[sentence.tokens[at].start : sentence.tokens[last].end]
        return _mention(sentence, at, last, Place(name=words, kind="unknown", country=country)), last + 1


def _mention(sentence: _Sentence, first: int, last: int, place: Place) -> PlaceMention:
    span = Span(start=sentence.tokens[first].start, end=sentence.tokens[last].end)
    return PlaceMention(
        text=sentence.text[span.start : span.end],
        span=span,
        name=place.name,
        country=place.country,
        province=place.province,
        kind=place.kind,
    )


def _is_cased(tokens: Sequence[Token]) -> bool:
    """Whether capitals mean anything: not in a text of one case, nor in a headline that capitalises every word."""
    words = [token.text for token in tokens if len(token.text) > 3 and token.text[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    shouting = sum(word.isupper() for word in words)
    return 0 < capitals and not (len(words) > 3 and (capitals == len(words) or shouting * 2 > len(words)))
