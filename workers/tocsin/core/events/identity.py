"""Whether two accounts are of one real-world event: a score with its reasons.

Both sides are a `Profile`, so that a mention is held against an event and an event against an event by the same
rules. What the score weighs, and how much, stands in the constants; a veto outweighs everything else together.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tocsin.core.events.independence import are_copies
from tocsin.core.events.lineage import Kinship
from tocsin.core.events.values import Event, EventPlace, Party
from tocsin.core.mentions import EventDate, EventMention, Precision, Role
from tocsin.core.text import fold

THRESHOLD = 4.5
VETO = -100.0
UNDATED_DAYS = 3
LARGE_COUNT = 8

_PERIOD_DAYS = {Precision.DAY: 1, Precision.WEEK: 7, Precision.MONTH: 31, Precision.YEAR: 366}
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_WORD = re.compile(r"[^\W\d_]{4,}")
_CAPITALISED = re.compile(r"\b[^\W\d_a-z][^\W\d_]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who and what takes part.

    `actors` holds, for each role, the watched actors as named; `kin` those and all they belong to. `names` are the
    capitalised words of recipients nobody watches, `objects` the words of what was taken, both folded.
    """

    actors: Mapping[Role, frozenset[str]] = field(default_factory=dict)
    kin: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What identity is judged by.

    `line` is the type with its parents. `sentences` are digests of the evidence, `articles` the reports' ids,
    `prints` their fingerprints.
    """

    type: str
    line: tuple[str, ...]
    anchor_on: date
    date: EventDate | None = None
    places: tuple[EventPlace, ...] = ()
    countries: frozenset[str] = frozenset()
    cast: Cast = Cast()
    count: int | None = None
    sentences: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    prints: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How alike, and why: each reason with its points, in the order they were weighed."""

    total: float
    reasons: tuple[tuple[str, float], ...] = ()

    @property
    def same(self) -> bool:
        """Whether the two are one event."""
        return self.total >= THRESHOLD


def place_key(name: str) -> str:
    """Letters only, folded: `Deir ez-Zor` and `Deir Ezzor` share one."""
    return _NOT_LETTERS.sub("", fold(name))


