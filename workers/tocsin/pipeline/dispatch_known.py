"""What is already known when an event is dispatched: alerts, last deliveries, endpoints. One read per page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tocsin.core.alerts import Alert, DispatchReason
from tocsin.core.deliveries import Delivery
from tocsin.core.endpoints import EndpointHealth
from tocsin.core.events.values import Event
from tocsin.core.messages import Kind, Row
from tocsin.core.subscriptions import Subscription
from tocsin.pipeline.delivery_rows import alert_from, alert_id, delivery_from, endpoint_from, opt_out_id
from tocsin.ports import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a subscription heard of an event so far.

    `version` is the alert row's, 0 when there is none. `heard_both`: it was also told of an event merged into this
    one. `carried`: it was told only of such an event, and the alert, not stored yet, goes on from there.
    """

    alert: Alert | None = None
    version: int = 0
    heard_both: bool = False
    carried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The rows a page of subscriptions depends on."""

    alerts: Mapping[str, tuple[Alert, int]]
    last: Mapping[str, tuple[Row, Delivery]]
    health: Mapping[str, EndpointHealth]
    left: frozenset[str]

    def standing(self, subscription: Subscription, event: Event) -> Standing:
        """What the subscription heard of the event, or of one merged into it."""
        own, version = self.alerts.get(alert_id(event.id, subscription.id), (None, 0))
        merged = [self.alerts.get(alert_id(old, subscription.id)) for old in event.merged_from]
        told = [found[0] for found in merged if found is not None and found[0].told_revision]
        if not told or (own is not None and own.told_revision):
            return Standing(alert=own, version=version, heard_both=bool(told))
        carried = replace(
            told[0],
            id=alert_id(event.id, subscription.id),
            event_id=event.id,
            reason=DispatchReason.MERGED,
            detail=f"goes on from {told[0].event_id}",
            told_revision=event.revision,
            carried_from=told[0].event_id,
        )
        return Standing(alert=carried, version=version, carried=True)

    def deliveries(self, alert: Alert) -> dict[str, tuple[Row, Delivery]]:
        """The last deliveries of an alert that still exist, by endpoint."""
        found = (self.last[delivery] for delivery in alert.deliveries if delivery in self.last)
        return {delivery.endpoint_id: (row, delivery) for row, delivery in found}

    def has_left(self, subscription_id: str, endpoint_id: str) -> bool:
        """Whether the endpoint unsubscribed."""
        return opt_out_id(subscription_id, endpoint_id) in self.left


def read_known(pairs: Sequence[tuple[Event, Sequence[Subscription]]], *, store: Store) -> Known:
    """Read what the decisions for these events and subscriptions depend on."""
    ids = [
        alert_id(event_id, subscription.id)
        for event, subscriptions in pairs
        for subscription in subscriptions
        for event_id in (event.id, *event.merged_from)
    ]
    alerts = {row.id: (alert_from(row), row.version) for row in store.get_many(Kind.ALERT, ids)}
    deliveries = [delivery for alert, _ in alerts.values() for delivery in alert.deliveries]
    last = store.get_many(Kind.DELIVERY, deliveries) if deliveries else []
    concerned = {subscription.id: subscription for _, subscriptions in pairs for subscription in subscriptions}
    health, left = read_endpoints(list(concerned.values()), store=store)
    return Known(alerts=alerts, last={row.id: (row, delivery_from(row)) for row in last}, health=health, left=left)


def read_endpoints(
    subscriptions: Sequence[Subscription], *, store: Store
) -> tuple[dict[str, EndpointHealth], frozenset[str]]:
    """How the subscriptions' endpoints fare, and the ids of the opt-outs among them."""
    endpoints = {endpoint for subscription in subscriptions for endpoint in subscription.endpoints}
    opted = {opt_out_id(s.id, endpoint) for s in subscriptions for endpoint in s.endpoints}
    rows = store.get_many(Kind.ENDPOINT, [*sorted(endpoints), *sorted(opted)])
    health = {row.id: endpoint_from(row) for row in rows if row.id in endpoints}
    return health, frozenset(row.id for row in rows if row.id in opted)
