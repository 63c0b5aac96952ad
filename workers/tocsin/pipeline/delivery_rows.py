"""How alerts, deliveries and the state of endpoints are kept as rows."""

from datetime import datetime, timedelta

from tocsin.core.alerts import Alert, DispatchReason
from tocsin.core.deliveries import Delivery, DeliveryState
from tocsin.core.endpoints import EndpointHealth, EndpointState
from tocsin.core.ids import make_id
from tocsin.core.messages import Kind, Row
from tocsin.pipeline.rows import body_of, rest_at, value_from

DIGEST_AFTER = timedelta(minutes=10)


def alert_id(event_id: str, subscription_id: str) -> str:
    """One event for one subscription."""
    return make_id("alr", event_id, subscription_id)


def delivery_id(alert: str, endpoint_id: str, revision: int) -> str:
    """One revision of an alert for one endpoint."""
    return make_id("dlv", alert, endpoint_id, str(revision))


def alert_row(alert: Alert, *, now: datetime, version: int = 0) -> Row:
    """A row for an alert: `open` once it rang, `held` while it waits for a digest, else `muted` or `silent`."""
    due_at = rest_at(Kind.ALERT, now)
    if alert.told_revision or alert.digested:
        state = "open"
    elif alert.reason is DispatchReason.BACKFILL:
        state, due_at = "held", now + DIGEST_AFTER
    else:
        state = "muted" if alert.reason is DispatchReason.MUTED else "silent"
    keys = [f"event:{alert.event_id}", f"subscription:{alert.subscription_id}"]
    if state == "held":
        keys.append(held_key(alert.subscription_id))
    return Row(
        kind=Kind.ALERT,
        id=alert.id,
        state=state,
        body={"alert": body_of(alert)},
        version=version,
        due_at=due_at,
        keys=tuple(keys),
    )


def held_key(subscription_id: str) -> str:
    """The index key of a subscription's alerts that wait for a digest."""
    return f"held:{subscription_id}"


def alert_from(row: Row) -> Alert:
    """The alert in a row."""
    return value_from(Alert, row.body["alert"])


def delivery_row(
    delivery: Delivery, state: DeliveryState, *, now: datetime, due_at: datetime | None = None, version: int = 0
) -> Row:
    """A row for a delivery: due when given, else at rest."""
    keys = [f"endpoint:{delivery.endpoint_id}"]
    keys += [f"alert:{delivery.alert_id}"] if delivery.alert_id else []
    keys += [f"event:{delivery.event_id}"] if delivery.event_id else []
    return Row(
        kind=Kind.DELIVERY,
        id=delivery.id,
        state=state.value,
        body={"delivery": body_of(delivery)},
        version=version,
        due_at=due_at or rest_at(Kind.DELIVERY, now),
        keys=tuple(keys),
    )


def delivery_from(row: Row) -> Delivery:
    """The delivery in a row."""
    return value_from(Delivery, row.body["delivery"])


def endpoint_row(health: EndpointHealth, *, version: int = 0) -> Row:
    """A row for how an endpoint fares. It is kept as long as the endpoint is."""
    return Row(
        kind=Kind.ENDPOINT,
        id=health.id,
        state=health.state.value,
        body={"endpoint": body_of(health)},
        version=version,
    )


def endpoint_from(row: Row) -> EndpointHealth:
    """The state of the endpoint in a row."""
    return value_from(EndpointHealth, row.body["endpoint"])


def opt_out_id(subscription_id: str, endpoint_id: str) -> str:
    """The id of the row that says an endpoint left a subscription."""
    return make_id("opt", subscription_id, endpoint_id)


def opt_out_row(subscription_id: str, endpoint_id: str, *, version: int = 0) -> Row:
    """The row of an endpoint that unsubscribed from one subscription."""
    return Row(
        kind=Kind.ENDPOINT,
        id=opt_out_id(subscription_id, endpoint_id),
        state=EndpointState.UNSUBSCRIBED.value,
        body={"subscription": subscription_id, "endpoint": endpoint_id},
        version=version,
        keys=(f"endpoint:{endpoint_id}",),
    )
