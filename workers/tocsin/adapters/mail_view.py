"""What a mail shows, in words: the view its text and HTML templates are filled from. Every string here is one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.adapters.plain import harmless, one_line, web_url
from tocsin.core.events.values import Event, EventPlace, Party, Report
from tocsin.core.mentions import Precision, Role, Status
from tocsin.core.notices import Notice, Snapshot, describe_change, find_evidence

HOW_SURE = {
    Status.ASSERTED: "stated as fact",
    Status.ATTRIBUTED: "said by a named source",
    Status.HEDGED: "not confirmed",
    Status.DENIED: "denied",
    Status.PLANNED: "announced, not done yet",
}
_ROLES = (
    (Role.AGENT, "by"),
    (Role.RECIPIENT, "whom"),
    (Role.OBJECT, "what"),
    (Role.INSTRUMENT, "with"),
    (Role.LINKED, "linked to"),
)
MAX_NAMES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the sentence. `label` is empty where nothing is highlighted."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A report in one line."""

    publisher: str
    title: str
    url: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """An event on a phone's screen: `facts` are label and value, in reading order."""

    title: str
    facts: tuple[tuple[str, str], ...]
    sentence: tuple[Piece, ...]
    source: ReportView
    others: tuple[ReportView, ...]
    more: int
    rtl: bool
    lang: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView:
    """A whole mail. `lead` is the line that says why it came now."""

    lead: str
    changes: tuple[str, ...]
    events: tuple[EventView, ...]
    more_events: int
    notes: tuple[tuple[str, str], ...]
    subscription: str
    why: tuple[str, ...]
    stop_url: str
    contact: str
    times: tuple[tuple[str, str], ...]
    event_id: str


def event_view(snapshot: Snapshot, report: Report) -> EventView:
    """The event with the report that is shown as evidence."""
    event = snapshot.event
    others = [other for other in event.reports if other.article_id != report.article_id]
    shown = others[-4:]
    return EventView(
        title=one_line(snapshot.title, limit=80),
        facts=tuple(_facts(snapshot, report)),
        sentence=_pieces(report),
        source=_report(report),
        others=tuple(_report(other) for other in shown),
        more=max(0, event.report_count - 1 - len(shown)),
        rtl=report.lang.split("-")[0] in {"ar", "fa", "he", "ur"},
        lang=one_line(report.lang, limit=12),
    )


def change_lines(notice: Notice) -> tuple[str, ...]:
    """What changed since the last mail, a line each."""
    return tuple(one_line(describe_change(change), limit=160) for change in notice.changes)


def _facts(snapshot: Snapshot, report: Report) -> list[tuple[str, str]]:
    event = snapshot.event
    who = _who(snapshot)
    where = _where(event.places, event.countries)
    return [
        (label, value)
        for label, value in (
            ("Who", who),
            ("Where", where),
            ("When", _when(event)),
            ("How many", "" if event.count is None else str(event.count)),
            ("How sure", _how_sure(event, report)),
        )
        if value
    ]


def _who(snapshot: Snapshot) -> str:
    parts = []
    for role, word in _ROLES:
        names = list(dict.fromkeys(_name(party, snapshot) for party in snapshot.event.by_role(role)))[:MAX_NAMES]
        if names:
            parts.append(f"{word} {', '.join(names)}")
    return one_line("; ".join(parts), limit=400)


def _name(party: Party, snapshot: Snapshot) -> str:
    text = one_line(party.text, limit=80)
    if not party.actor:
        return text
    name = one_line(snapshot.actor_name(party.actor), limit=80)
    return name if name.casefold() == text.casefold() or not text else f"{text} ({name})"


def _where(places: Sequence[EventPlace], countries: Sequence[str]) -> str:
    if not places:
        return one_line(", ".join(countries))
    # A country that only repeats where a town is says nothing new.
    inner = {place.country for place in places if place.kind != "country"}
    shown = [place for place in places if place.kind != "country" or place.country not in inner]
    return one_line("; ".join(_place(place) for place in shown[:MAX_NAMES]))


def _place(place: EventPlace) -> str:
    around = [place.province] if place.province and place.province != place.name else []
    country = f" ({place.country})" if place.country else ""
    return ", ".join([place.name, *around]) + ("" if place.kind == "country" else country)


def _when(event: Event) -> str:
    if event.date is None:
        return ""
    on = event.date.on
    if event.date.precision is Precision.DAY:
        return f"{on:%A} {on.day} {on:%B %Y}"
    if event.date.precision is Precision.WEEK:
        return f"in the week from {on.day} {on:%B %Y}"
    return f"{on:%B %Y}" if event.date.precision is Precision.MONTH else str(on.year)


def _how_sure(event: Event, report: Report) -> str:
    words = HOW_SURE.get(event.status, event.status.value)
    sources = "1 publisher" if event.publishers == 1 else f"{event.publishers} independent publishers"
    told = report.reason if event.status is report.status and report.reason != words else ""
    reason = f" ({one_line(told, limit=80)})" if told else ""
    return f"{words}{reason}; {sources}; confidence {round(event.confidence * 100)} %"


def _pieces(report: Report) -> tuple[Piece, ...]:
    sentence = harmless(report.sentence)
    pieces: list[Piece] = []
    at = 0
    for highlight in report.highlights:
        if highlight.start > at:
            pieces.append(Piece(text=sentence[at : highlight.start]))
        pieces.append(Piece(text=sentence[highlight.start : highlight.end], label=highlight.label))
        at = highlight.end
    return (*pieces, Piece(text=sentence[at:])) if at < len(sentence) else tuple(pieces)


def _report(report: Report) -> ReportView:
    return ReportView(
        publisher=one_line(report.publisher, limit=80),
        title=one_line(report.title, limit=160),
        url=web_url(report.url),
        at=clock(report.reference_at),
    )


def clock(at: datetime | None) -> str:
    """A time as a reader wants it."""
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""


def evidence_of(notice: Notice, snapshot: Snapshot) -> Report:
    """The report to show for an event in this mail."""
    return find_evidence(snapshot.event, notice.changes if len(notice.snapshots) == 1 else ())
