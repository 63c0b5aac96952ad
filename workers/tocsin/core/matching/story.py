"""Where a story plays: the countries that an article speaks of, weighted by how near to a name they stand."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tocsin.core.actors import Actor, ActorKind
from tocsin.core.article import Span
from tocsin.core.matching.names import CountryHit
from tocsin.core.places.finder import PlaceFinder
from tocsin.core.text import SentenceFinder

SENTENCE, HEADLINE, OPENING, BEFORE, REST = 8.0, 5.0, 4.0, 4.0, 1.0
"""What a country's name weighs in the same sentence, the headline, the first sentence of the body, the sentence before
the name, anywhere else."""
MOST_REST = 7.0
"""What all mentions elsewhere weigh together at most."""
NAME, PEOPLE, FORCE, GROUP, TOWN = (1.0, 1.0), (0.5, 0.0), (1.0, 1.0), (0.5, 0.5), (0.75, 0.4)
"""What a sign weighs for its country, and against the others, as a share of a country's name: a people's name may only
tell where a suspect comes from, a group may act abroad, a town may have namesakes."""
OUTLET = 3.0
"""What the outlet's own country weighs."""
REACH = 40
"""Characters in which a country that is tied to a name must stand."""
MAX_READ, MOST_READ = 40, 120
"""Sentences in which towns are looked for: when the whole article is read, and in all."""
_GROUPS = frozenset((ActorKind.ARMED_GROUP, ActorKind.CRIMINAL_GROUP, ActorKind.ORGANISATION))


@dataclass(slots=True)
class Weights:
    """What the story says for each country. `where` leaves out the outlet and the peoples' names."""

    total: dict[str, float] = field(default_factory=dict)
    where: dict[str, float] = field(default_factory=dict)

    def add(self, sign: "_Sign", near: float) -> None:
        """One more sign, that near."""
        for weights, share in zip((self.total, self.where), sign.shares, strict=True):
            if share:
                weights[sign.country] = weights.get(sign.country, 0.0) + share * near

    def copy(self) -> "Weights":
        """The same weights, to be added to."""
        return Weights(dict(self.total), dict(self.where))


@dataclass(frozen=True, slots=True)
class _Sign:
    start: int
    country: str
    shares: tuple[float, float]


