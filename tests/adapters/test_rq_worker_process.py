"""A worker as a process of its own: asked to stop, killed, and under a server that dies."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis_server import PrivateServer, private_server, wait_until

from tocsin.adapters.embedded import Embedded
from tocsin.adapters.redis_client import connect
from tocsin.adapters.redis_store import RedisStore
from tocsin.adapters.rq_jobs import RqQueues
from tocsin.core.messages import Step

# Each job says that it began, waits for leave to go on, and says that it is done.
WORKER = """
import sys
from tocsin.adapters.redis_client import connect
from tocsin.adapters.rq_jobs import RqQueues
from tocsin.adapters.rq_worker import StepWorker
from tocsin.core.messages import Step
client = connect(sys.argv[1])
own = connect(sys.argv[1])
def handle(ids):
    own.rpush("begun", ids[0])
    own.blpop("leave", 4) if own.exists("slow") else None
    own.rpush("done", ids[0])
    own.config_set("maxmemory", "1") if own.exists("fill") else None
StepWorker(Step.SCAN, handle, queues=RqQueues(client), client=client).work_quietly()
"""


def start_worker(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", WORKER, url], stderr=subprocess.PIPE, text=True)


def article_id(number: int) -> str:
    return f"art_{number:024x}"


class Line:
    """A server, its queue, and what the worker has said."""

    def __init__(self, url: str) -> None:
        self.client = connect(url)
        self.store = RedisStore(self.client, RqQueues(self.client))

    def wake(self, number: int) -> None:
        self.store.wake(Step.SCAN, [article_id(number)])

    def said(self, word: str) -> list[str]:
        return [each.decode() for each in self.client.lrange(word, 0, -1)]


@pytest.fixture
def server() -> Iterator[PrivateServer]:
    with private_server() as server:
        yield server


def test_a_worker_asked_to_stop_finishes_its_job_and_takes_no_other(server: PrivateServer) -> None:
    line = Line(server.url)
    line.client.set("slow", 1)
    line.wake(1)
    line.wake(2)
    worker = start_worker(server.url)
    wait_until(lambda: line.said("begun") == [article_id(1)], what="the first job's start")

    worker.terminate()
    line.client.rpush("leave", 1)

    assert worker.wait(timeout=10) == 0
    assert line.said("done") == [article_id(1)]
    assert line.store.queued(Step.SCAN) == 1
    assert worker.communicate()[1] == "", "a quiet worker says nothing"


def test_an_idle_worker_asked_to_stop_ends_at_once(server: PrivateServer) -> None:
    line = Line(server.url)
    line.wake(1)
    worker = start_worker(server.url)
    wait_until(lambda: bool(line.said("done")), what="the job")

    worker.terminate()

    assert worker.wait(timeout=5) == 0
    worker.communicate()


def test_a_server_without_room_ends_no_worker(server: PrivateServer, tmp_path: Path) -> None:
    """It waits, says so once and without a traceback, and goes on when there is room."""
    line = Line(server.url)
    line.wake(1)
    log = tmp_path / "log"
    with log.open("w") as out:
        worker = subprocess.Popen([sys.executable, "-u", "-c", WORKER, server.url], stdout=out, stderr=out)
    wait_until(lambda: bool(line.said("done")), what="the first job")

    line.client.config_set("maxmemory", "1")
    line.client.client_kill_filter(_type="normal", skipme=True)
    wait_until(lambda: "store_unavailable" in log.read_text(), what="the warning")
    line.client.config_set("maxmemory", "0")
    line.wake(2)
    wait_until(lambda: line.said("done") == [article_id(1), article_id(2)], what="the second job")
    worker.terminate()

    assert worker.wait(timeout=10) == 0
    assert "raise maxmemory" in log.read_text()
    assert log.read_text().count("store_unavailable") == 1
    assert "Traceback" not in log.read_text()


def test_a_server_that_fills_up_during_a_job_ends_no_worker(server: PrivateServer, tmp_path: Path) -> None:
    """RQ cannot note that the job is done; the worker waits for room all the same."""
    line = Line(server.url)
    line.client.set("fill", 1)
    line.wake(1)
    log = tmp_path / "log"
    with log.open("w") as out:
        worker = subprocess.Popen([sys.executable, "-u", "-c", WORKER, server.url], stdout=out, stderr=out)
    wait_until(lambda: "store_unavailable" in log.read_text(), what="the warning")
    line.client.config_set("maxmemory", "0")
    line.client.delete("fill")
    line.wake(2)
    wait_until(lambda: line.said("done") == [article_id(1), article_id(2)], what="the second job")
    worker.terminate()

    assert worker.wait(timeout=10) == 0
    assert log.read_text().count("store_unavailable") == 1
    assert "Traceback" not in log.read_text()


def test_after_a_kill_in_mid_job_the_next_worker_goes_on_with_the_queue(server: PrivateServer) -> None:
    """The killed job is not run again by RQ: its row is still waiting, and tick wakes it."""
    line = Line(server.url)
    line.client.set("slow", 1)
    line.wake(1)
    line.wake(2)
    first = start_worker(server.url)
    wait_until(lambda: line.said("begun") == [article_id(1)], what="the first job's start")
    first.kill()
    first.communicate()
    line.client.delete("slow")

    second = start_worker(server.url)
    wait_until(lambda: line.said("done") == [article_id(2)], what="the second job")

    second.terminate()
    assert second.wait(timeout=5) == 0
    second.communicate()


def test_an_idle_worker_outlives_a_killed_server(tmp_path: Path) -> None:
    embedded = Embedded.start(tmp_path)
    line = Line(embedded.url)
    line.wake(1)
    worker = start_worker(embedded.url)
    wait_until(lambda: line.said("done") == [article_id(1)], what="the first job")

    os.kill(embedded.pid, signal.SIGKILL)
    wait_until(embedded.ensure_alive, what="noticing the death")
    line.wake(2)

    wait_until(lambda: line.said("done") == [article_id(1), article_id(2)], what="the second job")
    worker.terminate()
    worker.wait(timeout=5)
    worker.communicate()
    embedded.stop()
