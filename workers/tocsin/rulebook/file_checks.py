"""What is checked of every file before its model: the version it needs, and that no secret stands in it."""

import importlib.metadata
import re
from collections.abc import Iterator

from tocsin.rulebook.codes import Code
from tocsin.rulebook.nodes import Listing, Node, Position, Scalar, Table, find_node, to_plain
from tocsin.rulebook.problems import Level, Problem

_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){0,3}")
_MARK = "whsec_"


def engine_version() -> str:
    """The version that a file's `requires` is held against."""
    return importlib.metadata.version("tocsin")


def check_requires(node: Node, path: str) -> Iterator[Problem]:
    """A problem when the file needs a newer Tocsin, so that its other keys are not held against this one."""
    if not isinstance(node, Table) or "requires" not in node.entries:
        return
    at, value = find_node(node, ("requires",))
    wanted = str(to_plain(value))
    ours = engine_version()
    if _VERSION.fullmatch(wanted) is None:
        yield _error(path, at, "requires", f"'{wanted[:40]}' is no version", f"write one such as {ours}")
    elif _numbers(wanted) > _numbers(ours):
        message = f"the file needs Tocsin {wanted} and this is {ours}"
        yield _error(path, at, "requires", message, "upgrade Tocsin, or use an older file")


def check_secrets(node: Node, data: bytes, path: str) -> Iterator[Problem]:
    """A problem for each webhook secret in the file; `data` is its text, and spares most files the walk."""
    if _MARK.encode() in data:
        yield from _find_secrets(node, path)


def _find_secrets(node: Node, path: str) -> Iterator[Problem]:
    if isinstance(node, Scalar):
        if _MARK in node.text:
            message = "a webhook's secret stands in the file"
            remedy = "make a new one, and write env:NAME or file:PATH here"
            yield _error(path, node.at, "secret-in-file", message, remedy)
        return
    children = node.items if isinstance(node, Listing) else [value for _, value in node.entries.values()]
    for child in children:
        yield from _find_secrets(child, path)


def _numbers(version: str) -> tuple[int, ...]:
    found = _VERSION.match(version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def _error(path: str, at: Position, code: Code, message: str, remedy: str) -> Problem:
    return Problem(
        path=path, line=at.line, column=at.column, level=Level.ERROR, code=code, message=message, remedy=remedy
    )
