"""Prometheus metrics, read from the rows at each scrape: right for any number of processes, and after a restart."""

from collections.abc import Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from tocsin.core.deliveries import DeliveryState, OutcomeKind
from tocsin.core.messages import Kind, Step
from tocsin.pipeline.delivery_rows import delivery_from
from tocsin.pipeline.event_rows import snapshot_from
from tocsin.ports import Store

_WAITING = {
    Kind.FEED: ("active",),
    Kind.ARTICLE: ("new",),
    Kind.MENTION: ("new",),
    Kind.EVENT: ("changed",),
    Kind.DELIVERY: ("pending", "waiting", "sending"),
}
_BUCKETS = (0.25, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 3600.0)
_SAMPLE = 500


class StoreCollector(Collector):
    """Collects from a store: rows by state, queues, the oldest thing due, memory, and how fast alerts leave."""

    def __init__(self, store: Store, *, digest: str) -> None:
        self._store = store
        self._digest = digest

    def describe(self) -> Iterable[Metric]:
        """Nothing up front: registering must not ask the store."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """One snapshot. Raises `StoreUnavailable` when there is no store to ask."""
        yield InfoMetricFamily("tocsin_rulebook", "The rulebook in force", value={"digest": self._digest})
        yield self._rows()
        yield self._queues()
        yield self._overdue()
        health = self._store.health()
        memory = GaugeMetricFamily("tocsin_store_memory_bytes", "Memory of the store", labels=["what"])
        memory.add_metric(["used"], health.used_memory)
        memory.add_metric(["limit"], health.maxmemory)
        yield memory
        yield from self._latencies()

    def _rows(self) -> Metric:
        family = GaugeMetricFamily("tocsin_rows", "Rows by kind and state", labels=["kind", "state"])
        for kind in Kind:
            for state, number in self._store.count(kind).items():
                family.add_metric([kind, state], number)
        return family

    def _queues(self) -> Metric:
        family = GaugeMetricFamily("tocsin_queue_jobs", "Wake-ups that wait", labels=["step"])
        for step in Step:
            family.add_metric([step], self._store.queued(step))
        return family

    def _overdue(self) -> Metric:
        family = GaugeMetricFamily(
            "tocsin_oldest_due_age_seconds", "How long the oldest due row has waited", labels=["kind", "state"]
        )
        now = self._store.now()
        for kind, states in _WAITING.items():
            for state in states:
                oldest = self._store.oldest_due(kind, state)
                age = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
                family.add_metric([kind, state], age)
        return family

    def _latencies(self) -> Iterator[Metric]:
        """Seconds from fetch, and from publication, to the delivered first message, over the latest deliveries."""
        ids = self._store.list_ids(Kind.DELIVERY, DeliveryState.DELIVERED, limit=_SAMPLE)
        from_fetch: list[float] = []
        from_publication: list[float] = []
        for row in self._store.get_many(Kind.DELIVERY, ids):
            delivery = delivery_from(row)
            done = next((a.at for a in delivery.attempts if a.outcome is OutcomeKind.DELIVERED), None)
            snapshots = self._store.get_many(Kind.SNAPSHOT, delivery.snapshots[:1])
            if done is None or not snapshots or delivery.told_revision:
                continue
            report = snapshot_from(snapshots[0]).event.reports[0]
            from_fetch.append((done - report.fetched_at).total_seconds())
            if report.published_at:
                from_publication.append((done - report.published_at).total_seconds())
        yield _histogram("tocsin_fetched_to_sent_seconds", "From fetch to delivered, latest first messages", from_fetch)
        yield _histogram(
            "tocsin_published_to_sent_seconds", "From publication to delivered, likewise", from_publication
        )


def _histogram(name: str, text: str, values: list[float]) -> Metric:
    counts = [(str(limit), float(sum(value <= limit for value in values))) for limit in _BUCKETS]
    family = HistogramMetricFamily(name, text)
    family.add_metric([], buckets=[*counts, ("+Inf", float(len(values)))], sum_value=sum(values))
    return family
