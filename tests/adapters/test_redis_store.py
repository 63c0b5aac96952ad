"""What only the store on Redis has: lost replies, servers that fail, prefixes, URLs, Sentinel."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from redis_server import private_server, wait_until

from tocsin.adapters.redis_client import connect
from tocsin.adapters.redis_store import RedisStore
from tocsin.adapters.rq_jobs import RqQueues
from tocsin.core.messages import Commit, Drop, Kind, Row, Step, Wakeup
from tocsin.errors import Conflict, SettingsError, StoreUnavailable

ART = "art_" + "0" * 24


def make_store(client: redis.Redis, prefix: str = "tocsin-") -> RedisStore:
    return RedisStore(client, RqQueues(client, prefix=prefix), prefix=prefix)


def row(number: int = 0) -> Row:
    return Row(kind=Kind.ARTICLE, id=f"art_{number:024x}", state="new", body={"n": number}, keys=("k",))


class LossyProxy:
    """Stands before a server and swallows the reply to the next script, once, as a broken line would."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.armed = False
        self.lost = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with closing(client), socket.socket(socket.AF_UNIX) as server:
            server.connect(self._target)
            while data := client.recv(1 << 20):
                server.sendall(data)
                reply = server.recv(1 << 20)
                if self.armed and b"EVALSHA" in data and not reply.startswith(b"-NOSCRIPT"):
                    self.armed, self.lost = False, self.lost + 1
                    return
                client.sendall(reply)

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def proxy(redis_url: str) -> Iterator[LossyProxy]:
    proxy = LossyProxy(redis_url.removeprefix("unix://"))
    yield proxy
    proxy.close()


@pytest.fixture
def lossy(proxy: LossyProxy, redis_prefix: str) -> Iterator[RedisStore]:
    client = connect(f"redis://127.0.0.1:{proxy.port}?protocol=2")
    store = make_store(client, redis_prefix)
    store.commit(Commit(rows=(row(9),)))
    yield store
    client.close()


def test_a_commit_whose_reply_was_lost_is_known_as_done(proxy: LossyProxy, lossy: RedisStore) -> None:
    proxy.armed = True

    stored = lossy.commit(Commit(rows=(row(1), row(2)), wakeups=(Wakeup(step=Step.SCAN, ids=(ART,)),)))

    assert proxy.lost == 1
    assert [each.version for each in stored] == [1, 1]
    assert list(stored) == lossy.get_many(Kind.ARTICLE, [row(1).id, row(2).id])
    assert lossy.queued(Step.SCAN) == 1


def test_a_lost_reply_does_not_hide_a_conflict(proxy: LossyProxy, lossy: RedisStore) -> None:
    proxy.armed = True

    with pytest.raises(Conflict):
        lossy.commit(Commit(rows=(row(9),)))

    assert proxy.lost == 1


def test_a_later_commit_of_the_same_rows_is_not_taken_for_a_repetition(lossy: RedisStore) -> None:
    (stored,) = lossy.commit(Commit(rows=(row(1),)))

    with pytest.raises(Conflict):
        lossy.commit(Commit(rows=(row(1),)))

    assert lossy.get(Kind.ARTICLE, row(1).id) == stored


def test_a_dropped_row_leaves_no_key_behind(redis_client: redis.Redis, redis_prefix: str) -> None:
    store = make_store(redis_client, redis_prefix)
    store.commit(Commit(rows=(replace(row(1), due_at=store.now()),)))

    store.commit(Commit(drops=(Drop(kind=Kind.ARTICLE, id=row(1).id),)))

    assert [*redis_client.scan_iter(f"{redis_prefix}*")] == [f"{redis_prefix}s:article".encode()]


def test_two_prefixes_do_not_see_each_other(redis_client: redis.Redis, redis_prefix: str) -> None:
    one, other = (make_store(redis_client, redis_prefix + each) for each in ("one-", "other-"))
    one.commit(Commit(rows=(row(1),), wakeups=(Wakeup(step=Step.SCAN),)))
    assert one.acquire_lease("tick", "a", 60)

    assert other.count(Kind.ARTICLE) == {}
    assert other.find(Kind.ARTICLE, "k") == []
    assert other.queued(Step.SCAN) == 0
    assert other.acquire_lease("tick", "b", 60)


def test_a_long_body_is_kept_compressed(redis_client: redis.Redis, redis_prefix: str) -> None:
    store = make_store(redis_client, redis_prefix)
    text = "Two men were arrested in the town. " * 200

    store.commit(Commit(rows=(replace(row(1), body={"text": text}),)))

    assert redis_client.strlen(f"{redis_prefix}r:article:{row(1).id}") < len(text) / 10


def test_a_lease_ends_by_itself(redis_client: redis.Redis, redis_prefix: str) -> None:
    store = make_store(redis_client, redis_prefix)
    first = store.acquire_lease("tick", "a", 0.05)
    assert first is not None

    wait_until(lambda: store.acquire_lease("tick", "b", 60) is not None, what="the lease's end")

    assert store.acquire_lease("tick", "a", 60) is None
    renewed = store.acquire_lease("tick", "b", 60)
    assert renewed is not None
    assert renewed.token == first.token + 1


