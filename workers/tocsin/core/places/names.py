"""Where names begin and end in a sentence: capitalised runs, names of the gazetteer, countries and peoples."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tocsin.core.dates.token_patterns import Token, find_tokens
from tocsin.core.mentions import PlaceMention
from tocsin.core.places.gazetteer import ARTICLES, Gazetteer, Place, fold, key_of
from tocsin.core.places.words import CountryName, PlaceWords

LONGEST = 10
"""Words and marks of a name at most: "el Camp de l'Arpa del Clot" has eight."""
APOSTROPHE = "'"
HYPHEN = "-"
AMPERSAND = "&"
JOINERS = frozenset("-'./")


@dataclass(slots=True)
class PlaceSentence:
    """The tokens of a sentence, the countries named in it, and what the story said before.

    `countries` are by their first token, `over` by each token; `counted` says how often a country is named by itself,
    `peoples` at which token its people are named first. `around` holds the countries of those of its places that have
    no namesake elsewhere. `longest` keeps the names that were looked for, by their first token.
    """

    text: str
    tokens: Sequence[Token]
    cased: bool
    countries: Mapping[int, CountryName]
    over: Mapping[int, CountryName]
    prior: str | None
    seen: frozenset[str]
    counted: Mapping[str, int]
    peoples: Mapping[str, int]
    lows: Sequence[str]
    around: frozenset[str] = frozenset()
    longest: dict[int, tuple[int, tuple[Place, ...]] | None] = field(default_factory=dict)

    def low(self, at: int) -> str:
        """The lower-cased token, empty outside the sentence."""
        return self.lows[at] if 0 <= at < len(self.lows) else ""

    def is_capital(self, at: int) -> bool:
        """Whether the token begins with a capital."""
        return 0 <= at < len(self.tokens) and self.tokens[at].text[0].isupper()

    def touches(self, at: int) -> bool:
        """Whether nothing stands between this token and the one before it."""
        return 0 < at < len(self.tokens) and self.tokens[at - 1].end == self.tokens[at].start

    def named(self, but: int = -1) -> frozenset[str]:
        """Countries named by themselves, elsewhere than in this token."""
        name = self.countries.get(but)
        alone = name is not None and not name.people and self.counted[name.country] == 1
        return frozenset(self.counted) - ({name.country} if name and alone else set())

    def people(self, before: int | None = None) -> frozenset[str]:
        """Countries named by their people: sometimes where it happens, sometimes only who acts."""
        return frozenset(country for country, at in self.peoples.items() if before is None or at < before)

    def country_over(self, at: int) -> CountryName | None:
        """The country that this token is part of the name of."""
        return self.over.get(at)


class Found:
    """The places of a sentence so far, and their countries."""

    def __init__(self) -> None:
        self.mentions: list[PlaceMention] = []
        self.countries: set[str] = set()

    @property
    def last(self) -> PlaceMention | None:
        """The place before."""
        return self.mentions[-1] if self.mentions else None

    def add(self, mention: PlaceMention) -> None:
        """Take in the next place."""
        self.mentions.append(mention)
        if mention.country:
            self.countries.add(mention.country)


class NameReader:
    """Finds the extent of names, with one language's words and the gazetteer."""

    def __init__(self, gazetteer: Gazetteer, words: PlaceWords) -> None:
        self.gazetteer = gazetteer
        self.words = words
        self._articles = words.particles - words.small - words.articles
        self._opening = ARTICLES | self._articles | words.capital

    def read(self, text: str, start: int, end: int, prior: str | None, seen: Collection[str]) -> PlaceSentence:
        """The sentence with the countries in it."""
        tokens = find_tokens(text, start, end)
        cased = is_cased(tokens)
        lows = [token.low for token in tokens]
        countries = self._countries(tokens, lows, cased=cased)
        return PlaceSentence(
            text=text,
            tokens=tokens,
            cased=cased,
            countries=countries,
            over={at: name for name in countries.values() for at in range(name.first, name.last + 1)},
            prior=prior,
            lows=lows,
            seen=frozenset(seen),
            counted=Counter([name.country for name in countries.values() if not name.people]) if countries else {},
            peoples={name.country: name.first for name in reversed(countries.values()) if name.people},
        )

    def _countries(self, tokens: Sequence[Token], lows: Sequence[str], *, cased: bool) -> dict[int, CountryName]:
        found: dict[int, CountryName] = {}
        known, beyond = self.words.country_words, 0
        for at in [at for at, low in enumerate(lows) if low in known]:
            name = self.words.country_at(tokens, at, cased=cased) if at >= beyond else None
            if name is not None:
                found[at] = name
                beyond = name.last + 1
        return found

    def of_interest(self, sentence: PlaceSentence) -> list[int]:
        """The cheap look: the tokens where a name, or a word like "capital", may begin."""
        lows = sentence.lows
        if not sentence.cased:
            small = self.words.small
            return [at for at, low in enumerate(lows) if low not in small or at in sentence.countries]
        opening = self._opening
        found = [at for at, (text, low, _, _) in enumerate(sentence.tokens) if text[0].isupper() or low in opening]
        if APOSTROPHE in lows:
            found = sorted({*found, *(at for at in range(len(lows)) if _is_elided(sentence, at))})
        return found

    def may_begin(self, sentence: PlaceSentence, at: int) -> bool:
        """Whether a name can begin with this token."""
        token = sentence.tokens[at]
        if not token.text[0].isalpha():
            return False
        if sentence.cased:
            return token.text[0].isupper() or self._is_article(sentence, at)
        return token.low not in self.words.small

    def _is_article(self, sentence: PlaceSentence, at: int) -> bool:
        """Whether a small word opens a name and does not stand inside one: "al-Bab", "la Nucia", "l'Alcora"."""
        low, before = sentence.low(at), sentence.low(at - 1)
        if sentence.low(at + 1) == HYPHEN:
            return low in ARTICLES and sentence.is_capital(at + 2)
        inside = before in self._articles or (sentence.is_capital(at - 1) and before not in self.words.small)
        if inside:
            return False
        if _is_elided(sentence, at):
            return sentence.is_capital(at + 2)
        return low in self._articles and sentence.is_capital(at + 1)

    def longest(self, sentence: PlaceSentence, at: int) -> tuple[int, tuple[Place, ...]] | None:
        """The longest name of the gazetteer that begins here: its last token, and the places of that name."""
        if at not in sentence.longest:
            sentence.longest[at] = self._longest(sentence, at)
        return sentence.longest[at]

    def _longest(self, sentence: PlaceSentence, at: int) -> tuple[int, tuple[Place, ...]] | None:
        words: list[str] = []
        best: tuple[int, str] | None = None
        for position in range(at, min(at + LONGEST, len(sentence.tokens))):
            token = sentence.tokens[position]
            if token.low in JOINERS:
                if not words or not _is_joined(sentence, position):
                    break
                continue
            if token.low == AMPERSAND:
                continue
            joined = bool(words) and sentence.low(position - 1) in JOINERS
            glued = joined and self._is_glued(sentence, position) and sentence.low(position - 2) != HYPHEN
            if not token.text[0].isalpha():
                break
            capital = token.text[0].isupper() or not sentence.cased
            small = token.low in self.words.particles or _is_elided(sentence, position)
            if not (capital or small or joined):
                break
            word = fold(token.text)
            words = [*words[:-1], words[-1] + word] if glued else [*words, word]
            key = key_of(words)
            named = capital or (joined and sentence.touches(position))
            if glued and token.low in self.words.possessives:
                named = False  # "Ra's Bayrut" is a name, "Bayrut's" is none
            if named and len(key) > 2 and key in self.gazetteer:
                best = position, key
        return (best[0], self.gazetteer.find(best[1])) if best else None

    def run_end(self, sentence: PlaceSentence, at: int) -> int:
        """The last token of the capitalised name that begins here."""
        last = at
        for position in range(at + 1, len(sentence.tokens)):
            token = sentence.tokens[position]
            if token.low in JOINERS:
                inside = sentence.touches(position) and sentence.touches(position + 1) and token.low != "."
                if not inside or sentence.low(position + 1) in self.words.possessives:
                    break
            elif token.text[0].isupper() or self._is_glued(sentence, position):
                last = position
            elif token.low not in self.words.particles or token.low in self.words.small:
                break
        return last

    def whole_words(self, sentence: PlaceSentence, first: int, last: int) -> list[str]:
        """The lower-cased words of a name, one that holds an apostrophe in one piece."""
        words: list[str] = []
        for at in range(first, last + 1):
            glued = at > first and (self._is_glued(sentence, at) or (sentence.low(at) == APOSTROPHE and at < last))
            words[len(words) - glued :] = ["".join((*words[len(words) - glued :], sentence.low(at)))]
        return words

    def _is_glued(self, sentence: PlaceSentence, at: int) -> bool:
        """Whether an apostrophe inside the name leads to this token: "Mar'a"."""
        return sentence.low(at - 1) == APOSTROPHE and sentence.touches(at) and sentence.touches(at - 1)

    def is_name_word(self, sentence: PlaceSentence, at: int, joint: int) -> bool:
        """Whether this neighbour makes the words part of a longer name: "Ali Hassan", "Kabul University".

        `joint` is the later of the two tokens between which they would be joined.
        """
        words, low = self.words, sentence.low(at)
        if low == HYPHEN:
            other = at + 1 if at >= joint else at - 1
            glued = sentence.touches(joint) and sentence.is_capital(other)
            return glued and sentence.low(other) not in words.qualifiers and not self.is_known(sentence.low(other))
        if low in words.particles and sentence.low(at + 1) == HYPHEN and sentence.is_capital(at + 2):
            return True
        if not sentence.is_capital(at) or low in words.small or low in words.features:
            return False
        if at < joint and low in words.qualifiers:
            return False
        country = sentence.country_over(at)
        return country is None or (low in words.weak and not country.people)

    def is_compound(self, sentence: PlaceSentence, last: int) -> bool:
        """Whether a name that ends here only describes: "US-led", "Paris-based"."""
        joined = sentence.low(last + 1) == HYPHEN and sentence.touches(last + 1) and sentence.touches(last + 2)
        return joined and sentence.tokens[last + 2].text.islower() and not self.is_known(sentence.low(last + 2))

    def is_known(self, word: str) -> bool:
        """Whether the gazetteer has a place of this one word."""
        return key_of([fold(word)]) in self.gazetteer


