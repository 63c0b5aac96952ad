"""Gold and found values with good defaults, for the tests of scoring."""

from datetime import date
from typing import Any

from tocsin.core.mentions import EventDate, Precision, Status
from tocsin.core.scoring.found import FoundDocument, FoundEvent, FoundPlace, Name
from tocsin.core.scoring.gold import GoldDocument, GoldEvent

FIELDS = frozenset({"agent", "recipient", "linked", "count", "date", "place"})


def gold_event(type_: str = "arrest", *, sentence: str = "Police held six men.", **values: Any) -> GoldEvent:
    values.setdefault("status", Status.ASSERTED)
    values.setdefault("labelled", FIELDS)
    return GoldEvent(type=type_, sentence=sentence, **values)


def gold(*events: GoldEvent, id_: str = "a", labels: tuple[str, ...] | None = None, **values: Any) -> GoldDocument:
    values.setdefault("group", id_)
    annotated = events if labels is None else None
    return GoldDocument(id=id_, text="Police held six men.", lang="en", labels=labels, events=annotated, **values)


def finding(type_: str = "arrest", *, sentence: str = "Police held six men.", **values: Any) -> FoundEvent:
    values.setdefault("status", Status.ASSERTED)
    values.setdefault("event_id", "evt_1" if values["status"] in {"asserted", "attributed", "hedged"} else None)
    return FoundEvent(type=type_, sentence=sentence, start=0, end=len(sentence), **values)


def found(*events: FoundEvent, id_: str = "a", primary: str | None = None) -> FoundDocument:
    return FoundDocument(id=id_, events=events, primary=primary)


def names(*texts: str) -> tuple[Name, ...]:
    return tuple(Name(text=text) for text in texts)


def places(*texts: str, kind: str = "town") -> tuple[FoundPlace, ...]:
    return tuple(FoundPlace(text=text, name=text, kind=kind) for text in texts)


def day(text: str, precision: Precision = Precision.DAY) -> EventDate:
    return EventDate(on=date.fromisoformat(text), precision=precision)
