"""How a row is one Redis string: when it was written, a JSON header, and the body (JSON, zstd from about 1 KB up).

The three parts stand on a line each; the script `redis_commit.lua` puts them together and reads the first two. One
string a row: a hash of seven fields takes some 250 bytes more in the server, and one MGET reads many strings.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pydantic_core
import zstandard

from tocsin.core.messages import Kind, Row

COMPRESS_FROM = 1024
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
MAX_BODY = 64 * 1024 * 1024

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_codecs = threading.local()


def to_us(at: datetime) -> int:
    """Microseconds since 1970: exact in a sorted set's score until the year 2255."""
    return (at - _EPOCH) // _MICROSECOND


def from_us(value: float | str | bytes) -> datetime:
    """The instant, aware and in UTC."""
    seconds, micros = divmod(int(value), 1_000_000)
    return _EPOCH + timedelta(0, seconds, micros)


def to_json(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """Compact UTF-8 JSON. Raises `TypeError` or `ValueError` when the value holds what JSON cannot."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def from_json(data: bytes) -> Any:
    """What `to_json` wrote."""
    try:
        return pydantic_core.from_json(data)
    except ValueError:
        return json.loads(data.decode("utf-8", "surrogatepass"))


def encode_header(row: Row, *, nonce: str) -> bytes:
    """Version once written, state, due time (empty for none), nonce of the commit, keys (each once)."""
    due_at = "" if row.due_at is None else str(to_us(row.due_at))
    return to_json((row.version + 1, row.state, due_at, nonce, tuple(dict.fromkeys(row.keys))))


def encode_body(body: Mapping[str, Any]) -> bytes:
    """The body's stored form."""
    data = to_json(body)
    return data if len(data) < COMPRESS_FROM else _compressor().compress(data)


def decode(kind: Kind, row_id: str, data: bytes) -> Row:
    """The row in a stored value. Raises `ValueError` when it is none."""
    updated_us, head, body = data.split(b"\n", 2)
    version, state, due_us, _, keys = from_json(head)
    if body.startswith(ZSTD_MAGIC):
        body = _decompressor().decompress(body, max_output_size=MAX_BODY)
    return Row(
        kind=kind,
        id=row_id,
        state=state,
        body=from_json(body),
        version=version,
        due_at=from_us(due_us) if due_us else None,
        keys=tuple(keys),
        updated_at=from_us(updated_us),
    )


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
