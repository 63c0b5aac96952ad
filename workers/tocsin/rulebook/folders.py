"""What is on disk: a rulebook's files, their bytes within limits, and files that are in the wrong place."""

from collections.abc import Iterator
from pathlib import Path

from tocsin.rulebook.codes import Code
from tocsin.rulebook.problems import Level, Problem
from tocsin.rulebook.suggest import nearest

_TOP_FILES = ("feeds.yml", "subscriptions.yml")
_TOP_FOLDERS = ("events", "actors", "lexicon", "places", "codes")


def read_bytes(path: Path, limit: int) -> bytes | Problem:
    """A regular file's content, at most `limit` bytes of it. Never raises and never waits on a pipe."""
    try:
        if not path.is_file():
            return whole_file(path, "not-a-file", "this is no regular file", "move it elsewhere")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        return whole_file(path, "unreadable", f"cannot be read ({error.strerror})", "check its permissions")
    if len(data) > limit:
        return whole_file(path, "too-big", f"the file has more than {limit} bytes", "split it")
    return data


def find_files(folder: Path, suffix: str = ".yml") -> list[Path]:
    """The folder's files of this kind, by name; none when there is no such folder. Hidden ones are left out."""
    return [path for path in _entries(folder) if path.suffix == suffix and not path.name.startswith(".")]


def find_folders(folder: Path) -> list[Path]:
    """The folder's folders, by name."""
    return [path for path in _entries(folder) if path.is_dir() and not path.name.startswith(".")]


def find_strays(root: Path) -> Iterator[Problem]:
    """Files that look as if they were meant for the rulebook and are not read."""
    for path in _entries(root):
        if path.suffix in {".yml", ".yaml"} and path.name not in _TOP_FILES:
            near = nearest(path.stem, ("feeds", "subscriptions"))
            remedy = f"did you mean '{near}.yml'?" if near else "move it into events, actors or lexicon"
            yield whole_file(path, "not-read", "this file is not read", remedy, Level.WARNING)
        elif path.is_dir() and path.name not in _TOP_FOLDERS and (near := nearest(path.name, _TOP_FOLDERS)):
            yield whole_file(path, "not-read", "this folder is not read", f"did you mean '{near}'?", Level.WARNING)
    lexicon = root / "lexicon"
    for path in find_files(lexicon):
        yield whole_file(path, "not-read", "this file is not read", "move it into a language's folder", Level.WARNING)
    for folder in (root / "events", root / "actors", root / "codes", *find_folders(lexicon)):
        for path in _entries(folder):
            if path.is_dir() and folder.parent != lexicon:
                remedy = f"move its files into '{folder.name}'"
                yield whole_file(path, "not-read", "this folder is not read", remedy, Level.WARNING)
            elif path.suffix == ".yaml":
                yield whole_file(path, "not-read", "this file is not read", "rename it to end in .yml", Level.WARNING)


def whole_file(path: Path, code: Code, message: str, remedy: str, level: Level = Level.ERROR) -> Problem:
    """A problem with a file as such, at no line of it."""
    return Problem(path=str(path), line=0, column=0, level=level, code=code, message=message, remedy=remedy)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
