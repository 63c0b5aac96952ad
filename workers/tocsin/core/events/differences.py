"""What a new report changes of an event, and how much that matters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tocsin.core.events.identity import parties_of, place_key, places_of
from tocsin.core.events.values import Aspect, Event, EventPlace, Party, Report, Weight
from tocsin.core.mentions import EventDate, EventMention, Precision, Role, Status

_CERTAINTY = {
    Status.HYPOTHETICAL: 0,
    Status.PLANNED: 1,
    Status.DENIED: 2,
    Status.HEDGED: 3,
    Status.ATTRIBUTED: 4,
    Status.ASSERTED: 5,
}
_FINENESS = {Precision.DAY: 3, Precision.WEEK: 2, Precision.MONTH: 1, Precision.YEAR: 0}
_DENIALS = frozenset({Status.DENIED, Status.NEGATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One aspect that a report changed, in words."""

    aspect: Aspect
    weight: Weight
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The event's facts after the report, and the differences to those before."""

    status: Status
    count: int | None
    date: EventDate | None
    places: tuple[EventPlace, ...]
    countries: tuple[str, ...]
    parties: tuple[Party, ...]
    differences: tuple[Difference, ...] = ()


def most_certain(one: Status, other: Status) -> Status:
    """Of two statuses the one that claims more."""
    return max(one, other, key=lambda status: _CERTAINTY.get(status, -1))


def find_differences(event: Event, mention: EventMention, report: Report, *, publishers: int) -> Finding:
    """Hold a report against the event it joins. A denial changes the status alone."""
    if mention.status in _DENIALS:
        return _denied(event, report)
    differences: list[Difference] = []
    finding = Finding(
        status=_status(event, mention, differences),
        count=_count(event, mention, report, differences),
        date=_date(event, mention, differences),
        places=_places(event, mention, differences),
        countries=tuple(dict.fromkeys((*event.countries, *mention.countries))),
        parties=_parties(event, mention, differences),
    )
    _publishers(event, publishers, differences)
    return replace(finding, differences=tuple(differences))


def _denied(event: Event, report: Report) -> Finding:
    told_by = {known.publisher for known in event.reports if known.status not in _DENIALS}
    withdrawn = told_by <= {report.publisher}
    weight = Weight.RETRACTION if withdrawn else Weight.UPDATE
    changed = Difference(aspect=Aspect.STATUS, weight=weight, before=event.status.value, after=Status.DENIED.value)
    return Finding(
        status=Status.DENIED,
        count=event.count,
        date=event.date,
        places=event.places,
        countries=event.countries,
        parties=event.parties,
        differences=() if event.status is Status.DENIED else (changed,),
    )


def _status(event: Event, mention: EventMention, differences: list[Difference]) -> Status:
    if event.status is Status.DENIED:
        status = mention.status if mention.opens else event.status
        weight = Weight.UPDATE
    else:
        status = most_certain(event.status, mention.status)
        # "Police said" becoming plain fact is how every story goes on; doubt becoming fact is news.
        weight = Weight.NOTE if event.status is Status.ATTRIBUTED else Weight.CORROBORATION
    if status is not event.status:
        differences.append(
            Difference(aspect=Aspect.STATUS, weight=weight, before=event.status.value, after=status.value)
        )
    return status


def _count(event: Event, mention: EventMention, report: Report, differences: list[Difference]) -> int | None:
    count = mention.count
    if count is None or count == event.count:
        return event.count
    own = {known.count for known in event.reports if known.publisher == report.publisher}
    if event.count is not None and count < event.count and event.count not in own:
        # A lower figure from others than who gave the present one is far more often old or narrow than a correction.
        return event.count
    if event.count is None:
        weight = Weight.NOTE if count == 1 else Weight.UPDATE
    else:
        weight = Weight.CORRECTION if count < event.count else Weight.UPDATE
    before = "" if event.count is None else str(event.count)
    differences.append(Difference(aspect=Aspect.COUNT, weight=weight, before=before, after=str(count)))
    return count


def _date(event: Event, mention: EventMention, differences: list[Difference]) -> EventDate | None:
    new = mention.date
    if new is None or new == event.date:
        return event.date
    if event.date is not None and _FINENESS[new.precision] <= _FINENESS[event.date.precision]:
        return event.date
    before = event.date.render() if event.date else ""
    differences.append(Difference(aspect=Aspect.DATE, weight=Weight.NOTE, before=before, after=new.render()))
    return new


def _places(event: Event, mention: EventMention, differences: list[Difference]) -> tuple[EventPlace, ...]:
    known = {(place_key(place.name), place.country) for place in event.places}
    new = [p for p in places_of(mention) if (place_key(p.name), p.country) not in known]
    finer = [place for place in new if not _covers(place, event.places)]
    if not finer:
        return event.places
    places = (*event.places, *finer)
    differences.append(
        Difference(
            aspect=Aspect.PLACE,
            weight=Weight.UPDATE,
            before=", ".join(place.name for place in event.places),
            after=", ".join(place.name for place in places),
        )
    )
    return places


def _covers(place: EventPlace, known: Sequence[EventPlace]) -> bool:
    """Whether the place is only the country or province around one that is known."""
    if place.kind == "country":
        return any(other.country == place.country for other in known)
    if place.kind == "province":
        return any(place_key(other.province or "") == place_key(place.name) for other in known)
    return False


def _parties(event: Event, mention: EventMention, differences: list[Difference]) -> tuple[Party, ...]:
    filled = {party.role for party in _kept(event, mention)}
    named = set(event.actors)
    new = [
        party
        for party in parties_of(mention)
        if (party.actor and party.actor not in named) or (not party.actor and party.role not in filled)
    ]
    actors = list(dict.fromkeys(party.actor for party in new if party.actor))
    if actors:
        differences.append(
            Difference(
                aspect=Aspect.ACTOR,
                weight=Weight.UPDATE,
                before=", ".join(event.actors),
                after=", ".join((*event.actors, *actors)),
            )
        )
    objects = [party.text for party in new if party.role is Role.OBJECT and not party.actor]
    if objects:
        differences.append(Difference(aspect=Aspect.OBJECT, weight=Weight.NOTE, before="", after=", ".join(objects)))
    return (*_kept(event, mention), *new)


def _kept(event: Event, mention: EventMention) -> tuple[Party, ...]:
    """The known parties; "six people" goes when eight are reported now."""
    recounted = mention.count is not None and event.count is not None and mention.count > event.count
    if not (recounted and mention.recipients):
        return event.parties
    return tuple(party for party in event.parties if party.actor or party.role is not Role.RECIPIENT)


def _publishers(event: Event, publishers: int, differences: list[Difference]) -> None:
    if publishers > event.publishers:
        weight = Weight.CORROBORATION if event.publishers == 1 else Weight.NOTE
        differences.append(
            Difference(aspect=Aspect.PUBLISHERS, weight=weight, before=str(event.publishers), after=str(publishers))
        )
