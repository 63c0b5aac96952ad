"""`tocsin init`: a workspace of commented YAML to edit."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from tocsin.errors import SettingsError


def make_workspace(target: Path) -> list[Path]:
    """Write the workspace's files into `target`, made if absent, and return them.

    Raises `SettingsError` rather than touch a file that exists.
    """
    pairs = list(_pairs(files("tocsin.processes") / "workspace", target))
    existing = [path for _, path in pairs if path.exists()]
    if existing:
        raise SettingsError(f"'{existing[0]}' exists already: choose another folder, or edit what is there")
    try:
        for source, path in pairs:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    except OSError as exc:
        raise SettingsError(f"cannot write '{exc.filename}': {exc.strerror}; choose a folder you may write to") from exc
    return [path for _, path in pairs]


def _pairs(source: Traversable, target: Path) -> list[tuple[Traversable, Path]]:
    pairs: list[tuple[Traversable, Path]] = []
    for item in sorted(source.iterdir(), key=lambda entry: entry.name):
        # Packaging tools skip dot files, so the template carries its name without the dot.
        name = ".gitignore" if item.name == "gitignore" else item.name
        if item.is_dir():
            pairs += _pairs(item, target / name)
        else:
            pairs.append((item, target / name))
    return pairs
