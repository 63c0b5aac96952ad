"""The poll loop: every due feed, many at once, one request a host at a time.

Nothing is capped silently: a due feed whose host is busy keeps its place and is taken as soon as the host is free.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tocsin.core.addresses import host_of
from tocsin.core.feeds import Feed
from tocsin.core.messages import Kind, Row, Step
from tocsin.errors import Conflict, StoreError
from tocsin.pipeline.feed_rows import memory_from
from tocsin.pipeline.poll import PollReport, PollStatus, commit_failure, poll_feed
from tocsin.ports import FeedParser, Fetcher, Store

_OUTAGE_WINDOW = timedelta(seconds=60)
_OUTAGE_HOSTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PollLimits:
    """Bounds of the loop. Pressure reaches the feeds, not the alerts: polling pauses above `max_backlog` articles
    waiting for a scan, or above `max_memory_share` of the store's memory limit.
    """

    concurrency: int = 100
    host_gap_s: float = 1.0
    idle_s: float = 0.5
    max_backlog: int = 20_000
    max_memory_share: float = 0.8


@dataclass(slots=True)
class _Hosts:
    """Who is being asked, and until when each host wants to be left alone."""

    gap: timedelta
    busy: set[str] = field(default_factory=set)
    free_at: dict[str, datetime] = field(default_factory=dict)

    def is_free(self, host: str, now: datetime) -> bool:
        return host not in self.busy and self.free_at.get(host, now) <= now

    def release(self, host: str, now: datetime, until: datetime | None) -> None:
        self.busy.discard(host)
        self.free_at[host] = max(until or now, now + self.gap)
        if len(self.free_at) > 20_000:
            self.free_at = {name: at for name, at in self.free_at.items() if at > now}


@dataclass(slots=True)
class _Line:
    """The due feeds as last read, in order, that were not begun yet, and whose polls ended since. `full`: there are
    more than one reads at a time.
    """

    read_at: datetime = datetime.min.replace(tzinfo=UTC)
    read_on: float = 0.0
    waiting: dict[str, tuple[Feed, Row, str]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    full: bool = False

    @property
    def used_up(self) -> bool:
        return self.full and not self.waiting

    def age_s(self) -> float:
        return time.monotonic() - self.read_on

    def now(self) -> datetime:
        """The store's time, without asking for it."""
        return self.read_at + timedelta(seconds=self.age_s())


class OutageJudge:
    """Tells our own outage from a publisher's: most hosts asked in the last minute could not be reached (B9)."""

    def __init__(self) -> None:
        self._seen: deque[tuple[datetime, str, bool]] = deque()

    def note(self, host: str, *, reached: bool, now: datetime) -> None:
        """Remember one poll's end."""
        self._seen.append((now, host, reached))

    def is_our_outage(self, now: datetime) -> bool:
        """Whether more than half of at least four hosts failed to connect and none of those answered since."""
        while self._seen and now - self._seen[0][0] > _OUTAGE_WINDOW:
            self._seen.popleft()
        last = {host: reached for _, host, reached in self._seen}
        lost = sum(1 for reached in last.values() if not reached)
        return len(last) >= _OUTAGE_HOSTS and lost > len(last) / 2


