"""The whole path on this machine: articles and deliveries a second, and the time from fetch to delivery."""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.articles import make_articles
from bench.figures import Figure, Section, at_least, at_most, plain
from bench.rulebooks import load_shipped
from bench.world import HOSTS, BenchWorld
from tocsin.adapters.embedded import attach
from tocsin.adapters.redis_client import connect
from tocsin.adapters.redis_store import RedisStore
from tocsin.adapters.rq_jobs import RqQueues
from tocsin.core.messages import Kind, Step
from tocsin.pipeline.rows import WAKE_AFTER

FEEDS = 40
ENDPOINTS = 20
SUBSCRIPTIONS = 5000
MATCHING = 5
_SECRET = "whsec_" + "dG9jc2luLWJlbmNobWFyay1zZWNyZXQtMzItYnl0ZXMh"
_WAIT_S = 100.0
_WAVES_S = 60.0
_HELD_FROM = WAKE_AFTER + timedelta(seconds=15)


def measure_pipeline(*, articles: int, alerts: int, repeats: int = 3) -> list[Section]:
    """Throughput with 5,000 subscriptions of which each event matches five, then latency on the idle system.

    No further wave of articles is begun after a minute, so that it ends within four.
    """
    with BenchWorld(FEEDS) as world, _running(world) as (store, pid):
        _until(lambda: min(world.asked) >= 2, "the first polls")
        begun = time.monotonic()
        waves: list[_Wave] = []
        while len(waves) < repeats and time.monotonic() - begun < _WAVES_S:
            waves.append(_measure_wave(world, store, pid, articles, len(waves)))
        latency = _measure_latency(world, alerts)
    title = (
        f"the whole pipeline, all processes, the server and the feeds' and endpoints' world on {os.cpu_count()} cores"
    )
    return [Section(title=title, figures=(*_figures(waves), *latency))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wave:
    """What one wave of articles took. `cpu_s` is that of all our processes and the server's, without this one."""

    articles: int
    deliveries: int
    took_s: float
    cpu_s: float


def _measure_wave(world: BenchWorld, store: RedisStore, pid: int, number: int, wave: int) -> _Wave:
    made = [
        (f"bulk-{wave}-{n}", article.title, article.body)
        for n, article in enumerate(make_articles(number, seed=wave + 1))
    ]
    known, arrived, used_s = _articles(store), world.arrived, _cpu_s(pid)
    started = time.monotonic()
    # A poll takes at most a hundred items of a feed, so no more are published at a time than the feeds can show.
    for start in range(0, number, 100 * FEEDS):
        page = made[start : start + 100 * FEEDS]
        world.publish(page)
        _until(_has_polled(store, known + start + len(page)), "the feeds to be polled")
    _until(lambda: _is_idle(store), "the backlog")
    return _Wave(
        articles=number,
        deliveries=world.arrived - arrived,
        took_s=time.monotonic() - started,
        cpu_s=_cpu_s(pid) - used_s,
    )


def _figures(waves: Sequence[_Wave]) -> Iterator[Figure]:
    note = f"{len(waves)} waves of {waves[0].articles} articles, {waves[0].deliveries} deliveries in the first"
    rates = [wave.articles / wave.took_s for wave in waves]
    yield at_least("articles, polled to dispatched and delivered", rates, "a second", 500, note=note)
    yield plain("deliveries meanwhile", [wave.deliveries / wave.took_s for wave in waves], "a second")
    if all(wave.cpu_s for wave in waves):
        costs = [wave.cpu_s / wave.articles * 1000 for wave in waves]
        shares = ", ".join(f"{wave.cpu_s / wave.took_s:.2f}" for wave in waves)
        yield plain("CPU an article", costs, "ms", note=f"{shares} cores were ours")


def _cpu_s(root: int) -> float:
    """Processor seconds so far of a process and all below it; 0 where the system does not tell."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
        used[int(stat.parent.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    ours = {root}
    while more := {child for child, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(used.get(each, 0.0) for each in ours)


def _measure_latency(world: BenchWorld, number: int) -> tuple[Figure, ...]:
    towns = _towns(number)
    delays = []
    for index, town in enumerate(towns):
        before = world.arrived
        text = f"Police arrested {2 + index} men in {town} today who are suspected of links to Islamic State."
        world.publish([(f"single-{index}", f"Arrests in {town}", text)])
        _until(_has_arrived(world, before + MATCHING), f"the alerts about {town}")
        delays += [(a.at - a.fetched_at).total_seconds() for a in world.arrivals(before)[:MATCHING]]
    cuts = statistics.quantiles(delays, n=100)
    return (
        Figure(name="fetch to delivered, idle: p50", values=(cuts[49],), unit="s", note=f"{len(delays)} deliveries"),
        at_most("fetch to delivered, idle: p95", (cuts[94],), "s", 1.0),
    )


def _has_polled(store: RedisStore, number: int) -> Callable[[], bool]:
    return lambda: _articles(store) >= number


def _has_arrived(world: BenchWorld, number: int) -> Callable[[], bool]:
    return lambda: world.arrived >= number


def _towns(number: int) -> list[str]:
    keys = [line.split("\t") for line in load_shipped().gazetteer.splitlines() if line[:1].isalpha()]
    names = [key.capitalize() for key, rows in keys if rows.startswith("T,IN,") and ";" not in rows and key.isascii()]
    return [name for name in names if 6 <= len(name) <= 9][:: max(1, len(names) // (4 * number))][:number]


@contextmanager
def _running(world: BenchWorld) -> Iterator[tuple[RedisStore, int]]:
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        desk = Path(folder)
        _write_desk(desk, world)
        environ = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")} | {
            "TOCSIN_RULES": str(desk),
            "TOCSIN_DATA_DIR": str(desk / "data"),
            "TOCSIN_POLL_HOST_GAP_S": "0",
            "TOCSIN_LOG_LEVEL": "warning",
            "BENCH_SECRET": _SECRET,
        }
        process = subprocess.Popen([sys.executable, "-m", "tocsin", "run", "--without-web"], env=environ)
        try:
            _until(lambda: attach(desk / "data") is not None, "the server")
            url = attach(desk / "data") or ""
            client = connect(url)
            yield RedisStore(client, RqQueues(client, prefix="tocsin-"), prefix="tocsin:"), process.pid
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _write_desk(desk: Path, world: BenchWorld) -> None:
    here = [f"http://{host}:{world.port}" for host in HOSTS]
    feeds = [
        f"  - {{id: wire{n}, url: '{here[n % len(here)]}/feed/{n}', interval: 1s, allow_private: true}}"
        for n in range(FEEDS)
    ]
    hooks = [
        f"  - {{id: hook{n}, webhook: '{here[n % len(here)]}/hook/{n}', secret: env:BENCH_SECRET, allow_private: true}}"
        for n in range(ENDPOINTS)
    ]
    others = [actor for actor in load_shipped().actors if actor != "isis"]
    wanted = ["isis"] * MATCHING + [others[n % len(others)] for n in range(SUBSCRIPTIONS - MATCHING)]
    subscriptions = [
        f"  - {{id: s{n}, title: Subscription {n}, send_to: [hook{n % ENDPOINTS}], actors: [{actor}]}}"
        for n, actor in enumerate(wanted)
    ]
    (desk / "feeds.yml").write_text("feeds:\n" + "\n".join(feeds) + "\n")
    text = ["endpoints:", *hooks, "subscriptions:", *subscriptions]
    (desk / "subscriptions.yml").write_text("\n".join(text) + "\n")


def _articles(store: RedisStore) -> int:
    return sum(store.count(Kind.ARTICLE).values())


def _is_idle(store: RedisStore) -> bool:
    open_rows = (
        store.count(Kind.ARTICLE).get("new", 0)
        + store.count(Kind.MENTION).get("new", 0)
        + sum(store.count(Kind.DELIVERY).get(state, 0) for state in ("pending", "sending"))
    )
    # Updates that wait for their five minutes are no backlog: their events are due later than any that waits for us.
    changed = store.due(Kind.EVENT, ("changed",), store.now() + _HELD_FROM, limit=1)
    return not open_rows and not changed and not any(store.queued(step) for step in Step)


def _until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + _WAIT_S
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come within {_WAIT_S:g} s")
        time.sleep(0.05)