def test_the_store_goes_on_after_its_server_was_restarted() -> None:
    """The scripts are gone with the old server; the client loads them again."""
    with private_server("--appendonly", "yes") as server:
        store = make_store(connect(server.url))
        store.commit(Commit(rows=(row(1),)))
        assert store.acquire_lease("tick", "a", 60)
        server.client().script_flush()

        store.commit(Commit(rows=(row(2),)))

        assert store.count(Kind.ARTICLE) == {"new": 2}
        assert store.acquire_lease("tick", "a", 60)


def test_a_server_that_is_gone_is_told() -> None:
    with private_server() as server:
        url = server.url
    store = make_store(connect(url, retries=0))

    for ask in (store.now, store.health, lambda: store.commit(Commit(rows=(row(),))), lambda: store.queued(Step.SCAN)):
        with pytest.raises(StoreUnavailable, match="the store does not answer"):
            ask()


def test_a_full_server_writes_nothing_and_is_told() -> None:
    with private_server("--maxmemory-policy", "noeviction") as server:
        store = make_store(connect(server.url))
        store.commit(Commit(rows=(row(1),)))
        server.client().config_set("maxmemory", 1024)
        commit = Commit(rows=(row(2), row(3)), wakeups=(Wakeup(step=Step.SCAN, ids=(ART,)),))

        with pytest.raises(StoreUnavailable, match="at its memory limit: raise maxmemory"):
            store.commit(commit)
        with pytest.raises(StoreUnavailable, match="at its memory limit"):
            store.wake(Step.SCAN)

        assert store.count(Kind.ARTICLE) == {"new": 1}
        assert store.queued(Step.SCAN) == 0
        assert store.health().maxmemory == 1024
        server.client().config_set("maxmemory", 0)
        assert len(store.commit(commit)) == 2


def test_a_wrong_password_is_told() -> None:
    with private_server("--requirepass", "right") as server:
        with pytest.raises(StoreUnavailable, match="wants a password: put it into TOCSIN_REDIS_URL"):
            make_store(connect(server.url, retries=0)).now()
        with pytest.raises(StoreUnavailable, match="wrong password or user: correct TOCSIN_REDIS_URL"):
            make_store(connect(server.url.replace("unix://", "unix://:wrong@"), retries=0)).now()

        assert make_store(connect(server.url.replace("unix://", "unix://:right@"))).now()


def test_a_server_that_cannot_write_its_disk_is_told() -> None:
    with private_server("--save", "3600 1", "--stop-writes-on-bgsave-error", "yes") as server:
        store = make_store(connect(server.url))
        store.commit(Commit(rows=(row(1),)))
        client = server.client()
        (server.folder / "dump.rdb").mkdir()
        client.bgsave()
        wait_until(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err", what="the failed dump")

        with pytest.raises(StoreUnavailable, match="cannot write to its disk"):
            store.commit(Commit(rows=(row(2),), wakeups=(Wakeup(step=Step.SCAN),)))

        assert store.count(Kind.ARTICLE) == {"new": 1}


def test_health_says_what_an_operator_must_know(redis_client: redis.Redis, redis_prefix: str) -> None:
    health = make_store(redis_client, redis_prefix).health()

    assert health.version.startswith("9.1")
    assert health.used_memory > 100_000
    assert (health.maxmemory, health.aof_enabled, health.eviction_policy) == (0, False, "noeviction")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://localhost", "'http' is not one of redis, rediss, unix, redis.sentinel"),
        ("localhost:6379", "'localhost' is not one of"),
        ("", "'' is not one of"),
        ("redis://localhost:port", "write redis://HOST:PORT/DB"),
        ("redis+sentinel://localhost:26379", "the Sentinel service is missing"),
        ("redis+sentinel://localhost:port/service", "write redis://HOST:PORT/DB"),
    ],
)
def test_a_url_that_cannot_be_used_is_told(url: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        connect(url)


@pytest.mark.parametrize("url", ["redis://h:1/2", "rediss://u:p@h:1/2", "redis://:p@h:1?db=2"])
def test_a_url_names_its_host_and_database(url: str) -> None:
    options = connect(url).connection_pool.connection_kwargs

    assert (options["host"], options["port"], options["db"]) == ("h", 1, 2)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def test_the_primary_is_found_through_sentinel(tmp_path: Path) -> None:
    port, sentinel_port = free_port(), free_port()
    config = tmp_path / "sentinel.conf"
    config.write_text(f"port {sentinel_port}\nbind 127.0.0.1\nsentinel monitor desk 127.0.0.1 {port} 1\n")
    with private_server("--port", str(port), "--bind", "127.0.0.1"), private_server(sentinel=config):
        store = make_store(connect(f"redis+sentinel://127.0.0.1:{free_port()},127.0.0.1:{sentinel_port}/desk/3"))

        store.commit(Commit(rows=(row(1),)))

        assert store.count(Kind.ARTICLE) == {"new": 1}
        with redis.Redis(port=port, db=3) as direct:
            assert direct.exists("tocsin-r:article:" + row(1).id)
