"""Deliver: claim due deliveries, make one attempt at each, record its outcome (`outcomes`).

The drainer runs on asyncio and keeps at most a hundred attempts in flight, four per endpoint; claims beyond that wait
in memory, sixty-four per endpoint, and a lease that ran low meanwhile is renewed. The store is called in threads. A
process killed between the send and its record leaves the row `sending`; it is claimed again when its lease runs out,
and the same bytes go out under the same id.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from tocsin.core.deliveries import Attempt, Outcome, OutcomeKind
from tocsin.core.notices import Notice
from tocsin.core.rulebook import Rulebook
from tocsin.core.subscriptions import Channel
from tocsin.errors import StoreUnavailable, TocsinError
from tocsin.pipeline.claims import HELD_PER_ENDPOINT, Claim, claim_due, give_back, renew_claim
from tocsin.pipeline.outcomes import Ended, Journal
from tocsin.ports import OutgoingMessage, Sender, Store

IN_FLIGHT = 100
PER_ENDPOINT = 4
MAX_HELD = 1_000
BATCH = 200
LEASE_NEEDED = timedelta(seconds=30)
IDLE_S = 1.0
PACE_SHARE = 0.2

_log = structlog.get_logger()


class Renderer(Protocol):
    """Makes a channel's message of a notice: the same bytes for the same notice, always."""

    def __call__(self, notice: Notice, /) -> OutgoingMessage:
        """Raises `SettingsError` when a secret it needs is missing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How a channel's messages are made and sent."""

    render: Renderer
    sender: Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class DrainPorts:
    """What the drainer works with. `rulebook` and `now` are asked anew each time; `jitter` gives -1..1."""

    store: Store
    routes: Mapping[Channel, Route]
    rulebook: Callable[[], Rulebook]
    now: Callable[[], datetime]
    jitter: Callable[[], float]


@dataclass(slots=True, kw_only=True)
class _Flight:
    """The claims held: attempts under way, and those that wait for a place at their endpoint.

    `room` is set when a drainer or an endpoint that was full has room again; `pace_s` is, by endpoint, how many
    seconds lately passed between two attempts at most.
    """

    journal: Journal
    room: asyncio.Event
    full: set[str] = field(default_factory=set)
    pace_s: dict[str, float] = field(default_factory=dict)
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    busy: Counter[str] = field(default_factory=Counter)
    queues: dict[str, deque[Claim]] = field(default_factory=dict)
    closed: bool = False

    def held(self) -> frozenset[str]:
        """The ids of all deliveries held."""
        return frozenset(self.tasks) | {claim.delivery.id for queue in self.queues.values() for claim in queue}

    def load(self) -> Counter[str]:
        """How many are held, by endpoint."""
        return self.busy + Counter({endpoint: len(queue) for endpoint, queue in self.queues.items()})

    def note_full(self) -> None:
        """Remember whom no more could be claimed for, to look again once half of it is done."""
        load = self.load()
        self.full = {endpoint for endpoint, number in load.items() if number >= HELD_PER_ENDPOINT}
        if load.total() > MAX_HELD - BATCH:
            self.full.add("")

    def note_landed(self, endpoint: str) -> None:
        """Tell the loop when there is room where there was none."""
        held = len(self.queues.get(endpoint, ()))
        if endpoint in self.full and held < HELD_PER_ENDPOINT // 2:
            self.full.discard(endpoint)
            self.room.set()
        elif "" in self.full and sum(map(len, self.queues.values())) < MAX_HELD // 2:
            self.full.discard("")
            self.room.set()

    def note_pace(self, endpoint: str, took_s: float) -> None:
        """Remember how long an attempt took."""
        pace_s = took_s / PER_ENDPOINT
        known = self.pace_s.get(endpoint, pace_s)
        self.pace_s[endpoint] = known + PACE_SHARE * (pace_s - known)

    def drop_queued(self) -> list[Claim]:
        """Take out what was not begun; nothing is begun any more."""
        self.closed = True
        queued = [claim for queue in self.queues.values() for claim in queue]
        self.queues.clear()
        return queued


async def drain(
    *,
    store: Store,
    routes: Mapping[Channel, Route],
    rulebook: Callable[[], Rulebook],
    now: Callable[[], datetime],
    jitter: Callable[[], float],
    stop: asyncio.Event,
    wake: asyncio.Event | None = None,
) -> None:
    """Deliver whatever is due until `stop` is set, then wait for the attempts in flight.

    `wake` cuts the idle second short: set it when a deliver job arrives. An unreachable store is waited for.
    """
    ports = DrainPorts(store=store, routes=routes, rulebook=rulebook, now=now, jitter=jitter)
    wake = wake or asyncio.Event()
    flight = _make_flight(ports, wake)
    unreachable = False
    while not stop.is_set():
        wake.clear()
        started = 0
        try:
            started = await _start_due(ports, flight)
            unreachable = False
        except StoreUnavailable as error:
            if not unreachable:
                _log.warning("store_unavailable", step="deliver", detail=str(error))
            unreachable = True
        if not started:
            await _rest(stop, wake)
    queued = flight.drop_queued()
    with suppress(StoreUnavailable):
        await asyncio.to_thread(give_back, queued, store=store, now=now())
    if flight.tasks:
        await asyncio.wait(flight.tasks.values())


