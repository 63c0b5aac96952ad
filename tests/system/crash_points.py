"""Points at which a process kills itself: one file a bomb, claimed by renaming it, so each goes off exactly once."""

import os
import signal
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tocsin.core.deliveries import Outcome
from tocsin.core.messages import Commit, Row
from tocsin.ports import Fetcher, FetchRequest, FetchResponse, OutgoingMessage, Sender, Store

POINTS = (
    *(f"poller.{call}.{when}" for call in ("fetch", "commit") for when in ("before", "after")),
    *(f"{step}.commit.{when}" for step in ("scan", "merge", "dispatch") for when in ("before", "after")),
    *(f"deliver.{call}.{when}" for call in ("commit", "send") for when in ("before", "after")),
)


class Bombs:
    """The bombs of one process, by its name."""

    def __init__(self, folder: Path, process: str) -> None:
        self._folder = folder
        self._process = process

    def pass_by(self, call: str, when: str) -> None:
        """Die here if a bomb lies at this point."""
        point = f"{self._process}.{call}.{when}"
        try:
            (self._folder / point).rename(self._folder / "spent" / f"{point}.{os.getpid()}")
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)


class CrashingStore:
    """A store that may kill its process around a commit. Everything else is the real one's."""

    def __init__(self, store: Store, bombs: Bombs) -> None:
        self._store = store
        self._bombs = bombs

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def commit(self, commit: Commit) -> tuple[Row, ...]:
        self._bombs.pass_by("commit", "before")
        rows = self._store.commit(commit)
        self._bombs.pass_by("commit", "after")
        return rows


class CrashingFetcher:
    """A fetcher that may kill its process around a fetch."""

    def __init__(self, fetcher: Fetcher, bombs: Bombs) -> None:
        self._fetcher = fetcher
        self._bombs = bombs

    async def fetch(self, request: FetchRequest) -> FetchResponse:
        self._bombs.pass_by("fetch", "before")
        response = await self._fetcher.fetch(request)
        self._bombs.pass_by("fetch", "after")
        return response


class CrashingSender:
    """A sender that may kill its process around a send."""

    def __init__(self, sender: Sender, bombs: Bombs) -> None:
        self._sender = sender
        self._bombs = bombs

    async def send(self, message: OutgoingMessage, *, sent_at: datetime) -> Outcome:
        self._bombs.pass_by("send", "before")
        outcome = await self._sender.send(message, sent_at=sent_at)
        self._bombs.pass_by("send", "after")
        return outcome


def place(folder: Path, points: Sequence[str]) -> None:
    """Lay a bomb at each point where none lies."""
    for point in points:
        (folder / point).touch()


def spent(folder: Path) -> dict[str, int]:
    """How many bombs have gone off, by point."""
    counts = dict.fromkeys(POINTS, 0)
    for bomb in (folder / "spent").iterdir():
        counts[bomb.name.rpartition(".")[0]] += 1
    return counts
