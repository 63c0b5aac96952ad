"""A loopback world for the pipeline's benchmark: feeds that gain articles, endpoints that take webhooks.

It shares the machine with what is measured, so it does as little as it can: webhooks are read by a protocol of a few
lines instead of a web framework.
"""

import asyncio
import re
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

# One host may be asked once at a time, so the feeds are spread over several, as real ones are.
HOSTS = [f"127.0.0.{n}" for n in range(1, 11)] if sys.platform == "linux" else ["127.0.0.1"]

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_ID = re.compile(rb"webhook-id: *(\S+)", re.IGNORECASE)
_ETAG = re.compile(rb"if-none-match: *(\S+)", re.IGNORECASE)
_FETCHED_AT = re.compile(rb'"fetched_at":"([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One webhook: its id, when it came, and when its article had been fetched."""

    id: str
    at: datetime
    fetched_at: datetime


class BenchWorld:
    """Serves `feeds` feeds and takes webhooks, in a thread of its own. A context manager."""

    def __init__(self, feeds: int) -> None:
        self.feeds = feeds
        self.port = 0
        self.asked = [0] * feeds
        self._taken: list[tuple[datetime, bytes, bytes]] = []
        self._items: list[list[str]] = [[] for _ in range(feeds)]
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),), daemon=True)

    def __enter__(self) -> "BenchWorld":
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()

    @property
    def arrived(self) -> int:
        """How many webhooks came."""
        return len(self._taken)

    def arrivals(self, start: int = 0) -> list[Arrival]:
        """The webhooks that came, from the `start`-th on."""
        found = []
        for at, head, body in self._taken[start:]:
            # The last one of a body is in its times.
            fetched_at = _FETCHED_AT.findall(body)[-1].decode()
            name = _ID.search(head)
            found.append(
                Arrival(id=name[1].decode() if name else "", at=at, fetched_at=datetime.fromisoformat(fetched_at))
            )
        return found

    def publish(self, articles: Sequence[tuple[str, str, str]]) -> None:
        """Add articles (id, title, text) to the feeds, spread evenly."""
        now = format_datetime(datetime.now(UTC))
        for number, (name, title, text) in enumerate(articles):
            feed = number % self.feeds
            link = f"https://wire{feed}.example/{name}"
            self._items[feed].append(
                f"<item><guid>{name}</guid><link>{link}</link><title>{escape(title)}</title>"
                f"<pubDate>{now}</pubDate><description>{escape(text)}</description></item>"
            )

    async def _serve(self) -> None:
        servers = [await self._loop.create_server(lambda: _Connection(self), HOSTS[0], 0)]
        self.port = servers[0].sockets[0].getsockname()[1]
        servers += [await self._loop.create_server(lambda: _Connection(self), host, self.port) for host in HOSTS[1:]]
        self._ready.set()
        await self._stop.wait()
        for server in servers:
            server.close()

    def take(self, head: bytes, body: bytes) -> bytes:
        """The whole answer to a request."""
        path = head.split(b" ", 2)[1]
        if path.startswith(b"/feed/"):
            return self._feed(int(path.removeprefix(b"/feed/")), head)
        self._taken.append((datetime.now(UTC), head, body))
        return b"HTTP/1.1 204 No Content\r\n\r\n"

    def _feed(self, number: int, head: bytes) -> bytes:
        self.asked[number] += 1
        # As many as a busy feed shows; what is older has been polled.
        items = self._items[number][-100:]
        etag = f'"{len(self._items[number])}"'
        known = _ETAG.search(head)
        if known and known[1].decode() == etag:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        text = f'<rss version="2.0"><channel><title>Wire {number}</title>{"".join(items)}</channel></rss>'.encode()
        fields = f"Content-Type: application/rss+xml\r\nETag: {etag}\r\nContent-Length: {len(text)}"
        return f"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n".encode() + text


class _Connection(asyncio.Protocol):
    """HTTP/1.1 for a client that is known: bodies with a length, one request at a time."""

    def __init__(self, world: BenchWorld) -> None:
        self._world = world
        self._read = b""
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head = self._read[:end]
            length = _LENGTH.search(head)
            after = end + 4 + (int(length[1]) if length else 0)
            if len(self._read) < after:
                return
            body, self._read = self._read[end + 4 : after], self._read[after:]
            if isinstance(self._transport, asyncio.WriteTransport):
                self._transport.write(self._world.take(head, body))
