"""The `FeedParser` port: bytes to entries in a process of its own, under a time limit.

feedparser has neither a size nor a time limit and would fetch a URL it was given, so it only ever sees bytes that
were fetched and bounded by us. JSON Feed (jsonfeed.org, 1.1) is read beside it.
"""

import asyncio
import calendar
import json
import multiprocessing
import os
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

import feedparser
from pydantic import BaseModel, ConfigDict, ValidationError

from tocsin.adapters.html_text import one_line, to_text
from tocsin.core.feeds import FeedEntry, ParsedFeed
from tocsin.core.text import counted
from tocsin.errors import NotAFeed

MAX_ENTRIES = 1000
_MAX_BODY_CHARS = 400_000


class ProcessFeedParser:
    """Parses in `workers` processes; one that exceeds `limit_s` is ended and replaced. An async context manager."""

    def __init__(self, *, workers: int = 1, limit_s: float = 15.0) -> None:
        self._workers = workers
        self._limit_s = limit_s
        self._pool: ProcessPoolExecutor | None = None

    async def __aenter__(self) -> Self:
        self._pool = self._make_pool()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_pool()

    async def parse(self, body: bytes, *, content_type: str, url: str) -> ParsedFeed:
        """See `FeedParser.parse`."""
        pool = self._pool or self._make_pool()
        self._pool = pool
        try:
            async with asyncio.timeout(self._limit_s):
                return await asyncio.get_running_loop().run_in_executor(pool, parse_feed, body, content_type, url)
        except TimeoutError as exc:
            self._end_pool(pool)
            raise NotAFeed(f"{url}: parsing took longer than {self._limit_s:g} s") from exc
        except BrokenProcessPool as exc:
            self._end_pool(pool)
            raise NotAFeed(f"{url}: the parser's process died on it") from exc

    def _make_pool(self) -> ProcessPoolExecutor:
        # spawn: a fork would copy the event loop's threads and sockets.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._workers, mp_context=context, initializer=_end_with, initargs=(os.getpid(),))

    def _end_pool(self, pool: ProcessPoolExecutor | None = None) -> None:
        if self._pool is None or (pool is not None and self._pool is not pool):
            return  # another request has replaced it already
        ended, self._pool = self._pool, None
        for process in list((ended._processes or {}).values()):  # noqa: SLF001 - no public way to end a stuck child
            process.kill()
        ended.shutdown(wait=False, cancel_futures=True)


def _end_with(parent: int) -> None:
    """In the pool's process: end when the parent is gone. A killed parent says no goodbye, and its queue stays open."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def parse_feed(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """Parse in this process. Raises `NotAFeed`; anything malformed that still has entries is a warning."""
    if body.lstrip()[:1] == b"{":
        return _parse_json(body, url)
    if b"<!ENTITY" in body:
        raise NotAFeed(f"{url}: declares XML entities, which feeds do not need and attacks do")
    return _parse_xml(body, content_type, url)


def _parse_xml(body: bytes, content_type: str, url: str) -> ParsedFeed:
    headers = {"content-type": content_type}
    feed = feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    if not feed.get("version") and not feed.entries:
        raise NotAFeed(f"{url}: no RSS or Atom in it (content type '{content_type or 'none'}')")
    warning = f"malformed: {feed.get('bozo_exception')}" if feed.get("bozo") else ""
    meta = feed.feed
    return ParsedFeed(
        title=one_line(meta.get("title", "")),
        entries=tuple(_xml_entry(entry, url) for entry in feed.entries[:MAX_ENTRIES]),
        lang=_lang(meta.get("language", "")),
        ttl_s=int(meta["ttl"]) * 60 if str(meta.get("ttl", "")).isdigit() else None,
        warning=" ".join(warning.split())[:300],
    )


def _xml_entry(entry: Mapping[str, Any], base: str) -> FeedEntry:
    contents = [item.get("value", "") for item in entry.get("content", ())]
    markup = max([*contents, entry.get("summary", "")], key=len)
    return FeedEntry(
        guid=str(entry.get("id", "")).strip(),
        url=_absolute(base, str(entry.get("link", "")).strip()),
        title=one_line(entry.get("title", "")),
        body=to_text(markup)[:_MAX_BODY_CHARS],
        published_at=_time(entry.get("published_parsed") or entry.get("updated_parsed")),
        lang=_lang(next((c.get("language") or "" for c in entry.get("content", ())), "")),
        author=one_line(entry.get("author", "")),
    )


def _absolute(base: str, link: str) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return link


def _time(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _lang(value: str) -> str:
    return value.strip().lower().replace("_", "-").split("-")[0][:3]


class _JsonItem(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)
    id: str = ""
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    language: str | None = None


class _JsonFeed(BaseModel):
    model_config = ConfigDict(extra="ignore")
    version: str
    title: str = ""
    language: str | None = None
    items: list[Any] = []


def _parse_json(body: bytes, url: str) -> ParsedFeed:
    try:
        feed = _JsonFeed.model_validate(json.loads(body))
    except (ValidationError, ValueError, RecursionError) as exc:
        raise NotAFeed(f"{url}: this JSON is no JSON Feed") from exc
    if "jsonfeed.org" not in feed.version:
        raise NotAFeed(f"{url}: this JSON is no JSON Feed: version '{feed.version[:60]}'")
    entries, broken = [], 0
    for item in feed.items[:MAX_ENTRIES]:
        try:
            entries.append(_json_entry(_JsonItem.model_validate(item), url))
        except ValidationError:
            broken += 1
    return ParsedFeed(
        title=one_line(feed.title),
        entries=tuple(entries),
        lang=_lang(feed.language or ""),
        warning=f"malformed: {counted(broken, 'item')} could not be read" if broken else "",
    )


def _json_entry(item: _JsonItem, base: str) -> FeedEntry:
    markup = item.content_html or ""
    text = to_text(markup) if markup else (item.content_text or item.summary or "")
    return FeedEntry(
        guid=item.id.strip(),
        url=_absolute(base, (item.url or item.external_url or "").strip()),
        title=one_line(item.title or ""),
        body=text[:_MAX_BODY_CHARS],
        published_at=_iso(item.date_published) or _iso(item.date_modified),
        lang=_lang(item.language or ""),
    )


def _iso(value: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if value else None
    except ValueError:
        return None
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