def _is_elided(sentence: PlaceSentence, at: int) -> bool:
    """Whether an apostrophe ties this one letter to what follows: the "l" of "l'Alcora"."""
    if len(sentence.low(at)) != 1 or sentence.low(at + 1) != APOSTROPHE:
        return False
    return sentence.low(at).isalpha() and sentence.touches(at + 1) and sentence.touches(at + 2)


def _is_joined(sentence: PlaceSentence, at: int) -> bool:
    """Whether a mark stands in a name as names have it: "Sidi 'Addi", "Sants - Badal", "Biel/Bienne", "St. Denis"."""
    before, after = sentence.touches(at), sentence.touches(at + 1)
    if sentence.low(at) == APOSTROPHE:
        return before or after
    return before or (sentence.low(at) == HYPHEN and not after)


def is_cased(tokens: Sequence[Token]) -> bool:
    """Whether capitals mean anything: not in a text of one case, nor in a headline that capitalises every word."""
    long = [token.text for token in tokens if len(token.text) > 3 and token.text[0].isalpha()]
    capitals = [word for word in long if word[0].isupper()]
    if not capitals and not any(token.text[0].isupper() and token.text[0].isalpha() for token in tokens):
        return False
    shouting = len([word for word in capitals if word.isupper()])
    return len(long) <= 3 or (len(capitals) < len(long) and shouting * 2 <= len(long))
