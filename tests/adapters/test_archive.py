"""Archive files: whatever was appended is read again, by us and by any zstd tool, whatever a crash cut off."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import zstandard

from tocsin.adapters.archive import FileArchive, read_archive
from tocsin.core.messages import Kind, Row

T0 = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)


def row(number: int, *, kind: Kind = Kind.EVENT) -> Row:
    return Row(
        kind=kind, id=f"evt_{number}", state="dispatched", version=3, updated_at=T0, keys=("k",), body={"é": number}
    )


def test_rows_come_back_as_they_were_archived_in_order(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path / "archive")
    archive.append([row(1), row(2)], on=T0)
    archive.append([row(3)], on=T0)
    archive.append([], on=T0)
    archive.append([row(4)], on=T0 + timedelta(minutes=1))

    assert list(read_archive(tmp_path / "archive")) == [row(1), row(2), row(3), row(4)]
    assert sorted(path.name for path in (tmp_path / "archive").iterdir()) == [
        "2026-11-23.ndjson.zst",
        "2026-11-24.ndjson.zst",
    ]


def test_a_kind_and_days_can_be_asked_for(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    for days in range(3):
        archive.append([row(days), row(days, kind=Kind.ALERT)], on=T0 + timedelta(days=days))

    found = read_archive(tmp_path, kind=Kind.ALERT, since=date(2026, 11, 24), until=date(2026, 11, 24))

    assert list(found) == [row(1, kind=Kind.ALERT)]


def test_any_zstd_tool_reads_a_whole_file(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    archive.append([row(1)], on=T0)
    archive.append([row(2)], on=T0)

    with zstandard.open(tmp_path / "2026-11-23.ndjson.zst", "rt", encoding="utf-8") as file:
        lines = file.read().splitlines()

    assert len(lines) == 2
    assert lines[1].startswith('{"kind":"event","id":"evt_2","state":"dispatched","version":3,')


def test_whatever_a_crash_cut_off_the_rest_is_read_and_the_next_append_too(tmp_path: Path) -> None:
    whole, path = tmp_path / "whole", tmp_path / "2026-11-23.ndjson.zst"
    FileArchive(whole).append([row(1)], on=T0)
    sound = (whole / path.name).stat().st_size
    FileArchive(whole).append([row(2)], on=T0)
    data = (whole / path.name).read_bytes()

    for cut in range(sound, len(data)):
        path.write_bytes(data[:cut])
        assert list(read_archive(tmp_path)) == [row(1)]

        FileArchive(tmp_path).append([row(3)], on=T0)

        assert list(read_archive(tmp_path)) == [row(1), row(3)]


def test_a_version_of_a_row_archived_twice_is_read_once(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    archive.append([row(1)], on=T0)
    archive.append([row(1), replace(row(1), version=4)], on=T0)

    assert [found.version for found in read_archive(tmp_path)] == [3, 4]


def test_an_archive_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert list(read_archive(tmp_path / "none")) == []


def test_a_large_archive_is_read_whole(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    rows = [replace(row(number), body={"text": str(number) * 500}) for number in range(3000)]
    for start in range(0, 3000, 100):
        archive.append(rows[start : start + 100], on=T0)

    assert list(read_archive(tmp_path)) == rows
