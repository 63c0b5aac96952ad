"""`tocsin backup` and restoring: a desk is copied while it runs, lost, and goes on from the copy."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from event_builders import NOW, article
from processes.conftest import Tocsin
from processes.desk_rows import Written, ring

from tocsin.adapters.embedded import Embedded
from tocsin.adapters.token_key import load_or_make_key
from tocsin.core.messages import Commit
from tocsin.pipeline.rows import article_row
from tocsin.processes.wiring import open_store, settings_of


@pytest.fixture
def running(clean: Path) -> Iterator[Written]:
    """An embedded server in the default data directory, with one event that rang."""
    embedded = Embedded.start(clean / ".tocsin")
    load_or_make_key(clean / ".tocsin" / "token.key")
    yield ring(open_store(settings_of()))
    embedded.stop()


def test_a_copy_of_a_running_desk_is_restored_as_the_page_says(tocsin: Tocsin, clean: Path, running: Written) -> None:
    answer = tocsin("backup", "copy")
    open_store(settings_of()).commit(Commit(rows=(article_row(article("later"), now=NOW),)))

    other = Embedded.start(clean / "copy")
    found = tocsin("events", "list", "--data-dir", "copy", "--json").json
    counted = tocsin("status", "--data-dir", "copy", "--json").json["rows"]["article"]
    other.stop()

    assert answer.code == 0
    assert "restore with `tocsin run --data-dir copy`" in answer.out
    assert [running.event_id] == [event["id"] for event in found]
    assert sum(counted.values()) == 1
    assert (clean / "copy" / "token.key").read_bytes() == (clean / ".tocsin" / "token.key").read_bytes()


def test_a_copy_put_in_place_of_the_data_directory_goes_on(tocsin: Tocsin, clean: Path) -> None:
    embedded = Embedded.start(clean / ".tocsin")
    written = ring(open_store(settings_of()))
    embedded.stop()
    assert tocsin("backup", "copy").code == 0
    shutil.rmtree(clean / ".tocsin")

    shutil.copytree(clean / "copy", clean / ".tocsin")
    again = Embedded.start(clean / ".tocsin")
    shown = tocsin("events", "show", written.event_id)
    again.stop()

    assert shown.code == 0
    assert "detained six people" in shown.out


def test_each_file_is_named_as_it_is_copied(tocsin: Tocsin, running: Written) -> None:
    lines = tocsin("backup", "copy").out.splitlines()

    assert any(line.startswith("copied appendonlydir/") and line.endswith("KiB") for line in lines)
    assert any(line.startswith("copied server.json, ") for line in lines)


def test_scripts_are_told_what_was_copied(tocsin: Tocsin, clean: Path, running: Written) -> None:
    found = tocsin("backup", "copy", "--json").json

    assert (found["from"], found["to"]) == (str(clean / ".tocsin"), str(clean / "copy"))
    assert {"server.json", "token.key"} <= set(found["files"])
    assert sum((clean / "copy" / name).stat().st_size for name in found["files"]) == found["bytes"]


def test_a_folder_that_is_not_empty_is_left_alone(tocsin: Tocsin, clean: Path, running: Written) -> None:
    (clean / "copy").mkdir()
    (clean / "copy" / "mine").write_text("mine")

    answer = tocsin("backup", "copy")

    assert (answer.code, answer.out) == (1, "")
    assert "'copy' is not empty: choose a new directory" in answer.err
    assert [path.name for path in (clean / "copy").iterdir()] == ["mine"]


def test_without_a_data_directory_it_says_so(tocsin: Tocsin, clean: Path) -> None:
    answer = tocsin("backup", "copy")

    assert answer.code == 1
    assert "does not exist: name the one that tocsin run uses" in answer.err
    assert not (clean / "copy").exists()


def test_a_server_of_ones_own_is_not_ours_to_copy(tocsin: Tocsin, clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_REDIS_URL", "redis://store.example.org:6379/0")

    answer = tocsin("backup", "copy")

    assert answer.code == 1
    assert "back it up by its own means and copy" in answer.err
    assert not (clean / "copy").exists()
