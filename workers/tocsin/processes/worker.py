"""The worker processes: one step each, woken by its queue."""

import asyncio
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Generic, TypeVar

from tocsin.adapters.logs import get_logger
from tocsin.adapters.rq_jobs import Handler
from tocsin.core.article import Article
from tocsin.core.detection import detect
from tocsin.core.mentions import Detection
from tocsin.core.rulebook import Rulebook
from tocsin.core.subscriptions import Channel
from tocsin.core.watching import SubscriptionIndex, make_index
from tocsin.pipeline.deliver import Route, drain
from tocsin.pipeline.digest import make_digest
from tocsin.pipeline.dispatch import dispatch_events
from tocsin.pipeline.merge import MergeBook, make_merge_book, merge
from tocsin.pipeline.scan import scan
from tocsin.ports import Store
from tocsin.processes.rule_watch import RuleWatch
from tocsin.processes.store_clock import StoreClock
from tocsin.processes.supervisor import holder_name
from tocsin.processes.time_limit import time_limit
from tocsin.rulebook.detector import make_detector

T = TypeVar("T")
Routes = AbstractAsyncContextManager[Mapping[Channel, Route]]


# A thousand times what an article costs: only a fault gets there, not a busy machine.
ARTICLE_S = 20.0
# The least time between two looks: a lone article is never kept waiting, and under load one look serves many.
MERGE_GAP_S = 0.2
DELIVER_GAP_S = 0.1


class Derived(Generic[T]):
    """Something made from the rulebook, made again when the rulebook in force is another one."""

    def __init__(self, watch: RuleWatch, make: Callable[[Rulebook], T]) -> None:
        self._watch = watch
        self._make = make
        self._made: tuple[str, T] | None = None

    def __call__(self) -> T:
        rulebook = self._watch.current()
        if self._made is None or self._made[0] != rulebook.digest:
            self._made = (rulebook.digest, self._make(rulebook))
        return self._made[1]


def scan_handler(store: Store, watch: RuleWatch) -> Handler:
    """Scans the articles of a wake-up with the rulebook in force."""
    detector = Derived(watch, make_detector)

    def find(article: Article) -> Detection:
        return detect(article, detector())

    def handle(ids: tuple[str, ...]) -> None:
        report = scan(ids, store=store, detect=find, now=store.now(), limit=lambda: time_limit(ARTICLE_S))
        get_logger().debug("articles_scanned", **vars_of(report))

    detector()  # compiled before the first article waits for it
    return handle


def merge_handler(store: Store, watch: RuleWatch) -> Handler:
    """Merges whatever mentions wait, unless another merger is at it."""
    book: Derived[MergeBook] = Derived(watch, make_merge_book)
    holder = holder_name("merge")

    def handle(_: tuple[str, ...]) -> None:
        report = merge(store=store, book=book(), holder=holder, now=store.now())
        if report.opened or report.joined or report.redirected or report.failed:
            get_logger().info("mentions_merged", **vars_of(report))

    return paced(handle, MERGE_GAP_S)


def dispatch_handler(store: Store, watch: RuleWatch) -> Handler:
    """Asks for each event of a wake-up whom it concerns; a held alert's digest is written when it is due."""
    index: Derived[SubscriptionIndex] = Derived(watch, make_index)
    now = StoreClock(store.now)

    def handle(ids: tuple[str, ...]) -> None:
        for alert_id in (found for found in ids if found.startswith("alr_")):
            events = make_digest(alert_id, store=store, index=index(), now=now())
            if events:
                get_logger().info("digest_made", alert_id=alert_id, events=events)
        event_ids = [found for found in ids if not found.startswith("alr_")]
        for event_id, report in dispatch_events(event_ids, store=store, index=index(), now=now()).items():
            reasons = {str(reason): number for reason, number in report.reasons.items() if number}
            get_logger().info("event_dispatched", event_id=event_id, deliveries=report.deliveries, reasons=reasons)

    return handle


class Drainer:
    """The delivery loop in a thread of its own, so that a slow endpoint never keeps a job from being answered.

    `wake` is the handler of deliver jobs: it cuts the loop's idle wait short and returns.
    """

    def __init__(self, store: Store, watch: RuleWatch, open_routes: Callable[[], Routes]) -> None:
        self._store = store
        self._watch = watch
        self._open_routes = open_routes
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="drainer")

    def __enter__(self) -> "Drainer":
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._stop.set)
        self._thread.join()

    def wake(self, _: tuple[str, ...]) -> None:
        """Look for due deliveries now."""
        self._call(self._wake.set)

    def _call(self, action: Callable[[], None]) -> None:
        if self._loop is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(action)

    def _run(self) -> None:
        try:
            asyncio.run(self._drain())
        except Exception:  # noqa: BLE001 - the thread's boundary: a dead loop must end the process
            get_logger().exception("drainer_failed")
            # Without its loop this process is of no use: the supervisor starts another.
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            self._ready.set()

    async def _drain(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with self._open_routes() as routes:
            self._ready.set()
            await drain(
                store=self._store,
                routes=routes,
                rulebook=self._watch.current,
                now=StoreClock(self._store.now),
                jitter=lambda: random.uniform(-1, 1),
                stop=self._stop,
                wake=self._wake,
            )


def paced(handler: Handler, gap_s: float) -> Handler:
    """The handler of a step that finds its rows itself, keeping its job for as long as the gap.

    Meanwhile nobody queues more than one wake-up (`SELF_FINDING`), which then stands for all that came.
    """

    def handle(ids: tuple[str, ...]) -> None:
        started = time.monotonic()
        handler(ids)
        time.sleep(max(0.0, started + gap_s - time.monotonic()))

    return handle


def vars_of(report: object) -> dict[str, object]:
    """A report's fields for the log; those that say nothing are left out."""
    return {name: getattr(report, name) for name in report.__slots__ if getattr(report, name)}  # type: ignore[attr-defined]
