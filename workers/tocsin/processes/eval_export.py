"""What was found, one JSON object an article, so that anyone can score it their own way (design, section 9)."""

import json
from collections.abc import Iterable
from typing import TextIO

from tocsin.core.scoring.found import FoundDocument, FoundEvent, Level, Name


def write_predictions(file: TextIO, documents: Iterable[FoundDocument]) -> None:
    """One line an article. `start` and `end` are the sentence's, in the row's text, or in its title (`"in"`)."""
    file.writelines(json.dumps(prediction(document), ensure_ascii=False) + "\n" for document in documents)


def prediction(document: FoundDocument) -> dict[str, object]:
    """One article's findings with the agreed keys."""
    return {
        "id": document.id,
        "primary": document.primary,
        "events": [_event(event) for event in document.events if event.counts_as(Level.EVENTS)],
        "silent": [_silent(event) for event in document.events if not event.counts_as(Level.EVENTS)],
    }


def _event(event: FoundEvent) -> dict[str, object]:
    return {
        "event_id": event.event_id,
        "type": event.type,
        "status": event.status.value,
        "rings": event.rings,
        "date": event.date.render() if event.date else None,
        "date_precision": event.date.precision.value if event.date else None,
        "country": list(event.countries),
        "place": [place.name if place.kind == "country" else place.text for place in event.places],
        "count": event.count,
        "object": ", ".join(name.text for name in event.objects) or None,
        "agent": _names(event.agents),
        "recipient": _names(event.recipients),
        "linked": _names(event.linked),
        "sentence": event.sentence,
        "start": event.start,
        "end": event.end,
        **({"in": "title"} if event.in_title else {}),
    }


def _silent(event: FoundEvent) -> dict[str, object]:
    return {
        "type": event.type,
        "status": event.status.value,
        "sentence": event.sentence,
        "reason": event.reason,
    }


def _names(names: Iterable[Name]) -> list[dict[str, str | None]]:
    return [{"text": name.text, "actor": name.actor} for name in names]
