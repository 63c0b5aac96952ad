"""Labelled corpora: one JSON object a line, unknown fields ignored, every mistake located.

Full annotation has `events`; types only has `labels`. A field that may be a list may be a single value too.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tocsin.core.mentions import Role, Status
from tocsin.core.scoring.conventions import PLAIN, ROLE_NAMES, Convention
from tocsin.core.scoring.gold import GoldDocument, GoldEvent, Trap
from tocsin.errors import CorpusError

MAX_PROBLEMS = 20


def _as_list(value: Any) -> Any:
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Texts = Annotated[list[str], BeforeValidator(_as_list)]
Id = Annotated[str, BeforeValidator(_as_text), Field(min_length=1)]


class _Event(BaseModel):
    model_config = ConfigDict(extra="ignore")

    type: str
    key: str | None = None
    status: Status | None = None
    date: Annotated[str, Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")] | None = None
    country: Texts = []
    place: Texts = []
    count: int | None = None
    agent: Texts = []
    target: Texts = []
    linked: Texts = []
    sentence: str = ""


class _Trap(BaseModel):
    model_config = ConfigDict(extra="ignore")

    kind: str
    sentence: str = ""


class _OriginEvent(BaseModel):
    model_config = ConfigDict(extra="ignore")

    type: str = ""
    args: list[tuple[str, str]] = []


class _Extra(BaseModel):
    model_config = ConfigDict(extra="ignore")

    group: Id | None = None
    also_ok: Texts = []
    also_mentions: Texts | None = None
    kind: str | None = None
    events: list[_OriginEvent] | None = None
    neutral: Texts = []


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: Id
    text: str
    lang: str = "en"
    title: str | None = None
    source: str | None = None
    published: datetime | date | None = None
    date: str | None = None
    labels: Texts | None = None
    raw_label: str | None = None
    events: list[_Event] | None = None
    traps: list[_Trap] = []
    neutral: Texts = []
    actors: Texts = []
    place: Any = None
    count: Any = None
    extra: _Extra = Field(default_factory=_Extra)


def load_corpus(path: Path, *, convention: Convention = PLAIN) -> tuple[GoldDocument, ...]:
    """Every row, in file order. Raises `CorpusError` with what is wrong and in which line, as far as the first
    twenty mistakes.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise CorpusError(f"{path}: cannot be read ({exc.strerror}): check the path") from exc
    except UnicodeDecodeError as exc:
        raise CorpusError(f"{path}: is not UTF-8 text: save it as UTF-8") from exc
    problems: list[str] = []
    documents = list(_read_rows(text, path, convention, problems.append))
    seen: dict[str, str] = {}
    for document in documents:
        if document.id in seen:
            problems.append(f"{document.location}: id '{document.id}' is used twice: give each row its own")
        seen[document.id] = document.location
    if problems:
        raise CorpusError(f"{path}: {len(problems)} unusable rows", tuple(problems[:MAX_PROBLEMS]))
    if not documents:
        raise CorpusError(f"{path}: holds no row: one JSON object a line is expected")
    return tuple(documents)


def _read_rows(text: str, path: Path, convention: Convention, report: Callable[[str], None]) -> Iterator[GoldDocument]:
    # Only a newline ends a row: str.splitlines would also cut at U+2028 inside a JSON string.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            value = json.loads(line)
            if not isinstance(value, dict):
                report(f"{where}: not a JSON object: write one object a line")
                continue
            row = _Row.model_validate(value)
            yield _to_document(row, where, convention)
        except json.JSONDecodeError as exc:
            report(f"{where}: not a JSON object ({exc.msg} at column {exc.colno}): write one object a line")
        except RecursionError:
            report(f"{where}: nested too deeply: write one flat object a line")
        except ValidationError as exc:
            for error in exc.errors(include_url=False)[:3]:
                name = ".".join(map(str, error["loc"]))
                report(f"{where}: '{name}': {error['msg'][:1].lower()}{error['msg'][1:]}: correct this field")
        except ValueError as exc:
            report(f"{where}: {exc}")


