"""Digests: the alerts a subscription has on hold, told together, once.

An alert leaves `held` in the commit that writes the digest's deliveries, so no alert is in two digests.
"""

from datetime import datetime

from tocsin.core.alerts import Alert, DispatchReason
from tocsin.core.deliveries import Delivery, DeliveryState
from tocsin.core.events.values import Event
from tocsin.core.ids import make_id
from tocsin.core.messages import Commit, Kind, Row, Step, Wakeup
from tocsin.core.notices import MessageType, make_snapshot
from tocsin.core.subscriptions import Subscription
from tocsin.core.watching import SubscriptionIndex
from tocsin.errors import Conflict
from tocsin.pipeline.delivery_rows import alert_from, alert_row, delivery_row, held_key, opt_out_id
from tocsin.pipeline.dispatch_known import read_endpoints
from tocsin.pipeline.dispatch_rows import closed_reason
from tocsin.pipeline.event_rows import event_from, snapshot_id, snapshot_row
from tocsin.ports import Store

MAX_ALERTS = 1_000
MAX_SHOWN = 60
MAX_CONFLICTS = 8


def make_digest(alert_id: str, *, store: Store, index: SubscriptionIndex, now: datetime) -> int:
    """Write the digest of the subscription that a held and due alert belongs to; the number of events in it.

    Safe to call at any time and any number of times: an alert that is not held any more gives nothing.
    """
    for _ in range(MAX_CONFLICTS):
        row = store.get(Kind.ALERT, alert_id)
        if row is None or row.state != "held":
            return 0
        try:
            return _write_digest(alert_from(row).subscription_id, store=store, index=index, now=now)
        except Conflict:
            continue  # dispatch rang one of them meanwhile
    return 0


def _write_digest(subscription_id: str, *, store: Store, index: SubscriptionIndex, now: datetime) -> int:
    ids = store.find(Kind.ALERT, held_key(subscription_id), limit=MAX_ALERTS)
    held = [(row, alert_from(row)) for row in store.get_many(Kind.ALERT, ids) if row.state == "held"]
    events = {row.id: event_from(row) for row in store.get_many(Kind.EVENT, [alert.event_id for _, alert in held])}
    subscription = index.subscriptions.get(subscription_id)
    told = [alert for _, alert in held if _tells(events.get(alert.event_id))] if subscription else []
    shown = sorted((events[alert.event_id] for alert in told), key=lambda event: (event.first_seen_at, event.id))
    shown = shown[:MAX_SHOWN]
    deliveries = _deliveries(subscription, shown, told, store=store, index=index, now=now) if subscription else []
    alerts = [
        alert_row(_digested(alert, events.get(alert.event_id), now), now=now, version=row.version)
        for row, alert in held
    ]
    wakeups = (Wakeup(step=Step.DELIVER),) if deliveries else ()
    snapshots = _snapshots(shown, store=store, index=index, now=now) if deliveries else []
    store.commit(Commit(rows=(*snapshots, *deliveries, *alerts), wakeups=wakeups))
    return len(told)


def _tells(event: Event | None) -> bool:
    return event is not None and event.redirected_to is None


def _digested(alert: Alert, event: Event | None, now: datetime) -> Alert:
    """What the digest told need not be told again: only later changes ring."""
    return Alert(
        id=alert.id,
        event_id=alert.event_id,
        subscription_id=alert.subscription_id,
        reason=alert.reason,
        detail=alert.detail,
        told_revision=event.revision if event else 0,
        told_at=now,
        digested=True,
    )


def _deliveries(
    subscription: Subscription,
    events: list[Event],
    alerts: list[Alert],
    *,
    store: Store,
    index: SubscriptionIndex,
    now: datetime,
) -> list[Row]:
    if not events:
        return []
    health, left = read_endpoints((subscription,), store=store)
    first = min(alert.id for alert in alerts)
    rows = []
    for endpoint in index.endpoints(subscription):
        if opt_out_id(subscription.id, endpoint.id) in left:
            continue
        state = health.get(endpoint.id)
        closed = state if state is not None and not state.open else None
        delivery = Delivery(
            id=make_id("dlv", "digest", subscription.id, endpoint.id, first),
            alert_id=first,
            event_id="",
            subscription_id=subscription.id,
            subscription_title=subscription.title,
            endpoint_id=endpoint.id,
            channel=endpoint.channel,
            reason=closed_reason(closed) if closed else DispatchReason.BACKFILL,
            created_at=now,
            snapshots=tuple(snapshot_id(event) for event in events),
            type=MessageType.DIGEST,
            facts={"Events": str(len(alerts))},
            detail=f"the endpoint is {closed.state.value}: {closed.detail}" if closed else "",
        )
        open_state = DeliveryState.SUPPRESSED if closed else DeliveryState.PENDING
        rows.append(delivery_row(delivery, open_state, now=now, due_at=None if closed else now))
    return rows


def _snapshots(events: list[Event], *, store: Store, index: SubscriptionIndex, now: datetime) -> list[Row]:
    known = {row.id for row in store.get_many(Kind.SNAPSHOT, [snapshot_id(event) for event in events])}
    return [
        snapshot_row(make_snapshot(snapshot_id(event), event, index.rulebook), now=now)
        for event in events
        if snapshot_id(event) not in known
    ]
