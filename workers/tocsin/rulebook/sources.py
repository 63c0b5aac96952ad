"""The files of one rulebook directory, read and validated one by one, with their nodes kept for later findings."""

import hashlib
import importlib.metadata
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel

from tocsin.rulebook.codes import Code
from tocsin.rulebook.models_actors import WatchlistModel
from tocsin.rulebook.models_feeds import FeedsFile
from tocsin.rulebook.models_lexicon import CodesModel, WordClassModel
from tocsin.rulebook.models_rules import RuleModel
from tocsin.rulebook.models_subscriptions import SubscriptionsFile
from tocsin.rulebook.nodes import (
    MAX_BYTES,
    Listing,
    Node,
    Position,
    Scalar,
    Table,
    find_node,
    read_nodes,
    to_plain,
)
from tocsin.rulebook.problems import Level, Problem
from tocsin.rulebook.suggest import nearest
from tocsin.rulebook.validate import Loc, validate

M = TypeVar("M", bound=BaseModel)
Kind = Literal["rule", "watchlist", "word class", "codes", "feeds", "subscriptions"]

MAX_TSV_BYTES = 16_000_000
_TOP_FILES = ("feeds.yml", "subscriptions.yml")
_TOP_FOLDERS = ("events", "actors", "lexicon", "places", "codes")
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){0,3}")


@dataclass(frozen=True, slots=True)
class Source(Generic[M]):
    """One file: where it is, its nodes, its value; `shipped` when it came with Tocsin; `lang` of a lexicon file."""

    path: str
    stem: str
    node: Node
    model: M
    shipped: bool = False
    lang: str = ""

    def at(self, *loc: int | str) -> Position:
        """Where the value at `loc` stands."""
        return find_node(self.node, loc)[0]

    def where(self, *loc: int | str) -> str:
        """`path:line:column` of the value at `loc`."""
        at = self.at(*loc)
        return f"{self.path}:{at.line}:{at.column}"

    def error(self, loc: Loc, code: Code, message: str, remedy: str) -> Problem:
        """A problem at the value at `loc` that keeps the rulebook from being used."""
        return self._problem(Level.ERROR, loc, code, message, remedy)

    def warning(self, loc: Loc, code: Code, message: str, remedy: str) -> Problem:
        """A problem at the value at `loc` that does not."""
        return self._problem(Level.WARNING, loc, code, message, remedy)

    def _problem(self, level: Level, loc: Loc, code: Code, message: str, remedy: str) -> Problem:
        at = self.at(*loc)
        return Problem(
            path=self.path, line=at.line, column=at.column, level=level, code=code, message=message, remedy=remedy
        )


@dataclass(slots=True)
class Tree:
    """Everything read under one root, and every problem met on the way.

    `failed` holds the ids that stand in files with mistakes, `unread` the kinds of which a file could not be read.
    """

    shipped: bool
    rules: list[Source[RuleModel]] = field(default_factory=list)
    watchlists: list[Source[WatchlistModel]] = field(default_factory=list)
    classes: list[Source[WordClassModel]] = field(default_factory=list)
    codes: list[Source[CodesModel]] = field(default_factory=list)
    feeds: list[Source[FeedsFile]] = field(default_factory=list)
    subscriptions: list[Source[SubscriptionsFile]] = field(default_factory=list)
    tables: dict[str, dict[str, object]] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    digests: list[tuple[str, str]] = field(default_factory=list)
    failed: dict[Kind, set[str]] = field(default_factory=dict)
    unread: set[Kind] = field(default_factory=set)


def engine_version() -> str:
    """The version that a file's `requires` is held against."""
    return importlib.metadata.version("tocsin")


def read_tree(root: Path, *, shipped: bool) -> Tree:
    """Read every file under `root` that a rulebook consists of. Never raises; what cannot be read is a problem."""
    tree = Tree(shipped=shipped)
    if not root.is_dir():
        tree.problems.append(_whole(root, "no-rulebook", "there is no such directory", "run 'tocsin init' to make one"))
        return tree
    for path in _files(root / "events"):
        _add(tree, "rule", RuleModel, tree.rules, root, path)
    for path in _files(root / "actors"):
        _add(tree, "watchlist", WatchlistModel, tree.watchlists, root, path)
    for path in _files(root / "codes"):
        _add(tree, "codes", CodesModel, tree.codes, root, path)
    for folder in _folders(root / "lexicon"):
        for path in _files(folder):
            _add(tree, "word class", WordClassModel, tree.classes, root, path, lang=folder.name)
        for path in _files(folder / "tables"):
            _add_table(tree, root, path, lang=folder.name)
        for path in _files(folder / "tables", ".tsv"):
            _add_forms(tree, root, path, lang=folder.name)
    for path in _files(root / "places", ".tsv"):
        if (data := _bytes(tree, root, path, MAX_TSV_BYTES)) is not None:
            tree.places.append(data.decode("utf-8", "replace"))
    if (root / "feeds.yml").exists():
        _add(tree, "feeds", FeedsFile, tree.feeds, root, root / "feeds.yml")
    if (root / "subscriptions.yml").exists():
        _add(tree, "subscriptions", SubscriptionsFile, tree.subscriptions, root, root / "subscriptions.yml")
    tree.problems += _strays(root)
    return tree


def _add(tree: Tree, kind: Kind, model: type[M], into: list[Source[M]], root: Path, path: Path, lang: str = "") -> None:
    node = _node(tree, root, path)
    if node is None:
        tree.unread.add(kind)
        return
    value, problems = validate(model, node, str(path))
    tree.problems += problems
    if value is None:
        tree.failed.setdefault(kind, set()).update((path.stem, *_ids(node)))
    else:
        into.append(Source(str(path), path.stem, node, value, tree.shipped, lang))


