"""Dispatch: ask which subscriptions a changed event concerns, and write alerts and deliveries with their reasons.

Rows are written in pages, each guarded by the event's version; then the event's `dispatched_revision` advances. Done
twice, or killed between two pages, it writes each alert and delivery once: their ids derive from what they are.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.core.alerts import Decision, DispatchReason, decide
from tocsin.core.events.values import Event
from tocsin.core.messages import Commit, Expected, Kind, Row, Step, Wakeup
from tocsin.core.mutes import Mute, find_mute
from tocsin.core.notices import make_snapshot
from tocsin.core.subscriptions import Subscription
from tocsin.core.watching import SubscriptionIndex
from tocsin.errors import Conflict
from tocsin.pipeline.delivery_rows import alert_row
from tocsin.pipeline.dispatch_known import Known, Standing, read_known
from tocsin.pipeline.dispatch_rows import Ringing, ringing_rows, silent_rows
from tocsin.pipeline.event_rows import dispatched_event, event_from, event_row, mute_from, snapshot_id, snapshot_row
from tocsin.ports import Store

PAGE_ROWS = 250
GROUP_ALERTS = 100
TRIES_TOGETHER = 3
MAX_CONFLICTS = 8
MAX_MUTES = 1000

_UNWANTED = Decision(reason=DispatchReason.UNSUBSCRIBED, detail="every endpoint left the subscription")


@dataclass(slots=True, kw_only=True)
class DispatchReport:
    """What a run did: decisions by reason, deliveries written, and until when updates are held, if any are."""

    reasons: Counter[DispatchReason] = field(default_factory=Counter)
    deliveries: int = 0
    held_until: datetime | None = None
    given_up: bool = False


def dispatch_events(
    event_ids: Sequence[str], *, store: Store, index: SubscriptionIndex, now: datetime
) -> dict[str, DispatchReport]:
    """Dispatch those of the events whose revision is news: read together, and written together as far as a page goes.

    Safe to call at any time and any number of times.
    """
    reports: dict[str, DispatchReport] = {}
    group: list[_Dispatch] = []
    alerts = 0
    for one in _read_changed(list(dict.fromkeys(event_ids)), store=store, index=index, now=now):
        alerts += len(one.concerned)
        if alerts > GROUP_ALERTS:
            reports |= _dispatch_together(group)
            group, alerts = [], len(one.concerned)
        group.append(one)
    return reports | _dispatch_together(group)


def _read_changed(
    event_ids: Sequence[str], *, store: Store, index: SubscriptionIndex, now: datetime
) -> list["_Dispatch"]:
    rows = [row for row in store.get_many(Kind.EVENT, event_ids) if row.state == "changed"]
    mutes = _active_mutes(store) if rows else ()
    made = [_Dispatch(row=row, event=event_from(row), store=store, index=index, now=now, mutes=mutes) for row in rows]
    for one in made:
        one.concerned = index.find(one.event)
    return made


def dispatch_event(event_id: str, *, store: Store, index: SubscriptionIndex, now: datetime) -> DispatchReport:
    """Dispatch one event if its revision is news. Safe to call at any time and any number of times."""
    for _ in range(MAX_CONFLICTS):
        row = store.get(Kind.EVENT, event_id)
        if row is None or row.state != "changed":
            return DispatchReport()
        try:
            mutes = _active_mutes(store)
            return _Dispatch(row=row, event=event_from(row), store=store, index=index, now=now, mutes=mutes).run()
        except Conflict:
            # Merge joined a report, or another dispatcher wrote the page first: judge again what is there now.
            continue
    return DispatchReport(given_up=True)


def _dispatch_together(group: Sequence["_Dispatch"]) -> dict[str, DispatchReport]:
    """Several events in one commit; each by itself when their rows keep changing meanwhile."""
    for _ in range(TRIES_TOGETHER):
        if len(group) < 2:
            break
        try:
            return _try_together(group)
        except Conflict:
            ids, first = [one.event.id for one in group], group[0]
            group = _read_changed(ids, store=first.store, index=first.index, now=first.now)
    return {one.event.id: dispatch_event(one.event.id, store=one.store, index=one.index, now=one.now) for one in group}


def _try_together(group: Sequence["_Dispatch"]) -> dict[str, DispatchReport]:
    store = group[0].store
    known = read_known([(one.event, one.concerned) for one in group], store=store)
    frozen = {row.id for row in store.get_many(Kind.SNAPSHOT, [snapshot_id(one.event) for one in group])}
    for one in group:
        one.frozen = snapshot_id(one.event) in frozen
        one.judge(one.concerned, known)
    _commit(store, [row for one in group for row in one.all_rows()])
    return {one.event.id: one.report for one in group}


@dataclass(slots=True, kw_only=True)
class _Dispatch:
    """One pass over one revision of an event. `rows` are those not committed yet."""

    row: Row
    event: Event
    store: Store
    index: SubscriptionIndex
    now: datetime
    mutes: Sequence[Mute] = ()
    concerned: tuple[Subscription, ...] = ()
    report: DispatchReport = field(default_factory=DispatchReport)
    rows: list[Row] = field(default_factory=list)
    frozen: bool = False

    def run(self) -> DispatchReport:
        """Judge and commit, page after page."""
        subscriptions = self.index.find(self.event)
        self.frozen = self.store.get(Kind.SNAPSHOT, snapshot_id(self.event)) is not None
        for start in range(0, len(subscriptions), PAGE_ROWS):
            page = subscriptions[start : start + PAGE_ROWS]
            self.judge(page, read_known([(self.event, page)], store=self.store))
        _commit(self.store, self.all_rows())
        return self.report

    def judge(self, subscriptions: Sequence[Subscription], known: Known) -> None:
        """Decide for each subscription. Writes whole pages of rows, and leaves the rest in `rows`."""
        for subscription in subscriptions:
            self._judge(subscription, known)

    def _judge(self, subscription: Subscription, known: Known) -> None:
        standing = known.standing(subscription, self.event)
        if standing.carried and standing.alert is not None:
            self._add((alert_row(standing.alert, now=self.now, version=standing.version),))
            self.report.reasons[standing.alert.reason] += 1
            return
        kinship = self.index.kinship
        decision = decide(
            self.event,
            subscription,
            standing.alert,
            now=self.now,
            maturity=self.index.maturity(self.event.type),
            mute=find_mute(self.event, subscription, self.mutes, now=self.now, kinship=kinship) if self.mutes else None,
            told_merged=standing.heard_both,
        )
        if decision.not_before is not None:
            self.report.held_until = min(decision.not_before, self.report.held_until or decision.not_before)
            return
        rows = self._ring(subscription, standing, decision, known) if decision.sends else ()
        if decision.sends and not rows:
            decision = _UNWANTED
        self.report.reasons[decision.reason] += 1
        self._add(rows or silent_rows(self.event, subscription, standing, decision, now=self.now))

    def _ring(
        self, subscription: Subscription, standing: Standing, decision: Decision, known: Known
    ) -> tuple[Row, ...]:
        ringing = Ringing(
            event=self.event,
            subscription=subscription,
            standing=standing,
            decision=decision,
            why=self.index.reasons(self.event, subscription),
            endpoints=self.index.endpoints(subscription),
            now=self.now,
        )
        rows = ringing_rows(ringing, known)
        self.report.deliveries += sum(row.kind is Kind.DELIVERY and row.version == 0 for row in rows)
        return (*self._freeze(), *rows) if rows else ()

    def _freeze(self) -> tuple[Row, ...]:
        """What the deliveries tell, once, before the first of them."""
        if self.frozen:
            return ()
        self.frozen = True
        snapshot = make_snapshot(snapshot_id(self.event), self.event, self.index.rulebook)
        return (snapshot_row(snapshot, now=self.now),)

    def _add(self, rows: Sequence[Row]) -> None:
        if self.rows and len(self.rows) + len(rows) > PAGE_ROWS:
            _commit(self.store, self.rows, Expected(kind=Kind.EVENT, id=self.row.id, version=self.row.version))
            self.rows = []
        self.rows.extend(rows)

    def all_rows(self) -> list[Row]:
        """The rows that are left, and the event's own: what ends the pass."""
        done = self.event if self.report.held_until else dispatched_event(self.event)
        return [
            *self.rows,
            event_row(
                done,
                kinship=self.index.kinship,
                now=self.now,
                version=self.row.version,
                hold_until=self.report.held_until,
            ),
        ]


def _commit(store: Store, rows: Sequence[Row], *expected: Expected) -> None:
    pending = any(row.kind is Kind.DELIVERY and row.state == "pending" for row in rows)
    wakeups = (Wakeup(step=Step.DELIVER),) if pending else ()
    store.commit(Commit(rows=tuple(rows), expected=expected, wakeups=wakeups))


def _active_mutes(store: Store) -> tuple[Mute, ...]:
    ids = store.list_ids(Kind.MUTE, "active", limit=MAX_MUTES)
    return tuple(mute_from(row) for row in store.get_many(Kind.MUTE, ids)) if ids else ()
