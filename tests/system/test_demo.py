"""`tocsin demo`: rings what it should, says what stayed silent and why, ends by itself, and leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis_server import wait_until
from system.newsdesk import await_end

from tocsin.processes.demo.newsroom import load_stories

pytestmark = pytest.mark.slow


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Settings of the machine must not disturb the demo; its folder goes where the test looks."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOCSIN_", "PYTEST"))}
    strange = {"TOCSIN_WEB_PORT": "1", "TOCSIN_REDIS_URL": "redis://127.0.0.1:1/0", "TOCSIN_RULES": str(tmp_path)}
    return kept | strange | {"TMPDIR": str(tmp_path)}


def started_below(pid: int) -> list[int]:
    """Every living process that descends from this one."""
    listed = subprocess.run(["ps", "-axo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    parents = {int(child): int(parent) for child, parent, stat in rows if not stat.startswith("Z")}
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in found | {pid}} - found:
        found |= more
    return sorted(found)


def alive(pids: list[int]) -> list[int]:
    listed = subprocess.run(["ps", "-axo", "pid=,stat="], capture_output=True, text=True, check=True).stdout
    living = {int(pid) for pid, stat in map(str.split, listed.splitlines()) if not stat.startswith("Z")}
    return sorted(living & set(pids))


def test_it_rings_each_alert_tells_why_the_rest_is_silent_and_leaves_nothing(
    environ: dict[str, str], tmp_path: Path
) -> None:
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "tocsin", "demo"], env=environ, cwd=tmp_path,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    seen: set[int] = set()

    def watch() -> bool:
        seen.update(started_below(process.pid))
        return process.poll() is not None

    wait_until(watch, what="the demo's end", deadline_s=120)
    assert process.stdout is not None
    shown = process.stdout.read()
    process.stdout.close()

    assert process.returncode == 0, shown
    assert time.monotonic() - began < 90
    assert len(seen) >= 7
    assert [] == alive(sorted(seen))
    assert [] == list(tmp_path.iterdir())
    for word in ("sure", "took", "from fetch to delivery", "What stayed silent"):
        assert word in shown
    papers, stories = load_stories(datetime.now(UTC))
    assert len(papers) >= 2
    assert {story.expect.type for story in stories if story.expect} >= {"arrest", "seizure", "airstrike"}


def test_ctrl_c_ends_it_with_all_it_started(
    environ: dict[str, str], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = tmp_path_factory.mktemp("shown") / "demo.log"
    with log.open("wb") as shown:
        process = subprocess.Popen(
            [sys.executable, "-m", "tocsin", "demo"], env=environ | {"PYTHONFAULTHANDLER": "1"}, cwd=tmp_path,
            stdin=subprocess.DEVNULL, stdout=shown, stderr=shown, start_new_session=True,
        )  # fmt: skip
    wait_until(lambda: len(started_below(process.pid)) >= 7, what="the demo's processes", deadline_s=60)
    seen = started_below(process.pid)

    process.send_signal(signal.SIGINT)

    assert await_end(process, log=log, below=lambda: seen, within_s=15) == 130
    wait_until(lambda: alive(seen) == [], what="the end of all", deadline_s=5)
    assert [] == list(tmp_path.iterdir())


def test_it_fails_when_an_expected_alert_does_not_ring(tmp_path: Path, environ: dict[str, str]) -> None:
    """With a story that expects what nobody writes."""
    code = (
        "import dataclasses, sys\n"
        "from tocsin.processes.demo import run as demo\n"
        "real = demo.load_stories\n"
        "def altered(now):\n"
        "    papers, stories = real(now)\n"
        "    first = next(story for story in stories if story.expect)\n"
        "    wrong = dataclasses.replace(first, expect=dataclasses.replace(first.expect, place='Atlantis'))\n"
        "    return papers, tuple(wrong if story is first else story for story in stories)\n"
        "demo.load_stories = altered\n"
        "demo._RING_S = 5.0\n"
        "sys.exit(demo.run_demo())\n"
    )

    answer = subprocess.run(
        [sys.executable, "-c", code],
        env=environ,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert answer.returncode == 1, answer.stdout + answer.stderr
