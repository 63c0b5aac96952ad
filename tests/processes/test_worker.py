"""The delivery loop beside a worker's queue: woken at once, ended in order, and never dead without notice."""

import signal
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager

import pytest
from event_builders import Desk, FakeSender, article, mention
from redis_server import wait_until
from structlog.testing import capture_logs

from tocsin.core.messages import Kind
from tocsin.core.notices import Notice
from tocsin.core.rulebook import Rulebook
from tocsin.core.subscriptions import Channel
from tocsin.pipeline.deliver import Route
from tocsin.ports import OutgoingMessage
from tocsin.processes.rule_watch import RuleWatch
from tocsin.processes.worker import Drainer


class FixedBook(RuleWatch):
    """A watch over a rulebook that never changes."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book

    def current(self) -> Rulebook:
        return self._book


def render(notice: Notice) -> OutgoingMessage:
    return OutgoingMessage(id=notice.id, address=notice.endpoint.address, body=b"")


def routes_to(sender: FakeSender, closed: list[bool]) -> object:
    @asynccontextmanager
    async def open_routes() -> AsyncIterator[Mapping[Channel, Route]]:
        yield {Channel.WEBHOOK: Route(render=render, sender=sender)}
        closed.append(True)

    return open_routes


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.read(article(), mention())
    desk.dispatch()
    return desk


def test_what_is_due_is_sent_and_the_senders_are_closed_at_the_end(desk: Desk) -> None:
    sender, closed = FakeSender(), []

    with Drainer(desk.store, FixedBook(desk.book), routes_to(sender, closed)) as drainer:  # type: ignore[arg-type]
        drainer.wake(())
        wait_until(lambda: desk.store.count(Kind.DELIVERY) == {"delivered": 1}, what="the delivery")

    assert len(sender.sent) == 1
    assert closed == [True]
    assert "drainer" not in {thread.name for thread in threading.enumerate()}


@pytest.fixture
def terminations() -> Iterator[list[int]]:
    """SIGTERMs that this process sent itself."""
    came: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: came.append(number))
    yield came
    signal.signal(signal.SIGTERM, before)


def test_a_loop_that_dies_ends_its_process(desk: Desk, terminations: list[int]) -> None:
    """The queue alone would go on answering jobs that nobody sends."""

    @asynccontextmanager
    async def broken() -> AsyncIterator[Mapping[Channel, Route]]:
        raise OSError("no file left")
        yield {}

    with capture_logs() as logs, Drainer(desk.store, FixedBook(desk.book), broken):
        wait_until(lambda: bool(terminations), what="the end")

    assert terminations == [signal.SIGTERM]
    assert ["drainer_failed"] == [entry["event"] for entry in logs]
