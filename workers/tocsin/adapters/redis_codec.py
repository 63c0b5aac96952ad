"""How a row is one Redis string: a JSON header, a newline, and the body (compact JSON, zstd from about 1 KB up).

One string a row: a hash of seven fields takes some 250 bytes more in the server, and one MGET reads many strings.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import zstandard

from tocsin.core.messages import Kind, Row

COMPRESS_FROM = 1024
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
MAX_BODY = 64 * 1024 * 1024

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_codecs = threading.local()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A row as read, with the nonce of the commit that wrote it."""

    row: Row
    nonce: str


def to_us(at: datetime) -> int:
    """Microseconds since 1970: exact in a sorted set's score until the year 2255."""
    return (at - _EPOCH) // _MICROSECOND


def from_us(value: float | str | bytes) -> datetime:
    """The instant, aware and in UTC."""
    return _EPOCH + timedelta(microseconds=int(value))


def to_json(body: Mapping[str, Any]) -> bytes:
    """Compact UTF-8 JSON. Raises `TypeError` or `ValueError` when the body holds what JSON cannot."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "surrogatepass")


def from_json(data: bytes) -> dict[str, Any]:
    """What `to_json` wrote."""
    loaded: dict[str, Any] = json.loads(data.decode("utf-8", "surrogatepass"))
    return loaded


def encode(row: Row, *, nonce: str) -> bytes:
    """The stored form of a row with `version` and `updated_at` set."""
    header = [
        row.version,
        row.state,
        None if row.due_at is None else to_us(row.due_at),
        None if row.updated_at is None else to_us(row.updated_at),
        nonce,
        row.keys,
    ]
    body = to_json(row.body)
    if len(body) >= COMPRESS_FROM:
        body = _compressor().compress(body)
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return head + b"\n" + body


def decode(kind: Kind, row_id: str, data: bytes) -> Stored:
    """The row that `encode` wrote. Raises `ValueError` when it is none."""
    head, _, body = data.partition(b"\n")
    version, state, due_us, updated_us, nonce, keys = json.loads(head.decode("utf-8", "surrogatepass"))
    if body.startswith(ZSTD_MAGIC):
        body = _decompressor().decompress(body, max_output_size=MAX_BODY)
    row = Row(
        kind=kind,
        id=row_id,
        state=state,
        body=from_json(body),
        version=version,
        due_at=None if due_us is None else from_us(due_us),
        keys=tuple(keys),
        updated_at=None if updated_us is None else from_us(updated_us),
    )
    return Stored(row=row, nonce=nonce)


# zstandard's contexts are not safe to share between threads.
def _compressor() -> zstandard.ZstdCompressor:
    if not hasattr(_codecs, "compressor"):
        _codecs.compressor = zstandard.ZstdCompressor(level=3)
    compressor: zstandard.ZstdCompressor = _codecs.compressor
    return compressor


def _decompressor() -> zstandard.ZstdDecompressor:
    if not hasattr(_codecs, "decompressor"):
        _codecs.decompressor = zstandard.ZstdDecompressor()
    decompressor: zstandard.ZstdDecompressor = _codecs.decompressor
    return decompressor
