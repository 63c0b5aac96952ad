"""A copy of an embedded server's data that can be restored: taken while it runs, or when it is stopped."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis

from tocsin.adapters.embedded import attach
from tocsin.adapters.file_lock import FileLock
from tocsin.adapters.redis_client import connect, translated
from tocsin.adapters.server_files import in_words
from tocsin.errors import SettingsError, StoreUnavailable

REWRITE_S = 900.0

_PERCENTAGE = "auto-aof-rewrite-percentage"


Copied = Callable[[Path], None]


def back_up(data_dir: str | Path, target: str | Path, *, copied: Copied = lambda _: None) -> list[Path]:
    """Copy the append-only files, the record of the server, the archive and the key of the unsubscribe links to
    `target`, and return what was copied. `copied` hears of each file once it is there.

    `target` must not exist or be empty. A running server goes on: only the rewriting of its files is held off while
    they are copied, so at worst the copy ends in mid-command, and the server cuts that off when it reads it. Raises
    `SettingsError` when a directory is not usable, `StoreUnavailable` when the server does not answer.
    """
    source, folder = Path(data_dir), Path(target)
    if not source.is_dir():
        raise SettingsError(f"data directory '{source}' does not exist: name the one that tocsin run uses")
    with in_words(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise SettingsError(f"'{folder}' is not empty: choose a new directory for the copy")
    url = attach(source)
    if url is not None:
        return _copy_running(url, source, folder, copied)
    return _copy_stopped(source, folder, copied)


def _copy_running(url: str, source: Path, folder: Path, copied: Copied) -> list[Path]:
    client: Any = connect(url)
    with translated():
        before = client.config_get(_PERCENTAGE)[_PERCENTAGE]
        client.config_set(_PERCENTAGE, 0)
    try:
        _wait_for_rewrite(client)
        return _copy(source, folder, copied)
    finally:
        with translated():
            client.config_set(_PERCENTAGE, before)
        client.close()


def _copy_stopped(source: Path, folder: Path, copied: Copied) -> list[Path]:
    lock = FileLock(source / "server.lock")
    with in_words(source):
        if not lock.acquire():
            raise StoreUnavailable(f"the server in '{source}' lives but does not answer: wait, or end it")
    try:
        return _copy(source, folder, copied)
    finally:
        lock.close()


def _wait_for_rewrite(client: redis.Redis) -> None:
    deadline = time.monotonic() + REWRITE_S
    while True:
        with translated():
            state: Any = client.info("persistence")
        if not int(state["aof_rewrite_in_progress"]) and not int(state.get("aof_rewrite_scheduled", 0)):
            return
        if time.monotonic() > deadline:
            raise StoreUnavailable("the server is still rewriting its files: try again later")
        time.sleep(0.05)


def _copy(source: Path, folder: Path, copied: Copied) -> list[Path]:
    def copy(path: str | Path, target: str | Path) -> None:
        shutil.copy2(path, target)
        copied(Path(target))

    with in_words(folder):
        for path in sorted(source.glob("appendonly*")):
            # One folder since Redis 7, one file before.
            if path.is_dir():
                shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns("temp-*"), copy_function=copy)
            else:
                copy(path, folder / path.name)
        if (source / "archive").is_dir():
            shutil.copytree(source / "archive", folder / "archive", copy_function=copy)
        # The record names the engine that wrote the files, so that a restore is read by its like.
        for name in ("server.json", "token.key"):
            if (source / name).is_file():
                copy(source / name, folder / name)
    return sorted(path for path in folder.rglob("*") if path.is_file())
