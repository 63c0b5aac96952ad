"""The command line in this process, in a folder of its own and a clean environment."""

import contextlib
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
import structlog
from redis_server import PrivateServer, private_server

from tocsin.adapters.redis_store import RedisStore
from tocsin.processes.cli import main
from tocsin.processes.wiring import open_store, settings_of


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Tocsin = Callable[..., Answer]


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty current folder and no setting of ours in the environment."""
    for name in [name for name in os.environ if name.startswith("TOCSIN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def tocsin(clean: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tocsin]:
    """Run a command through `main`, as the installed script does."""

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["tocsin", *arguments])
        out, err = io.StringIO(), io.StringIO()
        code = 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(bool(end.code))
        return Answer(code=code, out=out.getvalue(), err=err.getvalue())

    yield run
    structlog.reset_defaults()


@pytest.fixture
def desk(tocsin: Tocsin, clean: Path) -> Path:
    """A fresh workspace, which is the current folder."""
    assert tocsin("init", ".").code == 0
    return clean


@pytest.fixture(scope="session")
def sound_server() -> Iterator[PrivateServer]:
    """A server that is set up as it should be."""
    with private_server("--appendonly", "yes", "--maxmemory-policy", "noeviction") as server:
        yield server


@pytest.fixture
def store(sound_server: PrivateServer, clean: Path, monkeypatch: pytest.MonkeyPatch) -> RedisStore:
    """An empty store that the commands find by TOCSIN_REDIS_URL."""
    client = redis.Redis.from_url(sound_server.url)
    client.flushall()
    client.close()
    monkeypatch.setenv("TOCSIN_REDIS_URL", sound_server.url)
    return open_store(settings_of())


@pytest.fixture
def broken(desk: Path) -> Path:
    """A workspace with two mistakes in one file and one in another."""
    (desk / "feeds.yml").write_text(
        "feeds:\n  - {id: a, url: 'ftp://a.example/x'}\n  - {id: b, ulr: 'https://b.example/'}\n"
    )
    (desk / "subscriptions.yml").write_text("endpoints: []\nsubscriptons: []\n")
    shutil.rmtree(desk / "actors")
    return desk


@pytest.fixture
def uncommented(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The workspace's commented examples put in force, as an operator would by removing the `#`."""
    monkeypatch.setenv("DESK_HOOK_SECRET", "whsec_" + "QUJD" * 8)
    for path in desk.rglob("*.yml"):
        lines = path.read_text().splitlines()
        kept = [line.replace("#  ", "  ", 1) if line.startswith(("#  -", "#    ")) else line for line in lines]
        examples = [line.removesuffix(" []") for line in kept if not line.startswith("#")]
        path.write_text("\n".join(examples) + "\n")
