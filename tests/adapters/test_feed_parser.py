"""Bytes to entries: RSS, Atom, JSON Feed, malformed and hostile."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.adapters.feed_parser import ProcessFeedParser, parse_feed
from tocsin.adapters.html_text import one_line, to_text
from tocsin.errors import NotAFeed

RSS = b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Wire</title>
<language>en-gb</language><ttl>7</ttl>
<item><guid>g1</guid><link>https://e.org/1</link><title>Two &amp;amp; three</title>
<pubDate>Mon, 09 Mar 2026 12:00:00 +0100</pubDate>
<description>
&lt;p&gt;First &lt;b&gt;part&lt;/b&gt;.&lt;/p&gt;
&lt;script&gt;x()&lt;/script&gt;&lt;p&gt;Second.&lt;/p&gt;</description></item>
</channel></rss>"""


def test_rss_becomes_plain_entries():
    feed = parse_feed(RSS, "application/rss+xml", "https://e.org/rss")
    entry = feed.entries[0]

    assert ("Wire", "en", 420, "") == (feed.title, feed.lang, feed.ttl_s, feed.warning)
    assert ("g1", "https://e.org/1", "Two & three") == (entry.guid, entry.url, entry.title)
    assert entry.body == "First part.\n\nSecond."
    assert entry.published_at == datetime(2026, 3, 9, 11, 0, tzinfo=UTC)


def test_json_feed_is_read_and_broken_items_are_counted():
    body = json.dumps({
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "items": [
            {"id": 7, "content_text": "Plain.", "date_published": "2026-03-09T12:00:00+01:00"},
            {"id": {"odd": 1}},
        ],
    }).encode()  # fmt: skip

    feed = parse_feed(body, "application/feed+json", "https://e.org/j")

    assert ["7"] == [entry.guid for entry in feed.entries]
    assert feed.entries[0].published_at == datetime(2026, 3, 9, 11, 0, tzinfo=UTC)
    assert feed.warning == "malformed: 1 item could not be read"


def test_a_malformed_feed_with_entries_is_a_warning():
    feed = parse_feed(RSS.replace(b"</channel></rss>", b""), "text/xml", "https://e.org/rss")

    assert len(feed.entries) == 1
    assert feed.warning.startswith("malformed:")


def test_an_empty_feed_is_a_feed():
    body = b'<rss version="2.0"><channel><title>Quiet</title></channel></rss>'

    assert parse_feed(body, "text/xml", "https://e.org/rss").entries == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>403</body></html>",
        b'{"items": 3}',
        b'{"version": "x", "items": []}',
        b"{" * 50_000,
        b"\0\xff",
    ],
)
def test_what_is_no_feed_says_so(body):
    with pytest.raises(NotAFeed):
        parse_feed(body, "text/html", "https://e.org/")


def test_entity_declarations_are_refused_before_parsing():
    bomb = b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss version="2.0"><channel/></rss>'

    with pytest.raises(NotAFeed, match="entities"):
        parse_feed(bomb, "text/xml", "https://e.org/")


def test_parsing_stops_at_its_time_limit_and_the_next_feed_is_parsed():
    many = b"<item><title>x</title><description>" + b"y " * 2000 + b"</description></item>"
    slow = b'<rss version="2.0"><channel>' + many * 1100 + b"</channel></rss>"

    async def run() -> str:
        async with ProcessFeedParser(limit_s=30) as parser:
            await parser.parse(RSS, content_type="text/xml", url="https://e.org/warm")
            parser._limit_s = 0.05
            with pytest.raises(NotAFeed, match=r"longer than 0\.05 s"):
                await parser.parse(slow, content_type="text/xml", url="https://e.org/slow")
            parser._limit_s = 30
            return (await parser.parse(RSS, content_type="text/xml", url="https://e.org/rss")).title

    assert asyncio.run(run()) == "Wire"


@given(st.text())
def test_any_text_becomes_text(text):
    assert "\0" not in to_text(text)
    assert "\n" not in one_line(text)


def test_deep_nesting_is_no_recursion():
    assert to_text("<div>" * 20_000 + "deep") in {"deep", ""}


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_refused(body):
    try:
        feed = parse_feed(body, "text/xml", "https://e.org/")
    except NotAFeed:
        return

    assert isinstance(feed.entries, tuple)
