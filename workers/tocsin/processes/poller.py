"""The poller process: one at a time by lease, any number standing by."""

import asyncio
import random
import signal
from collections.abc import Mapping

from tocsin.adapters.feed_parser import ProcessFeedParser
from tocsin.adapters.logs import get_logger
from tocsin.adapters.publishers import publisher_of
from tocsin.adapters.settings import Settings
from tocsin.core.feeds import Feed
from tocsin.errors import StoreError
from tocsin.pipeline.feed_rows import sync_feeds
from tocsin.pipeline.poll import PollReport, PollStatus
from tocsin.pipeline.poller import Poller, PollLimits
from tocsin.ports import Fetcher, Store
from tocsin.processes.rule_watch import RuleWatch
from tocsin.processes.supervisor import holder_name

_LEASE = "poller"
_LEASE_S = 15.0
_RENEW_S = 5.0
_QUIET = {PollStatus.UNCHANGED}


async def run_poller(*, store: Store, fetcher: Fetcher, watch: RuleWatch, limits: PollLimits) -> None:
    """Poll until SIGTERM or SIGINT. Stands by while another poller holds the lease, and takes over when it ends."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    holder = holder_name("poller")
    async with ProcessFeedParser() as parser:
        while not stop.is_set():
            if not await _has_lease(store, holder):
                await _sleep(stop, 1.0)
                continue
            turn = asyncio.Event()
            poller = _make_poller(store, fetcher, parser, watch, limits)
            polling = asyncio.create_task(poller.run(turn))
            await _hold(store, holder, watch, stop, polling)
            turn.set()
            try:
                await polling
            except StoreError as exc:
                _log_unavailable(exc)
                await _sleep(stop, 1.0)
        await _give_up_lease(store, holder)


def limits_of(settings: Settings) -> PollLimits:
    """The loop's bounds as the operator set them."""
    return PollLimits(
        concurrency=settings.poll_concurrency, host_gap_s=settings.poll_host_gap_s, max_backlog=settings.max_backlog
    )


async def _give_up_lease(store: Store, holder: str) -> None:
    """Let the next poller begin at once; a store that is away lets the lease run out by itself."""
    try:
        lease = await asyncio.to_thread(store.acquire_lease, _LEASE, holder, _LEASE_S)
        if lease is not None:
            await asyncio.to_thread(store.release_lease, lease)
    except StoreError as exc:
        _log_unavailable(exc)


def _log_unavailable(exc: StoreError) -> None:
    get_logger().warning("store_unavailable", error=str(exc))


async def _has_lease(store: Store, holder: str) -> bool:
    try:
        return await asyncio.to_thread(store.acquire_lease, _LEASE, holder, _LEASE_S) is not None
    except StoreError as exc:
        _log_unavailable(exc)
        return False


async def _hold(store: Store, holder: str, watch: RuleWatch, stop: asyncio.Event, polling: asyncio.Task[None]) -> None:
    """Renew the lease and follow the operator's list of feeds until told to stop or the lease is lost."""
    synced: tuple[Feed, ...] | None = None
    while not stop.is_set() and not polling.done():
        feeds = watch.current().feeds
        try:
            if feeds != synced:
                changed = await asyncio.to_thread(sync_feeds, feeds, store=store, now=store.now())
                get_logger().info("feeds_loaded", feeds=len(feeds), changed=changed)
                synced = feeds
        except StoreError as exc:
            _log_unavailable(exc)
        await _sleep(stop, 1.0 if synced is None else _RENEW_S, polling)
        if not await _has_lease(store, holder):
            return


def _make_poller(
    store: Store, fetcher: Fetcher, parser: ProcessFeedParser, watch: RuleWatch, limits: PollLimits
) -> Poller:
    def feeds() -> Mapping[str, Feed]:
        return {feed.id: feed for feed in watch.current().feeds if feed.enabled}

    return Poller(
        feeds,
        store=store,
        fetcher=fetcher,
        parser=parser,
        publisher_of=publisher_of,
        limits=limits,
        random_source=random.Random(),
        on_report=_log_report,
        on_pause=lambda text: get_logger().warning("polling_pressure", what=text),
    )


def _log_report(report: PollReport) -> None:
    log = get_logger()
    say = log.debug if report.status in _QUIET or (report.status is PollStatus.OK and not report.new) else log.info
    if report.status not in {PollStatus.OK, PollStatus.UNCHANGED} or report.held:
        say = log.warning
    say(
        "feed_polled",
        feed=report.feed_id,
        status=str(report.status),
        new=report.new,
        duplicate=report.duplicate,
        held=report.held,
        detail=report.detail,
        note=report.note,
        took_s=round(report.took_s, 3),
    )


async def _sleep(stop: asyncio.Event, seconds: float, task: asyncio.Task[None] | None = None) -> None:
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait([waiting, *([task] if task else [])], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
