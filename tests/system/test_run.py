"""`tocsin run`: init, edit, run; bells ring once, whatever is killed; Ctrl-C leaves nothing behind."""

import json
import os
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis_server import wait_until
from system.newsdesk import NewsDesk, Running, is_alive, open_desk

from tocsin.adapters.embedded import attach
from tocsin.adapters.file_lock import FileLock

pytestmark = pytest.mark.slow

DATA = ".tocsin"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[NewsDesk]:
    """A workspace by `tocsin init`, edited to the servers of this machine."""
    with open_desk(tmp_path / "desk") as desk:
        desk.init()
        desk.write_workspace()
        yield desk


def server_pid(desk: NewsDesk) -> int:
    return int(json.loads((desk.folder / DATA / "server.json").read_text())["pid"])


def end(running: Running, desk: NewsDesk) -> None:
    """Ctrl-C: all is over within ten seconds, and nothing is left."""
    pids = [*running.children(), server_pid(desk)]
    began = time.monotonic()
    code = running.end()
    took = time.monotonic() - began

    assert code == 0, running.log.read_text()
    assert took < 10
    assert [] == [pid for pid in pids if is_alive(pid)]
    assert attach(desk.folder / DATA) is None


def test_a_desk_rings_once_is_asked_and_ends_on_ctrl_c(desk: NewsDesk) -> None:
    with desk.running("run") as running:
        desk.await_polls()
        desk.publish("Tangier")
        desk.await_bell("Tangier")

        second = desk.tocsin("run")
        assert second.returncode == 1
        assert f"another tocsin run has it (process {running.process.pid})" in second.stderr
        assert second.stderr.count("\n") == 1

        events = json.loads(desk.tocsin("events", "list", "--json").stdout)
        assert [(event["type"], event["count"]) for event in events] == [("arrest", 6)]
        deliveries = json.loads(desk.tocsin("deliveries", "list", "--json").stdout)
        assert sorted(each["endpoint_id"] for each in deliveries) == ["desk-hook", "desk-mail"]
        assert {each["state"] for each in deliveries} == {"delivered"}
        feeds = json.loads(desk.tocsin("feeds", "list", "--json").stdout)
        assert [(feed["id"], feed["state"], feed["failures"]) for feed in feeds] == [("wire", "active", 0)]
        status = json.loads(desk.tocsin("status", "--json").stdout)
        assert status["rows"]["event"] == {"dispatched": 1}
        doctor = desk.tocsin("doctor")
        assert doctor.returncode == 0, doctor.stdout
        ready = urllib.request.urlopen(f"http://127.0.0.1:{desk.web_port}/readyz", timeout=5)
        assert json.load(ready)["ready"] is True
        end(running, desk)

    with desk.running("run") as again:
        desk.await_polls(3)
        desk.publish("Rabat")
        desk.await_bell("Rabat")
        end(again, desk)

    assert (desk.rang("Tangier"), desk.rang("Rabat")) == (2, 2)
    assert len({hook["id"] for hook in desk.hooks}) == len(desk.hooks) == 2
    assert [] == again.logged("process_died")


@pytest.mark.parametrize(
    "victim", ["poller", "worker scan", "worker merge", "worker dispatch", "worker deliver", "ticker"]
)
def test_a_killed_process_is_started_again_and_the_bells_go_on(desk: NewsDesk, victim: str) -> None:
    with desk.running("run") as running:
        desk.await_polls()
        desk.publish("Tangier")
        desk.await_bell("Tangier")

        before = running.child(victim)
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: bool(running.logged("process_died")), what="the death's notice")
        desk.publish("Rabat")
        desk.await_bell("Rabat")

        [death] = running.logged("process_died")
        assert death["how"] == "signal SIGKILL"
        assert running.child(victim) != before
        end(running, desk)

    assert (desk.rang("Tangier"), desk.rang("Rabat")) == (2, 2)


def test_a_killed_server_is_started_again_and_loses_nothing(desk: NewsDesk) -> None:
    with desk.running("run") as running:
        desk.await_polls()
        desk.publish("Tangier")
        desk.await_bell("Tangier")

        os.kill(server_pid(desk), signal.SIGKILL)
        wait_until(lambda: bool(running.logged("server_restarted")), what="the server's return")
        desk.publish("Rabat")
        desk.await_bell("Rabat")

        events = json.loads(desk.tocsin("events", "list", "--json").stdout)
        assert len(events) == 2
        end(running, desk)

    assert (desk.rang("Tangier"), desk.rang("Rabat")) == (2, 2)


def test_a_killed_run_leaves_a_server_that_the_next_one_adopts(desk: NewsDesk) -> None:
    with desk.running("run") as running:
        desk.await_polls()
        desk.publish("Tangier")
        desk.await_bell("Tangier")
        children, server = running.children(), server_pid(desk)
        running.process.kill()
        running.process.wait()
        for pid in set(children) - {server}:
            wait_until(lambda pid=pid: not is_alive(pid), what=f"the end of '{children[pid]}'", deadline_s=15)
        assert is_alive(server)

    desk.publish("Rabat")
    with desk.running("run") as again:
        desk.await_bell("Rabat")
        assert server_pid(desk) == server
        end(again, desk)

    assert (desk.rang("Tangier"), desk.rang("Rabat")) == (2, 2)
    assert not is_alive(server)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_while_it_starts_it_leaves_nothing(desk: NewsDesk, number: signal.Signals) -> None:
    """As soon as the server's process is known: long before the supervisor runs."""
    with desk.running("run") as running:
        wait_until((desk.folder / DATA / "server.json").exists, what="the server")

        assert running.end(number) in (0, 130)
        assert not any(is_alive(pid) for pid in running.children())

    assert attach(desk.folder / DATA) is None
    record = json.loads((desk.folder / DATA / "server.json").read_text())
    assert "pid" not in record or not is_alive(record["pid"])
    lock = FileLock(desk.folder / DATA / "server.lock")
    assert lock.acquire()
    lock.close()


def test_a_rulebook_with_errors_starts_nothing(desk: NewsDesk) -> None:
    (desk.folder / "feeds.yml").write_text("feeds:\n  - {id: wire, ulr: 'https://wire.example/'}\n")

    answer = desk.tocsin("run")

    assert answer.returncode == 1
    assert "feeds.yml:2:" in answer.stderr
    assert not (desk.folder / DATA).exists()
