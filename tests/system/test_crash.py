"""SIGKILL at every step boundary and of the server, under load: nothing is lost and nothing rings twice."""

import base64
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from crash_points import POINTS, place, spent
from crash_world import FEEDS, World, towns

from tocsin.adapters.embedded import attach
from tocsin.adapters.redis_client import connect
from tocsin.adapters.redis_store import RedisStore
from tocsin.adapters.rq_jobs import RqQueues
from tocsin.core.messages import Kind, Row
from tocsin.pipeline.delivery_rows import delivery_from
from tocsin.pipeline.event_rows import event_from

ARTICLES = 500
KILLS_A_POINT = 10
# An article that has been begun three times is given up: three kills on one would be the test's doing, so the scans
# are killed less often, and early, while most articles are fresh.
SCAN_KILLS = 5
SERVER_KILLS = 10
DEADLINE_S = 1500

pytestmark = pytest.mark.slow


@dataclass(slots=True)
class Crash:
    """The running test: its folders, the world it polls, and the supervisor's process."""

    folder: Path
    world: World
    supervisor: subprocess.Popen[bytes]
    server_kills: int = 0

    @property
    def bombs(self) -> Path:
        return self.folder / "bombs"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @contextmanager
    def store(self) -> Iterator[RedisStore]:
        url = attach(self.data)
        assert url is not None, "the embedded server answers"
        client = connect(url)
        try:
            yield RedisStore(client, RqQueues(client, prefix="tocsin-"), prefix="tocsin:")
        finally:
            client.close()


def test_kills_at_every_step_boundary_lose_nothing_and_ring_nothing_twice(tmp_path: Path) -> None:
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    started = time.monotonic()
    with World(towns(ARTICLES), secret) as world:
        crash = start(tmp_path, world, secret)
        try:
            wait(crash, lambda: polled_once(crash), "the feeds' first, empty poll", 60)
            feed_and_kill(crash)
            wait(crash, lambda: len(world.arrivals.events) >= ARTICLES, "every alert", DEADLINE_S)
            # Whatever might still ring a second time gets the longest deadline of a row to do so.
            settle(crash, 75)
            check(crash, time.monotonic() - started)
        finally:
            crash.supervisor.send_signal(signal.SIGINT)
            crash.supervisor.wait(60)


def start(folder: Path, world: World, secret: str) -> Crash:
    """The workspace, the folder of bombs, and the supervisor."""
    (folder / "bombs" / "spent").mkdir(parents=True)
    desk = folder / "desk"
    desk.mkdir()
    feeds = "".join(
        f"  - {{id: wire{n}, url: 'http://127.0.0.1:{world.port}/feed/{n}', interval: 1s, allow_private: true}}\n"
        for n in range(FEEDS)
    )
    (desk / "feeds.yml").write_text(f"feeds:\n{feeds}")
    (desk / "subscriptions.yml").write_text(
        f"endpoints:\n  - {{id: hook, webhook: 'http://127.0.0.1:{world.port}/hook', secret: env:HOOK_SECRET,"
        " allow_private: true}\n"
        "subscriptions:\n  - {id: desk, title: Desk, send_to: [hook], actors: [isis]}\n"
    )
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")} | {
        "TOCSIN_RULES": str(desk),
        "TOCSIN_DATA_DIR": str(folder / "data"),
        "TOCSIN_POLL_HOST_GAP_S": "0",
        "TOCSIN_LOG_FORMAT": "json",
        "HOOK_SECRET": secret,
        "CRASH_BOMBS": str(folder / "bombs"),
    }
    program = Path(__file__).with_name("crash_process.py")
    with (folder / "tocsin.log").open("wb") as log:
        supervisor = subprocess.Popen(
            [sys.executable, str(program), "run"], env=environ, stdout=log, stderr=log, start_new_session=True
        )
    return Crash(folder=folder, world=world, supervisor=supervisor)


def polled_once(crash: Crash) -> bool:
    if attach(crash.data) is None:
        return False
    with crash.store() as store:
        rows = store.get_many(Kind.FEED, [f"wire{n}" for n in range(FEEDS)])
    return len(rows) == FEEDS and all(row.body["memory"]["polled"] for row in rows)


