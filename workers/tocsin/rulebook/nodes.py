"""YAML read as nodes: a line and a column for every key and value, duplicate keys visible, scalars left as text.

A small, plain part of YAML: one document, no anchors, aliases, merge keys or tags, no tabs for indentation. What a
stranger's file can cost is bounded by its size and by the depth of nesting; nothing in it is ever expanded or run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from tocsin.rulebook.codes import Code
from tocsin.rulebook.problems import Level, Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 24
MAX_PROBLEMS = 50

# No column is beyond it: a file has fewer characters.
_WIDEST = 2 * MAX_BYTES

_NULLS = frozenset({"", "~", "null"})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_TAB_INDENT = re.compile(r"^ *\t[ \t]*(?=\S)", re.MULTILINE)


class Position(NamedTuple):
    """Where something stands in a file, both counted from 1."""

    line: int
    column: int


@dataclass(slots=True)
class _Placed:
    # Line and column in one number: a hundred thousand pairs would keep the garbage collector busy.
    place: int

    @property
    def at(self) -> Position:
        """Where it stands."""
        return Position(self.place // _WIDEST + 1, self.place % _WIDEST + 1)


@dataclass(slots=True)
class Scalar(_Placed):
    """A single value as it is written; `plain` means without quotes."""

    text: str
    plain: bool

    @property
    def is_null(self) -> bool:
        """Whether nothing was written (an unquoted empty value, `null` or `~`)."""
        return self.plain and self.text in _NULLS


@dataclass(slots=True)
class Listing(_Placed):
    """A list of values."""

    items: list["Node"]


@dataclass(slots=True)
class Table(_Placed):
    """A mapping from a key's text to the key and its value, in file order. Of a repeated key the first is kept."""

    entries: dict[str, tuple[Scalar, "Node"]]


Node = Scalar | Listing | Table


def read_nodes(data: bytes, path: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """The file's one document, or None with at least one error when it cannot be read or is empty."""
    text, problems = _decode(data, path)
    if text is None or problems:
        return None, problems
    reader = _Reader(path)
    try:
        reader.read(text)
    except yaml.MarkedYAMLError as error:
        reader.report(
            _mark(error), "yaml-syntax", _syntax_message(error), "check indentation, quotes and brackets here"
        )
    except yaml.YAMLError as error:
        reader.report(Position(1, 1), "yaml-syntax", f"this is not YAML ({_one_line(str(error))})", "rewrite the file")
    if reader.root is None and not reader.problems:
        reader.report(Position(1, 1), "empty-file", "the file is empty", "fill it in or delete it")
    root = None if reader.broken else reader.root
    return root, tuple(reader.problems[:MAX_PROBLEMS])


def to_plain(node: Node) -> object:
    """Dicts, lists, strings and None (for a value left empty): what the models read."""
    if isinstance(node, Scalar):
        return None if node.plain and node.text in _NULLS else node.text
    if isinstance(node, Listing):
        return [to_plain(item) for item in node.items]
    return {key: to_plain(value) for key, (_, value) in node.entries.items()}


def find_node(root: Node, loc: tuple[int | str, ...]) -> tuple[Position, Node]:
    """The deepest node on the way down `loc`, and where it stands; steps that name no key or item are passed over."""
    at, node = root.at, root
    for step in loc:
        if isinstance(node, Table) and str(step) in node.entries:
            _, node = node.entries[str(step)]
            at = node.at
        elif isinstance(node, Listing) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            at = node.at
    return at, node


def key_position(root: Node, loc: tuple[int | str, ...]) -> Position:
    """Where the key that ends `loc` stands; the value's own place when it ends in a list item."""
    _, parent = find_node(root, loc[:-1])
    if loc and isinstance(parent, Table) and str(loc[-1]) in parent.entries:
        return parent.entries[str(loc[-1])][0].at
    return find_node(root, loc)[0]


def _decode(data: bytes, path: str) -> tuple[str | None, tuple[Problem, ...]]:
    if len(data) > MAX_BYTES:
        return None, (
            _error(path, Position(1, 1), "too-big", f"the file has {len(data)} bytes", "split it: 1 MB is the limit"),
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = _position_of(data[: error.start].decode("utf-8", "replace"))
        return None, (_error(path, at, "not-utf8", "the file is not UTF-8 text", "save it as UTF-8"),)
    problems = [
        _error(path, _position_of(text[: found.start()]), "control-character",
               f"the control character U+{ord(found.group()):04X} is not allowed", "delete it")
        for found in _first(_CONTROL.finditer(text))
    ]  # fmt: skip
    problems += [
        _error(path, _position_of(text[: found.start()]), "tab", "a tab is used to indent", "use spaces")
        for found in _first(_TAB_INDENT.finditer(text))
    ]
    return text, tuple(problems)


def _first(matches: Iterator[re.Match[str]], limit: int = 5) -> list[re.Match[str]]:
    return [match for match, _ in zip(matches, range(limit), strict=False)]


def _position_of(before: str) -> Position:
    line_start = before.rfind("\n") + 1
    return Position(before.count("\n") + 1, len(before) - line_start + 1)


def _mark(error: yaml.MarkedYAMLError) -> Position:
    mark = error.problem_mark or error.context_mark
    return Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)


def _syntax_message(error: yaml.MarkedYAMLError) -> str:
    context = f" {error.context}" if error.context else ""
    return f"the YAML breaks off ({_one_line(f'{error.problem}{context}')})"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]


