"""The data directory of an embedded server: its record, the socket's own short directory, and what can be wrong."""

import json
import os
import stat
import tempfile
from pathlib import Path
from typing import Any

from tocsin.errors import SettingsError

# sun_path holds 104 bytes on macOS, 108 on Linux, the final zero included.
MAX_SOCKET_PATH = 100
SOCKET_FOLDER = "tocsin-"


def socket_path(record: dict[str, Any]) -> str:
    """Where the server shall listen: in a short private directory, the recorded one if it is still there."""
    # The same socket as before, so that processes that outlived the last server find this one.
    before = str(record.get("socket", ""))
    if before and is_our_socket_folder(Path(before).parent):
        return before
    for parent in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):  # noqa: S108 (mkdtemp below)
        if parent and len(os.fsencode(parent)) + len("/tocsin-12345678/s") <= MAX_SOCKET_PATH:
            try:
                return str(Path(tempfile.mkdtemp(prefix=SOCKET_FOLDER, dir=parent)) / "s")
            except OSError:
                continue
    raise SettingsError("no directory for the server's socket: set TMPDIR to a short path that can be written to")


def is_our_socket_folder(folder: Path) -> bool:
    """Whether it is a directory that `socket_path` made: ours, private, and not a link."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    private = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700 and found.st_uid == os.getuid()
    return private and folder.name.startswith(SOCKET_FOLDER)


def prepared_folder(folder: Path) -> Path:
    """The data directory, made if need be and seen to take data. Raises `SettingsError` when it does not."""
    with in_words(folder):
        folder = folder.absolute()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0" * 65536)
            probe.flush()
    return folder


class in_words:  # noqa: N801 (reads as a phrase: with in_words(folder))
    """Turn what the file system says into what the operator can do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, exc: BaseException | None, trace: object) -> None:
        if isinstance(exc, OSError):
            what = (exc.strerror or str(exc)).lower()
            raise SettingsError(
                f"data directory '{self._folder}': {what}: choose another, or make room and permission there"
            ) from exc


def write_record(folder: Path, record: dict[str, Any]) -> None:
    """Replace `server.json` as a whole."""
    record = {**record, "folder": str(folder.resolve())}
    fresh = folder / "server.json.new"
    fresh.write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    fresh.replace(folder / "server.json")


def read_record(folder: Path) -> dict[str, Any]:
    """What `server.json` says; empty when there is none or it is damaged.

    In a copy of a data directory it names the other directory's server: then only the engine is told.
    """
    try:
        record = json.loads((folder / "server.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(record, dict):
        return {}
    if record.get("folder") != str(folder.resolve()):
        return {name: value for name, value in record.items() if name in {"binary", "engine", "version"}}
    return record


def read_text(path: Path) -> str:
    """A small file's text; empty when there is none."""
    try:
        return path.read_text("utf-8").strip()
    except OSError:
        return ""
