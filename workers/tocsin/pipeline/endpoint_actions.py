"""What people do to endpoints and deliveries: come back, enable, disable, send again, try out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from tocsin.core.alerts import DispatchReason
from tocsin.core.deliveries import Delivery, DeliveryState
from tocsin.core.endpoints import EndpointHealth, EndpointState
from tocsin.core.ids import make_id
from tocsin.core.messages import Commit, Drop, Expected, Kind, Row, Step, Wakeup
from tocsin.core.notices import MessageType
from tocsin.core.rulebook import Rulebook
from tocsin.core.subscriptions import Channel, Endpoint
from tocsin.errors import Conflict
from tocsin.pipeline.delivery_rows import (
    delivery_from,
    delivery_row,
    endpoint_from,
    endpoint_row,
    opt_out_id,
)
from tocsin.ports import Store

MAX_CONFLICTS = 8
RESENDABLE = frozenset(
    {
        DeliveryState.DELIVERED,
        DeliveryState.GAVE_UP,
        DeliveryState.SUPPRESSED,
        DeliveryState.SUPERSEDED,
        DeliveryState.WAITING,
    }
)


def resubscribe(subscription_id: str, endpoint_id: str, *, store: Store) -> bool:
    """The endpoint comes back; False when it had not left."""
    row = store.get(Kind.ENDPOINT, opt_out_id(subscription_id, endpoint_id))
    if row is None:
        return False
    guard = Expected(kind=row.kind, id=row.id, version=row.version)
    store.commit(Commit(drops=(Drop(kind=row.kind, id=row.id),), expected=(guard,)))
    return True


def enable_endpoint(endpoint_id: str, *, store: Store) -> bool:
    """A disabled, failing or unconfirmed endpoint may be written to again; False when it already could."""
    return _change(endpoint_id, store, lambda _: EndpointHealth(id=endpoint_id))


def disable_endpoint(endpoint_id: str, *, store: Store, why: str) -> bool:
    """Nothing is sent to the endpoint any more, for the reason given; False when that was so."""
    return _change(endpoint_id, store, lambda health: replace(health, state=EndpointState.DISABLED, detail=why))


def require_confirmation(endpoint_id: str, *, store: Store) -> bool:
    """Hold a new address back until it is confirmed (B60); False when it is known already."""
    try:
        row = endpoint_row(EndpointHealth(id=endpoint_id, state=EndpointState.UNCONFIRMED))
        store.commit(Commit(rows=(row,)))
    except Conflict:
        return False
    return True


def _change(endpoint_id: str, store: Store, change: Callable[[EndpointHealth], EndpointHealth]) -> bool:
    for _ in range(MAX_CONFLICTS):
        row = store.get(Kind.ENDPOINT, endpoint_id)
        health = endpoint_from(row) if row else EndpointHealth(id=endpoint_id)
        changed = change(health)
        if changed == health:
            return False
        try:
            store.commit(Commit(rows=(endpoint_row(changed, version=row.version if row else 0),)))
        except Conflict:
            continue
        return True
    return False


def resend(delivery_id: str, *, store: Store, now: datetime) -> str:
    """Send a delivery again, the same bytes under the same id (B50); why not, or nothing when it will be."""
    row = store.get(Kind.DELIVERY, delivery_id)
    if row is None:
        return f"there is no delivery '{delivery_id}'"
    if row.state not in RESENDABLE:
        return f"delivery '{delivery_id}' is {row.state}: it goes out by itself"
    delivery = delivery_from(row)
    delivery = replace(delivery, spent=len(delivery.attempts), detail="sent again by hand", after=None)
    again = delivery_row(delivery, DeliveryState.PENDING, now=now, due_at=now, version=row.version)
    try:
        store.commit(Commit(rows=(again,), wakeups=(Wakeup(step=Step.DELIVER),)))
    except Conflict:
        return f"delivery '{delivery_id}' changed just now: look again"
    return ""


def send_test(endpoint: Endpoint, *, store: Store, now: datetime) -> str:
    """Queue an `endpoint.test` message; its delivery's id."""
    delivery = fact_delivery(
        endpoint,
        MessageType.TEST,
        key=now.isoformat(),
        facts={"Message": "this endpoint works"},
        now=now,
    )
    store.commit(Commit(rows=(_pending(delivery, now),), wakeups=(Wakeup(step=Step.DELIVER),)))
    return delivery.id


def disabled_notices(health: EndpointHealth, *, rulebook: Rulebook, now: datetime) -> tuple[Row, ...]:
    """Deliveries that tell those who share a subscription with a disabled endpoint, by mail (B50)."""
    endpoints = {endpoint.id: endpoint for endpoint in rulebook.endpoints}
    sharing = [subscription for subscription in rulebook.subscriptions if health.id in subscription.endpoints]
    rows: dict[str, Row] = {}
    for subscription in sharing:
        for endpoint_id in subscription.endpoints:
            endpoint = endpoints.get(endpoint_id)
            if endpoint is None or endpoint_id == health.id or endpoint.channel is not Channel.EMAIL:
                continue
            delivery = fact_delivery(
                endpoint,
                MessageType.DISABLED,
                key=f"{health.id} {health.failing_since or now}",
                facts={"Endpoint": health.id, "Reason": health.detail},
                now=now,
            )
            rows.setdefault(delivery.id, _pending(delivery, now))
    return tuple(rows.values())


def fact_delivery(
    endpoint: Endpoint,
    message_type: MessageType,
    *,
    key: str,
    facts: dict[str, str],
    now: datetime,
    subscription_id: str = "",
    subscription_title: str = "",
) -> Delivery:
    """A delivery that tells facts instead of an event: a test or a heartbeat. `key` makes its id."""
    return Delivery(
        id=make_id("dlv", message_type.value, subscription_id, endpoint.id, key),
        alert_id="",
        event_id="",
        subscription_id=subscription_id,
        subscription_title=subscription_title,
        endpoint_id=endpoint.id,
        channel=endpoint.channel,
        reason=DispatchReason.FIRST,
        created_at=now,
        type=message_type,
        facts=facts,
    )


def _pending(delivery: Delivery, now: datetime) -> Row:
    return delivery_row(delivery, DeliveryState.PENDING, now=now, due_at=now)
