"""When a feed is polled next, and what its answers change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.feeds import Feed
from tocsin.core.polling import (
    MAX_BACKOFF_S,
    FeedMemory,
    is_mass_republication,
    remember_failure,
    remember_redirect,
    remember_success,
    remember_unchanged,
    retry_after,
    schedule_after_failure,
    schedule_after_success,
)

NOW = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
FEED = Feed(id="wire", url="https://wire.example/rss", interval_s=300)


def seconds_until(at: datetime) -> float:
    return (at - NOW).total_seconds()


@pytest.mark.parametrize(
    ("headers", "ttl_s", "expected"),
    [
        ({}, None, 300),
        ({"cache-control": "public, max-age=600"}, None, 600),
        ({"cache-control": "max-age=60"}, None, 300),
        ({"expires": "Mon, 09 Mar 2026 12:11:40 GMT"}, None, 700),
        ({}, 420, 420),
        # a publisher may slow us down, never make news a day late
        ({"cache-control": "max-age=86400"}, None, 900),
        ({"cache-control": "max-age=nonsense", "expires": "0"}, None, 300),
    ],
)
def test_the_longest_wish_counts_inside_the_operators_bounds(headers, ttl_s, expected):
    schedule = schedule_after_success(FEED, headers, ttl_s=ttl_s, now=NOW, jitter=0)

    assert seconds_until(schedule.at) == expected


def test_a_capped_wish_is_told_to_the_operator():
    schedule = schedule_after_success(FEED, {"cache-control": "max-age=86400"}, ttl_s=None, now=NOW, jitter=0)

    assert schedule.note == "publisher asks 86400 s, capped at 900 s"


@given(failures=st.integers(1, 10_000), jitter=st.floats(-1, 1))
def test_backoff_is_bounded_and_never_stops(failures, jitter):
    wait = seconds_until(schedule_after_failure(FEED, failures, now=NOW, jitter=jitter).at)

    assert 0 < wait <= MAX_BACKOFF_S * 1.2


@given(failures=st.integers(1, 60))
def test_backoff_never_shrinks_as_failures_grow(failures):
    waits = [schedule_after_failure(FEED, n, now=NOW, jitter=0).at for n in (failures, failures + 1)]

    assert waits[0] <= waits[1]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", timedelta(seconds=120)),
        ("Mon, 09 Mar 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Mon, 09 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("999999999", timedelta(hours=24)),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(value, expected):
    assert expected == retry_after({"retry-after": value}, NOW)


def test_a_body_that_parsed_replaces_the_validators_byte_for_byte():
    memory = remember_success(
        FeedMemory(url=FEED.url, etag="old", failures=3, error="boom"),
        {"etag": 'W/"a b"', "last-modified": "Tue, 1 Jan 2019"},
        body_hash="h",
        new_items=2,
        now=NOW,
    )

    assert ('W/"a b"', "Tue, 1 Jan 2019", 0, "") == (memory.etag, memory.last_modified, memory.failures, memory.error)


def test_a_304_keeps_the_etag_and_takes_a_new_last_modified():
    memory = remember_unchanged(FeedMemory(url=FEED.url, etag="e", last_modified="a"), {"last-modified": "b"}, now=NOW)

    assert ("e", "b", NOW) == (memory.etag, memory.last_modified, memory.last_ok_at)


def test_a_304_after_a_failure_does_not_clear_it():
    memory = remember_unchanged(FeedMemory(url=FEED.url, failures=2, error="not a feed"), {}, now=NOW)

    assert (2, "not a feed", None) == (memory.failures, memory.error, memory.last_ok_at)


def test_our_own_outage_is_not_counted_against_the_feed():
    memory = remember_failure(FeedMemory(url=FEED.url, failures=1), "no connection", own_outage=True)

    assert memory.failures == 1


def test_a_permanent_redirect_is_saved_at_the_third_time_in_a_row():
    memory = FeedMemory(url="https://old.example/rss")
    urls = []
    for _ in range(3):
        memory = remember_redirect(memory, "https://new.example/rss")
        urls.append(memory.url)

    assert ["https://old.example/rss", "https://old.example/rss", "https://new.example/rss"] == urls


def test_a_redirect_elsewhere_starts_the_count_afresh():
    memory = FeedMemory(url="https://old.example/rss")
    for target in ("https://a.example/", "https://a.example/", "https://b.example/", None, "https://a.example/"):
        memory = remember_redirect(memory, target)

    assert ("https://old.example/rss", 1) == (memory.url, memory.moved_seen)


@pytest.mark.parametrize(
    ("new", "total", "usual", "stale", "expected"),
    [
        (30, 30, 2.0, 30, True),  # everything comes back under new ids
        (30, 30, 2.0, 3, False),  # a busy day
        (8, 8, 0.5, 8, False),  # too few to tell
        (30, 60, 2.0, 30, False),  # half of the document is known
        (30, 30, 12.0, 30, False),  # usual for this feed
    ],
)
def test_mass_republication_needs_many_unseen_old_items(new, total, usual, stale, expected):
    assert expected is is_mass_republication(new=new, total=total, usual=usual, stale=stale)
