"""Backup and restore as docs/operations.md says: what was committed before the copy is there after a restore."""

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis_server import wait_until

from tocsin.adapters.archive import FileArchive, read_archive
from tocsin.adapters.backup import back_up
from tocsin.adapters.embedded import Embedded
from tocsin.adapters.file_lock import FileLock
from tocsin.adapters.redis_client import connect
from tocsin.adapters.redis_store import RedisStore
from tocsin.adapters.rq_jobs import RqQueues
from tocsin.core.messages import Commit, Kind, Row, Step, Wakeup
from tocsin.errors import SettingsError, StoreUnavailable

ROW = Row(kind=Kind.ALERT, id="alr_1", state="open", body={"a": 1}, keys=("k",))


def open_store(url: str) -> RedisStore:
    client = connect(url)
    return RedisStore(client, RqQueues(client))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Embedded]:
    """A desk with one alert, one wake-up and one archived row."""
    embedded = Embedded.start(tmp_path / "desk")
    open_store(embedded.url).commit(Commit(rows=(ROW,), wakeups=(Wakeup(step=Step.MERGE),)))
    FileArchive(tmp_path / "desk" / "archive").append([ROW], on=datetime(2026, 11, 23, tzinfo=UTC))
    yield embedded
    embedded.stop()


def restored(copy: Path, folder: Path) -> Embedded:
    """Restore as the documentation says: copy the files into a new data directory and start."""
    shutil.copytree(copy, folder)
    return Embedded.start(folder)


def assert_whole(embedded: Embedded, folder: Path) -> None:
    store = open_store(embedded.url)
    row = store.get(Kind.ALERT, ROW.id)
    assert row is not None
    assert row.body == {"a": 1}
    assert store.find(Kind.ALERT, "k") == [ROW.id]
    assert store.queued(Step.MERGE) == 1
    assert [each.id for each in read_archive(folder / "archive")] == [ROW.id]


def test_a_copy_of_a_running_desk_can_be_restored_beside_it(desk: Embedded, tmp_path: Path) -> None:
    copied = back_up(tmp_path / "desk", tmp_path / "copy")

    other = restored(tmp_path / "copy", tmp_path / "other")

    assert_whole(other, tmp_path / "other")
    assert other.url != desk.url
    assert open_store(desk.url).get(Kind.ALERT, ROW.id) is not None
    assert {path.name for path in copied} >= {"server.json", "2026-11-23.ndjson.zst"}
    other.stop()


def test_a_copy_of_a_stopped_desk_can_be_restored(tmp_path: Path) -> None:
    embedded = Embedded.start(tmp_path / "desk")
    open_store(embedded.url).commit(Commit(rows=(ROW,), wakeups=(Wakeup(step=Step.MERGE),)))
    FileArchive(tmp_path / "desk" / "archive").append([ROW], on=datetime(2026, 11, 23, tzinfo=UTC))
    embedded.stop()

    back_up(tmp_path / "desk", tmp_path / "copy")

    other = restored(tmp_path / "copy", tmp_path / "other")
    assert_whole(other, tmp_path / "other")
    other.stop()


def test_a_copy_taken_under_load_has_every_commit_that_came_before_it(desk: Embedded, tmp_path: Path) -> None:
    stop = threading.Event()
    done: list[int] = []

    def write() -> None:
        store = open_store(desk.url)
        while not stop.is_set():
            number = len(done)
            store.commit(Commit(rows=(Row(kind=Kind.EVENT, id=f"evt_{number}", state="changed", body={}),)))
            done.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    wait_until(lambda: len(done) >= 200, what="the load")
    before = len(done)
    back_up(tmp_path / "desk", tmp_path / "copy")
    stop.set()
    writer.join()

    other = restored(tmp_path / "copy", tmp_path / "other")

    store = open_store(other.url)
    assert len(store.get_many(Kind.EVENT, [f"evt_{number}" for number in range(before)])) == before
    other.stop()


def test_the_server_rewrites_its_files_again_after_a_copy(desk: Embedded, tmp_path: Path) -> None:
    back_up(tmp_path / "desk", tmp_path / "copy")

    assert connect(desk.url).config_get()["auto-aof-rewrite-percentage"] == "100"  # type: ignore[index]


def test_what_cannot_be_copied_is_told(desk: Embedded, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("")

    with pytest.raises(SettingsError, match="is not empty: choose a new directory"):
        back_up(tmp_path / "desk", tmp_path / "full")
    with pytest.raises(SettingsError, match="does not exist: name the one"):
        back_up(tmp_path / "nowhere", tmp_path / "copy")
    with pytest.raises(SettingsError, match="file exists"):
        back_up(tmp_path / "desk", tmp_path / "full" / "file")


def test_a_server_that_lives_and_does_not_answer_is_not_copied(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "server.lock")
    assert lock.acquire()

    with pytest.raises(StoreUnavailable, match="lives but does not answer"):
        back_up(tmp_path, tmp_path / "copy")

    lock.close()