def feed_and_kill(crash: Crash) -> None:
    """Publish article by article while bombs lie at every point and the server is killed now and then.

    A point gets its next bomb when the last has gone off, so every boundary is hit while work goes on.
    """
    wanted = {point: SCAN_KILLS if point.startswith("scan.") else KILLS_A_POINT for point in POINTS}
    deadline = time.monotonic() + DEADLINE_S
    rounds = 0
    while any(spent(crash.bombs)[point] < number for point, number in wanted.items()):
        assert time.monotonic() < deadline, f"not every bomb went off: {spent(crash.bombs)}"
        done = spent(crash.bombs)
        total = sum(done.values())
        place(crash.bombs, due_points(crash, done, wanted, rounds))
        share = total / sum(wanted.values())
        # Articles come at the pace of the kills, or a point would be left with no work to be hit in.
        pace = max(int(ARTICLES * share) + 25, crash.world.published + (rounds % 8 == 0))
        crash.world.published = min(ARTICLES - 1, max(crash.world.published, pace))
        rounds += 1
        if crash.server_kills < SERVER_KILLS and share > (crash.server_kills + 0.5) / (SERVER_KILLS + 1):
            kill_server(crash)
        settle(crash, 0.25)
    crash.world.published = ARTICLES


def due_points(crash: Crash, done: dict[str, int], wanted: dict[str, int], rounds: int) -> list[str]:
    """Where to lay the next bombs: one a process, at its least tried point, after two seconds of undisturbed work."""
    if rounds % 8:
        return []
    chosen = []
    for process in dict.fromkeys(point.partition(".")[0] for point in POINTS):
        points = [point for point in POINTS if point.startswith(f"{process}.")]
        left = [point for point in points if done[point] < wanted[point]]
        if left and not any(laid(crash, point) for point in points):
            chosen.append(min(left, key=lambda point: done[point]))
    return chosen


def laid(crash: Crash, point: str) -> bool:
    return (crash.bombs / point).exists()


def kill_server(crash: Crash) -> None:
    pid = json.loads((crash.data / "server.json").read_text())["pid"]
    os.kill(pid, signal.SIGKILL)
    crash.server_kills += 1


def check(crash: Crash, took_s: float) -> None:
    """Print the table, then judge: rows and arrivals against the articles."""
    arrivals = crash.world.arrivals
    with crash.store() as store:
        events = [event_from(row) for row in rows_of(store, Kind.EVENT)]
        deliveries = [delivery_from(row) for row in rows_of(store, Kind.DELIVERY)]
        articles = store.count(Kind.ARTICLE)
    lost = ARTICLES - len(events)
    second = sum(len(found) - 1 for found in arrivals.events.values())
    repeats = sum(number - 1 for number in arrivals.times.values())
    changed = sum(len(bodies) - 1 for bodies in arrivals.bodies.values())
    print_table(crash, took_s, events=len(events), deliveries=len(deliveries), second=second, repeats=repeats)

    assert articles == {"scanned": ARTICLES}
    assert (lost, ARTICLES - len(arrivals.events)) == (0, 0)
    assert all(event.report_count == 1 for event in events)
    assert second == 0
    assert changed == 0
    assert {delivery.id for delivery in deliveries} == set(arrivals.times)
    assert sum(spent(crash.bombs).values()) >= 120
    assert min(spent(crash.bombs).values()) >= 5
    assert crash.server_kills == SERVER_KILLS


def rows_of(store: RedisStore, kind: Kind) -> list[Row]:
    ids = [i for state in store.count(kind) for i in store.list_ids(kind, state, limit=10 * ARTICLES)]
    return store.get_many(kind, ids)


def print_table(crash: Crash, took_s: float, **figures: int) -> None:
    done = spent(crash.bombs)
    log = (crash.folder / "tocsin.log").read_text(errors="replace")
    print(f"\n{'point':<26}{'kills':>6}")
    for point, number in done.items():
        print(f"{point:<26}{number:>6}")
    print(f"{'server (and restarted)':<26}{crash.server_kills:>6}")
    print(f"{sum(done.values())} kills of processes, {log.count('process_died')} deaths seen by the supervisor")
    print(f"{ARTICLES} articles, {figures['events']} events, {figures['deliveries']} deliveries in {took_s:.0f} s")
    print(
        f"events lost {ARTICLES - figures['events']}, alerts lost {ARTICLES - len(crash.world.arrivals.events)}, "
        f"second alerts under another id {figures['second']}, repeats under the same id {figures['repeats']}"
    )


def wait(crash: Crash, true: Callable[[], bool], what: str, seconds: float) -> None:
    """Poll until it is true; the supervisor must live."""
    end = time.monotonic() + seconds
    while not true():
        assert crash.supervisor.poll() is None, (crash.folder / "tocsin.log").read_text(errors="replace")[-3000:]
        assert time.monotonic() < end, f"{what} did not come within {seconds:g} s"
        settle(crash, 0.25)


def settle(crash: Crash, seconds: float) -> None:
    """Let the processes work; wakes early when the supervisor ends."""
    with suppress(subprocess.TimeoutExpired):
        crash.supervisor.wait(seconds)
