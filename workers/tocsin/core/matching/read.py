"""Reads one sentence: tokens, dates, numbers, places, groups, and the actors named in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_

from tocsin.core.actors import Actor
from tocsin.core.article import Span
from tocsin.core.dates.resolver import DateMention
from tocsin.core.lexicon import NOUN, NUM, Lexicon
from tocsin.core.matching.ages import mark_ages
from tocsin.core.matching.bombers import mark_bombers
from tocsin.core.matching.compiled import NAME, PLACE_NAME, STATE, Language
from tocsin.core.matching.gate import PARAGRAPHS
from tocsin.core.matching.groups import find_groups
from tocsin.core.matching.naming import ActorHit
from tocsin.core.matching.rigged import mark_rigged
from tocsin.core.matching.tags import tag
from tocsin.core.matching.tokens import Sentence, tokenise
from tocsin.core.matching.topic import Topic, heading_of
from tocsin.core.matching.traits import mark_traits
from tocsin.core.matching.verbs import mark_finite
from tocsin.core.mentions import PlaceMention
from tocsin.core.numbers.finder import NumberMention
from tocsin.core.text import SentenceFinder

_COUNTED = frozenset(("count", "range", "inexact", "measure", "money"))
_STATE_KINDS = frozenset(("country",))


@dataclass(slots=True)
class Document:
    """One article while it is being read. `words` are its spaced words."""

    text: str
    folded: str
    words: str
    language: Language
    actors: dict[str, Actor]
    actor_hits: Sequence[ActorHit]
    reference: datetime
    finder: SentenceFinder
    title_end: int = 0
    dated: bool = True
    cancelled: Sequence[tuple[int, int, int]] = ()
    prior: str | None = None
    seen: list[str] = field(default_factory=list)
    sentences: dict[int, Sentence] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    heading: str | None = None

    def read(self, span: Span) -> Sentence:
        """The sentence at `span`, read once."""
        known = self.sentences.get(span.start)
        if known is None:
            known = self.sentences[span.start] = _read(self, span)
        return known

    def signs(self, sentence: Sentence) -> Mapping[str, tuple[str, ...]]:
        """What of the status lists stands in a sentence, found once."""
        if sentence.signs is None:
            sentence.signs = self.language.signs.within(sentence.word)
        return sentence.signs

    def topic(self, sentence: Sentence) -> Topic:
        """What the article talks about around a sentence, found once."""
        span = sentence.span
        known = self.topics.get(span.start)
        if known is None:
            if self.heading is None:
                self.heading = heading_of(self.folded)
            known = self.language.topics.find(
                self.words, span, self.title_end, self.heading, self.reference.year * self.dated
            )
            self.topics[span.start] = known
        return known

    def spans_before(self, span: Span, reach: int) -> list[Span]:
        """Where the sentences before this one stand, nearest first, across one paragraph's border."""
        found: list[Span] = []
        paragraph = self.finder.paragraph(span.start)
        for index in range(paragraph, max(-1, paragraph - PARAGRAPHS), -1):
            for other in reversed(self.finder.of_paragraph(index)):
                if other.start < span.start:
                    found.append(other)
                    if len(found) >= reach:
                        return found
        return found

    def before(self, sentence: Sentence, reach: int) -> list[Sentence]:
        """These sentences themselves."""
        return [self.read(span) for span in self.spans_before(sentence.span, reach)]

    def country_of(self, word: str) -> str | None:
        """The country of a name or demonym."""
        return self.language.places.country_of(word)


def _read(document: Document, span: Span) -> Sentence:
    language, text = document.language, document.text
    sentence = tokenise(document.folded, span, language.lexicon)
    dates = language.dates.find_dates(text, span.start, span.end, reference=document.reference)
    sentence.places, dates = _find_places(document, span, dates)
    sentence.dates = dates
    numbers = language.numbers.find_numbers(text, span.start, span.end)
    numbered = _place_numbers(sentence, numbers, dates)
    timed = [(d.span.start, d.span.end) for d in dates]
    known = [place.span for place in sentence.places if place.kind != "unknown"]
    known += [Span(start=hit.start, end=hit.end) for hit in document.actor_hits if _is_within(hit, span)]
    tag(sentence, text, language.lexicon, timed, numbered, known)
    mark_ages(sentence, language.lexicon)
    find_groups(sentence, language.lexicon)
    mark_finite(sentence, language.lexicon)
    _count(sentence, language.lexicon)
    mark_rigged(sentence, language.lexicon)
    mark_bombers(sentence, language.lexicon)
    _name_actors(document, sentence)
    everything = reduce(or_, sentence.mask, 0)
    for group in sentence.groups:
        everything |= group.mask | group.inner
    sentence.everything = everything
    _name_places(sentence, language.lexicon)
    _name_unknown(sentence, language)
    _mark_many(sentence, language.lexicon)
    mark_traits(sentence, language.lexicon)
    return sentence


def _is_within(hit: ActorHit, span: Span) -> bool:
    return span.start <= hit.start and hit.end <= span.end


def _find_places(
    document: Document, span: Span, dates: tuple[DateMention, ...]
) -> tuple[tuple[PlaceMention, ...], tuple[DateMention, ...]]:
    """The places of a sentence that are part of no actor's name, and its dates: of two that overlap, the longer."""
    finder = document.language.places
    found = finder.find_places(document.text, span.start, span.end, prior=document.prior, seen=document.seen)
    places = [place for place in found if not _is_actor(document, place)]
    for place in list(places):
        over = [date for date in dates if date.span.start < place.span.end and place.span.start < date.span.end]
        within = any(date.span.start <= place.span.start and place.span.end <= date.span.end for date in over)
        if over and " " in place.text and not within:
            dates = tuple(date for date in dates if date not in over)  # "Mar del Plata"
        elif over:
            places.remove(place)
    document.seen.extend(p.country for p in places if p.country and p.country not in document.seen)
    return tuple(places), dates


