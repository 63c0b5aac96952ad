"""The measured service: a workspace with 5,000 subscriptions, and `tocsin run` on it in processes of its own."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.budget import BenchError, Budget
from bench.rulebooks import load_shipped
from bench.world import HOSTS, BenchWorld
from tocsin.adapters.embedded import attach
from tocsin.adapters.redis_client import connect
from tocsin.adapters.redis_store import RedisStore
from tocsin.adapters.rq_jobs import RqQueues
from tocsin.core.messages import Kind, Row, Step
from tocsin.pipeline.rows import WAKE_AFTER

FEEDS = 40
ENDPOINTS = 20
SUBSCRIPTIONS = 5000
MATCHING = 5
END_S = 30.0

_SECRET = "whsec_" + "dG9jc2luLWJlbmNobWFyay1zZWNyZXQtMzItYnl0ZXMh"
_PAGE = 1000
# A new event is due a minute after it was written; updates that wait for their five minutes are due later than that.
_FRESH = WAKE_AFTER + timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Service:
    """`tocsin run` on a private server, and a view of its rows."""

    store: RedisStore
    process: subprocess.Popen[bytes]

    def articles(self) -> int:
        """How many articles were polled."""
        return sum(self.store.count(Kind.ARTICLE).values())

    def open_rows(self) -> dict[str, int]:
        """What waits for a step, by kind; empty when there is no backlog."""
        store = self.store
        deliveries = store.count(Kind.DELIVERY)
        found = {
            "articles": store.count(Kind.ARTICLE).get("new", 0),
            "mentions": store.count(Kind.MENTION).get("new", 0),
            "deliveries": deliveries.get("pending", 0) + deliveries.get("sending", 0),
            "wake-ups": sum(store.queued(step) for step in Step),
        }
        if not any(found.values()):
            # Read only once nothing else is left: rows, not a count.
            due = store.due(Kind.EVENT, ("changed",), store.now() + _FRESH, limit=_PAGE)
            found["events"] = sum(map(_is_fresh, due))
        return {name: number for name, number in found.items() if number}

    def describe(self) -> str:
        """What waits, in words."""
        waiting = ", ".join(f"{number} {name}" for name, number in self.open_rows().items())
        return f"waiting: {waiting or 'nothing'}; {self.articles()} articles polled"

    def cpu_s(self) -> float:
        """Processor seconds so far of all its processes and the server; 0 where the system does not tell."""
        return _cpu_s(self.process.pid)


def _is_fresh(row: Row) -> bool:
    held = row.due_at is not None and row.updated_at is not None and row.due_at - row.updated_at > _FRESH
    return not held


@contextmanager
def running(world: BenchWorld, budget: Budget) -> Iterator[Service]:
    """The service, once its server answers. Raises `BenchError` when it does not come up, or ends by itself."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-", ignore_cleanup_errors=True) as folder:
        desk = Path(folder)
        write_desk(desk, world)
        environ = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")} | {
            "TOCSIN_RULES": str(desk),
            "TOCSIN_DATA_DIR": str(desk / "data"),
            "TOCSIN_POLL_HOST_GAP_S": "0",
            "TOCSIN_LOG_LEVEL": "warning",
            "BENCH_SECRET": _SECRET,
        }
        process = subprocess.Popen([sys.executable, "-m", "tocsin", "run", "--without-web"], env=environ)

        def is_up() -> bool:
            if process.poll() is not None:
                raise BenchError(f"`tocsin run` ended by itself with exit code {process.returncode}")
            return attach(desk / "data") is not None

        try:
            budget.wait(is_up, lambda: "the server did not come up")
            client = connect(attach(desk / "data") or "")
            yield Service(RedisStore(client, RqQueues(client, prefix="tocsin-"), prefix="tocsin:"), process)
        finally:
            _end(process, desk / "data")


def _end(process: subprocess.Popen[bytes], data: Path) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        # Its processes end when it is gone; the server would stay.
        process.kill()
        process.wait()
        if url := attach(data):
            connect(url).shutdown(nosave=True)


def write_desk(desk: Path, world: BenchWorld) -> None:
    """The workspace: feeds and endpoints on loopback; five subscriptions to one actor, the others spread over all."""
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


def _cpu_s(root: int) -> float:
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