def _to_document(row: _Row, where: str, convention: Convention) -> GoldDocument:
    given = row.model_fields_set
    single_label = row.extra.also_mentions is not None
    return GoldDocument(
        id=row.id,
        text=row.text,
        lang=row.lang,
        group=row.extra.group or row.id,
        title=row.title or "",
        source=row.source or "",
        published_at=_published_at(row),
        labels=None if row.labels is None else tuple(row.labels),
        raw_label=row.raw_label or None,
        events=None if row.events is None else tuple(_to_event(event, convention) for event in row.events),
        facts=() if "events" in given and row.events is not None else tuple(_facts(row, convention)),
        traps=tuple(Trap(kind=trap.kind, sentence=trap.sentence) for trap in row.traps),
        neutral=(*row.neutral, *row.extra.neutral),
        also_ok=tuple(row.extra.also_ok),
        single_label=single_label,
        kind=row.extra.kind,
        location=where,
    )


def _published_at(row: _Row) -> datetime | None:
    value = row.published
    if value is None and row.date:
        try:
            value = datetime.fromisoformat(row.date)
        except ValueError as exc:
            raise ValueError(f"'date' is '{row.date}', not a date: write it as 2026-03-09") from exc
        # Noon, so that no outlet's time zone turns the day into another.
        value = value.replace(hour=12) if len(row.date) <= len("2026-03-09") else value
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return datetime.combine(value, time(12), tzinfo=UTC) if value else None


_FIELDS = {
    "agent": "agent",
    "target": "recipient",
    "linked": "linked",
    "count": "count",
    "date": "date",
    "place": "place",
}


def _to_event(event: _Event, convention: Convention) -> GoldEvent:
    given = event.model_fields_set
    if convention.partial_roles:
        given = given - {name for name in ("agent", "target", "linked") if not getattr(event, name)}
    return GoldEvent(
        type=event.type,
        key=event.key,
        status=event.status,
        date=event.date,
        countries=tuple(event.country),
        places=tuple(event.place),
        count=event.count,
        agents=tuple(event.agent),
        recipients=tuple(event.target),
        linked=tuple(event.linked),
        sentence=event.sentence,
        labelled=frozenset(ours for theirs, ours in _FIELDS.items() if theirs in given),
    )


def _facts(row: _Row, convention: Convention) -> Iterator[GoldEvent]:
    if convention.origin:
        for event in row.extra.events or ():
            type_ = next((ours for start, ours in convention.origin.items() if event.type.startswith(start)), None)
            if type_:
                yield _fact(type_, [(ROLE_NAMES.get(name.lower()), words) for name, words in event.args])
    elif convention.one_event and row.labels is not None and len(row.labels) == 1:
        fact = _fact(row.labels[0], [_split_role(actor, convention.bare_actors) for actor in row.actors])
        place, count = row.place, row.count
        yield GoldEvent(
            type=fact.type,
            agents=fact.agents,
            recipients=fact.recipients,
            places=(place.split(",")[0].strip(),) if isinstance(place, str) else (),
            count=count if isinstance(count, int) else None,
            labelled=fact.labelled
            | ({"place"} if isinstance(place, str) else set())
            | ({"count"} if isinstance(count, int) else set()),
        )


def _split_role(actor: str, bare: Role | None) -> tuple[Role | None, str]:
    name, mark, words = actor.partition("=")
    return (ROLE_NAMES.get(name.lower()), words) if mark else (bare, actor)


def _fact(type_: str, args: Sequence[tuple[Role | None, str]]) -> GoldEvent:
    return GoldEvent(
        type=type_,
        agents=tuple(words for role, words in args if role is Role.AGENT),
        recipients=tuple(words for role, words in args if role is Role.RECIPIENT),
        labelled=frozenset({"agent", "recipient"}),
    )
