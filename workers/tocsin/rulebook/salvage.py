"""What is left of a file with mistakes, so that it is checked against the other files in the same round.

A wrong value is dropped, or filled in where the model needs one; what cannot do without it goes with it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from tocsin.rulebook.model_types import inner_types, value_types
from tocsin.rulebook.nodes import Listing, Node, Scalar, Table, to_plain

M = TypeVar("M", bound=BaseModel)
Path = tuple[int | str, ...]
Lines = tuple[int, int]

_ROUNDS = 4
_END = 1 << 30


@dataclass(frozen=True, slots=True)
class Remains(Generic[M]):
    """The value without the mistakes, its nodes at their old places, and the lines of the entries that lost something.

    `lost` holds the first and last line of each: a list's item, or the whole file.
    """

    value: M
    node: Node
    lost: tuple[Lines, ...]


def salvage(model: type[M], node: Node, errors: Sequence[ErrorDetails], stem: str) -> Remains[M] | None:
    """What is left without `errors`; None when too little is. `stem` stands in for a name that is wrong."""
    lost: list[Lines] = []
    for _ in range(_ROUNDS):
        # From the end, so that the places of what comes before stay the same.
        needless = {_place(node, error)[0] for error in errors if error["type"] == "extra_forbidden"}
        gone: set[Path] = set()
        for path, missing in sorted({_place(node, error) for error in errors}, key=_order, reverse=True):
            if not path and missing is None:
                return None
            if path in gone:
                continue  # an entry that lacks two things went with the first
            if path not in needless:
                lost.append(_lines(node, path))
            mended = _filled_in(model, node, path, missing, stem)
            if mended is None and path:
                gone.add(path)
                mended = _changed(node, path, None)
            if mended is None:
                return None
            node = mended
        try:
            return Remains(model.model_validate(to_plain(node)), node, tuple(lost))
        except ValidationError as failed:
            errors = failed.errors(include_url=False, include_input=False)
    return None


def _order(found: tuple[Path, str | None]) -> tuple[tuple[tuple[bool, int, str], ...], str]:
    path, missing = found
    return tuple((isinstance(s, str), 0 if isinstance(s, str) else s, str(s)) for s in path), missing or ""


def _place(root: Node, error: ErrorDetails) -> tuple[Path, str | None]:
    """The path to what is wrong, and the key that it lacks; steps that name no key or item are passed over."""
    path: list[int | str] = []
    node = root
    for step in error["loc"]:
        if isinstance(node, Table) and str(step) in node.entries:
            node = node.entries[str(step)][1]
        elif isinstance(node, Listing) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            continue
        path.append(step)
    return tuple(path), str(error["loc"][-1]) if error["type"] == "missing" else None


def _filled_in(model: type[BaseModel], root: Node, path: Path, missing: str | None, stem: str) -> Node | None:
    """The nodes with the value at `path` filled in; None when nothing can stand in for it."""
    where = (*path, missing) if missing is not None else path
    field = _field(model, where)
    old = _at(root, path) if missing is None else None
    filled = _filling(field, str(where[-1]), old, stem if len(where) == 1 else "", _at(root, path))
    return _changed(root, where, filled) if filled is not None else None


def _filling(field: FieldInfo | None, key: str, old: Node | None, stem: str, near: Node) -> Node | None:
    """What a required value is taken for when it is wrong or not there."""
    if field is not None and key in ("replace", "append"):
        return Scalar(near.place, "true", True)  # whoever writes it wants to change the shipped one
    if field is None or not field.is_required():
        return None
    types = value_types(field.annotation)
    for kind in types:
        if isinstance(kind, type) and issubclass(kind, Enum):
            return Scalar(near.place, str(next(iter(kind)).value), False)
        if getattr(kind, "__origin__", kind) is tuple:
            return Listing(near.place, [])
    if key not in ("id", "title", "name"):
        return None
    text = stem or (old.text if isinstance(old, Scalar) else "")
    name = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")
    return Scalar(near.place, name, False) if name else None


def _field(model: type[BaseModel], path: Path) -> FieldInfo | None:
    here: Any = model
    field: FieldInfo | None = None
    for step in path:
        models = [part for part in value_types(here) if isinstance(part, type) and issubclass(part, BaseModel)]
        field = next((f for m in models for name, f in m.model_fields.items() if step == (f.alias or name)), None)
        here = field.annotation if field else inner_types(here, step)
    return field


def _at(root: Node, path: Path) -> Node:
    node = root
    for step in path:
        node = _child(node, step)
    return node


def _child(node: Node, step: int | str) -> Node:
    if isinstance(node, Table):
        return node.entries[str(step)][1]
    return node.items[int(step)] if isinstance(node, Listing) else node


def _changed(node: Node, path: Path, value: Node | None) -> Node:
    """A copy with another value at `path`, or without it."""
    step, rest = path[0], path[1:]
    if isinstance(node, Listing):
        items = list(node.items)
        made = _changed(items[int(step)], rest, value) if rest else value
        items[int(step) : int(step) + 1] = [made] if made is not None else []
        return Listing(node.place, items)
    if not isinstance(node, Table):
        return node
    key = str(step)
    entries = dict(node.entries)
    made = _changed(entries[key][1], rest, value) if rest else value
    if made is None:
        del entries[key]
    else:
        entries[key] = (entries[key][0] if key in entries else Scalar(node.place, key, True), made)
    return Table(node.place, entries)


def _lines(root: Node, path: Path) -> Lines:
    """The lines of the list's item that holds `path`, or of the whole file."""
    if len(path) < 2 or not isinstance(path[1], int) or not isinstance(root, Table):
        return 1, _END
    listing = root.entries[str(path[0])][1]
    if not isinstance(listing, Listing):
        return 1, _END
    first = listing.items[path[1]].at.line
    after: Iterable[int] = (
        *(item.at.line for item in listing.items[path[1] + 1 :]),
        *(key.at.line for key, _ in root.entries.values()),
    )
    return first, min((line for line in after if line > first), default=_END) - 1
