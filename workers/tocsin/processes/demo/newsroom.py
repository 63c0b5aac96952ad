"""The demo's newspapers: real RSS over real HTTP, empty at first, gaining stories wave by wave."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

import yaml
from aiohttp import web


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The alert a story must ring."""

    type: str
    place: str
    actor: str
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newspaper:
    """One outlet with its feed."""

    id: str
    title: str
    country: str
    publisher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article: it rings (`expect`), joins another story's event (`joins`), or stays silent (and why)."""

    id: str
    feed: str
    wave: int
    title: str
    text: str
    url: str
    expect: Expected | None = None
    joins: str | None = None
    silent: str = ""


def load_stories(now: datetime) -> tuple[tuple[Newspaper, ...], tuple[Story, ...]]:
    """The bundled newspapers and stories, dated around `now`."""
    raw = yaml.safe_load((files("tocsin.processes.demo") / "stories.yml").read_text(encoding="utf-8"))
    papers = {item["id"]: Newspaper(**item) for item in raw["feeds"]}
    days = {"today": f"{now:%A}", "yesterday": f"{now - timedelta(days=1):%A}"}
    stories: dict[str, Story] = {}
    for item in raw["stories"]:
        story = _story(item, papers[item["feed"]], days)
        original = stories.get(item.get("link_of", ""))
        stories[story.id] = replace(story, url=f"{original.url}?utm_source=rss") if original else story
    return tuple(papers.values()), tuple(stories.values())


def _story(item: dict[str, Any], paper: Newspaper, days: dict[str, str]) -> Story:
    return Story(
        id=item["id"],
        feed=item["feed"],
        wave=item["wave"],
        title=item["title"].format(**days),
        text=item["text"].format(**days).strip(),
        url=f"https://www.{paper.publisher}/{item['id']}",
        expect=Expected(**item["expect"]) if "expect" in item else None,
        joins=item.get("joins"),
        silent=item.get("silent", ""),
    )


@dataclass(slots=True)
class Newsroom:
    """Serves the published stories of every newspaper at `/ID.rss`, with validators. `asked` counts requests a feed."""

    papers: tuple[Newspaper, ...]
    published: list[tuple[Story, datetime]] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)

    def publish(self, stories: Iterable[Story], at: datetime) -> None:
        """Add stories to their feeds."""
        self.published.extend((story, at) for story in stories)

    async def serve_feed(self, request: web.Request) -> web.Response:
        """The feed, or 304 when nothing is new."""
        paper = next((p for p in self.papers if p.id == request.match_info["feed"]), None)
        if paper is None:
            raise web.HTTPNotFound
        self.asked[paper.id] = self.asked.get(paper.id, 0) + 1
        items = [(story, at) for story, at in self.published if story.feed == paper.id]
        etag = f'"{paper.id}-{len(items)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        body = "".join(_item(story, at) for story, at in items)
        channel = f"<channel><title>{escape(paper.title)}</title>{body}</channel>"
        rss = f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'
        return web.Response(text=rss, content_type="application/rss+xml", headers={"ETag": etag})


def _item(story: Story, at: datetime) -> str:
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in story.text.split("\n\n"))
    return (
        f"<item><guid>{story.id}</guid><link>{escape(story.url)}</link><title>{escape(story.title)}</title>"
        f"<pubDate>{format_datetime(at)}</pubDate><description>{escape(paragraphs)}</description></item>"
    )