class Story:
    """The signs of one article. Towns are looked for only where a decision needs them."""

    __slots__ = (
        "_base",
        "_countries",
        "_finder",
        "_last",
        "_opening",
        "_places",
        "_prior",
        "_sign_starts",
        "_signs",
        "_starts",
        "_text",
        "_ties",
        "_title_end",
        "_towns",
        "_weighed",
    )

    def __init__(
        self,
        text: str,
        countries: Iterable[CountryHit],
        *,
        finder: SentenceFinder,
        ties: Mapping[str, frozenset[str]],
        places: PlaceFinder | None = None,
        title_end: int = 0,
        prior: str | None = None,
    ) -> None:
        self._text, self._finder, self._ties = text, finder, ties
        self._places, self._title_end, self._prior = places, title_end, prior
        self._countries = sorted(countries, key=lambda hit: hit.start)
        self._starts = [hit.start for hit in self._countries]
        self._signs = [
            _Sign(hit.start, hit.country, PEOPLE if hit.people and not hit.rules else NAME) for hit in self._countries
        ]
        self._sign_starts = self._starts
        self._opening = finder.around(title_end)
        self._last: Span | None = None
        self._base: dict[bool, Weights] = {}
        self._weighed: dict[tuple[int, bool], Weights] = {}
        self._towns: dict[int, tuple[_Sign, ...]] = {}

    def tell_actors(self, actors: Iterable[tuple[int, Actor]]) -> None:
        """Where actors stand whose names leave no doubt: they tell of their countries too.

        To be called before anything is weighed.
        """
        self._signs.extend(
            _Sign(start, actor.country[0], GROUP if actor.kind in _GROUPS else FORCE)
            for start, actor in actors
            if len(actor.country) == 1
        )
        self._signs.sort(key=lambda sign: sign.start)
        self._sign_starts = [sign.start for sign in self._signs]

    def sentence(self, offset: int) -> Span | None:
        """The sentence that holds `offset`."""
        if self._last is None or not self._last.start <= offset < self._last.end:
            self._last = self._finder.around(offset)
        return self._last

    def beside(self, start: int, end: int, folded: str) -> str | None:
        """The country that is tied to the words at `start`: "Spain's …", "Spanish …", "… of Spain"."""
        first, last = bisect_left(self._starts, start - REACH), bisect_left(self._starts, end + REACH)
        for hit in self._countries[first:last]:
            if hit.end <= start:
                gap = folded[hit.end : start]
                if gap in (" ", "-") or (gap[-1:] == " " and gap.strip() in self._ties["before"]):
                    return hit.country
            elif hit.start > end and folded[end : hit.start].strip(" ") in self._ties["after"]:
                return hit.country
        return None

    def weigh(self, offset: int, *, deep: bool = False) -> Weights:
        """The countries by the weight of their signs, seen from `offset`. `deep`: all the article's towns count."""
        span = self.sentence(offset)
        at = span.start if span else -1
        known = self._weighed.get((at, deep))
        if known is None:
            known = self._ground(deep=deep).copy()
            if span:
                self._add_sentence(known, span, SENTENCE)
                before = next((s for gap in range(1, 4) if (s := self._finder.around(span.start - gap))), None)
                if before and before != self._opening and before.start >= self._title_end:
                    self._add_sentence(known, before, BEFORE)
            self._weighed[at, deep] = known
        return known

    def _add_sentence(self, weights: Weights, span: Span, near: float) -> None:
        first, last = bisect_left(self._sign_starts, span.start), bisect_left(self._sign_starts, span.end)
        for sign in (*self._signs[first:last], *self._towns_in(span)):
            weights.add(sign, near)

    def _ground(self, *, deep: bool) -> Weights:
        """What the article as a whole says: headline, opening, everything else up to a limit, and the outlet."""
        known = self._base.get(deep)
        if known is not None:
            return known
        weights, rest = Weights(), Weights()
        headline = self._finder.around(0) if self._title_end else None
        spans = self._spans() if deep else [span for span in (headline, self._opening) if span]
        for sign in (*self._signs, *(sign for span in spans for sign in self._towns_in(span))):
            if sign.start < self._title_end:
                weights.add(sign, HEADLINE)
            elif self._opening and self._opening.start <= sign.start < self._opening.end:
                weights.add(sign, OPENING)
            else:
                rest.add(sign, REST)
        for country, weight in rest.total.items():
            weights.total[country] = weights.total.get(country, 0.0) + min(weight, MOST_REST)
        for country, weight in rest.where.items():
            weights.where[country] = weights.where.get(country, 0.0) + min(weight, MOST_REST)
        if self._prior:
            weights.total[self._prior] = weights.total.get(self._prior, 0.0) + OUTLET
        self._base[deep] = weights
        return weights

    def _spans(self) -> list[Span]:
        found: list[Span] = []
        for index in range(self._finder.paragraph(len(self._text)) + 1):
            found.extend(self._finder.of_paragraph(index))
            if len(found) >= MAX_READ:
                break
        return found[:MAX_READ]

    def _towns_in(self, span: Span) -> tuple[_Sign, ...]:
        known = self._towns.get(span.start)
        if known is None:
            if self._places is None or len(self._towns) >= MOST_READ:
                return ()
            before = self._countries[: bisect_left(self._starts, span.start)][:MAX_READ]
            seen = tuple(dict.fromkeys(hit.country for hit in before))
            known = self._towns[span.start] = tuple(
                _Sign(place.span.start, place.country, TOWN)
                for place in self._places.find_places(self._text, span.start, span.end, prior=self._prior, seen=seen)
                if place.country and place.kind not in ("country", "unknown")
            )
        return known
