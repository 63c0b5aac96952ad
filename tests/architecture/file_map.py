"""The map of files in docs/architecture.md: grouped by hand, each said in the first sentence of its docstring."""

import ast
import re

from architecture.source_tree import PACKAGE, modules, parse

BEGIN = "<!-- files: `make golden` refreshes the lines; the groups are made by hand -->\n"
END = "<!-- end of files -->\n"
_ROW = re.compile(r"^\| `([\w/]+\.py)` \|.*\|\n", re.MULTILINE)
_SENTENCE = re.compile(r".*?\.(?= [A-Z`]|$)")


def named_files(page: str) -> list[str]:
    """The files of the map, in its order."""
    return _ROW.findall(_map_of(page))


def present_files() -> list[str]:
    """The files of the package, but for `__init__.py`, which hold nothing."""
    return [path.relative_to(PACKAGE).as_posix() for path in modules() if path.name != "__init__.py"]


def refreshed(page: str) -> str:
    """The page with its map as it ought to be: lines renewed, gone files out, new ones below their neighbours."""
    present = set(present_files())
    found = _map_of(page)
    made = _ROW.sub(lambda row: _line(row[1]) if row[1] in present else "", found)
    for name in sorted(present - set(_ROW.findall(found))):
        made = _placed(made, name)
    return page.replace(found, made)


def _map_of(page: str) -> str:
    return page.partition(BEGIN)[2].partition(END)[0]


def _placed(rows: str, name: str) -> str:
    """The rows with one more, after the last one of its folder."""
    folder = name.rpartition("/")[0]
    ends = [row.end() for row in _ROW.finditer(rows) if row[1].rpartition("/")[0] == folder]
    at = ends[-1] if ends else len(rows)
    return rows[:at] + _line(name) + rows[at:]


def _line(name: str) -> str:
    text = ast.get_docstring(parse(PACKAGE / name)) or ""
    paragraph = " ".join(text.split("\n\n")[0].split())
    sentence = _SENTENCE.match(paragraph)
    return f"| `{name}` | {(sentence[0] if sentence else paragraph).replace('|', chr(92) + '|')} |\n"
