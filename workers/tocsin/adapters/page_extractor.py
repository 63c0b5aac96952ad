"""A web page's article: trafilatura in a process of its own, bounded in bytes and time.

A hostile page (a hundred thousand paragraphs) costs the extractor tens of seconds, so it is given up on.
"""

import multiprocessing
from dataclasses import dataclass
from datetime import UTC, datetime, time
from multiprocessing.connection import Connection

import trafilatura

from tocsin.adapters.html_text import one_line
from tocsin.errors import FetchError, FetchTimeout

MAX_BYTES = 1_000_000
LIMIT_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says: headline, running text, when it was published as far as the page tells."""

    title: str
    text: str
    published_at: datetime | None = None


def extract_page(body: bytes, *, url: str, limit_s: float = LIMIT_S) -> Page:
    """The article of an HTML page: no comments, no tables, no navigation.

    Raises `FetchError` when the page is larger than 1 MB or holds no running text, `FetchTimeout` when it takes
    longer than `limit_s`.
    """
    if len(body) > MAX_BYTES:
        raise FetchError(url, f"the page has {len(body)} bytes, and 1 MB is the limit: save its text and explain that")
    # spawn: a fork would copy the caller's event loop and sockets.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(theirs, body, url), daemon=True)
    child.start()
    theirs.close()
    try:
        page = ours.recv() if ours.poll(limit_s) else None
        if page is None:
            raise FetchTimeout(url, f"no article could be read out of the page within {limit_s:g} s")
    except EOFError as exc:
        raise FetchError(url, "the page cannot be read: save its text and explain that") from exc
    finally:
        child.kill()
        child.join()
        ours.close()
    if not isinstance(page, Page) or not page.text:
        raise FetchError(url, "the page holds no running text: save what you see and explain that")
    return page


def _work(answer: Connection, body: bytes, url: str) -> None:
    answer.send(read_page(body, url))
    answer.close()


def read_page(body: bytes, url: str = "") -> Page:
    """The same without limits, in this process. A page without an article gives an empty text."""
    found = trafilatura.bare_extraction(
        body, url=url or None, include_comments=False, include_tables=False, with_metadata=True
    )
    if found is None or isinstance(found, dict):
        return Page(title="", text="")
    text = "\n\n".join(line for line in str(found.text or "").split("\n") if line.strip())
    return Page(title=one_line(found.title or ""), text=text, published_at=_instant(found.date))


def _instant(value: str | None) -> datetime | None:
    try:
        day = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    # A day without an hour is read at noon, so that no time zone turns it into another.
    return datetime.combine(day.date(), time(12), tzinfo=UTC)