def _place_numbers(sentence: Sentence, numbers: Sequence[NumberMention], dates: Sequence[DateMention]) -> set[int]:
    numbered: set[int] = set()
    busy = [(d.span.start, d.span.end) for d in dates]
    for number in numbers:
        span = number.span
        if any(start <= span.start < end for start, end in busy):
            continue
        first = sentence.token_at(span.start)
        if first >= len(sentence):
            break  # the sentence was cut off before it
        last = first
        while last + 1 < len(sentence) and sentence.start[last + 1] < span.end:
            last += 1
        sentence.numbers[first] = number
        if number.kind in _COUNTED:
            numbered.update(range(first, last + 1))
    return numbered


def _count(sentence: Sentence, lexicon: Lexicon) -> None:
    singular = lexicon.words.get("singular", frozenset())
    numbers = sentence.numbers
    for group in sentence.groups:
        group.count = None
        for at in range(group.start, group.end) if numbers else ():
            if at not in numbers:
                continue
            number = numbers[at]
            if at > group.head:
                break  # "brigade 2" is one
            if number.kind == "count":
                group.count = number.value
                group.exact = True
                break
            if number.kind == "measure" and "-" in sentence.word[at] and at < group.head:
                continue  # "a 500-pound bomb" is one
            if number.kind in ("inexact", "range", "measure", "money"):
                group.exact = False
                break
        if group.count is None and group.exact and sentence.word[group.start] in singular:
            group.count = 1


def _is_actor(document: Document, place: PlaceMention) -> bool:
    return any(hit.start <= place.span.start and place.span.end <= hit.end for hit in document.actor_hits)


def _name_places(sentence: Sentence, lexicon: Lexicon) -> None:
    place_bit, state = lexicon.bit(PLACE_NAME), lexicon.bit(STATE)
    for place in sentence.places:
        at = sentence.token_at(place.span.end - 1)
        index = sentence.group_at[at] if at < len(sentence) else -1
        if index < 0:
            continue
        group = sentence.groups[index]
        if group.actor:
            continue
        if group.head == at:
            group.place = True
            group.country = place.country
            group.mask = place_bit | (state if place.kind in _STATE_KINDS else 0)
        elif group.country is None:
            group.country = place.country


def _name_actors(document: Document, sentence: Sentence) -> None:
    lexicon = document.language.lexicon
    things = lexicon.serving("own_thing")  # "Russian drones" names whose they are: they stay drones
    for hit in document.actor_hits:
        if hit.end <= sentence.span.start:
            continue
        if hit.start >= sentence.span.end:
            break
        first, last = sentence.token_at(hit.start), sentence.token_at(hit.end - 1)
        if last >= len(sentence):
            continue
        kinds = 0
        for kind in hit.kinds:
            kinds |= lexicon.closure(kind)
        index = sentence.group_at[first]
        if index < 0:
            index = sentence.group_at[last]
        if index < 0:
            continue
        group = sentence.groups[index]
        if first <= group.head <= last or (last >= group.end and group.head >= first):
            group.actor = hit.actor
            group.place = False
            group.mask = kinds | (sentence.mask[group.head] & things if sentence.mask[group.head] else 0)
        else:
            if hit.actor:
                group.actors = (*group.actors, hit.actor)
            if group.mask & lexicon.serving("person"):
                group.mask &= ~lexicon.serving("aircraft")
            group.inner |= kinds


def _name_unknown(sentence: Sentence, language: Language) -> None:
    lexicon = language.lexicon
    name, person = lexicon.bit(NAME), lexicon.serving("person")
    people = person | lexicon.serving("public")
    abstract = tuple(lexicon.words.get("abstract_endings", ()))
    bodies, force = lexicon.serving("named_body"), lexicon.made("named_forces")
    for group in sentence.groups:
        head = group.head
        named = sentence.cap[head] and head > group.start and sentence.cap[head - 1] and not sentence.titled
        if named and sentence.word[head] in lexicon.words.get("named_forces", ()) and not (group.place or group.actor):
            group.mask |= name | force  # "the Valley Frontier Guard"
        if named and group.mask & bodies and not (group.place or group.actor):
            group.mask |= name  # "the Ravi Defence Force" is somebody, whichever side it is on
        if group.mask or group.actor or (not head and sentence.word[head] in lexicon.event_nouns):
            continue
        if sentence.caseless:
            titled = group.inner & person  # "presidential candidate Luis Perez"
            if (
                (titled or sentence.tag[group.start] == NOUN)
                and sentence.tag[head] == NOUN
                and not sentence.word[head].endswith(abstract)
            ):
                group.mask |= name
        elif sentence.cap[head]:
            several = language.places.country_of(sentence.word[head])  # "two Iraqis"
            group.mask |= name | people if several else name


def _mark_many(sentence: Sentence, lexicon: Lexicon) -> None:
    """Two or more of those who may take to the streets: "forty nurses", "Armenians", "some 200"."""
    public, many = lexicon.serving("public"), lexicon.serving("many")
    for group in sentence.groups:
        counted = group.count is not None and group.count > 1
        if group.count is not None and sentence.word[group.head] in lexicon.words.get("lost_lives", ()):
            group.mask |= lexicon.made("lost_lives")  # "claimed five lives"
        if group.mask & public:
            if counted or (
                group.count is None and (sentence.lexicon.is_plural(sentence.word[group.head]) or not group.exact)
            ):
                group.mask |= many
        elif counted and sentence.tag[group.head] == NUM and group.mask:
            group.mask |= many
