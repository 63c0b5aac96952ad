"""Daily archive files of rows that left the hot store: `2026-11-23.ndjson.zst`, one JSON object a line.

Every append is a zstd frame of its own, made durable before it counts: any zstd tool reads the whole file, and a
crash can only cut the last frame off, which nobody was told is there. An append may be repeated after a crash, so a
row may stand twice; `read_archive` gives each version of a row once a file.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from tocsin.adapters.redis_codec import from_json, to_json
from tocsin.core.messages import Kind, Row

SUFFIX = ".ndjson.zst"
LEVEL = 9
CHUNK = 1 << 20


class FileArchive:
    """The `Archive` port over a directory. One writer at a time: tick, under its lease."""

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        self._sound: Path | None = None

    def append(self, rows: Sequence[Row], *, on: datetime) -> None:
        """Write the rows to the day's file and make them durable before returning. Raises `OSError` when it cannot."""
        if not rows:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = b"".join(to_json(_line(row)) + b"\n" for row in rows)
        frame = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(lines)
        path = self._folder / f"{on.date().isoformat()}{SUFFIX}"
        fresh = not path.exists()
        if self._sound != path:
            _cut_unfinished(path)
        self._sound = None
        with path.open("ab") as file:
            file.write(frame)
            file.flush()
            os.fsync(file.fileno())
        if fresh:
            _sync_folder(self._folder)
        self._sound = path


def read_archive(
    folder: str | Path, *, kind: Kind | None = None, since: date | None = None, until: date | None = None
) -> Iterator[Row]:
    """The archived rows, oldest file first; `since` and `until` are days of archiving, both included.

    An unfinished frame at the end of a file is left out.
    """
    for path in sorted(Path(folder).glob(f"*{SUFFIX}")):
        on = date.fromisoformat(path.name.removesuffix(SUFFIX))
        if (since and on < since) or (until and on > until):
            continue
        seen: set[tuple[str, str, int]] = set()
        for line in _lines(path):
            name = (line["kind"], line["id"], line["version"])
            if name not in seen and (kind is None or line["kind"] == kind):
                seen.add(name)
                yield _row(line)


def _lines(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        for frame, _ in _frames(file):
            for line in frame.splitlines():
                yield from_json(line)


def _frames(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Each whole frame's content and the offset of its end, up to one that is cut or damaged."""
    data, offset = file.read(CHUNK), 0
    while data:
        reader = zstandard.ZstdDecompressor().decompressobj()
        content = bytearray()
        while not reader.eof:
            data = data or file.read(CHUNK)
            if not data:
                return
            try:
                content += reader.decompress(data)
            except zstandard.ZstdError:
                return
            offset += len(data) - len(reader.unused_data)
            data = reader.unused_data
        yield bytes(content), offset
        data = data or file.read(CHUNK)


def _cut_unfinished(path: Path) -> None:
    """Cut what a crash left of an append, so that the next frame stands where a reader looks for it."""
    if not path.exists():
        return
    with path.open("rb") as file:
        sound = max((end for _, end in _frames(file)), default=0)
    if sound < path.stat().st_size:
        os.truncate(path, sound)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _line(row: Row) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "id": row.id,
        "state": row.state,
        "version": row.version,
        "updated_at": row.updated_at.isoformat() if row.updated_at else None,
        "keys": row.keys,
        "body": row.body,
    }


def _row(line: dict[str, Any]) -> Row:
    return Row(
        kind=Kind(line["kind"]),
        id=line["id"],
        state=line["state"],
        version=line["version"],
        updated_at=datetime.fromisoformat(line["updated_at"]) if line["updated_at"] else None,
        keys=tuple(line["keys"]),
        body=line["body"],
    )