def _error(path: str, at: Position, code: Code, message: str, remedy: str) -> Problem:
    return Problem(
        path=path, line=at.line, column=at.column, level=Level.ERROR, code=code, message=message, remedy=remedy
    )


class _Reader:
    """Builds nodes from the parser's events, with its own stack: nesting costs no recursion."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.root: Node | None = None
        self.broken = False
        self.problems: list[Problem] = []
        self._stack: list[Listing | Table] = []
        # The key that waits for its value, one for each open collection.
        self._keys: list[Scalar | None] = []

    def report(self, at: Position, code: Code, message: str, remedy: str) -> None:
        self.broken = True
        self.problems.append(_error(self.path, at, code, message, remedy))

    def read(self, text: str) -> None:
        documents = 0
        event: Any
        stack = self._stack
        scalar, mapping, sequence = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
        for event in iter(yaml.CSafeLoader(text).get_event, None):  # half of what `yaml.parse` takes
            mark = event.start_mark
            place = mark.line * _WIDEST + mark.column
            kind = type(event)
            if kind is scalar:
                if event.anchor or event.tag:
                    self._refuse_extras(event, place)
                node = Scalar(place, event.value, not event.style)
                if stack and type(stack[-1]) is Listing:
                    stack[-1].items.append(node)  # most of a rulebook is lists of words
                else:
                    self._scalar(node)
            elif kind is mapping or kind is sequence:
                if event.anchor or event.tag:
                    self._refuse_extras(event, place)
                if not self._open(Table(place, {}) if kind is mapping else Listing(place, [])):
                    return
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._stack.pop()
                self._keys.pop()
            elif kind is yaml.AliasEvent:
                alias = Scalar(place, "", plain=True)
                self.report(alias.at, "alias", f"the alias '*{event.anchor}' is not supported", "write the value out")
                self._scalar(alias)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    at = _Placed(place).at
                    self.report(at, "second-document", "a second document starts here", "put it into a file of its own")
                    return

    def _refuse_extras(self, event: Any, place: int) -> None:
        if event.anchor:
            message = f"the anchor '&{event.anchor}' is not supported"
            self.report(_Placed(place).at, "anchor", message, "write the value out where it is used")
        if event.tag:
            shown = _one_line(event.tag.replace("tag:yaml.org,2002:", "!!"))
            message = f"the tag '{shown}' is not supported"
            self.report(_Placed(place).at, "tag", message, "delete it, or quote the value")

    def _scalar(self, scalar: Scalar) -> None:
        parent = self._stack[-1] if self._stack else None
        if isinstance(parent, Listing):
            parent.items.append(scalar)
        elif parent is not None and self._keys[-1] is None:
            self._key(parent, scalar)
        else:
            self._place(scalar)

    def _key(self, table: Table, key: Scalar) -> None:
        if key.plain and key.text == "<<":
            self.report(key.at, "merge-key", "the merge key '<<' is not supported", "write the keys out")
        if key.text in table.entries:
            first = table.entries[key.text][0].at
            message = f"key '{_one_line(key.text)}' is already set at {first.line}:{first.column}"
            self.report(key.at, "duplicate-key", message, "keep one of the two")
        self._keys[-1] = key

    def _open(self, opened: Listing | Table) -> bool:
        if self._stack and isinstance(self._stack[-1], Table) and self._keys[-1] is None:
            self.report(opened.at, "complex-key", "a list or mapping cannot be a key", "quote the key")
            return False
        if len(self._stack) >= MAX_DEPTH:
            self.report(opened.at, "too-deep", f"there are more than {MAX_DEPTH} levels of nesting", "flatten it")
            return False
        self._place(opened)
        self._stack.append(opened)
        self._keys.append(None)
        return True

    def _place(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        parent, key = self._stack[-1], self._keys[-1]
        if isinstance(parent, Listing):
            parent.items.append(node)
        elif key is not None:
            parent.entries.setdefault(key.text, (key, node))
            self._keys[-1] = None
