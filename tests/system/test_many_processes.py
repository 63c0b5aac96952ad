"""Every process by itself on one server, as on many hosts: they share the work, and each bell rings once."""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from redis_server import PrivateServer, private_server, wait_until
from system.newsdesk import TOWNS, NewsDesk, Running, open_desk

pytestmark = pytest.mark.slow

STEPS = ("scan", "scan", "merge", "dispatch", "deliver")


@pytest.fixture
def server() -> Iterator[PrivateServer]:
    with private_server("--appendonly", "yes", "--maxmemory-policy", "noeviction") as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[NewsDesk]:
    with open_desk(tmp_path / "desk") as desk:
        desk.init()
        desk.write_workspace()
        yield desk


def everything(desk: NewsDesk, environ: dict[str, str], stack: ExitStack) -> list[Running]:
    """Start every process on its own."""
    commands = [("poller",), *(("worker", step) for step in STEPS), ("ticker",), ("web",)]
    return [stack.enter_context(desk.running(*command, environ=environ)) for command in commands]


def is_ready(desk: NewsDesk) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{desk.web_port}/readyz", timeout=5) as answer:
            return bool(json.load(answer)["ready"])
    except OSError:
        return False


def test_separate_processes_share_the_work(desk: NewsDesk, server: PrivateServer) -> None:
    environ = {"TOCSIN_REDIS_URL": server.url, "TOCSIN_LOG_LEVEL": "debug", "TOCSIN_REDIS_PREFIX": "news"}
    with ExitStack() as stack:
        processes = everything(desk, environ, stack)
        scans = processes[1:3]
        desk.await_polls()
        wait_until(lambda: is_ready(desk), what="the web process", deadline_s=40)
        # One scan job is made for each poll with news, so stories come one by one until both workers had some.
        for number in range(40):
            town = (
                TOWNS[number % len(TOWNS)] if number < len(TOWNS) else f"{TOWNS[number % len(TOWNS)]} quarter {number}"
            )
            desk.publish(town)
            desk.await_polls(1)
            if number >= len(TOWNS) - 1 and all(scan.logged("articles_scanned") for scan in scans):
                break
        for town in TOWNS:
            desk.await_bell(town)

        assert [True, True] == [bool(scan.logged("articles_scanned")) for scan in scans]
        status = json.loads(desk.tocsin("status", "--json", environ=environ).stdout)
        assert status["queued"] == {"scan": 0, "merge": 0, "dispatch": 0, "deliver": 0}
        assert set(status["rows"]["article"]) == {"scanned"}
        for running in processes:
            running.process.terminate()
        codes = {" ".join(map(str, r.process.args[3:])): r.process.wait(timeout=10) for r in processes}

    assert set(codes.values()) == {0}, codes
    assert len({hook["id"] for hook in desk.hooks}) == len(desk.hooks)
    for town in TOWNS:
        assert desk.rang(town) == 2, town
    assert not (desk.folder / ".tocsin" / "server.json").exists(), "no private server beside TOCSIN_REDIS_URL"


def test_a_second_poller_stands_by_and_takes_over(desk: NewsDesk, server: PrivateServer) -> None:
    environ = {"TOCSIN_REDIS_URL": server.url}
    with desk.running("poller", environ=environ) as first:
        desk.await_polls()
        with desk.running("poller", environ=environ) as second:
            desk.await_polls(6)
            assert second.logged("feeds_loaded") == []
            first.process.terminate()
            assert first.process.wait(timeout=10) == 0
            desk.started.remove(first)
            desk.await_polls(2)
            assert len(second.logged("feeds_loaded")) == 1
        desk.started.append(first)


def test_all_in_one_works_on_a_server_of_the_operators(desk: NewsDesk, server: PrivateServer, tmp_path: Path) -> None:
    secret = tmp_path / "redis_url"
    secret.write_text(server.url + "\n")
    environ = {"TOCSIN_REDIS_URL_FILE": str(secret), "TOCSIN_SCAN_WORKERS": "2"}
    with desk.running("run", "--without-web", environ=environ) as running:
        desk.await_polls()
        desk.publish("Tangier")
        desk.await_bell("Tangier")

        assert sum(args.endswith("worker scan") for args in running.children().values()) == 2
        assert not any(args.endswith("tocsin web") for args in running.children().values())
        assert running.end() == 0

    assert server.client().ping(), "somebody else's server is left running"
    assert desk.rang("Tangier") == 2
