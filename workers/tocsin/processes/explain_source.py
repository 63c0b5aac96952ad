"""Where an explained text comes from: a file, standard input, a web address, or an article in the store."""

import asyncio
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from tocsin.adapters.http_fetcher import HttpFetcher
from tocsin.adapters.page_extractor import MAX_BYTES, Page, extract_page
from tocsin.adapters.publishers import publisher_of
from tocsin.adapters.settings import Settings
from tocsin.core.article import Article
from tocsin.core.ids import make_id
from tocsin.core.messages import Kind
from tocsin.errors import FetchError, SettingsError
from tocsin.pipeline.rows import article_from
from tocsin.ports import FetchRequest

_LONGEST_HEADLINE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the operator says of the text; it wins over what the text says of itself."""

    lang: str = "en"
    published_at: datetime | None = None
    title: str | None = None
    country: str | None = None


def read_article(source: str, given: Given, *, settings: Settings, now: datetime) -> Article:
    """The text as an article. Raises `SettingsError` or `FetchError` when there is none to read."""
    if source.startswith(("http://", "https://")):
        page = asyncio.run(_fetch(source, settings))
        return _article(page, source, given, now)
    if source.startswith("art_"):
        return _stored(source, given, settings)
    data = _read_bytes(source)
    if _is_html(data):
        return _article(extract_page(data, url=source), source, given, now)
    return _article(split_headline(data.decode("utf-8", "replace")), source, given, now)


def split_headline(text: str) -> Page:
    """A first line that stands alone and ends without a full stop is the headline."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").strip()
    first, gap, rest = text.partition("\n\n")
    alone = bool(gap) and "\n" not in first and len(first) <= _LONGEST_HEADLINE
    if alone and not first.rstrip().endswith((".", "!", ":", "…")):
        return Page(title=first.strip(), text=rest.strip())
    return Page(title="", text=text)


def _article(page: Page, source: str, given: Given, now: datetime) -> Article:
    title = page.title if given.title is None else given.title
    is_web = source.startswith(("http://", "https://"))
    return Article(
        id=make_id("art", source, title, page.text),
        feed_id="explain",
        url=source if is_web else "",
        publisher=publisher_of(source) if is_web else "",
        title=title,
        body=page.text,
        lang=given.lang,
        fetched_at=now,
        published_at=given.published_at or page.published_at,
        country=given.country,
    )


async def _fetch(url: str, settings: Settings) -> Page:
    request = FetchRequest(url=url, accept="text/html, text/plain;q=0.9", max_bytes=MAX_BYTES)
    async with HttpFetcher(user_agent=settings.user_agent, allow_private=settings.allow_private) as fetcher:
        answer = await fetcher.fetch(request)
    if answer.status != 200:
        raise FetchError(url, f"the server answered {answer.status}: open the page and explain its text instead")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/plain":
        return split_headline(answer.body.decode("utf-8", "replace"))
    if kind not in {"", "text/html", "application/xhtml+xml"}:
        raise FetchError(url, f"the address leads to {kind}, not to a page: save its text and explain that")
    return extract_page(answer.body, url=answer.url)


def _stored(article_id: str, given: Given, settings: Settings) -> Article:
    # Only this source needs a server, so only it connects.
    from tocsin.processes.wiring import open_store

    row = open_store(settings).get(Kind.ARTICLE, article_id)
    if row is None:
        raise SettingsError(f"there is no article '{article_id}': see `tocsin events show` for the ids of reports")
    article = article_from(row)
    if not article.body and not article.title:
        raise SettingsError(f"the text of '{article_id}' has left the store: it is in the archive")
    return replace(article, published_at=given.published_at or article.published_at)


def _read_bytes(source: str) -> bytes:
    if source == "-":
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        try:
            with Path(source).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as exc:
            raise SettingsError(f"{source}: cannot be read ({exc.strerror}): name a file, a web address or -") from exc
    if len(data) > MAX_BYTES:
        raise SettingsError(f"{source}: more than 1 MB of text: cut it down to one article")
    if not data.strip():
        raise SettingsError(f"{source}: there is no text in it: name a file with an article")
    return data


def _is_html(data: bytes) -> bool:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<?xml")) or b"<html" in start
