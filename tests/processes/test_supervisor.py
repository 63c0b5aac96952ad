"""The supervisor over small real processes: the dead are restarted, all end together, none is left."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog
from redis_server import wait_until
from structlog.testing import capture_logs

from tocsin.processes.stopping import StopSignal
from tocsin.processes.supervisor import Child, Supervisor

PYTHON = (sys.executable, "-c")
MARK = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n')\n"
LIVES = MARK + "time.sleep(600)"
ENDS = MARK + "sys.exit(3)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + LIVES
WITH_A_GRANDCHILD = (
    "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n" + LIVES
)


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    structlog.reset_defaults()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def supervisor(*children: Child, grace_s: float = 5.0, check: Callable[[], None] = lambda: None) -> Supervisor:
    return Supervisor(children=children, environ=os.environ, command=PYTHON, grace_s=grace_s, check=check)


def child(name: str, code: str, folder: Path) -> Child:
    return Child(name=name, argv=(code, str(folder / name)))


def pids(folder: Path, name: str) -> list[int]:
    """Every process that ran as this child, in order."""
    path = folder / name
    return [int(line) for line in path.read_text().splitlines()] if path.exists() else []


def is_alive(pid: int) -> bool:
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(listed.strip()) and not listed.strip().startswith("Z")


@contextmanager
def meanwhile(what: Callable[[], None], then: StopSignal) -> Iterator[None]:
    """Run it in a thread beside the supervisor, then ask the supervisor to stop."""
    failures: list[AssertionError] = []

    def run() -> None:
        try:
            what()
        except AssertionError as exc:
            failures.append(exc)
        finally:
            then.set()

    thread = threading.Thread(target=run)
    thread.start()
    yield
    thread.join()
    assert failures == []


def test_a_child_that_was_killed_is_started_again_at_once_and_its_death_is_logged(tmp_path: Path) -> None:
    supervised = supervisor(child("a", LIVES, tmp_path))

    def kill() -> None:
        wait_until(lambda: len(pids(tmp_path, "a")) == 1)
        os.kill(pids(tmp_path, "a")[0], signal.SIGKILL)
        wait_until(lambda: len(pids(tmp_path, "a")) == 2)

    with capture_logs() as logs, meanwhile(kill, supervised.stopping):
        supervised.run()

    [death] = [entry for entry in logs if entry["event"] == "process_died"]
    assert (death["name"], death["how"], death["deaths"], death["log_level"]) == ("a", "signal SIGKILL", 1, "error")
    assert death["restart_in_s"] < 1
    assert not any(map(is_alive, pids(tmp_path, "a")))


def test_a_child_that_dies_again_and_again_waits_longer_each_time(tmp_path: Path) -> None:
    supervised = supervisor(child("a", ENDS, tmp_path))

    with (
        capture_logs() as logs,
        meanwhile(lambda: wait_until(lambda: len(pids(tmp_path, "a")) >= 4), supervised.stopping),
    ):
        supervised.run()

    deaths = [entry for entry in logs if entry["event"] == "process_died"]
    pauses = [entry["restart_in_s"] for entry in deaths]
    assert {"exit 3"} == {entry["how"] for entry in deaths}
    assert pauses == sorted(pauses)
    assert pauses[2] >= 2 * pauses[1] > 0
    assert max(pauses) <= 5.0


def test_the_death_of_one_leaves_the_others_alone(tmp_path: Path) -> None:
    supervised = supervisor(child("a", ENDS, tmp_path), child("b", LIVES, tmp_path))

    with meanwhile(lambda: wait_until(lambda: len(pids(tmp_path, "a")) >= 3), supervised.stopping):
        supervised.run()

    assert len(pids(tmp_path, "b")) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_every_child(tmp_path: Path, number: signal.Signals) -> None:
    supervised = supervisor(child("a", LIVES, tmp_path), child("b", LIVES, tmp_path))

    def interrupt() -> None:
        wait_until(lambda: bool(pids(tmp_path, "a") and pids(tmp_path, "b")))
        os.kill(os.getpid(), number)
        wait_until(supervised.stopping.is_set)

    with meanwhile(interrupt, StopSignal()):
        supervised.run()

    assert not any(map(is_alive, [*pids(tmp_path, "a"), *pids(tmp_path, "b")]))


def test_one_that_does_not_end_is_killed_when_its_grace_is_over(tmp_path: Path) -> None:
    supervised = supervisor(child("a", STUBBORN, tmp_path), child("b", LIVES, tmp_path), grace_s=0.5)

    with capture_logs() as logs, meanwhile(lambda: wait_until(lambda: bool(pids(tmp_path, "a"))), supervised.stopping):
        supervised.run()

    assert [("a", "warning")] == [(e["name"], e["log_level"]) for e in logs if e["event"] == "process_killed"]
    assert not any(map(is_alive, [*pids(tmp_path, "a"), *pids(tmp_path, "b")]))


def test_the_grace_is_one_for_all_not_one_each(tmp_path: Path) -> None:
    names = [f"s{number}" for number in range(6)]
    supervised = supervisor(*(child(name, STUBBORN, tmp_path) for name in names), grace_s=1.0)
    started: list[float] = []

    def wait() -> None:
        wait_until(lambda: all(pids(tmp_path, name) for name in names))
        started.append(time.monotonic())

    with meanwhile(wait, supervised.stopping):
        supervised.run()

    assert time.monotonic() - started[0] < 4.0


def test_what_a_child_started_ends_with_it(tmp_path: Path) -> None:
    supervised = supervisor(child("a", WITH_A_GRANDCHILD, tmp_path))
    grown: list[int] = []

    def look() -> None:
        wait_until(lambda: bool(pids(tmp_path, "a")))
        listed = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [line.split() for line in listed.splitlines()]
        grown.extend(int(pid) for pid, parent in pairs if int(parent) == pids(tmp_path, "a")[0])

    with meanwhile(look, supervised.stopping):
        supervised.run()

    assert grown
    wait_until(lambda: not any(map(is_alive, grown)))


def test_what_else_must_live_is_looked_after_all_the_while(tmp_path: Path) -> None:
    calls: list[int] = []
    supervised = supervisor(child("a", LIVES, tmp_path), check=lambda: calls.append(1))

    with meanwhile(lambda: wait_until(lambda: len(calls) >= 5), supervised.stopping):
        supervised.run()

    assert len(calls) >= 5


def test_a_failing_check_ends_the_children_before_it_is_raised(tmp_path: Path) -> None:
    def fail() -> None:
        if pids(tmp_path, "a"):
            raise OSError("the server cannot be started")

    with pytest.raises(OSError, match="cannot be started"):
        supervisor(child("a", LIVES, tmp_path), check=fail).run()

    assert not any(map(is_alive, pids(tmp_path, "a")))


PARENT = """
import os, sys
from tocsin.processes.stopping import StopSignal
from tocsin.processes.supervisor import Child, Supervisor
child = Child(name="a", argv=sys.argv[1:])
Supervisor(children=[child], environ=os.environ, command=(sys.executable, "-c")).run()
"""
ENDS_WITH_PARENT = "from tocsin.processes.supervisor import end_with_parent; end_with_parent()\n" + LIVES
STUBBORN_BUT_FOLLOWS = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + ENDS_WITH_PARENT


@pytest.mark.parametrize("code", [ENDS_WITH_PARENT, STUBBORN_BUT_FOLLOWS], ids=["willing", "stubborn"])
def test_the_children_of_a_killed_supervisor_end_by_themselves(tmp_path: Path, code: str) -> None:
    parent = subprocess.Popen([*PYTHON, PARENT, code, str(tmp_path / "a")], stderr=subprocess.DEVNULL)
    wait_until(lambda: bool(pids(tmp_path, "a")))

    parent.kill()
    parent.wait()

    wait_until(lambda: not is_alive(pids(tmp_path, "a")[0]), what="the child's end")


def test_a_process_started_by_hand_does_not_end_with_its_shell(tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "TOCSIN_SUPERVISOR_PID"}
    code = "import threading\nfrom tocsin.processes.supervisor import end_with_parent; end_with_parent()\n"
    code += "print([t.name for t in threading.enumerate()])"
    answer = subprocess.run([*PYTHON, code], env=environ, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "['MainThread']"
