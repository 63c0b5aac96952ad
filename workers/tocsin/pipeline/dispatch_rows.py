"""The rows of one decision: an alert that rings with its deliveries, or one that stays silent with its reason."""

from dataclasses import dataclass, replace
from datetime import datetime

from tocsin.core.alerts import Alert, Decision, DispatchReason
from tocsin.core.deliveries import Delivery, DeliveryState
from tocsin.core.endpoints import EndpointHealth, EndpointState
from tocsin.core.events.values import Event
from tocsin.core.messages import Row
from tocsin.core.subscriptions import Endpoint, Subscription
from tocsin.pipeline.delivery_rows import alert_id, alert_row, delivery_id, delivery_row
from tocsin.pipeline.dispatch_known import Known, Standing
from tocsin.pipeline.event_rows import snapshot_id

_UNSENT = frozenset({DeliveryState.PENDING, DeliveryState.WAITING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """What one subscription's message is made of. `why` says what of the subscription the event matched."""

    event: Event
    subscription: Subscription
    standing: Standing
    decision: Decision
    why: tuple[str, ...]
    endpoints: tuple[Endpoint, ...]
    now: datetime


def silent_rows(
    event: Event, subscription: Subscription, standing: Standing, decision: Decision, *, now: datetime
) -> tuple[Row, ...]:
    """The alert row of a decision not to send; nothing when it says so already."""
    alert = standing.alert or new_alert(event, subscription)
    said = standing.alert is not None and (alert.reason, alert.detail) == (decision.reason, decision.detail)
    if said or (alert.told_revision and decision.reason is DispatchReason.DUPLICATE):
        return ()
    changed = replace(alert, reason=decision.reason, detail=decision.detail)
    return (alert_row(changed, now=now, version=standing.version),)


def ringing_rows(ringing: Ringing, known: Known) -> tuple[Row, ...]:
    """The alert row, a delivery row per endpoint that did not leave, and those they supersede; else nothing.

    A delivery that is being sent is not superseded: its successor waits for it.
    """
    alert = ringing.standing.alert or new_alert(ringing.event, ringing.subscription)
    previous = known.deliveries(alert)
    rows: list[Row] = []
    written: list[str] = []
    for endpoint in ringing.endpoints:
        if known.has_left(ringing.subscription.id, endpoint.id):
            continue
        last = previous.get(endpoint.id)
        delivery, state = _delivery(ringing, alert, endpoint, known.health.get(endpoint.id), last)
        due_at = ringing.now if state is DeliveryState.PENDING else None
        rows.append(delivery_row(delivery, state, now=ringing.now, due_at=due_at))
        written.append(delivery.id)
        if last is not None and last[0].state in _UNSENT:
            gone = replace(last[1], detail=f"revision {ringing.event.revision} took its place")
            rows.append(delivery_row(gone, DeliveryState.SUPERSEDED, now=ringing.now, version=last[0].version))
    if not written:
        return ()
    told = replace(
        alert,
        reason=ringing.decision.reason,
        detail=ringing.decision.detail,
        told_revision=ringing.event.revision,
        told_at=ringing.now,
        deliveries=tuple(written),
    )
    return (alert_row(told, now=ringing.now, version=ringing.standing.version), *rows)


def closed_reason(health: EndpointHealth) -> DispatchReason:
    """Why nothing is sent to an endpoint that is not open."""
    unconfirmed = health.state is EndpointState.UNCONFIRMED
    return DispatchReason.UNCONFIRMED_ENDPOINT if unconfirmed else DispatchReason.DISABLED_ENDPOINT


def new_alert(event: Event, subscription: Subscription) -> Alert:
    """The alert of an event that the subscription hears of for the first time."""
    return Alert(
        id=alert_id(event.id, subscription.id),
        event_id=event.id,
        subscription_id=subscription.id,
        reason=DispatchReason.FIRST,
    )


def _delivery(
    ringing: Ringing,
    alert: Alert,
    endpoint: Endpoint,
    health: EndpointHealth | None,
    last: tuple[Row, Delivery] | None,
) -> tuple[Delivery, DeliveryState]:
    """An endpoint that may not be written to keeps its delivery, unsent, to be sent again by hand."""
    closed = health if health is not None and not health.open else None
    delivery = Delivery(
        id=delivery_id(alert.id, endpoint.id, ringing.event.revision),
        alert_id=alert.id,
        event_id=ringing.event.id,
        subscription_id=ringing.subscription.id,
        subscription_title=ringing.subscription.title,
        endpoint_id=endpoint.id,
        channel=endpoint.channel,
        reason=closed_reason(closed) if closed else ringing.decision.reason,
        created_at=ringing.now,
        revision=ringing.event.revision,
        snapshots=(snapshot_id(ringing.event),),
        why=ringing.why,
        after=last[1].id if last else None,
        since=alert.told_revision,
        detail=f"the endpoint is {closed.state.value}: {closed.detail}" if closed else "",
    )
    return delivery, DeliveryState.SUPPRESSED if closed else DeliveryState.PENDING
