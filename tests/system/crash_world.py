"""What the crash test polls and where its alerts arrive, in a thread: 500 articles, each of an event of its own."""

import asyncio
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape

from aiohttp import web
from standardwebhooks import Webhook

from tocsin.core.places.gazetteer import Gazetteer
from tocsin.rulebook.files import load_rulebook, shipped_rules

FEEDS = 10
COUNTRIES = ("ES", "FR", "MA", "IT", "DE", "TR", "PH", "NG", "PK", "ID")


@dataclass(slots=True)
class Arrivals:
    """Webhooks by their id: how often each came, and with which body."""

    secret: str
    times: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    events: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    bodies: dict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    types: set[str] = field(default_factory=set)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        message: dict[str, Any] = Webhook(self.secret).verify(body, dict(request.headers))
        delivery_id = request.headers["webhook-id"]
        self.times[delivery_id] += 1
        self.events[message["data"]["event"]["id"]].add(delivery_id)
        self.bodies[delivery_id].add(body)
        self.types.add(message["type"])
        return web.Response(status=204)


class World:
    """A loopback server with ten growing feeds and one receiver, in a thread of its own. A context manager."""

    def __init__(self, towns: list[tuple[str, str]], secret: str) -> None:
        self.arrivals = Arrivals(secret=secret)
        self.published = 0
        self.port = 0
        self._towns = towns
        self._at = datetime.now(UTC)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),), daemon=True)

    def __enter__(self) -> "World":
        self._thread.start()
        assert self._ready.wait(20), "the loopback server did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        self._loop.close()

    async def _serve(self) -> None:
        app = web.Application()
        app.router.add_get("/feed/{number}", self._feed)
        app.router.add_post("/hook", self.arrivals.take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _feed(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        items = [self._item(i) for i in range(self.published) if i % FEEDS == number]
        channel = f"<channel><title>Wire {number}</title>{''.join(items)}</channel>"
        return web.Response(text=f'<rss version="2.0">{channel}</rss>', content_type="application/rss+xml")

    def _item(self, index: int) -> str:
        town, country = self._towns[index]
        text = f"Police arrested {3 + index % 40} men in {town} on {self._at:%A}"
        text += " who are suspected of links to Islamic State."
        return (
            f"<item><guid>item-{index}</guid><link>https://wire{index % FEEDS}.example/{index}</link>"
            f"<title>Arrests in {escape(town)}</title><pubDate>{format_datetime(self._at)}</pubDate>"
            f"<description>{escape(text)} {country}</description></item>"
        )


def towns(number: int) -> list[tuple[str, str]]:
    """So many towns that the gazetteer knows by one word and only once, each with its country."""
    rulebook = load_rulebook(shipped_rules()).rulebook
    assert rulebook is not None, "the shipped rulebook loads"
    gazetteer = Gazetteer.parse(rulebook.gazetteer)
    keys = [line.partition("\t")[0] for line in rulebook.gazetteer.splitlines() if line[:1].isalpha()]
    # One town may stand under several keys: its spellings.
    found = list(
        dict.fromkeys(
            (places[0].name, places[0].country)
            for key in keys
            if len(places := gazetteer.find(key)) == 1
            and places[0].kind == "town"
            and places[0].country in COUNTRIES
            and places[0].name.isascii()
            and places[0].name.isalpha()
            and len(places[0].name) > 5
        )
    )
    assert len(found) >= number, f"only {len(found)} towns"
    return found[:: len(found) // number][:number]
