"""`tocsin articles`: held batches are released or dropped, and nothing else is touched."""

from dataclasses import replace

import pytest
from event_builders import NOW, article
from processes.conftest import Tocsin

from tocsin.adapters.redis_store import RedisStore
from tocsin.core.ids import make_id
from tocsin.core.messages import Commit, Kind, Row, Step
from tocsin.pipeline.retention import AT_REST
from tocsin.pipeline.rows import article_row, wake_at


def put(store: RedisStore, key: str, state: str = "held", *, feed: str = "wire", **body: object) -> str:
    made = article_row(article(key, feed_id=feed, title=f"Story {key}"), now=NOW, item_keys=(key,), state=state)
    store.commit(Commit(rows=(replace(made, body={**made.body, **body}),)))
    return made.id


def row_of(store: RedisStore, article_id: str) -> Row:
    row = store.get(Kind.ARTICLE, article_id)
    assert row is not None
    return row


def test_held_articles_are_counted_by_feed(tocsin: Tocsin, store: RedisStore) -> None:
    for number in range(3):
        put(store, f"w{number}")
    put(store, "g1", feed="gazette")
    put(store, "s1", "scanned")

    text = tocsin("articles", "list").out
    found = tocsin("articles", "list", "--json").json

    assert [["wire", "3"], ["gazette", "1"]] == [line.split() for line in text.splitlines()[1:3]]
    assert {"wire": 3, "gazette": 1} == found["feeds"]
    assert len(found["articles"]) == 4


def test_the_articles_of_a_feed_are_listed_with_their_titles(tocsin: Tocsin, store: RedisStore) -> None:
    held = put(store, "g1", feed="gazette")
    put(store, "w1")

    lines = tocsin("articles", "list", "--feed", "gazette").out.splitlines()

    assert len(lines) == 2
    assert held in lines[1]
    assert "Story g1" in lines[1]


def test_without_held_articles_it_says_so(tocsin: Tocsin, store: RedisStore) -> None:
    assert tocsin("articles", "list").out == "no article is held\n"
    assert tocsin("articles", "list", "--json").json == {"feeds": {}, "articles": []}


def test_a_released_feed_is_scanned_fifty_articles_a_wakeup(tocsin: Tocsin, store: RedisStore) -> None:
    wire = [put(store, f"w{number}") for number in range(120)]
    other = put(store, "g1", feed="gazette")

    answer = tocsin("articles", "release", "--feed", "wire")

    assert (answer.code, answer.out) == (0, "120 released\n")
    assert {"new"} == {row_of(store, article_id).state for article_id in wire}
    assert row_of(store, other).state == "held"
    assert store.queued(Step.SCAN) == 3


def test_a_released_article_is_woken_again_if_its_wakeup_is_lost(tocsin: Tocsin, store: RedisStore) -> None:
    held = put(store, "w1")

    tocsin("articles", "release", held)

    due_at = row_of(store, held).due_at
    assert due_at is not None
    assert due_at <= wake_at(store.now())


def test_a_failed_article_is_released_with_all_its_attempts(tocsin: Tocsin, store: RedisStore) -> None:
    failed = put(store, "w1", "failed", attempts=3, reason="ValueError: odd")
    listed = tocsin("articles", "list", "--state", "failed").out

    answer = tocsin("articles", "release", failed, "--json")

    assert "ValueError: odd" in listed
    assert answer.json == {"released": 1, "without_text": 0, "missed": 0}
    row = row_of(store, failed)
    assert (row.state, row.body["attempts"]) == ("new", 0)
    assert "reason" not in row.body


def test_dropped_articles_stay_known_and_are_never_scanned(tocsin: Tocsin, store: RedisStore) -> None:
    held = put(store, "w1")

    answer = tocsin("articles", "drop", "--feed", "wire")

    assert (answer.code, answer.out) == (0, "1 dropped\n")
    row = row_of(store, held)
    assert row.state == "dropped"
    assert store.find(Kind.ARTICLE, "item:wire:w1") == [held]
    assert store.queued(Step.SCAN) == 0
    assert row.state in AT_REST[Kind.ARTICLE]


def test_an_article_without_its_text_cannot_be_scanned(tocsin: Tocsin, store: RedisStore) -> None:
    held = put(store, "w1", archived_on="2026-04-07")

    answer = tocsin("articles", "release", held)

    assert (answer.code, answer.out) == (1, "0 released\n")
    assert answer.err == "1 have lost their text to the archive and cannot be scanned\n"
    assert row_of(store, held).state == "held"


@pytest.mark.parametrize("command", ["release", "drop"])
def test_articles_that_do_not_wait_are_told_before_anything_is_done(
    tocsin: Tocsin, store: RedisStore, command: str
) -> None:
    held, scanned = put(store, "w1"), put(store, "w2", "scanned")

    answer = tocsin("articles", command, held, scanned, "art_none")

    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        f"article '{scanned}' is scanned: only held and failed ones can be chosen\nthere is no article 'art_none'\n"
    )
    assert row_of(store, held).state == "held"


@pytest.mark.parametrize("command", ["release", "drop"])
def test_a_feed_without_held_articles_is_told(tocsin: Tocsin, store: RedisStore, command: str) -> None:
    answer = tocsin("articles", command, "--feed", "wire")

    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "no article of feed 'wire' is held: see `tocsin articles list`\n"


@pytest.mark.parametrize("arguments", [(), (make_id("art", "w1"), "--feed", "wire")])
def test_either_articles_or_a_feed_must_be_named(tocsin: Tocsin, store: RedisStore, arguments: tuple[str, ...]) -> None:
    assert tocsin("articles", "release", *arguments).code == 2
