"""A loopback world for the pipeline's benchmark: feeds that gain articles, endpoints that take webhooks."""

import asyncio
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from aiohttp import web


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
        self.arrivals: list[Arrival] = []
        self.asked = [0] * feeds
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
        app = web.Application()
        app.router.add_get("/feed/{number}", self._feed)
        app.router.add_post("/hook/{number}", self._hook)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _feed(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        self.asked[number] += 1
        # As many as a busy feed shows; what is older has been polled.
        items = self._items[number][-100:]
        etag = f'"{len(self._items[number])}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        channel = f"<channel><title>Wire {number}</title>{''.join(items)}</channel>"
        text = f'<rss version="2.0">{channel}</rss>'
        return web.Response(text=text, content_type="application/rss+xml", headers={"ETag": etag})

    async def _hook(self, request: web.Request) -> web.Response:
        now = datetime.now(UTC)
        times = json.loads(await request.read())["data"]["times"]
        fetched_at = datetime.fromisoformat(times["fetched_at"])
        self.arrivals.append(Arrival(id=request.headers["webhook-id"], at=now, fetched_at=fetched_at))
        return web.Response(status=204)