async def drain_until_idle(
    *,
    store: Store,
    routes: Mapping[Channel, Route],
    rulebook: Callable[[], Rulebook],
    now: Callable[[], datetime],
    jitter: Callable[[], float],
) -> int:
    """Deliver what is due now, and what becomes due meanwhile; the number of attempts made."""
    ports = DrainPorts(store=store, routes=routes, rulebook=rulebook, now=now, jitter=jitter)
    flight = _make_flight(ports, asyncio.Event())
    total = 0
    while True:
        started = await _start_due(ports, flight)
        total += started
        if not started and not flight.tasks:
            return total
        if flight.tasks:
            await asyncio.wait(list(flight.tasks.values()), return_when=asyncio.FIRST_COMPLETED)
            await asyncio.sleep(0)


def _make_flight(ports: DrainPorts, room: asyncio.Event) -> _Flight:
    journal = Journal(store=ports.store, rulebook=ports.rulebook, now=ports.now, jitter=ports.jitter)
    return _Flight(journal=journal, room=room)


async def _start_due(ports: DrainPorts, flight: _Flight) -> int:
    """Claim what is due, as far as there is room, and begin it; the number claimed."""
    load = flight.load()
    if load.total() > MAX_HELD - BATCH:
        # A look costs about the same for a few as for many.
        flight.note_full()
        return 0
    claims = await asyncio.to_thread(
        claim_due,
        store=ports.store,
        rulebook=ports.rulebook(),
        now=ports.now(),
        limit=BATCH,
        busy=load,
        held=flight.held(),
        pace_s=dict(flight.pace_s),
    )
    for claim in claims:
        flight.queues.setdefault(claim.endpoint.id, deque()).append(claim)
    flight.note_full()
    _begin(ports, flight)
    return len(claims)


def _begin(ports: DrainPorts, flight: _Flight) -> None:
    """Begin waiting claims wherever an endpoint has a place free, endpoints in turn."""
    for endpoint in list(flight.queues):
        queue = flight.queues[endpoint]
        while queue and flight.busy[endpoint] < PER_ENDPOINT and len(flight.tasks) < IN_FLIGHT:
            claim = queue.popleft()
            flight.busy[endpoint] += 1
            task = asyncio.create_task(_attempt(claim, ports, flight), name=claim.delivery.id)
            flight.tasks[claim.delivery.id] = task
            task.add_done_callback(partial(_landed, claim, ports, flight))
        # To the back of the line, so that a hundred busy endpoints do not keep the next ones out.
        del flight.queues[endpoint]
        if queue:
            flight.queues[endpoint] = queue


def _landed(claim: Claim, ports: DrainPorts, flight: _Flight, task: "asyncio.Task[None]") -> None:
    flight.tasks.pop(claim.delivery.id, None)
    flight.busy[claim.endpoint.id] -= 1
    if flight.busy[claim.endpoint.id] <= 0:
        del flight.busy[claim.endpoint.id]
    if not task.cancelled() and task.exception() is not None:
        _log.error("delivery_not_recorded", delivery=claim.delivery.id, exc_info=task.exception())
    if not flight.closed:
        _begin(ports, flight)
        flight.note_landed(claim.endpoint.id)


async def _rest(stop: asyncio.Event, wake: asyncio.Event) -> None:
    """Until a wake-up or the stop arrives, there is room again, or a second has passed."""
    waits = [asyncio.create_task(stop.wait()), asyncio.create_task(wake.wait())]
    await asyncio.wait(waits, timeout=IDLE_S, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    await asyncio.gather(*waits, return_exceptions=True)


async def _attempt(claim: Claim, ports: DrainPorts, flight: _Flight) -> None:
    at = ports.now()
    if claim.row.due_at is None or claim.row.due_at - at < LEASE_NEEDED:
        renewed = await asyncio.to_thread(renew_claim, claim, store=ports.store, now=at)
        if renewed is None:
            return
        claim = renewed
    outcome = await _send(claim, ports, at)
    flight.note_pace(claim.endpoint.id, outcome.took_s)
    attempt = Attempt(at=at, outcome=outcome.kind, code=outcome.code, detail=outcome.detail, took_s=outcome.took_s)
    await flight.journal.write(Ended(claim=claim, outcome=outcome, attempt=attempt))


async def _send(claim: Claim, ports: DrainPorts, at: datetime) -> Outcome:
    route = ports.routes.get(claim.endpoint.channel)
    if route is None:
        return Outcome(kind=OutcomeKind.RETRY, detail=f"no sender is set up for {claim.endpoint.channel.value}")
    try:
        message = route.render(claim.notice)
        return await route.sender.send(message, sent_at=at)
    except TocsinError as error:
        return Outcome(kind=OutcomeKind.RETRY, detail=str(error))
    except Exception as error:  # noqa: BLE001  a bug must cost one attempt, not the drainer
        _log.exception("delivery_failed", delivery=claim.delivery.id)
        return Outcome(kind=OutcomeKind.RETRY, detail=f"internal error: {type(error).__name__}")