class Poller:
    """Polls until told to stop. `on_report` hears of every poll; `on_pause` of each pause and its end, in words.

    Everything it knows that must survive is in the feed rows; killed at any point, it loses a request at most.
    """

    def __init__(
        self,
        feeds: Callable[[], Mapping[str, Feed]],
        *,
        store: Store,
        fetcher: Fetcher,
        parser: FeedParser,
        publisher_of: Callable[[str], str],
        limits: PollLimits,
        random_source: random.Random,
        on_report: Callable[[PollReport], None],
        on_pause: Callable[[str], None],
    ) -> None:
        self._feeds = feeds
        self._store = store
        self._fetcher = fetcher
        self._parser = parser
        self._publisher_of = publisher_of
        self._limits = limits
        self._random = random_source
        self._on_report = on_report
        self._on_pause = on_pause
        self._hosts = _Hosts(gap=timedelta(seconds=limits.host_gap_s))
        self._judge = OutageJudge()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._line = _Line()
        self._moved = asyncio.Event()
        self._paused = ""

    async def run(self, stop: asyncio.Event) -> None:
        """Poll due feeds until `stop` is set, then let the requests under way finish."""
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self._moved.set())
        while not stop.is_set():
            self._moved.clear()
            if self._line.age_s() >= self._limits.idle_s or self._line.used_up:
                await self._look()
            self._start()
            await _wait(self._moved, max(0.0, self._limits.idle_s - self._line.age_s()))
        stopping.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _look(self) -> None:
        """Read which feeds are due; none while there is pressure."""
        self._line = line = _Line(read_at=await asyncio.to_thread(self._store.now), read_on=time.monotonic())
        if await self._is_under_pressure():
            return
        # A busy host's feeds stay due, so look further than there is room for.
        limit = 11 * self._limits.concurrency
        due = await asyncio.to_thread(self._store.due, Kind.FEED, ("active",), line.read_at, limit=limit)
        feeds = self._feeds()
        for row in due:
            feed = feeds.get(row.id)
            # One that ended during the read may be in it as it was before.
            if feed is not None and row.id not in self._tasks and row.id not in line.ended:
                line.waiting[row.id] = (feed, row, host_of(memory_from(row, feed).url))
        line.full = len(due) == limit

    def _start(self) -> None:
        """Poll those of the line whose host is free, as far as there is room."""
        now = self._line.now()
        for feed, row, host in list(self._line.waiting.values()):
            if len(self._tasks) >= self._limits.concurrency:
                return
            if self._hosts.is_free(host, now):
                self._hosts.busy.add(host)
                del self._line.waiting[row.id]
                self._tasks[row.id] = asyncio.create_task(self._poll(feed, row, host, now))

    async def _poll(self, feed: Feed, row: Row, host: str, now: datetime) -> None:
        report = None
        try:
            report = await poll_feed(
                feed,
                row,
                store=self._store,
                fetcher=self._fetcher,
                parser=self._parser,
                publisher_of=self._publisher_of,
                now=now,
                jitter=self._random.uniform(-1, 1),
            )
            self._judge.note(host, reached=report.status is not PollStatus.UNREACHABLE, now=now)
            if report.status is PollStatus.UNREACHABLE:
                report = await self._unreachable(feed, row, report, now)
            self._on_report(report)
        except Conflict:
            pass  # another poller was faster; the row says what is due next
        except StoreError as exc:
            self._on_report(PollReport(feed_id=feed.id, status=PollStatus.FAILED, detail=f"store: {exc}"))
            await asyncio.sleep(1)
        finally:
            self._hosts.release(host, now, report.wait_host_until if report else None)
            del self._tasks[feed.id]
            self._line.ended.add(feed.id)
            self._moved.set()

    async def _unreachable(self, feed: Feed, row: Row, report: PollReport, now: datetime) -> PollReport:
        ours = self._judge.is_our_outage(now)
        if ours:
            self._on_pause("most hosts cannot be reached: check this machine's own connection; feeds are not blamed")
        jitter = self._random.uniform(-1, 1)
        return await commit_failure(
            feed, row, report.detail, store=self._store, now=now, jitter=jitter, own_outage=ours
        )

    async def _is_under_pressure(self) -> bool:
        health = await asyncio.to_thread(self._store.health)
        backlog = (await asyncio.to_thread(self._store.count, Kind.ARTICLE)).get("new", 0)
        reason = ""
        if health.maxmemory and health.used_memory > self._limits.max_memory_share * health.maxmemory:
            reason = f"the store uses {health.used_memory} of {health.maxmemory} bytes: raise maxmemory or retention"
        elif backlog > self._limits.max_backlog:
            reason = f"{backlog} articles wait for a scan: start more '{Step.SCAN}' workers"
        if reason != self._paused:
            self._paused = reason
            self._on_pause(f"polling paused: {reason}" if reason else "polling goes on")
        return bool(reason)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