def _ids(node: Node) -> Iterator[str]:
    if isinstance(node, Table):
        for key, (_, value) in node.entries.items():
            if key == "id" and isinstance(value, Scalar):
                yield value.text
            else:
                yield from _ids(value)
    elif isinstance(node, Listing):
        for item in node.items:
            yield from _ids(item)


def _add_table(tree: Tree, root: Path, path: Path, lang: str) -> None:
    node = _node(tree, root, path)
    if isinstance(node, Table):
        tree.tables.setdefault(lang, {})[path.stem] = to_plain(node)
    elif node is not None:
        tree.problems.append(_whole(path, "wrong-kind", "a table should be a mapping", "write 'key: value' lines"))


def _add_forms(tree: Tree, root: Path, path: Path, lang: str) -> None:
    data = _bytes(tree, root, path, MAX_TSV_BYTES)
    if data is None:
        return
    table: dict[str, dict[str, list[str]]] = {}
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        kind, *rest = line.split("\t")
        if len(rest) < 1:
            message = "this line has no tab"
            tree.problems.append(
                Problem(
                    path=str(path), line=number, column=1, level=Level.ERROR, code="bad-table",
                    message=message, remedy="write the kind, the word and its forms, with tabs between",
                )
            )  # fmt: skip
            continue
        table.setdefault(kind, {})[rest[0]] = rest[1:]
    tree.tables.setdefault(lang, {})[path.stem] = table


def _node(tree: Tree, root: Path, path: Path) -> Node | None:
    data = _bytes(tree, root, path, MAX_BYTES)
    if data is None:
        return None
    node, problems = read_nodes(data, str(path))
    tree.problems += problems
    if node is None:
        return None
    if b"whsec_" in data:
        tree.problems += _secrets(node, str(path))
    newer = _newer(node, str(path))
    tree.problems += newer
    return None if newer else node


def _secrets(node: Node, path: str) -> Iterator[Problem]:
    if isinstance(node, Scalar):
        if "whsec_" in node.text:
            yield Problem(
                path=path, line=node.at.line, column=node.at.column, level=Level.ERROR, code="secret-in-file",
                message="a webhook's secret stands in the file",
                remedy="make a new one, and write env:NAME or file:PATH here",
            )  # fmt: skip
    else:
        children = node.items if isinstance(node, Listing) else [value for _, value in node.entries.values()]
        for child in children:
            yield from _secrets(child, path)


def _newer(node: Node, path: str) -> tuple[Problem, ...]:
    if not isinstance(node, Table) or "requires" not in node.entries:
        return ()
    at, value = find_node(node, ("requires",))
    wanted = str(to_plain(value))
    ours = engine_version()
    if _VERSION.fullmatch(wanted) is None:
        message, remedy = f"'{wanted[:40]}' is no version", f"write one such as {ours}"
    elif _numbers(wanted) > _numbers(ours):
        message, remedy = f"the file needs Tocsin {wanted} and this is {ours}", "upgrade Tocsin, or use an older file"
    else:
        return ()
    return (
        Problem(
            path=path,
            line=at.line,
            column=at.column,
            level=Level.ERROR,
            code="requires",
            message=message,
            remedy=remedy,
        ),
    )


def _numbers(version: str) -> tuple[int, ...]:
    found = _VERSION.match(version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def _bytes(tree: Tree, root: Path, path: Path, limit: int) -> bytes | None:
    try:
        if not path.is_file():
            tree.problems.append(_whole(path, "not-a-file", "this is no regular file", "move it elsewhere"))
            return None
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        tree.problems.append(_whole(path, "unreadable", f"cannot be read ({error.strerror})", "check its permissions"))
        return None
    if len(data) > limit:
        tree.problems.append(_whole(path, "too-big", f"the file has more than {limit} bytes", "split it"))
        return None
    tree.digests.append((path.relative_to(root).as_posix(), hashlib.sha256(data).hexdigest()))
    return data


def _files(folder: Path, suffix: str = ".yml") -> list[Path]:
    return [path for path in _entries(folder) if path.suffix == suffix and not path.name.startswith(".")]


def _folders(folder: Path) -> list[Path]:
    return [path for path in _entries(folder) if path.is_dir() and not path.name.startswith(".")]


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _strays(root: Path) -> Iterator[Problem]:
    """Files that look as if they were meant for the rulebook and are not read."""
    for path in _entries(root):
        if path.suffix in {".yml", ".yaml"} and path.name not in _TOP_FILES:
            near = nearest(path.stem, ("feeds", "subscriptions"))
            remedy = f"did you mean '{near}.yml'?" if near else "move it into events, actors or lexicon"
            yield _whole(path, "not-read", "this file is not read", remedy, Level.WARNING)
        elif path.is_dir() and path.name not in _TOP_FOLDERS and (near := nearest(path.name, _TOP_FOLDERS)):
            yield _whole(path, "not-read", "this folder is not read", f"did you mean '{near}'?", Level.WARNING)
    for folder in (root / "events", root / "actors", root / "codes"):
        for path in _entries(folder):
            if path.suffix == ".yaml":
                yield _whole(path, "not-read", "this file is not read", "rename it to end in .yml", Level.WARNING)


def _whole(path: Path, code: Code, message: str, remedy: str, level: Level = Level.ERROR) -> Problem:
    return Problem(path=str(path), line=0, column=0, level=level, code=code, message=message, remedy=remedy)
