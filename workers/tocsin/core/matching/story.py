"""Where a story plays: the countries that an article speaks of, weighted by how near to a name they stand."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from tocsin.core.article import Span
from tocsin.core.matching.names import CountryHit
from tocsin.core.places import PlaceFinder
from tocsin.core.text import SentenceFinder

SENTENCE, HEADLINE, OPENING, REST = 8.0, 5.0, 4.0, 1.0
"""What a country's name weighs in the same sentence, the headline, the first sentence of the body, anywhere else."""
MOST_REST = 5.0
"""What all mentions elsewhere weigh together at most."""
PEOPLE = 0.5
"""What a people's name weighs against a country's: it may only tell where a suspect comes from."""
TOWN = 0.75
"""What a town or province weighs against its country: it may have namesakes."""
OUTLET = 3.0
"""What the outlet's own country weighs."""
MAX_READ = 40


@dataclass(slots=True)
class Weights:
    """What the story says for each country. `where` leaves out the outlet and the peoples' names."""

    total: dict[str, float] = field(default_factory=dict)
    where: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Sign:
    start: int
    country: str
    weight: float
    people: bool


class Story:
    """The signs of one article. Towns are looked for only where a decision needs them."""

    __slots__ = (
        "_countries",
        "_finder",
        "_ground",
        "_opening",
        "_places",
        "_prior",
        "_read",
        "_text",
        "_ties",
        "_title_end",
    )

    def __init__(
        self,
        text: str,
        countries: Iterable[CountryHit],
        *,
        finder: SentenceFinder,
        ties: dict[str, frozenset[str]],
        places: PlaceFinder | None = None,
        title_end: int = 0,
        prior: str | None = None,
    ) -> None:
        self._text = text
        self._finder = finder
        self._places = places
        self._title_end = title_end
        self._prior = prior
        self._ties = ties
        self._countries = sorted(countries, key=lambda hit: hit.start)
        self._read: dict[int, tuple[_Sign, ...]] = {}
        self._opening = finder.around(title_end)
        self._ground: list[_Sign] | None = None

    def sentence(self, offset: int) -> Span | None:
        """The sentence that holds `offset`."""
        return self._finder.around(offset)

    def beside(self, start: int, end: int, folded: str) -> str | None:
        """The country that is tied to the words at `start`: "Spain's …", "Spanish …", "… of Spain"."""
        for hit in self._countries:
            if hit.start > end + 12:
                break
            if hit.end <= start <= hit.end + 4 and folded[hit.end : start].strip() in self._ties["before"]:
                return hit.country
            if hit.end <= start < hit.end + 4 and not folded[hit.end : start].strip(" "):
                return hit.country
            if hit.start > end and folded[end : hit.start].strip() in self._ties["after"]:
                return hit.country
        return None

    def weigh(self, start: int, *, deep: bool = False) -> Weights:
        """The countries by the weight of their signs, seen from `start`. `deep`: towns of the whole article count."""
        weights = Weights()
        span = self._finder.around(start)
        first = span.start if span else start
        last = span.end if span else start
        rest: dict[str, tuple[float, float]] = {}
        for sign in self._signs(span, deep=deep):
            if first <= sign.start < last:
                near = SENTENCE
            elif sign.start < self._title_end:
                near = HEADLINE
            elif self._opening and self._opening.start <= sign.start < self._opening.end:
                near = OPENING
            else:
                total, where = rest.get(sign.country, (0.0, 0.0))
                rest[sign.country] = (total + sign.weight, where + (0.0 if sign.people else sign.weight))
                continue
            _add(weights, sign.country, near * sign.weight, 0.0 if sign.people else near * sign.weight)
        for country, (total, where) in rest.items():
            _add(weights, country, min(total * REST, MOST_REST), min(where * REST, MOST_REST))
        if self._prior:
            weights.total[self._prior] = weights.total.get(self._prior, 0.0) + OUTLET
        return weights

    def _signs(self, span: Span | None, *, deep: bool) -> list[_Sign]:
        if self._ground is None:
            self._ground = [
                _Sign(hit.start, hit.country, PEOPLE if hit.people else 1.0, hit.people) for hit in self._countries
            ]
        spans = self._spans() if deep else [s for s in (span, self._finder.around(0), self._opening) if s]
        signs = list(self._ground)
        for one in {s.start: s for s in spans}.values():
            signs.extend(self._towns(one))
        return signs

    def _spans(self) -> list[Span]:
        found: list[Span] = []
        for index in range(self._finder.paragraph(len(self._text)) + 1):
            found.extend(self._finder.of_paragraph(index))
            if len(found) >= MAX_READ:
                break
        return found[:MAX_READ]

    def _towns(self, span: Span) -> Sequence[_Sign]:
        known = self._read.get(span.start)
        if known is None:
            known = ()
            if self._places is not None:
                seen = _seen(self._countries, span.start)
                mentions = self._places.find_places(self._text, span.start, span.end, prior=self._prior, seen=seen)
                known = tuple(
                    _Sign(m.span.start, m.country, TOWN, people=False)
                    for m in mentions
                    if m.country and m.kind not in ("country", "unknown")
                )
            self._read[span.start] = known
        return known


def _seen(countries: Sequence[CountryHit], before: int) -> Collection[str]:
    return tuple(dict.fromkeys(hit.country for hit in countries if hit.start < before))


def _add(weights: Weights, country: str, total: float, where: float) -> None:
    weights.total[country] = weights.total.get(country, 0.0) + total
    if where:
        weights.where[country] = weights.where.get(country, 0.0) + where
