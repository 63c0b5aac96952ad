"""`tocsin web` over real HTTP: health, metrics, and an unsubscribe page that a link scanner cannot trigger."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from event_builders import NOW
from processes.conftest import Tocsin
from processes.desk_rows import BOOK, ring
from prometheus_client.parser import text_string_to_metric_families
from redis_server import wait_until

from tocsin.adapters.memory_store import MemoryStore
from tocsin.adapters.redis_client import connect
from tocsin.adapters.redis_store import RedisStore
from tocsin.adapters.rq_jobs import RqQueues
from tocsin.core.endpoints import EndpointState
from tocsin.core.messages import Kind
from tocsin.core.signing import unsubscribe_token
from tocsin.pipeline.delivery_rows import opt_out_id
from tocsin.ports import Store
from tocsin.processes.web import make_app

KEY = b"a key of this test"
TOKEN = unsubscribe_token(KEY, subscription_id="isis-arrests", endpoint_id="mail")
ONE_CLICK = "List-Unsubscribe=One-Click"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: dict[str, str]
    text: str


Ask = Callable[..., Answer]


@contextmanager
def serving(store: Store) -> Iterator[Ask]:
    """The application under uvicorn on a free loopback port."""
    app = make_app(store, lambda: BOOK, token_key=KEY)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, what="the server")
    port = server.servers[0].sockets[0].getsockname()[1]

    def ask(path: str, method: str = "GET", body: str | None = None) -> Answer:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        client.request(method, path, body=body, headers=kind)
        response = client.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        text = response.read().decode()
        client.close()
        return Answer(status=response.status, headers=headers, text=text)

    try:
        yield ask
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def memory() -> MemoryStore:
    return MemoryStore(clock=lambda: NOW)


@pytest.fixture
def ask(memory: MemoryStore) -> Iterator[Ask]:
    with serving(memory) as ask:
        yield ask


@pytest.fixture(scope="module")
def without_a_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """A server whose store does not answer."""
    nowhere: Path = tmp_path_factory.mktemp("gone") / "socket"
    client = connect(f"unix://{nowhere}", retries=0)
    with serving(RedisStore(client, RqQueues(client))) as ask:
        yield ask


def left(memory: MemoryStore) -> bool:
    return memory.get(Kind.ENDPOINT, opt_out_id("isis-arrests", "mail")) is not None


def test_it_is_healthy_and_ready(ask: Ask) -> None:
    assert (200, "ok\n") == (ask("/healthz").status, ask("/healthz").text)
    ready = ask("/readyz")
    assert ready.status == 200
    assert json.loads(ready.text)["ready"] is True
    assert json.loads(ready.text)["rulebook"] == BOOK.digest


def test_without_a_store_it_lives_and_is_not_ready(without_a_store: Ask) -> None:
    assert without_a_store("/healthz").status == 200
    ready = without_a_store("/readyz")
    assert ready.status == 503
    assert json.loads(ready.text)["ready"] is False
    assert "does not answer" in json.loads(ready.text)["store"]


def samples(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    families = text_string_to_metric_families(text)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def test_metrics_tell_rows_queues_ages_and_latency_in_prometheus_words(ask: Ask, memory: MemoryStore) -> None:
    ring(memory)

    answer = ask("/metrics")

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    found = samples(answer.text)
    assert found["tocsin_rows", frozenset({("kind", "event"), ("state", "dispatched")})] == 1
    assert found["tocsin_rows", frozenset({("kind", "delivery"), ("state", "delivered")})] == 2
    assert found["tocsin_queue_jobs", frozenset({("step", "scan")})] == memory.queued("scan")
    assert found["tocsin_oldest_due_age_seconds", frozenset({("kind", "article"), ("state", "new")})] >= 0
    assert found["tocsin_fetched_to_sent_seconds_count", frozenset()] == 2
    assert found["tocsin_published_to_sent_seconds_bucket", frozenset({("le", "+Inf")})] == 2
    assert ("tocsin_rulebook_info", frozenset({("digest", BOOK.digest)})) in found


def test_every_metric_has_a_help_text(ask: Ask, memory: MemoryStore) -> None:
    ring(memory)

    families = list(text_string_to_metric_families(ask("/metrics").text))

    assert len(families) >= 6
    assert [] == [family.name for family in families if not family.documentation]
    assert [] == [family.name for family in families if not family.name.startswith("tocsin_")]


def test_no_name_or_address_is_in_the_metrics(ask: Ask, memory: MemoryStore) -> None:
    """Label values come from closed sets, so that series do not grow with subscribers, and nobody is named."""
    ring(memory)

    text = ask("/metrics").text

    for name in ("desk@example.org", "isis-arrests", "desk.example", "a1.example"):
        assert name not in text


def test_without_a_store_metrics_say_so(without_a_store: Ask) -> None:
    answer = without_a_store("/metrics")

    assert answer.status == 503
    assert "does not answer" in answer.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_following_the_link_changes_nothing(ask: Ask, memory: MemoryStore, method: str) -> None:
    answer = ask(f"/unsubscribe/{TOKEN}", method)

    assert answer.status == 200
    assert not left(memory)
    if method == "GET":
        assert '<form method="post">' in answer.text


@pytest.mark.parametrize("body", [ONE_CLICK, "", None])
def test_a_post_unsubscribes_at_once(ask: Ask, memory: MemoryStore, body: str | None) -> None:
    """By the mail program (RFC 8058) as by the button."""
    answer = ask(f"/unsubscribe/{TOKEN}", "POST", body)

    assert answer.status == 200
    assert "unsubscribed" in answer.text
    row = memory.get(Kind.ENDPOINT, opt_out_id("isis-arrests", "mail"))
    assert row is not None
    assert row.state == EndpointState.UNSUBSCRIBED
    assert memory.get(Kind.ENDPOINT, opt_out_id("isis-arrests", "hook")) is None


def test_who_unsubscribed_gets_no_more_mail(ask: Ask, memory: MemoryStore) -> None:
    ask(f"/unsubscribe/{TOKEN}", "POST", ONE_CLICK)

    ring(memory)

    assert {"delivered": 1} == {s: n for s, n in memory.count(Kind.DELIVERY).items() if s == "delivered"}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("token", ["x", TOKEN[:-1], TOKEN + "x", "%00", "%ED%A0%80", "a" * 5000])
def test_a_wrong_token_is_not_found_and_changes_nothing(ask: Ask, memory: MemoryStore, method: str, token: str) -> None:
    answer = ask(f"/unsubscribe/{token}", method)

    assert answer.status == 404
    assert memory.count(Kind.ENDPOINT) == {}


def test_unsubscribing_without_a_store_asks_to_try_again(without_a_store: Ask) -> None:
    answer = without_a_store(f"/unsubscribe/{TOKEN}", "POST", ONE_CLICK)

    assert answer.status == 503
    assert "try again" in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_other_methods_are_refused(ask: Ask, memory: MemoryStore, method: str) -> None:
    assert ask(f"/unsubscribe/{TOKEN}", method).status == 405
    assert not left(memory)


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/metrics", f"/unsubscribe/{TOKEN}", "/unsubscribe/x", "/nowhere"]
)
def test_every_answer_carries_the_safety_headers(ask: Ask, path: str) -> None:
    headers = ask(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_an_address_that_is_taken_is_told_in_one_line(tocsin: Tocsin, store: RedisStore) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = tocsin("web", "--port", str(port))

    assert answer.code == 1
    assert answer.err.startswith(f"tocsin: error: cannot listen on 127.0.0.1:{port}: address already in use")
    assert "TOCSIN_WEB_PORT" in answer.err


def test_the_pages_load_nothing_from_elsewhere(ask: Ask) -> None:
    page = ask(f"/unsubscribe/{TOKEN}").text

    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page