def sentence_key(sentence: str) -> str:
    """The same for every copy of a sentence, whatever its quotes, case and blanks."""
    letters = re.sub(r"\W+", " ", fold(sentence)).strip()
    return hashlib.sha256(letters.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def profile_of_mention(mention: EventMention, *, reference_on: date, fingerprint: int, kinship: Kinship) -> Profile:
    """A mention as reported on `reference_on` by an article with this fingerprint."""
    parties = parties_of(mention)
    return Profile(
        type=mention.type,
        line=kinship.types.line(mention.type),
        anchor_on=mention.date.on if mention.date else reference_on,
        date=mention.date,
        places=places_of(mention),
        countries=frozenset(mention.countries) | {p.country for p in mention.places if p.country},
        count=mention.count,
        sentences=frozenset({sentence_key(mention.sentence_text)}),
        articles=frozenset({mention.article_id}),
        prints=(fingerprint,) if fingerprint else (),
        cast=_cast(parties, kinship),
    )


def profile_of_event(event: Event, *, kinship: Kinship) -> Profile:
    """An event as it stands."""
    return Profile(
        type=event.type,
        line=kinship.types.line(event.type),
        anchor_on=event.anchor_on,
        date=event.date,
        places=event.places,
        countries=frozenset(event.countries) | {p.country for p in event.places if p.country},
        count=event.count,
        sentences=frozenset(sentence_key(report.sentence) for report in event.reports),
        articles=frozenset(report.article_id for report in event.reports),
        prints=tuple(report.fingerprint for report in event.reports if report.fingerprint),
        cast=_cast(event.parties, kinship),
    )


def parties_of(mention: EventMention) -> tuple[Party, ...]:
    """The mention's arguments as parties, each once, in order of role."""
    arguments = (*mention.agents, *mention.recipients, *mention.objects, *mention.instruments, *mention.linked)
    return tuple(dict.fromkeys(Party(role=a.role, text=a.text, actor=a.actor) for a in arguments))


def places_of(mention: EventMention) -> tuple[EventPlace, ...]:
    """The mention's places, each once."""
    return tuple(
        dict.fromkeys(
            EventPlace(name=p.name, country=p.country, province=p.province, kind=p.kind) for p in mention.places
        )
    )


def match_score(one: Profile, other: Profile) -> Score:
    """How alike two accounts are. Symmetric but for the order of reasons; a veto ends the weighing."""
    reasons: list[tuple[str, float]] = []
    same_text = bool(one.sentences & other.sentences)
    for weigh in (_type, _article, _date, _place, _actors, _count, _object, _names):
        found = weigh(one, other)
        if found is None or (found[1] == 0.0):
            continue
        reasons.append(found)
        if found[1] <= VETO:
            return Score(total=VETO, reasons=tuple(reasons))
    if same_text:
        reasons.append(("the same sentence", 5.0))
    # What differs in place or count is another report in the same words, not a copy.
    elif all(points >= 0 for _, points in reasons) and any(are_copies(a, b) for a in one.prints for b in other.prints):
        reasons.append(("copies of one text", 2.0))
    return Score(total=round(sum(points for _, points in reasons), 3), reasons=tuple(reasons))


Reason = tuple[str, float] | None


def _type(one: Profile, other: Profile) -> Reason:
    if one.type == other.type:
        return f"both {one.type}", 1.0
    if one.type in other.line or other.type in one.line:
        return f"{one.type} and {other.type} are of one line", 0.75
    if one.line[-1] == other.line[-1]:
        return f"{one.type} and {other.type} are kin", 0.25
    return f"{one.type} is not {other.type}", VETO


def _article(one: Profile, other: Profile) -> Reason:
    if one.articles & other.articles and not one.sentences & other.sentences:
        return "one article tells of both", -2.0
    return None


def _date(one: Profile, other: Profile) -> Reason:
    if one.date and other.date:
        return _both_dated(one, other, one.date, other.date)
    apart = abs((one.anchor_on - other.anchor_on).days)
    if apart > UNDATED_DAYS:
        return f"reported {apart} days apart", VETO
    return "dates agree as far as known", 1.0 if apart <= 1 else 0.5


def _both_dated(one: Profile, other: Profile, a: EventDate, b: EventDate) -> Reason:
    if a.precision is Precision.DAY and b.precision is Precision.DAY:
        apart = abs((a.on - b.on).days)
        if apart == 0:
            return f"both on {a.on}", 2.0
        # Reports of one night fall on either side of midnight: one event only if the words or names say so as well.
        if apart == 1 and (
            one.sentences & other.sentences or (one.cast.names & other.cast.names and _one_town(one, other))
        ):
            return "a day apart, yet the same words or names", -0.5
        return f"{apart} days apart", VETO
    starts, ends = zip(_period(a), _period(b), strict=True)
    if max(starts) > min(ends):
        return f"{a.render()} is not {b.render()}", VETO
    return f"{a.render()} overlaps {b.render()}", 0.5


def _one_town(one: Profile, other: Profile) -> bool:
    towns = {place_key(place.name) for place in one.places if place.kind != "country"}
    return any(place_key(place.name) in towns for place in other.places)


def _period(when: EventDate) -> tuple[date, date]:
    return when.on, when.on + timedelta(days=_PERIOD_DAYS[when.precision] - 1)


def _place(one: Profile, other: Profile) -> Reason:
    if one.countries and other.countries and not one.countries & other.countries:
        return f"{_list(one.countries)} is not {_list(other.countries)}", VETO
    common = one.countries & other.countries
    pairs = [_place_pair(a, b) for a in one.places for b in other.places]
    if len(common) > 1:
        # Few events span two countries, so the same two say more than one does.
        pairs.append((f"both in {_list(common)}", 2.0))
    elif common and not pairs:
        pairs.append((f"both in {_list(common)}", 1.0))
    return max(pairs, key=lambda pair: pair[1], default=None)


def _place_pair(a: EventPlace, b: EventPlace) -> tuple[str, float]:
    if a.country and b.country and a.country != b.country:
        return f"{a.name} is in another country than {b.name}", -3.0
    key_a, key_b = place_key(a.name), place_key(b.name)
    if key_a == key_b:
        return (f"both in {a.name}", 1.0) if a.kind == "country" else (f"both in {a.name}", 3.0)
    if "country" in (a.kind, b.kind):
        inner, outer = (b, a) if a.kind == "country" else (a, b)
        return (f"{inner.name} is in {outer.name}", 1.0) if inner.country == outer.country else _apart(a, b)
    province_a = place_key(a.province or (a.name if a.kind == "province" else ""))
    province_b = place_key(b.province or (b.name if b.kind == "province" else ""))
    if province_a and province_a == province_b:
        if "province" in (a.kind, b.kind):
            return f"{a.name} and {b.name} are one inside the other", 2.0
        return f"{a.name} and {b.name} are in one province", -2.5
    if not province_a or not province_b:
        return f"{a.name} and {b.name} may be near", -0.5
    return _apart(a, b)


def _apart(a: EventPlace, b: EventPlace) -> tuple[str, float]:
    return f"{a.name} is not {b.name}", -3.0


def _actors(one: Profile, other: Profile) -> Reason:
    points, shared, differ = 0.0, set[str](), False
    for role in (Role.AGENT, Role.RECIPIENT, Role.LINKED):
        a, b = one.cast.actors.get(role, frozenset()), other.cast.actors.get(role, frozenset())
        common = (a & other.cast.kin) | (b & one.cast.kin)
        if a and b and common:
            points += 1.5
            shared |= common
        elif a and b:
            # Who acted is named loosely (a minister, a force); whom it befell is what tells events apart.
            points -= 0.5 if role is Role.AGENT else 2.0
            differ = True
    if not shared and not differ and (one.cast.kin & other.cast.kin):
        return f"both about {_list(one.cast.kin & other.cast.kin)}", 0.75
    if not shared and not differ:
        return None
    return (f"both about {_list(shared)}" if shared else "about different actors"), points


def _count(one: Profile, other: Profile) -> Reason:
    a, b = one.count, other.count
    if a is None or b is None:
        return None
    if a == b:
        return f"both count {a}", 0.5 if a == 1 else 2.0
    low, high = min(a, b), max(a, b)
    if low / high >= 0.6 or (high - low <= 2 and low > 1):
        # Large numbers are seldom near each other by chance.
        return f"{a} and {b} may be one count", 0.0 if low >= LARGE_COUNT else -0.5
    return f"{a} is not {b}", -3.5


def _object(one: Profile, other: Profile) -> Reason:
    if not one.cast.objects or not other.cast.objects:
        return None
    common = one.cast.objects & other.cast.objects
    return (f"both of {_list(common)}", 1.5) if common else ("different objects", -1.5)


def _names(one: Profile, other: Profile) -> Reason:
    if not one.cast.names or not other.cast.names:
        return None
    common = one.cast.names & other.cast.names
    return (f"both name {_list(common)}", 1.5) if common else ("different names", -1.0)


def _cast(parties: Iterable[Party], kinship: Kinship) -> Cast:
    actors: dict[Role, set[str]] = {}
    objects: set[str] = set()
    names: set[str] = set()
    for party in parties:
        if party.actor:
            actors.setdefault(party.role, set()).add(party.actor)
        if party.role is Role.OBJECT:
            objects |= set(_WORD.findall(fold(party.text)))
        elif party.role is Role.RECIPIENT and not party.actor:
            names |= {fold(word) for word in _CAPITALISED.findall(party.text)}
    kin = {ancestor for ids in actors.values() for actor in ids for ancestor in kinship.actors.line(actor)}
    return Cast(
        actors={role: frozenset(ids) for role, ids in actors.items()},
        kin=frozenset(kin),
        objects=frozenset(objects),
        names=frozenset(names),
    )


def _list(values: Iterable[str]) -> str:
    return ", ".join(sorted(values))
