"""A private, persistent Redis or Valkey server in a data directory: the default without TOCSIN_REDIS_URL.

The directory holds two locks. `run.lock` belongs to the one `tocsin run`. `server.lock` is inherited by the server, so
it is held exactly as long as the server lives: a server that outlived its Tocsin is found and adopted, and a second
one never starts over the same files (it would, without complaint). `server.json` says where the socket is.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis

from tocsin.adapters.file_lock import FileLock
from tocsin.adapters.server_binary import Binary, find_binary
from tocsin.adapters.server_files import (
    in_words,
    is_our_socket_folder,
    prepared_folder,
    read_record,
    read_text,
    socket_path,
    write_record,
)
from tocsin.adapters.uninterrupted import uninterrupted
from tocsin.errors import SettingsError

START_S = 20.0
LOAD_S = 900.0
STOP_S = 30.0
MAX_LOG = 5 * 1024 * 1024


class Embedded:
    """The server of one data directory, while this process owns the directory. `url` stays the same over restarts."""

    def __init__(self, folder: Path, run_lock: FileLock, *, maxmemory: int = 0) -> None:
        self._folder = folder
        self._run_lock = run_lock
        self._server_lock = FileLock(folder / "server.lock")
        self._process: subprocess.Popen[bytes] | None = None
        self._maxmemory = maxmemory
        self.url = ""
        self.pid = 0

    @classmethod
    def start(cls, data_dir: str | Path, *, maxmemory: int = 0) -> "Embedded":
        """Own the directory and have a server in it: an orphaned one is adopted, else a new one is started.

        Returns once it answers. `maxmemory` is in bytes, 0 for no limit. Raises `SettingsError` when another
        `tocsin run` owns the directory, or the server cannot start there.
        """
        folder = prepared_folder(Path(data_dir))
        run_lock = FileLock(folder / "run.lock")
        if not run_lock.acquire():
            owner = read_text(run_lock.path) or "unknown"
            raise SettingsError(
                f"data directory '{folder}': another tocsin run has it (process {owner}):"
                " stop that one, or choose another directory"
            )
        os.ftruncate(run_lock.fd, 0)
        os.pwrite(run_lock.fd, str(os.getpid()).encode(), 0)
        embedded = cls(folder, run_lock, maxmemory=maxmemory)
        try:
            embedded.ensure_alive()
        except BaseException:
            embedded._abandon()
            run_lock.close()
            raise
        return embedded

    def _abandon(self) -> None:
        """End a server that was begun and will not be used: nothing was written to it yet, or all of it is on disk."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
            self._remove_socket()

    def ensure_alive(self) -> bool:
        """Start the server again if it died, on the same socket. True if it had to be started."""
        if self._locked() and (self.url or self._adopted()):
            return False
        if self._process is not None:
            self._process.wait()  # it let go of the lock, so it is ending
        try:
            self._launch()
        finally:
            # Once it runs, the server alone holds the lock.
            self._server_lock.close()
        return True

    def stop(self) -> None:
        """End the server, adopted or not, and give the directory back. Everything acknowledged is on disk then."""
        client = _client(self.url)
        try:
            client.shutdown(nosave=True)  # the append-only file is complete; an RDB dump would only take time
        except redis.RedisError:
            if self._process is not None:
                self._process.terminate()
        finally:
            client.close()
        if not _wait(self._server_lock.acquire, STOP_S) and self._process is not None:
            self._process.kill()
        if self._process is not None:
            self._process.wait()
        self._server_lock.close()
        self._remove_socket()
        self._run_lock.close()

    def _remove_socket(self) -> None:
        folder = Path(self.url.removeprefix("unix://")).parent
        if is_our_socket_folder(folder):
            shutil.rmtree(folder, ignore_errors=True)

    def _locked(self) -> bool:
        with in_words(self._folder):
            return not self._server_lock.acquire()

    def _adopted(self) -> bool:
        """Take over the server that holds the lock, once it is ready; False when it ends instead."""
        begun = time.monotonic()
        while self._locked():
            record = read_record(self._folder)
            url = str(record.get("url", ""))
            state = _state(url) if url else "silent"
            if state == "ready":
                self.url, self.pid = url, _process_id(url)
                return True
            if time.monotonic() - begun > (LOAD_S if state == "loading" else START_S):
                raise SettingsError(
                    f"data directory '{self._folder}': a server holds its lock and does not answer"
                    f" (process {record.get('pid', 'unknown')}): end that process, then start again"
                )
            time.sleep(0.01)
        return False

    def _launch(self) -> None:
        before = read_record(self._folder)
        binary = find_binary(made_with=_binary_of(before))
        socket = socket_path(before)
        self.url = f"unix://{socket}"
        record = {**_described(binary), "socket": socket, "url": self.url}
        log = self._folder / "server.log"
        with in_words(self._folder):
            if log.exists() and log.stat().st_size > MAX_LOG:
                log.replace(log.with_suffix(".log.1"))
            # Recorded before it runs: a server whose Tocsin is killed right here is found all the same.
            write_record(self._folder, record)
            with log.open("ab") as output, uninterrupted():
                self._process = subprocess.Popen(  # noqa: S603 (a server found on PATH or bundled)
                    [binary.path, *_options(self._folder, socket, self._maxmemory)],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    pass_fds=(self._server_lock.fd,),
                    # Ctrl-C in the terminal must not end the store before the workers are done.
                    start_new_session=True,
                )
            self.pid = self._process.pid
            write_record(self._folder, {**record, "pid": self.pid})
        self._wait_ready(log)

    def _wait_ready(self, log: Path) -> None:
        process = self._process
        begun = time.monotonic()
        while process is not None and process.poll() is None:
            state = _state(self.url)
            if state == "ready":
                return
            if time.monotonic() - begun > (LOAD_S if state == "loading" else START_S):
                process.kill()
                process.wait()
                break
            time.sleep(0.01)
        self._remove_socket()
        raise SettingsError(
            f"data directory '{self._folder}': the server did not start ({_last_line(log)}):"
            f" see '{log}'; docs/operations.md says how to repair or restore"
        )


