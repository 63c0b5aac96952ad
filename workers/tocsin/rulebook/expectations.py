"""What an example may expect of an event mention, and whether a mention fulfils it."""

import re
from collections.abc import Callable, Mapping, Sequence

from tocsin.core.mentions import Argument, EventMention, Status
from tocsin.rulebook.suggest import did_you_mean

Expected = str | tuple[str, ...] | None
Found = str | tuple[str, ...] | None

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_NULLS = frozenset({"null", "none", "~", ""})


def _argument_names(arguments: Sequence[Argument]) -> tuple[str, ...]:
    return tuple(argument.actor or argument.text for argument in arguments)


_READERS: Mapping[str, Callable[[EventMention], Found]] = {
    "type": lambda mention: mention.type,
    "status": lambda mention: mention.status.value,
    "count": lambda mention: None if mention.count is None else str(mention.count),
    "time": lambda mention: mention.date.render() if mention.date else None,
    "place": lambda mention: tuple(place.text for place in mention.places),
    "country": lambda mention: mention.countries,
    "agent": lambda mention: _argument_names(mention.agents),
    "recipient": lambda mention: _argument_names(mention.recipients),
    "object": lambda mention: _argument_names(mention.objects),
    "instrument": lambda mention: _argument_names(mention.instruments),
    "linked": lambda mention: _argument_names(mention.linked),
    "trigger": lambda mention: mention.trigger_text,
}
_ARGUMENTS: Mapping[str, Callable[[EventMention], Sequence[Argument]]] = {
    "agent": lambda mention: mention.agents,
    "recipient": lambda mention: mention.recipients,
    "object": lambda mention: mention.objects,
    "instrument": lambda mention: mention.instruments,
    "linked": lambda mention: mention.linked,
}

FIELDS = tuple(_READERS)


def check_expectation(key: str, value: object) -> tuple[str, str] | None:
    """What is wrong with an expected value and what to do, or None when a mention could have it."""
    if key == "status" and value not in tuple(Status):
        return f"'{_shown(value)}' is no status", did_you_mean(_shown(value), tuple(Status))
    if key == "count" and not (_is_null(value) or (isinstance(value, str) and value.isdecimal())):
        return f"the count '{_shown(value)}' is no whole number", "write a number, or null for none"
    if key == "time" and not (_is_null(value) or (isinstance(value, str) and _DATE.fullmatch(value))):
        return f"the time '{_shown(value)}' is no date", "write 2026-03-09, 2026-03 or 2026, or null for none"
    return None


def fulfils(mention: EventMention, expect: Mapping[str, object]) -> bool:
    """Whether the mention has everything that is expected of it."""
    return all(_fulfils_one(mention, key, value) for key, value in expect.items())


def misses(mention: EventMention, expect: Mapping[str, object]) -> int:
    """How many of the expected values the mention lacks."""
    return sum(not _fulfils_one(mention, key, value) for key, value in expect.items())


def found_values(mention: EventMention, keys: Sequence[str]) -> Mapping[str, object]:
    """What the mention has under these keys, in the notation of `expect`."""
    return {key: _READERS[key](mention) for key in keys if key in _READERS}


def render(values: Mapping[str, object]) -> str:
    """One line of YAML: `{status: asserted, count: 6, linked: [isis]}`."""
    return "{" + ", ".join(f"{key}: {_yaml(value)}" for key, value in values.items()) + "}"


def _fulfils_one(mention: EventMention, key: str, value: object) -> bool:
    found = _READERS[key](mention) if key in _READERS else None
    if _is_null(value) or value == ():
        return not found
    wanted = value if isinstance(value, tuple) else (value,)
    if key in _ARGUMENTS:
        return all(_has_argument(_ARGUMENTS[key](mention), str(name)) for name in wanted)
    if key == "place":
        names = {name.casefold() for place in mention.places for name in (place.name, place.text)}
        return all(str(name).casefold() in names for name in wanted)
    if isinstance(found, tuple):
        return {str(name) for name in wanted} <= set(found)
    return found in {str(name) for name in wanted}


def _has_argument(arguments: Sequence[Argument], wanted: str) -> bool:
    name = wanted.casefold()
    return any(
        wanted == argument.actor or name in argument.text.casefold() or argument.text.casefold() in name
        for argument in arguments
    )


def _is_null(value: object) -> bool:
    return value is None or (isinstance(value, str) and value in _NULLS)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _yaml(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    if value is None:
        return "null"
    text = str(value)
    plain = re.fullmatch(r"[\w$€£][^\[\]{},:#&*!|>'\"%@`\n]*", text) is not None
    return text if plain and text not in _NULLS else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
