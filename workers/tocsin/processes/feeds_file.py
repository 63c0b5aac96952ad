"""Adding an entry to the operator's feeds.yml as text, so that their comments and order stay as they are."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from tocsin.adapters.plain import harmless
from tocsin.errors import SettingsError, TocsinError


def add_feed(path: Path, entry: Mapping[str, str | bool], *, check: Callable[[], object]) -> None:
    """Write the entry into the file, then call `check`; the file is as before when that raises a `TocsinError`.

    Raises `SettingsError` when the file is not one that an entry can be added to.
    """
    before = path.read_text(encoding="utf-8") if path.exists() else None
    try:
        _write(path, with_entry(before or "", entry))
        check()
    except TocsinError:
        if before is None:
            path.unlink(missing_ok=True)
        else:
            _write(path, before)
        raise
    except OSError as exc:
        raise SettingsError(f"cannot write '{path}': {exc.strerror}: check its rights") from exc


def with_entry(text: str, entry: Mapping[str, str | bool]) -> str:
    """The text of a feeds.yml with the entry before the others. Raises `SettingsError` when it has no place there."""
    lines = [f"{name}: {_scalar(value)}" for name, value in entry.items()]
    found = _feeds_of(text)
    if found is None:
        return f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}feeds:\n{_block(lines, 2)}"
    key, feeds = found
    if isinstance(feeds, yaml.SequenceNode) and feeds.value and not feeds.flow_style:
        at = feeds.start_mark.index - feeds.start_mark.column
        return text[:at] + _block(lines, feeds.start_mark.column) + text[at:]
    if isinstance(feeds, yaml.SequenceNode) and feeds.value:
        raise SettingsError("feeds.yml has its feeds on one line: write each on a line of its own, beginning with '- '")
    # `feeds: []` or `feeds:` alone; a comment after it stays on its line.
    start = key.end_mark.index + 1
    end = feeds.end_mark.index if isinstance(feeds, yaml.SequenceNode) else start
    rest, newline, below = text[end:].partition("\n")
    return f"{text[:start]}{rest.rstrip()}{newline or chr(10)}{_block(lines, 2)}{below}"


def _feeds_of(text: str) -> tuple[yaml.Node, yaml.Node] | None:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as exc:
        raise SettingsError("feeds.yml cannot be read: `tocsin rules check .` says where it is wrong") from exc
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    return next(((key, value) for key, value in pairs if key.value == "feeds"), None)


def _block(lines: list[str], indent: int) -> str:
    margin = " " * indent
    return "".join(f"{margin}{'- ' if number == 0 else '  '}{line}\n" for number, line in enumerate(lines))


def _scalar(value: str | bool) -> str:
    # JSON strings are YAML strings but for U+2028 and its like, which YAML takes for the end of the line.
    return json.dumps(value if isinstance(value, bool) else harmless(value), ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    # A running tocsin reads the old file or the new one, never half of it.
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    if path.exists():
        draft.chmod(path.stat().st_mode)
    os.replace(draft, path)  # noqa: PTH105
