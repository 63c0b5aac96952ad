"""The format of the rows: marked at the first start, carried forward, and refused when it is newer."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tocsin.adapters.redis_client import connect
from tocsin.adapters.redis_format import FORMAT, UPGRADES, ensure_format
from tocsin.adapters.redis_store import RedisStore
from tocsin.adapters.rq_jobs import RqQueues
from tocsin.core.messages import Commit, Fence, Kind, Row
from tocsin.errors import FormatTooNew
from tocsin.pipeline.rows import article_from, attempts_of, mention_from

FORMAT_0 = Path(__file__).parent.parent / "data" / "format-0.json"


@pytest.fixture
def store(redis_url: str, redis_prefix: str) -> Iterator[RedisStore]:
    client = connect(redis_url)
    yield RedisStore(client, RqQueues(client, prefix=redis_prefix), prefix=redis_prefix)
    client.close()


def version(store: RedisStore) -> int:
    row = store.get(Kind.MARK, "format")
    assert row is not None
    return int(row.body["version"])


def put_format_0(store: RedisStore) -> list[Row]:
    rows = [
        Row(**{**row, "kind": Kind(row["kind"]), "keys": tuple(row["keys"])})
        for row in json.loads(FORMAT_0.read_text("utf-8"))
    ]
    return list(store.commit(Commit(rows=tuple(rows))))


def test_an_empty_store_is_marked_with_this_format(store: RedisStore) -> None:
    store.check_format()
    store.check_format()

    assert version(store) == FORMAT
    assert store.count(Kind.MARK) == {"set": 1}


def test_rows_of_format_0_are_carried_forward(store: RedisStore) -> None:
    article, done, mention, alert = put_format_0(store)

    store.check_format()

    assert version(store) == FORMAT
    upgraded, kept = store.get_many(Kind.ARTICLE, [article.id, done.id])
    assert article_from(upgraded).title == "Police arrest two in Tangier"
    assert (attempts_of(upgraded), upgraded.state, upgraded.keys) == (1, article.state, article.keys)
    assert kept == done, "what is in the new format already is not written again"
    (found,) = store.get_many(Kind.MENTION, [mention.id])
    assert mention_from(found).trigger_text == "arrest"
    assert store.get(Kind.ALERT, alert.id) == alert


def test_an_upgrade_that_was_cut_off_is_finished_by_the_next_start(store: RedisStore) -> None:
    article, *_ = put_format_0(store)
    calls = 0

    def dies_at_the_second(row: Row) -> Row:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise KeyboardInterrupt
        return UPGRADES[0](row)

    with pytest.raises(KeyboardInterrupt):
        ensure_format(store, upgrades=(dies_at_the_second,))
    assert store.get(Kind.MARK, "format") is None

    store.check_format()

    (upgraded,) = store.get_many(Kind.ARTICLE, [article.id])
    assert article_from(upgraded).title == "Police arrest two in Tangier"
    assert store.acquire_lease("upgrade", "anyone", 1) is not None


def test_several_upgrades_run_in_order_over_many_rows(store: RedisStore) -> None:
    store.check_format()
    store.commit(Commit(rows=tuple(Row(kind=Kind.ALERT, id=f"a{n}", state="open", body={"n": n}) for n in range(250))))

    def second(row: Row) -> Row:
        return replace(row, body={**row.body, "second": True}) if row.kind is Kind.ALERT else row

    def third(row: Row) -> Row:
        return replace(row, body={**row.body, "third": row.body["second"]}) if row.kind is Kind.ALERT else row

    rewritten = ensure_format(store, upgrades=(*UPGRADES, second, third))

    assert (rewritten, version(store)) == (500, FORMAT + 2)
    bodies = [row.body for row in store.get_many(Kind.ALERT, [f"a{n}" for n in range(250)])]
    assert bodies == [{"n": n, "second": True, "third": True} for n in range(250)]


def test_rows_of_a_later_format_are_left_alone(store: RedisStore) -> None:
    ensure_format(store, upgrades=(*UPGRADES, lambda row: row))

    with pytest.raises(FormatTooNew, match=f"format {FORMAT + 1}, this Tocsin knows {FORMAT}: install"):
        store.check_format()


def test_an_upgrader_that_lost_its_lease_writes_nothing_more(store: RedisStore) -> None:
    put_format_0(store)
    taken: list[Fence] = []

    def slow(row: Row) -> Row:
        if not taken:
            store._client.delete(store._keys.holder("upgrade"))
            other = store.acquire_lease("upgrade", "another", 60)
            assert other is not None
            taken.append(other.fence)
        return replace(row, state="spoilt")

    with pytest.raises(Exception, match="token 1 is no longer the holder's"):
        ensure_format(store, upgrades=(slow,))

    assert "spoilt" not in store.count(Kind.ARTICLE)
