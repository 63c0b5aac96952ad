"""What every store guarantees: the same claims for the one in memory and the one on Redis."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tocsin.adapters.memory_store import MemoryStore
from tocsin.adapters.redis_client import connect
from tocsin.adapters.redis_store import RedisStore
from tocsin.adapters.rq_jobs import RqQueues
from tocsin.core.messages import Commit, Drop, Expected, Fence, Kind, Row, Step, Wakeup
from tocsin.errors import Conflict, FenceLost
from tocsin.ports import Store

T0 = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
ART = "art_" + "0" * 23


@dataclass
class Subject:
    """A store, and what was queued in it, oldest first."""

    store: Store
    queued: Callable[[Step], list[tuple[str, ...]]]


@pytest.fixture(params=["memory", "redis"])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "memory":
        memory = MemoryStore()
        yield Subject(memory, lambda step: [wakeup.ids for wakeup in memory.wakeups[step]])
        return
    client = connect(request.getfixturevalue("redis_url"))
    prefix = request.getfixturevalue("redis_prefix")
    queues = RqQueues(client, prefix=prefix)
    yield Subject(
        RedisStore(client, queues, prefix=prefix),
        lambda step: [job.ids for job in queues.queue(step).jobs],  # type: ignore[attr-defined]
    )
    client.close()


@pytest.fixture
def store(subject: Subject) -> Store:
    return subject.store


def row(number: int = 0, **changes: Any) -> Row:
    return replace(Row(kind=Kind.ARTICLE, id=f"{ART}{number:x}", state="new", body={"n": number}), **changes)


def put(store: Store, *rows: Row) -> tuple[Row, ...]:
    return store.commit(Commit(rows=rows))


BODIES: list[dict[str, Any]] = [
    {},
    {"text": "Déjà vu, مراكش, 摩洛哥 \n \u2028 and a \x00"},
    {"text": "a long text, so that it is compressed. " * 200, "list": [1, 2.5, None, True, {"a": []}]},
    {"lone surrogate": "\ud800"},
    {"big": 2**63 + 1},
]


@pytest.mark.parametrize("body", BODIES)
def test_a_row_comes_back_as_it_was_written(store: Store, body: dict[str, Any]) -> None:
    written = row(body=body, due_at=T0, keys=("url:https://example.org/a b", "item:f:ö"))

    (stored,) = put(store, written)

    assert store.get(Kind.ARTICLE, written.id) == stored
    assert stored == replace(written, version=1, updated_at=stored.updated_at)
    assert stored.updated_at is not None
    assert abs(stored.updated_at - store.now()) < timedelta(seconds=60)


def test_a_tuple_in_a_body_comes_back_as_a_list(store: Store) -> None:
    put(store, row(body={"ids": ("a", "b")}))

    stored = store.get(Kind.ARTICLE, row().id)

    assert stored is not None
    assert stored.body == {"ids": ["a", "b"]}


def test_a_body_that_is_no_json_is_refused_whole(store: Store) -> None:
    with pytest.raises(TypeError):
        put(store, row(1), row(2, body={"when": T0}))

    assert store.get_many(Kind.ARTICLE, [row(1).id, row(2).id]) == []


def test_changing_what_was_read_changes_nothing_stored(store: Store) -> None:
    body = {"list": [1]}
    put(store, row(body=body))
    body["list"].append(2)
    read = store.get(Kind.ARTICLE, row().id)
    assert read is not None
    read.body["list"].append(3)

    again = store.get(Kind.ARTICLE, row().id)

    assert again is not None
    assert again.body == {"list": [1]}


def test_get_many_keeps_the_order_and_leaves_out_what_is_missing(store: Store) -> None:
    put(store, row(1), row(2))

    found = store.get_many(Kind.ARTICLE, [row(2).id, row(9).id, row(1).id])

    assert [each.id for each in found] == [row(2).id, row(1).id]
    assert store.get_many(Kind.ARTICLE, []) == []
    assert store.get(Kind.MENTION, row(1).id) is None


def test_each_write_adds_one_to_the_version(store: Store) -> None:
    (first,) = put(store, row())
    (second,) = put(store, replace(first, state="scanned"))

    assert (first.version, second.version) == (1, 2)


@pytest.mark.parametrize("stale", [0, 1, 3])
def test_a_write_at_another_version_is_a_conflict_and_writes_nothing(subject: Subject, stale: int) -> None:
    store = subject.store
    (first,) = put(store, row())
    (second,) = put(store, first)
    late = Commit(rows=(row(1), replace(second, version=stale, state="x")), wakeups=(Wakeup(step=Step.SCAN),))

    with pytest.raises(Conflict) as raised:
        store.commit(late)

    assert (raised.value.kind, raised.value.row_id) == ("article", first.id)
    assert store.get_many(Kind.ARTICLE, [row(1).id, first.id]) == [second]
    assert subject.queued(Step.SCAN) == []


def test_an_expectation_guards_a_row_that_is_not_written(store: Store) -> None:
    (seen,) = put(store, row(1))
    guard = Expected(kind=Kind.ARTICLE, id=seen.id, version=1)
    absent = Expected(kind=Kind.ARTICLE, id=row(3).id, version=0)

    store.commit(Commit(rows=(row(2),), expected=(guard, absent)))

    put(store, seen)
    with pytest.raises(Conflict):
        store.commit(Commit(rows=(row(4),), expected=(guard,)))
    with pytest.raises(Conflict):
        store.commit(Commit(rows=(row(4),), expected=(Expected(kind=Kind.ARTICLE, id=row(2).id, version=0),)))
    assert store.get(Kind.ARTICLE, row(4).id) is None


def test_a_row_named_twice_is_a_bug_and_writes_nothing(store: Store) -> None:
    with pytest.raises(ValueError, match="at most once"):
        put(store, row(), row())
    with pytest.raises(ValueError, match="at most once"):
        store.commit(Commit(rows=(row(),), drops=(Drop(kind=Kind.ARTICLE, id=row().id),)))

    assert store.count(Kind.ARTICLE) == {}


def test_wakeups_are_queued_with_the_rows_in_order(subject: Subject) -> None:
    wakeups = (
        Wakeup(step=Step.SCAN, ids=(row(1).id, row(2).id)),
        Wakeup(step=Step.MERGE, ids=()),
        Wakeup(step=Step.SCAN, ids=(row(3).id,)),
    )

    subject.store.commit(Commit(rows=(row(1),), wakeups=wakeups))
    subject.store.wake(Step.DELIVER, ["dlv_" + "a" * 24])

    assert subject.queued(Step.SCAN) == [(row(1).id, row(2).id), (row(3).id,)]
    assert subject.queued(Step.MERGE) == [()]
    assert subject.queued(Step.DELIVER) == [("dlv_" + "a" * 24,)]
    assert [subject.store.queued(step) for step in (Step.SCAN, Step.MERGE, Step.DISPATCH)] == [2, 1, 0]
    assert subject.store.health().queued == {"scan": 2, "merge": 1, "dispatch": 0, "deliver": 1}


def test_a_step_that_finds_its_rows_itself_is_not_woken_twice_over(subject: Subject) -> None:
    for number in (1, 2):
        asked = (Wakeup(step=Step.DELIVER), Wakeup(step=Step.DELIVER), Wakeup(step=Step.DISPATCH))
        subject.store.commit(Commit(rows=(row(number),), wakeups=asked))
        subject.store.wake(Step.MERGE)

    assert [subject.store.queued(step) for step in (Step.DELIVER, Step.MERGE, Step.DISPATCH)] == [1, 1, 2]
    assert subject.store.count(Kind.ARTICLE) == {"new": 2}


def test_rows_are_found_by_their_keys_latest_written_first(store: Store) -> None:
    (first,) = put(store, row(1, keys=("k", "only")))
    put(store, row(2, keys=("k",)))
    put(store, row(3, keys=("other",)))
    assert store.find(Kind.ARTICLE, "k") == [row(2).id, row(1).id]

    put(store, first)

    assert store.find(Kind.ARTICLE, "k") == [row(1).id, row(2).id]
    assert store.find(Kind.ARTICLE, "k", limit=1) == [row(1).id]
    assert store.find_any(Kind.ARTICLE, ["other", "none", "only", "other"]) == {
        "other": [row(3).id],
        "none": [],
        "only": [row(1).id],
    }
    assert store.find_any(Kind.ARTICLE, []) == {}
    assert store.find(Kind.MENTION, "k") == []


def test_a_row_that_loses_a_key_is_no_longer_found_by_it(store: Store) -> None:
    (first,) = put(store, row(keys=("a", "b", "b")))

    put(store, replace(first, keys=("b", "c")))

    assert [store.find(Kind.ARTICLE, key) for key in "abc"] == [[], [row().id], [row().id]]


def test_states_are_counted_and_listed_latest_written_first(store: Store) -> None:
    for number in range(5):
        put(store, row(number))
    (moved,) = store.get_many(Kind.ARTICLE, [row(0).id])
    put(store, replace(moved, state="scanned"))

    assert store.count(Kind.ARTICLE) == {"new": 4, "scanned": 1}
    assert store.count(Kind.EVENT) == {}
    assert store.list_ids(Kind.ARTICLE, "new", limit=3) == [row(4).id, row(3).id, row(2).id]
    assert store.list_ids(Kind.ARTICLE, "new", offset=3) == [row(1).id]
    assert store.list_ids(Kind.ARTICLE, "nowhere") == []


def test_a_state_without_rows_is_not_counted(store: Store) -> None:
    (first,) = put(store, row())

    put(store, replace(first, state="scanned"))

    assert store.count(Kind.ARTICLE) == {"scanned": 1}


def test_due_rows_come_most_overdue_first(store: Store) -> None:
    put(
        store,
        row(1, due_at=T0 + timedelta(microseconds=1)),
        row(2, due_at=T0, state="held"),
        row(3, due_at=T0 - timedelta(days=1)),
        row(4),
        row(5, due_at=T0 - timedelta(days=2), state="failed"),
        row(6, due_at=T0 + timedelta(microseconds=2)),
    )

    before = T0 + timedelta(microseconds=1)
    found = store.due(Kind.ARTICLE, ["new", "held", "unknown"], before)

    assert [each.id for each in found] == [row(3).id, row(2).id, row(1).id]
    assert [each.id for each in store.due(Kind.ARTICLE, ["new", "held"], before, limit=2)] == [row(3).id, row(2).id]
    assert store.due(Kind.ARTICLE, [], T0) == []
    assert store.oldest_due(Kind.ARTICLE, "new") == T0 - timedelta(days=1)
    assert store.oldest_due(Kind.ARTICLE, "scanned") is None


@pytest.mark.parametrize(
    "change",
    [{"due_at": None}, {"due_at": T0 + timedelta(days=1)}, {"state": "scanned"}, {"state": "scanned", "due_at": None}],
)
def test_a_row_put_off_or_moved_on_is_not_due(store: Store, change: dict[str, Any]) -> None:
    (first,) = put(store, row(due_at=T0))

    put(store, replace(first, **change))

    assert store.due(Kind.ARTICLE, ["new"], T0) == []
    assert store.oldest_due(Kind.ARTICLE, "new") == (None if "state" in change else change["due_at"])


def test_a_dropped_row_leaves_nothing_behind(store: Store) -> None:
    put(store, row(1, due_at=T0, keys=("k",)), row(2, due_at=T0, keys=("k",)))

    store.commit(Commit(drops=(Drop(kind=Kind.ARTICLE, id=row(1).id), Drop(kind=Kind.ARTICLE, id=row(9).id))))

    assert store.get(Kind.ARTICLE, row(1).id) is None
    assert store.find(Kind.ARTICLE, "k") == [row(2).id]
    assert store.count(Kind.ARTICLE) == {"new": 1}
    assert [each.id for each in store.due(Kind.ARTICLE, ["new"], T0)] == [row(2).id]
    store.commit(Commit(drops=(Drop(kind=Kind.ARTICLE, id=row(2).id),)))
    assert store.oldest_due(Kind.ARTICLE, "new") is None
    assert put(store, row(1))[0].version == 1


def test_a_guarded_drop_of_a_changed_row_is_a_conflict(store: Store) -> None:
    (first,) = put(store, row())
    put(store, first)
    guard = Expected(kind=Kind.ARTICLE, id=first.id, version=1)

    with pytest.raises(Conflict):
        store.commit(Commit(drops=(Drop(kind=Kind.ARTICLE, id=first.id),), expected=(guard,)))

    assert store.get(Kind.ARTICLE, first.id) is not None


def test_a_lease_has_one_holder_who_renews_it_under_the_same_token(store: Store) -> None:
    lease = store.acquire_lease("tick", "a", 30)
    assert lease is not None

    assert store.acquire_lease("tick", "b", 30) is None
    renewed = store.acquire_lease("tick", "a", 60)

    assert renewed is not None
    assert renewed.token == lease.token
    assert renewed.until > lease.until
    assert store.acquire_lease("merge", "b", 30) is not None


def test_a_released_lease_is_free_and_its_next_token_is_larger(store: Store) -> None:
    first = store.acquire_lease("tick", "a", 30)
    assert first is not None
    store.release_lease(first)

    second = store.acquire_lease("tick", "b", 30)

    assert second is not None
    assert second.token > first.token
    store.release_lease(first)
    assert store.acquire_lease("tick", "c", 30) is None


def test_a_commit_under_a_lease_that_moved_on_writes_nothing(subject: Subject) -> None:
    store = subject.store
    old = store.acquire_lease("tick", "a", 30)
    assert old is not None
    store.commit(Commit(rows=(row(1),), fence=old.fence))
    store.release_lease(old)
    new = store.acquire_lease("tick", "b", 30)
    assert new is not None

    with pytest.raises(FenceLost):
        store.commit(Commit(rows=(row(2),), wakeups=(Wakeup(step=Step.SCAN),), fence=old.fence))
    store.commit(Commit(rows=(row(3),), fence=new.fence))

    assert store.count(Kind.ARTICLE) == {"new": 2}
    assert subject.queued(Step.SCAN) == []


def test_a_fence_on_a_lease_that_nobody_ever_held_is_lost(store: Store) -> None:
    with pytest.raises(FenceLost):
        store.commit(Commit(rows=(row(),), fence=Fence(lease="tick", token=1)))


def test_of_many_writers_at_once_each_step_has_one_winner(store: Store) -> None:
    """Eight threads count to 40 together, each step guarded by the version read: no count is lost or doubled."""
    put(store, row(body={"n": 0}))
    won: list[int] = []

    def work() -> None:
        while True:
            current = store.get(Kind.ARTICLE, row().id)
            assert current is not None
            if current.body["n"] >= 40:
                return
            try:
                store.commit(Commit(rows=(replace(current, body={"n": current.body["n"] + 1}),)))
            except Conflict:
                continue
            won.append(current.body["n"] + 1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(won) == list(range(1, 41))
    final = store.get(Kind.ARTICLE, row().id)
    assert final is not None
    assert final.version == 41
