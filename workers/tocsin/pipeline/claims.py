"""Claims: which due deliveries are attempted now, and which wait, are suppressed or superseded instead.

One commit for a batch; when somebody else was faster with one of them, each is tried alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

import structlog

from tocsin.core.deliveries import OPEN_STATES, Delivery, DeliveryState
from tocsin.core.endpoints import EndpointHealth
from tocsin.core.messages import Commit, Kind, Row
from tocsin.core.notices import MessageType, Notice, Snapshot, type_for
from tocsin.core.rulebook import Rulebook
from tocsin.core.subscriptions import Endpoint
from tocsin.errors import Conflict
from tocsin.pipeline.delivery_rows import delivery_from, delivery_row, endpoint_from, opt_out_id
from tocsin.pipeline.event_rows import snapshot_from
from tocsin.pipeline.rows import rest_at
from tocsin.ports import Store

LEASE = timedelta(seconds=60)
HELD_PER_ENDPOINT = 64
# So many more are read than may be claimed: those of an endpoint that holds enough do not hide all others.
LOOK_PAST = 50
PARK = timedelta(seconds=1)
PARK_STEP_S = 0.1
MAX_PARK_S = 30.0
MAX_CHAIN = 50

_log = structlog.get_logger()
_UNSENT = frozenset({DeliveryState.PENDING, DeliveryState.WAITING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery that is ours to attempt until its lease runs out: its row as claimed, and what it tells.

    `healthy`: there was nothing to remember against the endpoint.
    """

    row: Row
    delivery: Delivery
    endpoint: Endpoint
    notice: Notice
    healthy: bool = False


def claim_due(
    *,
    store: Store,
    rulebook: Rulebook,
    now: datetime,
    limit: int,
    busy: Mapping[str, int],
    held: frozenset[str] = frozenset(),
    pace_s: Mapping[str, float] = MappingProxyType({}),
) -> tuple[Claim, ...]:
    """Claim at most `limit` due deliveries. `busy` counts, by endpoint, the claims the caller holds already; `pace_s`
    tells for some how many seconds pass between two attempts there.

    Per event and endpoint at most one is in flight, in order of revision: an older one that is not sent yet is
    superseded by a newer one, and a newer one waits for an older one that is being sent.
    """
    rows = store.due(Kind.DELIVERY, OPEN_STATES, now, limit=limit + LOOK_PAST)
    due = [pair for row in rows if row.id not in held and (pair := _readable(row, store=store, now=now))]
    if not due:
        return ()
    batch = _read(due, store=store, rulebook=rulebook, now=now)
    batch.busy.update(busy)
    batch.pace_s = pace_s
    batch.crowded = len(rows) >= limit + LOOK_PAST
    plans: list[_Plan] = []
    claimed = 0
    # The newest revision first, so that it supersedes its elders before they are claimed.
    for row, delivery in sorted(batch.due, key=lambda pair: -pair[1].revision):
        if delivery.id not in batch.settled:
            plans.append(_plan(row, delivery, batch, full=claimed >= limit))
            claimed += plans[-1].claims
    written = _write(plans, store)
    return tuple(
        Claim(
            row=written[plan.delivery.id],
            delivery=plan.delivery,
            endpoint=plan.endpoint,
            notice=plan.notice,
            healthy=_is_healthy(batch.health.get(plan.endpoint.id)),
        )
        for plan in plans
        if plan.claims and plan.endpoint is not None and plan.notice is not None and plan.delivery.id in written
    )


def _is_healthy(health: EndpointHealth | None) -> bool:
    return health is None or health == EndpointHealth(id=health.id)


def renew_claim(claim: Claim, *, store: Store, now: datetime) -> Claim | None:
    """The claim with a whole lease before it; None when it was lost meanwhile."""
    try:
        (row,) = store.commit(Commit(rows=(replace(claim.row, due_at=now + LEASE),)))
    except Conflict:
        return None
    return replace(claim, row=row)


