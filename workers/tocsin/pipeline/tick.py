"""Tick: whatever waits for time. Rows whose step should have run by now are woken again, old rows go to the archive.

A wake-up may be lost (a killed worker, a restarted Redis); the row's `due_at` tells. Steps that are handed ids get
them, and the rows are put off in the same commit so that the next tick does not wake them again. Merge and deliver
take whatever is due, so one wake-up is enough, and their rows are not touched.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tocsin.core.messages import Commit, Kind, Lease, Row, Step, Wakeup
from tocsin.errors import Conflict
from tocsin.pipeline.retention import RetentionReport, retain
from tocsin.pipeline.rows import MAX_IDS, MAX_SCAN_IDS, Retention, attempts_of, wake_at
from tocsin.ports import Archive, Store

PAGE = 500
# With this many wake-ups in line the workers have enough to do; more would only say the same again.
MAX_QUEUED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The states in which rows of a kind wait for a step. `batch`: ids a wake-up; 0: the step finds its rows itself."""

    kind: Kind
    states: tuple[str, ...]
    step: Step
    batch: int = 0


WAITING = (
    Waiting(kind=Kind.ARTICLE, states=("new",), step=Step.SCAN, batch=MAX_SCAN_IDS),
    Waiting(kind=Kind.MENTION, states=("new",), step=Step.MERGE),
    Waiting(kind=Kind.EVENT, states=("changed",), step=Step.DISPATCH, batch=MAX_IDS),
    Waiting(kind=Kind.ALERT, states=("held",), step=Step.DISPATCH, batch=MAX_IDS),
    Waiting(kind=Kind.DELIVERY, states=("pending", "sending", "waiting"), step=Step.DELIVER),
)


@dataclass(slots=True, kw_only=True)
class TickReport:
    """What a tick did: rows woken by step (for merge and deliver, 1 when there were any), and retention's part."""

    woken: dict[Step, int] = field(default_factory=dict)
    retention: RetentionReport = field(default_factory=RetentionReport)


def tick(
    *, store: Store, archive: Archive, lease: Lease, now: datetime, retention: Retention | None = None
) -> TickReport:
    """One round, bounded to a page of rows a kind. Safe to call at any time and any number of times.

    Raises `FenceLost` when the lease has moved on: another ticker is at it.
    """
    report = TickReport()
    for waiting in WAITING:
        woken = _wake_by_id(waiting, store, lease, now) if waiting.batch else _wake_once(waiting, store, now)
        if woken:
            report.woken[waiting.step] = woken
    report.retention = retain(
        store=store, archive=archive, fence=lease.fence, now=now, retention=retention or Retention()
    )
    return report


def _wake_once(waiting: Waiting, store: Store, now: datetime) -> int:
    oldest = [store.oldest_due(waiting.kind, state) for state in waiting.states]
    if not any(due_at is not None and due_at <= now for due_at in oldest) or store.queued(waiting.step):
        return 0
    store.wake(waiting.step)
    return 1


def _wake_by_id(waiting: Waiting, store: Store, lease: Lease, now: datetime) -> int:
    woken = 0
    if store.queued(waiting.step) >= MAX_QUEUED:
        return 0
    for batch in _batches(store.due(waiting.kind, waiting.states, now, limit=PAGE), waiting.batch):
        put_off = tuple(replace(row, due_at=wake_at(now)) for row in batch)
        wakeup = Wakeup(step=waiting.step, ids=tuple(row.id for row in batch))
        try:
            store.commit(Commit(rows=put_off, wakeups=(wakeup,), fence=lease.fence))
        except Conflict:
            continue  # one of them is being worked on; the others are due again at the next tick
        woken += len(batch)
    return woken


def _batches(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    # What was begun before and not finished may be what killed the worker: it goes alone.
    begun = [row for row in rows if attempts_of(row)]
    fresh = [row for row in rows if not attempts_of(row)]
    yield from ([row] for row in begun)
    for start in range(0, len(fresh), size):
        yield fresh[start : start + size]
