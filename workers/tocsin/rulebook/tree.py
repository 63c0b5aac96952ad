"""Reads every file under one root that a rulebook consists of."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from tocsin.rulebook.codes import Code
from tocsin.rulebook.file_checks import check_requires, check_secrets
from tocsin.rulebook.folders import find_files, find_folders, find_strays, read_bytes, whole_file
from tocsin.rulebook.models_actors import WatchlistModel
from tocsin.rulebook.models_feeds import FeedsFile
from tocsin.rulebook.models_lexicon import CodesModel, FunctionsModel, WordClassModel
from tocsin.rulebook.models_rules import RuleModel
from tocsin.rulebook.models_subscriptions import SubscriptionsFile
from tocsin.rulebook.nodes import MAX_BYTES, Listing, Node, Scalar, Table, read_nodes, to_plain
from tocsin.rulebook.problems import Level, Problem
from tocsin.rulebook.sources import Kind, Source, Tree
from tocsin.rulebook.validate import validate

M = TypeVar("M", bound=BaseModel)

MAX_GAZETTEER_BYTES = 16_000_000
FUNCTIONS = "functions"
"""The table that names word classes."""


def read_tree(root: Path, *, shipped: bool) -> Tree:
    """Read every file under `root` that a rulebook consists of. Never raises; what cannot be read is a problem."""
    tree = Tree(shipped=shipped)
    if not root.is_dir():
        tree.problems.append(
            whole_file(root, "no-rulebook", "there is no such directory", "run 'tocsin init' to make one")
        )
        return tree
    for path in find_files(root / "events"):
        _add(tree, "rule", RuleModel, tree.rules, root, path)
    for path in find_files(root / "actors"):
        _add(tree, "watchlist", WatchlistModel, tree.watchlists, root, path)
    for path in find_files(root / "codes"):
        _add(tree, "codes", CodesModel, tree.codes, root, path)
    for folder in find_folders(root / "lexicon"):
        for path in find_files(folder):
            _add(tree, "word class", WordClassModel, tree.classes, root, path, lang=folder.name)
        for path in find_files(folder, ".tsv"):
            _add_nouns(tree, root, path, lang=folder.name)
        for path in find_files(folder / "tables"):
            _add_table(tree, root, path, lang=folder.name)
    for path in find_files(root / "places", ".tsv"):
        if (data := _bytes(tree, root, path, MAX_GAZETTEER_BYTES)) is not None:
            tree.places.append(data.decode("utf-8", "replace"))
    if (root / "feeds.yml").exists():
        _add(tree, "feeds", FeedsFile, tree.feeds, root, root / "feeds.yml")
    if (root / "subscriptions.yml").exists():
        _add(tree, "subscriptions", SubscriptionsFile, tree.subscriptions, root, root / "subscriptions.yml")
    tree.problems += find_strays(root)
    return tree


def _add(tree: Tree, kind: Kind, model: type[M], into: list[Source[M]], root: Path, path: Path, lang: str = "") -> None:
    node = _node(tree, root, path)
    if node is None:
        tree.unread.add(kind)
    else:
        _take(tree, kind, model, into, path, node, lang)


def _take(tree: Tree, kind: Kind, model: type[M], into: list[Source[M]], path: Path, node: Node, lang: str) -> None:
    remains, problems = validate(model, node, str(path), path.stem)
    tree.problems += problems
    if problems:
        tree.failed.setdefault(kind, set()).update((path.stem, *_ids(node)))
    if remains is not None:
        into.append(
            Source(str(path), path.stem, remains.node, remains.value, tree.shipped, lang=lang, lost=remains.lost)
        )


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
    if path.stem == FUNCTIONS and node is not None:
        _take(tree, "functions", FunctionsModel, tree.functions, path, node, lang)
    if isinstance(node, Table):
        tree.tables.setdefault(lang, {})[path.stem] = to_plain(node)
    elif node is not None and path.stem != FUNCTIONS:
        tree.problems.append(whole_file(path, "wrong-kind", "a table should be a mapping", "write 'key: value' lines"))


def _add_nouns(tree: Tree, root: Path, path: Path, lang: str) -> None:
    """Rows of a class's id, a tab, and nouns divided by `;`, for classes with a file in the same folder."""
    data = _bytes(tree, root, path, MAX_BYTES)
    for number, line in enumerate((data or b"").decode("utf-8", "replace").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, tab, nouns = line.partition("\t")
        if not tab:
            message, remedy = "a row should be a class, a tab, and nouns divided by ';'", "write it so"
            tree.problems.append(_at_line(path, number, "bad-value", message, remedy))
        elif not (path.parent / f"{name}.yml").exists():
            message, remedy = f"there is no word class '{name}' in this folder", f"add '{name}.yml' or remove the row"
            tree.problems.append(_at_line(path, number, "unknown-word-class", message, remedy))
        else:
            listed = tree.nouns.setdefault(lang, {}).setdefault(name, [])
            listed += [noun for noun in map(str.strip, nouns.split(";")) if noun]


def _at_line(path: Path, line: int, code: Code, message: str, remedy: str) -> Problem:
    return Problem(path=str(path), line=line, column=1, level=Level.ERROR, code=code, message=message, remedy=remedy)


def _node(tree: Tree, root: Path, path: Path) -> Node | None:
    data = _bytes(tree, root, path, MAX_BYTES)
    if data is None:
        return None
    node, problems = read_nodes(data, str(path))
    tree.problems += problems
    if node is None:
        return None
    tree.problems += check_secrets(node, data, str(path))
    newer = tuple(check_requires(node, str(path)))
    tree.problems += newer
    return None if newer else node


def _bytes(tree: Tree, root: Path, path: Path, limit: int) -> bytes | None:
    data = read_bytes(path, limit)
    if isinstance(data, Problem):
        tree.problems.append(data)
        return None
    tree.digests.append((path.relative_to(root).as_posix(), hashlib.sha256(data).hexdigest()))
    return data