def attach(data_dir: str | Path) -> str | None:
    """The URL of the server that runs in a data directory, or None. For commands beside a running `tocsin run`."""
    url = str(read_record(Path(data_dir)).get("url", ""))
    return url if answers(url) else None


def answers(url: str) -> bool:
    """Whether a server is ready there."""
    return bool(url) and _state(url) == "ready"


def _state(url: str) -> str:
    client = _client(url)
    try:
        client.ping()
    except redis.BusyLoadingError:
        return "loading"
    except (redis.RedisError, OSError):
        return "silent"
    else:
        return "ready"
    finally:
        client.close()


def _process_id(url: str) -> int:
    client = _client(url)
    try:
        info: Any = client.info("server")
        return int(info["process_id"])
    finally:
        client.close()


def _client(url: str) -> redis.Redis:
    client: redis.Redis = redis.Redis.from_url(url, socket_timeout=5, retry=None)
    return client


def _options(folder: Path, socket: str, maxmemory: int) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": socket,
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory": str(maxmemory),
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "notice",
    }
    return [word for name, value in options.items() for word in (f"--{name}", value)]


def _described(binary: Binary) -> dict[str, Any]:
    return {"binary": binary.path, "engine": binary.engine, "version": list(binary.version)}


def _binary_of(record: dict[str, Any]) -> Binary | None:
    if "engine" not in record:
        return None
    major, minor = record["version"]
    return Binary(path=record["binary"], engine=record["engine"], version=(major, minor))


def _last_line(log: Path) -> str:
    lines = read_text(log)[-4000:].splitlines()
    return lines[-1].strip() if lines else "it said nothing"


def _wait(true: Callable[[], bool], deadline_s: float) -> bool:
    end = time.monotonic() + deadline_s
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
