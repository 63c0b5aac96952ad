"""Roles, count, date and place of the events that were found."""

from collections.abc import Callable, Iterable, Sequence

from tocsin.core.mentions import Precision
from tocsin.core.scoring.align import Alignment
from tocsin.core.scoring.found import FoundDocument, FoundEvent, FoundPlace, Name
from tocsin.core.scoring.gold import GoldDocument, GoldEvent
from tocsin.core.scoring.names import NameBook, same_place
from tocsin.core.scoring.tally import Tally, count_up
from tocsin.core.scoring.tally_types import Vocabulary

FILLED = ("agent", "recipient", "linked")
JUDGED = ("count", "date", "place")


def tally_roles(alignment: Alignment, names: NameBook) -> Tally:
    """A fully annotated row: fillers are right, missed or extra; count, date and place are right or wrong.

    Under `role` stand the events that were found, under `role_all` the missed ones too, with all they hold.
    """
    tally: Tally = {}
    for event, finding in alignment.pairs:
        for prefix in ("role", "role_all"):
            _tally_fillers(tally, prefix, event, finding, names)
            for field, right in judge(event, finding).items():
                count_up(tally, prefix, field, "right" if right else "wrong")
    for event in alignment.missed:
        for role, fillers in gold_fillers(event).items():
            if fillers:
                count_up(tally, "role_all", role, "fn", by=len(fillers))
        for field in event.labelled.intersection(JUDGED):
            count_up(tally, "role_all", field, "wrong")
    return tally


def tally_facts(document: GoldDocument, found: FoundDocument, vocabulary: Vocabulary, names: NameBook) -> Tally:
    """A row with an origin's arguments: of the types that were found, which fillers are there.

    Such annotation is sparse, so that a filler too many says nothing: only recall is counted. A count is judged on
    the first event of the type.
    """
    tally: Tally = {}
    for fact in document.facts:
        of_type = [
            finding
            for finding in found.events
            if fact.type in vocabulary.types.line(finding.type) and finding.counts_as(vocabulary.convention.level)
        ]
        if not of_type:
            continue
        places = [place for finding in of_type for place in finding.places]
        for role, gold in gold_fillers(fact).items():
            pooled = [name for finding in of_type for name in found_fillers(finding)[role]]
            for filler in gold:
                right = any(names.same_party(filler, name) for name in pooled)
                # An origin calls a town that was struck its target; with us it is where it happened.
                right = right or (role == "recipient" and any(same_place(filler, place) for place in places))
                count_up(tally, "fact", role, "tp" if right else "fn")
        if "count" in fact.labelled:
            count_up(tally, "fact", "count", "right" if of_type[0].count == fact.count else "wrong")
        if "place" in fact.labelled:
            right = all(any(same_place(gold, place) for place in places) for gold in fact.places)
            count_up(tally, "fact", "place", "right" if right else "wrong")
    return tally


def gold_fillers(event: GoldEvent) -> dict[str, tuple[str, ...]]:
    """The annotated fillers by role, of those roles that are annotated."""
    fillers = {"agent": event.agents, "recipient": event.recipients, "linked": event.linked}
    return {role: fillers[role] for role in FILLED if role in event.labelled}


def found_fillers(finding: FoundEvent) -> dict[str, tuple[Name, ...]]:
    """The found fillers by role. What was taken in a seizure stands as its object, but is done to as well."""
    return {
        "agent": finding.agents,
        "recipient": finding.recipients or finding.objects,
        "linked": finding.linked,
    }


def judge(event: GoldEvent, finding: FoundEvent) -> dict[str, bool]:
    """Whether count, date and place are right, of those that are annotated."""
    verdicts: dict[str, Callable[[], bool]] = {
        "count": lambda: event.count == finding.count,
        "date": lambda: _right_date(event, finding),
        "place": lambda: _right_places(event, finding.places),
    }
    return {field: verdicts[field]() for field in JUDGED if field in event.labelled}


def _tally_fillers(tally: Tally, prefix: str, event: GoldEvent, finding: FoundEvent, names: NameBook) -> None:
    for role, gold in gold_fillers(event).items():
        fillers: Sequence[Name] = found_fillers(finding)[role] if gold else _plain(finding, role)
        for filler in gold:
            right = any(names.same_party(filler, name) for name in fillers)
            count_up(tally, prefix, role, "tp" if right else "fn")
        extra = _distinct(name for name in fillers if not any(names.same_party(filler, name) for filler in gold))
        if extra:
            count_up(tally, prefix, role, "fp", by=len(extra))


def _plain(finding: FoundEvent, role: str) -> tuple[Name, ...]:
    """Where nothing is annotated, an object is no wrong recipient."""
    return finding.recipients if role == "recipient" else found_fillers(finding)[role]


def _distinct(names: Iterable[Name]) -> set[str]:
    return {name.actor or name.text for name in names}


def _right_date(event: GoldEvent, finding: FoundEvent) -> bool:
    said = finding.date
    if event.date is None:
        return said is None or said.precision is not Precision.DAY
    if said is None or said.precision is Precision.WEEK:
        return False
    return said.render() == event.date


def _right_places(event: GoldEvent, places: Sequence[FoundPlace]) -> bool:
    """Every annotated place is found, and no town or province beside them but the one they lie in."""
    if not all(any(same_place(gold, place) for place in places) for gold in event.places):
        return False
    return all(
        place.kind in {"country", "province"} and (place.kind == "country" or bool(event.places))
        for place in places
        if not any(same_place(gold, place) for gold in event.places)
    )
