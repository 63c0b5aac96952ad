"""The poll process outlives its store: while the store is away it waits and tries on."""

import asyncio
import os
import signal

import pytest
from poll_fakes import FakeFetcher
from structlog.testing import capture_logs

from tocsin.adapters.memory_store import MemoryStore
from tocsin.core.feeds import Feed
from tocsin.core.rulebook import Rulebook
from tocsin.errors import StoreUnavailable
from tocsin.pipeline.poller import PollLimits
from tocsin.ports import FetchRequest, FetchResponse, Lease, StoreHealth
from tocsin.processes.poller import run_poller
from tocsin.processes.rule_watch import RuleWatch

FEED = Feed(id="wire", url="https://wire.example/rss", lang="en", country="GB", timezone="Europe/London")


class OneFeed(RuleWatch):
    """A watch over a rulebook of one feed."""

    def __init__(self) -> None:
        self._book = Rulebook(feeds=(FEED,))

    def current(self) -> Rulebook:
        return self._book


class AwayStore(MemoryStore):
    """A store that is away for the first looks of the loop, and for good once it is told to leave."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self._looks = looks
        self.left = False

    def health(self) -> StoreHealth:
        if self._looks:
            self._looks -= 1
            raise StoreUnavailable("the store does not answer")
        return super().health()

    def acquire_lease(self, name: str, holder: str, ttl_s: float) -> Lease | None:
        if self.left:
            raise StoreUnavailable("the store does not answer")
        return super().acquire_lease(name, holder, ttl_s)


class LastFetch(FakeFetcher):
    """Ends the process at its first request."""

    def __init__(self, store: AwayStore, *, leave: bool) -> None:
        super().__init__()
        self._store = store
        self._leave = leave

    async def fetch(self, request: FetchRequest) -> FetchResponse:
        self._store.left = self._leave
        os.kill(os.getpid(), signal.SIGTERM)
        return await super().fetch(request)


@pytest.mark.parametrize("leave", [False, True], ids=["it is back at the end", "it is away at the end"])
def test_a_store_that_goes_away_costs_no_poller(leave: bool) -> None:
    store = AwayStore(looks=1)
    fetcher = LastFetch(store, leave=leave)
    fetcher.answers(FEED.url, 304)

    with capture_logs() as logs:
        asyncio.run(run_poller(store=store, fetcher=fetcher, watch=OneFeed(), limits=PollLimits(idle_s=0.01)))

    assert [FEED.url] == [request.url for request in fetcher.requests]
    assert "store_unavailable" in {entry["event"] for entry in logs}
