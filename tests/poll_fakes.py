"""A web of feeds in memory: a fetcher and a parser with scenario verbs, over the real decisions."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tocsin.adapters.feed_parser import parse_feed
from tocsin.core.feeds import ParsedFeed
from tocsin.errors import FetchError
from tocsin.ports import FetchRequest, FetchResponse

START = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that moves when told."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def tick(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class FakeFetcher:
    """Answers with what was set last; remembers every request."""

    def __init__(self) -> None:
        self.requests: list[FetchRequest] = []
        self._answers: dict[str, Callable[[FetchRequest], FetchResponse]] = {}

    def serves(self, url: str, body: str, *, permanent_url: str | None = None, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._answers[url] = lambda request: FetchResponse(
            url=request.url, status=200, headers=named, body=body.encode(), permanent_url=permanent_url
        )

    def answers(self, url: str, status: int, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._answers[url] = lambda request: FetchResponse(url=request.url, status=status, headers=named)

    def fails(self, url: str, error: FetchError) -> None:
        def answer(_: FetchRequest) -> FetchResponse:
            raise error

        self._answers[url] = answer

    async def fetch(self, request: FetchRequest) -> FetchResponse:
        self.requests.append(request)
        return self._answers[request.url](request)


class InlineParser:
    """The real parser, in this process."""

    def __init__(self) -> None:
        self.parsed = 0

    async def parse(self, body: bytes, *, content_type: str, url: str) -> ParsedFeed:
        self.parsed += 1
        return parse_feed(body, content_type, url)


def rss(*items: str) -> str:
    """A feed of items made by `item`."""
    return f'<rss version="2.0"><channel><title>Wire</title>{"".join(items)}</channel></rss>'


def item(name: str, *, at: datetime | None = START, body: str = "", link: str | None = None) -> str:
    """One item; its id and link derive from `name`."""
    date = f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate>" if at else ""
    return (
        f"<item><guid>{name}</guid><link>{link or f'https://wire.example/{name}'}</link><title>About {name}</title>"
        f"<description>{body or f'Body of {name}.'}</description>{date}</item>"
    )
