"""Dispatch: ask which subscriptions a changed event concerns, and write alerts and deliveries with their reasons.

Rows are written in pages, each guarded by the event's version; then the event's `dispatched_revision` advances. Done
twice, or killed between two pages, it writes each alert and delivery once: their ids derive from what they are.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tocsin.core.alerts import Alert, Decision, DispatchReason, decide
from tocsin.core.deliveries import Delivery, DeliveryState
from tocsin.core.endpoints import EndpointHealth, EndpointState
from tocsin.core.events import Event
from tocsin.core.messages import Commit, Expected, Kind, Row, Step, Wakeup
from tocsin.core.mutes import Mute, find_mute
from tocsin.core.notices import make_snapshot
from tocsin.core.rules import Maturity
from tocsin.core.subscriptions import Subscription
from tocsin.core.watching import SubscriptionIndex
from tocsin.errors import Conflict
from tocsin.pipeline.delivery_rows import (
    alert_from,
    alert_id,
    alert_row,
    delivery_from,
    delivery_id,
    delivery_row,
    endpoint_from,
    opt_out_id,
)
from tocsin.pipeline.event_rows import dispatched_event, event_from, event_row, mute_from, snapshot_id, snapshot_row
from tocsin.ports import Store

PAGE_ROWS = 250
MAX_CONFLICTS = 8
MAX_MUTES = 1000


@dataclass(slots=True, kw_only=True)
class DispatchReport:
    """What a run did: decisions by reason, deliveries written, and until when updates are held, if any are."""

    reasons: Counter[DispatchReason] = field(default_factory=Counter)
    deliveries: int = 0
    held_until: datetime | None = None
    given_up: bool = False


def dispatch_event(event_id: str, *, store: Store, index: SubscriptionIndex, now: datetime) -> DispatchReport:
    """Dispatch one event if its revision is news. Safe to call at any time and any number of times."""
    for _ in range(MAX_CONFLICTS):
        row = store.get(Kind.EVENT, event_id)
        if row is None or row.state != "changed":
            return DispatchReport()
        try:
            return _dispatch(row, store=store, index=index, now=now)
        except Conflict:
            # Merge joined a report, or another dispatcher wrote the page first: judge again what is there now.
            continue
    return DispatchReport(given_up=True)


def _dispatch(row: Row, *, store: Store, index: SubscriptionIndex, now: datetime) -> DispatchReport:
    event = event_from(row)
    report = DispatchReport()
    context = _Context(
        event=event,
        store=store,
        index=index,
        now=now,
        maturity=_maturity(event, index),
        mutes=_active_mutes(store),
    )
    writer = _Writer(store=store, guard=Expected(kind=Kind.EVENT, id=row.id, version=row.version))
    subscriptions = index.find(event)
    for start in range(0, len(subscriptions), PAGE_ROWS):
        _dispatch_page(subscriptions[start : start + PAGE_ROWS], context, writer, report)
    done = event if report.held_until else dispatched_event(event)
    final = event_row(done, kinship=index.kinship, now=now, version=row.version, hold_until=report.held_until)
    writer.finish(final)
    return report


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    event: Event
    store: Store
    index: SubscriptionIndex
    now: datetime
    maturity: Maturity
    mutes: tuple[Mute, ...]


@dataclass(slots=True, kw_only=True)
class _Writer:
    """Collects rows and commits them a page at a time, in the order given."""

    store: Store
    guard: Expected
    rows: list[Row] = field(default_factory=list)
    snapshot_written: bool = False

    def add(self, rows: Sequence[Row]) -> None:
        if self.rows and len(self.rows) + len(rows) > PAGE_ROWS:
            self._commit(expected=(self.guard,))
        self.rows.extend(rows)

    def finish(self, event: Row) -> None:
        self.rows.append(event)
        self._commit(expected=())

    def _commit(self, *, expected: tuple[Expected, ...]) -> None:
        pending = any(row.kind is Kind.DELIVERY and row.state == "pending" for row in self.rows)
        wakeups = (Wakeup(step=Step.DELIVER),) if pending else ()
        self.store.commit(Commit(rows=tuple(self.rows), expected=expected, wakeups=wakeups))
        self.rows = []


def _dispatch_page(
    subscriptions: Sequence[Subscription], context: _Context, writer: _Writer, report: DispatchReport
) -> None:
    known = _Known.read(subscriptions, context)
    for subscription in subscriptions:
        alert, version, carried = known.alert(subscription, context.event)
        if alert is not None and version == 0:
            writer.add((alert_row(alert, now=context.now),))
            report.reasons[alert.reason] += 1
            continue
        decision = decide(
            context.event,
            subscription,
            alert,
            now=context.now,
            maturity=context.maturity,
            mute=find_mute(context.event, subscription, context.mutes, now=context.now, kinship=context.index.kinship),
            told_merged=carried,
        )
        report.reasons[decision.reason] += 1
        if decision.not_before is not None:
            report.held_until = min(decision.not_before, report.held_until or decision.not_before)
        elif decision.sends:
            _send(subscription, alert, version, decision, context, writer, known, report)
        else:
            writer.add(tuple(_silent(subscription, alert, version, decision, context)))


def _silent(
    subscription: Subscription, alert: Alert | None, version: int, decision: Decision, context: _Context
) -> Iterator[Row]:
    """The alert row of a decision not to send, unless it says so already."""
    if alert is not None and (alert.reason, alert.detail) == (decision.reason, decision.detail):
        return
    if alert is not None and alert.told_revision and decision.reason is DispatchReason.DUPLICATE:
        return
    changed = replace(alert or _new_alert(subscription, context.event), reason=decision.reason, detail=decision.detail)
    yield alert_row(changed, now=context.now, version=version)


def _send(
    subscription: Subscription,
    alert: Alert | None,
    version: int,
    decision: Decision,
    context: _Context,
    writer: _Writer,
    known: "_Known",
    report: DispatchReport,
) -> None:
    base = alert or _new_alert(subscription, context.event)
    previous = {d.endpoint_id: (row, d) for row, d in known.deliveries(base)}
    rows: list[Row] = []
    written: list[str] = []
    for endpoint_id in subscription.endpoints:
        if opt_out_id(subscription.id, endpoint_id) in known.health:
            continue
        last = previous.get(endpoint_id)
        delivery, state = _delivery(base, subscription, endpoint_id, decision, context, known, last)
        rows.append(
            delivery_row(
                delivery, state, now=context.now, due_at=context.now if state is DeliveryState.PENDING else None
            )
        )
        written.append(delivery.id)
        if last is not None and last[0].state in {DeliveryState.PENDING, DeliveryState.WAITING}:
            old = replace(last[1], detail=f"revision {context.event.revision} took its place")
            rows.append(delivery_row(old, DeliveryState.SUPERSEDED, now=context.now, version=last[0].version))
    if not written:
        unwanted = Decision(reason=DispatchReason.UNSUBSCRIBED, detail="every endpoint left the subscription")
        report.reasons[decision.reason] -= 1
        report.reasons[unwanted.reason] += 1
        writer.add(tuple(_silent(subscription, alert, version, unwanted, context)))
        return
    told = replace(
        base,
        reason=decision.reason,
        detail=decision.detail,
        told_revision=context.event.revision,
        told_at=context.now,
        deliveries=tuple(written),
    )
    if not writer.snapshot_written:
        writer.snapshot_written = True
        if context.store.get(Kind.SNAPSHOT, snapshot_id(context.event)) is None:
            snapshot = make_snapshot(snapshot_id(context.event), context.event, context.index.rulebook)
            writer.add((snapshot_row(snapshot, now=context.now),))
    writer.add((alert_row(told, now=context.now, version=version), *rows))
    report.deliveries += len(written)


def _delivery(
    alert: Alert,
    subscription: Subscription,
    endpoint_id: str,
    decision: Decision,
    context: _Context,
    known: "_Known",
    last: tuple[Row, Delivery] | None,
) -> tuple[Delivery, DeliveryState]:
    """The delivery for one endpoint: one that may not be written to keeps it, unsent, to be sent again by hand."""
    endpoint = next((e for e in context.index.rulebook.endpoints if e.id == endpoint_id), None)
    if endpoint is None:
        raise ValueError(f"subscription '{subscription.id}' names the unknown endpoint '{endpoint_id}'")
    health = known.health.get(endpoint_id)
    open_ = health is None or health.open
    unconfirmed = health is not None and health.state is EndpointState.UNCONFIRMED
    closed = DispatchReason.UNCONFIRMED_ENDPOINT if unconfirmed else DispatchReason.DISABLED_ENDPOINT
    delivery = Delivery(
        id=delivery_id(alert.id, endpoint_id, context.event.revision),
        alert_id=alert.id,
        event_id=context.event.id,
        subscription_id=subscription.id,
        subscription_title=subscription.title,
        endpoint_id=endpoint_id,
        channel=endpoint.channel,
        reason=decision.reason if open_ else closed,
        created_at=context.now,
        revision=context.event.revision,
        snapshots=(snapshot_id(context.event),),
        why=context.index.reasons(context.event, subscription),
        after=last[1].id if last else None,
        detail="" if open_ or health is None else f"the endpoint is {health.state.value}: {health.detail}",
    )
    return delivery, DeliveryState.PENDING if open_ else DeliveryState.SUPPRESSED


def _new_alert(subscription: Subscription, event: Event) -> Alert:
    return Alert(
        id=alert_id(event.id, subscription.id),
        event_id=event.id,
        subscription_id=subscription.id,
        reason=DispatchReason.FIRST,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is stored about a page of subscriptions: their alerts, the last deliveries, their endpoints."""

    alerts: Mapping[str, tuple[Alert, int]]
    last: Mapping[str, tuple[Row, Delivery]]
    health: Mapping[str, EndpointHealth]

    @classmethod
    def read(cls, subscriptions: Sequence[Subscription], context: _Context) -> "_Known":
        store, event = context.store, context.event
        events = (event.id, *event.merged_from)
        ids = [alert_id(event_id, subscription.id) for subscription in subscriptions for event_id in events]
        alerts = {row.id: (alert_from(row), row.version) for row in store.get_many(Kind.ALERT, ids)}
        deliveries = [found for alert, _ in alerts.values() for found in alert.deliveries]
        last = {row.id: (row, delivery_from(row)) for row in store.get_many(Kind.DELIVERY, deliveries)}
        endpoints = {endpoint for subscription in subscriptions for endpoint in subscription.endpoints}
        opted = [opt_out_id(s.id, endpoint) for s in subscriptions for endpoint in s.endpoints]
        rows = store.get_many(Kind.ENDPOINT, [*sorted(endpoints), *opted])
        health = {
            row.id: endpoint_from(row) if "endpoint" in row.body and row.id in endpoints else _left(row.id)
            for row in rows
        }
        return cls(alerts=alerts, last=last, health=health)

    def alert(self, subscription: Subscription, event: Event) -> tuple[Alert | None, int, bool]:
        """The alert, its version, and whether the subscription also heard of an event merged into this one.

        One who heard only of the merged event goes on from there: that alert comes back under this event's id, at
        version 0, as told of the present revision.
        """
        own = self.alerts.get(alert_id(event.id, subscription.id))
        merged = [self.alerts.get(alert_id(old, subscription.id)) for old in event.merged_from]
        told = [found[0] for found in merged if found is not None and found[0].told_revision]
        if own is not None and (own[0].told_revision or not told):
            return own[0], own[1], bool(told)
        if not told:
            return None, 0, False
        carried = replace(
            told[0],
            id=alert_id(event.id, subscription.id),
            event_id=event.id,
            reason=DispatchReason.MERGED,
            detail=f"goes on from {told[0].event_id}",
            told_revision=event.revision,
            carried_from=told[0].event_id,
        )
        return carried, own[1] if own else 0, False

    def deliveries(self, alert: Alert) -> list[tuple[Row, Delivery]]:
        """The last deliveries of an alert that still exist."""
        return [self.last[found] for found in alert.deliveries if found in self.last]


def _left(row_id: str) -> EndpointHealth:
    return EndpointHealth(id=row_id, state=EndpointState.UNSUBSCRIBED)


def _maturity(event: Event, index: SubscriptionIndex) -> Maturity:
    rule = next((rule for rule in index.rulebook.rules if rule.id == event.type), None)
    return rule.maturity if rule else Maturity.STABLE


def _active_mutes(store: Store) -> tuple[Mute, ...]:
    ids = store.list_ids(Kind.MUTE, "active", limit=MAX_MUTES)
    return tuple(mute_from(row) for row in store.get_many(Kind.MUTE, ids)) if ids else ()
