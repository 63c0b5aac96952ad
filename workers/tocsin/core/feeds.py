"""Feeds as the operator declares them, and what a parser reads from one."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An address polled on a schedule. `backfill_s`: how old an item of the first poll may be and still ring."""

    id: str
    url: str
    title: str = ""
    lang: str = "en"
    country: str | None = None
    timezone: str | None = None
    interval_s: int = 300
    backfill_s: int = 0
    enabled: bool = True
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One item as read: `body` is plain text with a blank line between paragraphs; empty strings where absent."""

    guid: str
    url: str
    title: str
    body: str
    published_at: datetime | None = None
    lang: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A whole document. `ttl_s` is what the feed asks for; `warning` says what was malformed, if anything."""

    title: str
    entries: tuple[FeedEntry, ...]
    lang: str = ""
    ttl_s: int | None = None
    warning: str = ""