def give_back(claims: Sequence[Claim], *, store: Store, now: datetime) -> None:
    """Let claims that were not begun be due at once, for whoever comes next."""
    for claim in claims:
        state = DeliveryState.WAITING if claim.delivery.attempts else DeliveryState.PENDING
        row = delivery_row(claim.delivery, state, now=now, due_at=now, version=claim.row.version)
        with suppress(Conflict):
            store.commit(Commit(rows=(row,)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """One due delivery's fate: the rows to write, and what is to be sent once they are, if it is claimed."""

    delivery: Delivery
    rows: tuple[Row, ...] = ()
    endpoint: Endpoint | None = None
    notice: Notice | None = None

    @property
    def claims(self) -> bool:
        return self.notice is not None


@dataclass(slots=True, kw_only=True)
class _Batch:
    """The due deliveries with everything their fate depends on. `busy`, `parked` and `settled` grow with the plans.

    `crowded`: there may be more due ones behind them.
    """

    now: datetime
    due: list[tuple[Row, Delivery]]
    elders: Mapping[str, tuple[Row, Delivery]]
    health: Mapping[str, EndpointHealth]
    left: frozenset[str]
    snapshots: Mapping[str, Snapshot]
    endpoints: Mapping[str, Endpoint]
    subscriptions: frozenset[str]
    busy: Counter[str] = field(default_factory=Counter)
    parked: Counter[str] = field(default_factory=Counter)
    settled: set[str] = field(default_factory=set)
    pace_s: Mapping[str, float] = field(default_factory=dict)
    crowded: bool = False


def _readable(row: Row, *, store: Store, now: datetime) -> tuple[Row, Delivery] | None:
    """The row's delivery; one that cannot be read is set aside, or it would stop the drainer at every look."""
    try:
        return row, delivery_from(row)
    except (ValueError, KeyError):
        _log.exception("delivery_unreadable", delivery=row.id)
        aside = replace(row, state=DeliveryState.GAVE_UP.value, due_at=rest_at(Kind.DELIVERY, now))
        with suppress(Conflict):
            store.commit(Commit(rows=(aside,)))
        return None


def _read(due: list[tuple[Row, Delivery]], *, store: Store, rulebook: Rulebook, now: datetime) -> _Batch:
    endpoints = {delivery.endpoint_id for _, delivery in due}
    opted = {opt_out_id(delivery.subscription_id, delivery.endpoint_id) for _, delivery in due}
    states = store.get_many(Kind.ENDPOINT, [*sorted(endpoints), *sorted(opted)])
    snapshots = dict.fromkeys(snapshot for _, delivery in due for snapshot in delivery.snapshots)
    return _Batch(
        now=now,
        due=due,
        elders=_read_elders(due, store),
        health={row.id: endpoint_from(row) for row in states if row.id in endpoints},
        left=frozenset(row.id for row in states if row.id in opted),
        snapshots={row.id: snapshot_from(row) for row in store.get_many(Kind.SNAPSHOT, list(snapshots))},
        endpoints=rulebook.endpoints_by_id,
        subscriptions=rulebook.enabled_ids,
    )


def _read_elders(due: Sequence[tuple[Row, Delivery]], store: Store) -> dict[str, tuple[Row, Delivery]]:
    """The earlier deliveries of the same events to the same endpoints, back to the last that arrived."""
    elders: dict[str, tuple[Row, Delivery]] = {}
    wanted = {delivery.after for _, delivery in due if delivery.after}
    for _ in range(MAX_CHAIN):
        rows = store.get_many(Kind.DELIVERY, sorted(wanted - elders.keys()))
        if not rows:
            break
        read = {row.id: (row, delivery_from(row)) for row in rows}
        elders |= read
        wanted = {d.after for row, d in read.values() if d.after and row.state != DeliveryState.DELIVERED}
    return elders


def _plan(row: Row, delivery: Delivery, batch: _Batch, *, full: bool) -> _Plan:
    endpoint = batch.endpoints.get(delivery.endpoint_id)
    refusal = _refusal(delivery, endpoint, batch)
    if refusal or endpoint is None:
        closed = replace(delivery, detail=refusal)
        row = delivery_row(closed, DeliveryState.SUPPRESSED, now=batch.now, version=row.version)
        return _Plan(delivery=closed, rows=(row,))
    health = batch.health.get(endpoint.id)
    if health is not None and health.throttled_until is not None and health.throttled(batch.now):
        return _park(row, delivery, batch, until=health.throttled_until)
    past = _look_back(delivery, batch)
    if past.being_sent:
        return _park(row, delivery, batch, until=batch.now + PARK, spread=False)
    if batch.busy[endpoint.id] >= HELD_PER_ENDPOINT:
        # Only where it may hide others is it worth a write.
        return _park(row, delivery, batch, until=batch.now + PARK) if batch.crowded else _Plan(delivery=delivery)
    if full:
        return _Plan(delivery=delivery)
    batch.busy[endpoint.id] += 1
    batch.settled |= {old.id for old in past.unsent}
    claimed = delivery if delivery.sent_at else _settle(delivery, past, batch.now)
    sending = delivery_row(claimed, DeliveryState.SENDING, now=batch.now, due_at=batch.now + LEASE, version=row.version)
    notice = _notice(claimed, endpoint, batch)
    return _Plan(delivery=claimed, rows=(sending, *past.unsent), endpoint=endpoint, notice=notice)


def _refusal(delivery: Delivery, endpoint: Endpoint | None, batch: _Batch) -> str:
    """Why the delivery must not be sent; empty when it may."""
    health = batch.health.get(delivery.endpoint_id)
    if endpoint is None:
        return f"endpoint '{delivery.endpoint_id}' is no longer in the rulebook"
    if delivery.subscription_id and delivery.subscription_id not in batch.subscriptions:
        return f"subscription '{delivery.subscription_id}' is no longer in the rulebook"
    if batch.left and opt_out_id(delivery.subscription_id, delivery.endpoint_id) in batch.left:
        return "the endpoint left the subscription"
    if health is not None and not health.open and delivery.type is not MessageType.TEST:
        return f"the endpoint is {health.state.value}: {health.detail}"
    if any(snapshot not in batch.snapshots for snapshot in delivery.snapshots):
        return "what it tells is no longer in the store"
    return ""


def _park(row: Row, delivery: Delivery, batch: _Batch, *, until: datetime, spread: bool = True) -> _Plan:
    """Look again later, the further back in the queue the later: so a slow endpoint does not fill every batch."""
    waiting = batch.parked[delivery.endpoint_id] if spread else 0
    batch.parked[delivery.endpoint_id] += 1
    pace_s = batch.pace_s.get(delivery.endpoint_id, PARK_STEP_S)
    due_at = until + timedelta(seconds=min(waiting * pace_s, MAX_PARK_S))
    return _Plan(delivery=delivery, rows=(replace(row, due_at=due_at),))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What became of the event's earlier deliveries to the endpoint. `unsent` are their rows, superseded."""

    arrived: Delivery | None = None
    being_sent: bool = False
    unsent: tuple[Row, ...] = ()


def _look_back(delivery: Delivery, batch: _Batch) -> _Past:
    unsent: list[Row] = []
    elder = batch.elders.get(delivery.after or "")
    while elder is not None:
        row, old = elder
        if row.state == DeliveryState.DELIVERED:
            return _Past(arrived=old, unsent=tuple(unsent))
        # One whose lease ran out may have arrived: it has to be repeated under its own id before anything newer.
        if row.state == DeliveryState.SENDING:
            return _Past(being_sent=True)
        if row.state in _UNSENT:
            gone = replace(old, detail=f"revision {delivery.revision} took its place")
            unsent.append(delivery_row(gone, DeliveryState.SUPERSEDED, now=batch.now, version=row.version))
        elder = batch.elders.get(old.after or "")
    return _Past(unsent=tuple(unsent))


def _settle(delivery: Delivery, past: _Past, now: datetime) -> Delivery:
    """Fix what the message says of itself, once and for all attempts."""
    told = 0
    if past.arrived:
        # Revisions of a merged event are counted otherwise: then what the alert was carried over at holds.
        told = past.arrived.revision if past.arrived.event_id == delivery.event_id else delivery.since
    return replace(
        delivery,
        type=delivery.type or type_for(delivery.reason, told_revision=told),
        told_revision=told,
        thread=(past.arrived.thread or past.arrived.id) if past.arrived else delivery.id,
        sent_at=now,
    )


def _notice(delivery: Delivery, endpoint: Endpoint, batch: _Batch) -> Notice:
    return Notice(
        id=delivery.id,
        type=delivery.type or MessageType.DETECTED,
        reason=delivery.reason,
        endpoint=endpoint,
        subscription_id=delivery.subscription_id,
        subscription_title=delivery.subscription_title,
        alert_id=delivery.alert_id,
        sent_at=delivery.sent_at or batch.now,
        created_at=delivery.created_at,
        snapshots=tuple(batch.snapshots[snapshot] for snapshot in delivery.snapshots),
        told_revision=delivery.told_revision,
        thread=delivery.thread,
        why=delivery.why,
        facts=delivery.facts,
    )


def _write(plans: Sequence[_Plan], store: Store) -> dict[str, Row]:
    """The rows as stored, of every plan that could be written."""
    try:
        return _commit([row for plan in plans for row in plan.rows], store)
    except Conflict:
        written: dict[str, Row] = {}
        for plan in plans:
            try:
                written |= _commit(plan.rows, store)
            except Conflict:
                continue  # another drainer has it, or dispatch superseded it: it is looked at again when it is due
        return written


def _commit(rows: Sequence[Row], store: Store) -> dict[str, Row]:
    return {row.id: row for row in store.commit(Commit(rows=tuple(rows)))} if rows else {}
