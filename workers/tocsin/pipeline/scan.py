"""Scan: find the event mentions of the articles of a wake-up, a few articles a commit.

A kill costs the work on those few, and what was begun before is committed by itself. An attempt is counted before the
work, so that an article that kills the worker is known by its count. Articles tried for the first time are counted
together; one that was begun before is counted alone, right before its turn, so a poisonous one uses up its own attempts
and not its neighbours'.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from tocsin.core.article import Article
from tocsin.core.mentions import Detection
from tocsin.core.messages import Commit, Kind, Row, Step, Wakeup
from tocsin.errors import Conflict, StoreError
from tocsin.pipeline.rows import (
    MAX_ATTEMPTS,
    article_from,
    attempts_of,
    count_attempt,
    mention_row,
    rest_at,
    wake_at,
)
from tocsin.ports import Store

MAX_CONFLICTS = 5
# Some milliseconds of work each: more a commit would save little and keep merge waiting.
TOGETHER = 10
MAX_REASON = 300

_log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class ScanReport:
    """What a run did. `failed` were given up, `postponed` are tried again; `slow` ran into the time limit."""

    scanned: int = 0
    mentions: int = 0
    done_before: int = 0
    postponed: int = 0
    failed: int = 0
    slow: int = 0


def scan(
    ids: Sequence[str],
    *,
    store: Store,
    detect: Callable[[Article], Detection],
    now: datetime,
    limit: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> ScanReport:
    """Scan the articles that are still `new`. Safe to call at any time and any number of times.

    `limit` makes a context that raises `TimeoutError` when one article takes too long. Raises only `StoreError`s.
    """
    report = ScanReport()
    run = _Run(store=store, detect=detect, now=now, limit=limit, report=report)
    rows = store.get_many(Kind.ARTICLE, list(dict.fromkeys(ids)))
    waiting = [row for row in rows if row.state == "new"]
    report.done_before += len(rows) - len(waiting)
    counted = {row.id: row for row in _count_together([row for row in waiting if not attempts_of(row)], store, now)}
    for row in waiting:
        run.scan_one(counted.get(row.id), row)
    run.store_done()
    if run.unannounced:
        store.wake(Step.MERGE)
    return report


def _count_together(rows: list[Row], store: Store, now: datetime) -> tuple[Row, ...]:
    """The rows with their first attempt counted; none when somebody else is at one of them."""
    try:
        return store.commit(Commit(rows=tuple(count_attempt(row, now=now) for row in rows))) if rows else ()
    except Conflict:
        return ()


@dataclass(slots=True, kw_only=True)
class _Run:
    """One call of `scan`. The first commit with mentions wakes merge; for later ones a single wake-up follows at the
    end, because merge takes whatever waits and each job costs milliseconds.
    """

    store: Store
    detect: Callable[[Article], Detection]
    now: datetime
    limit: Callable[[], AbstractContextManager[object]]
    report: ScanReport
    announced: bool = False
    unannounced: bool = False
    done: list["_Done"] = field(default_factory=list)

    def scan_one(self, counted: Row | None, read: Row) -> None:
        if counted is None:
            # It may be what killed a worker before.
            self.store_done()
        row = counted or self._count(read)
        if row is None:
            return
        try:
            with self.limit():
                detection = self.detect(article_from(row))
        except StoreError:
            raise
        except TimeoutError:
            self.report.slow += 1
            self._set_back(row, "it took longer than the time limit of an article")
        except Exception as exc:  # noqa: BLE001  a bug must cost one article, not the batch
            _log.exception("scan_failed", article=row.id, attempt=attempts_of(row))
            self._set_back(row, f"{type(exc).__name__}: {exc}")
        else:
            self.done.append(_Done(row=row, mentions=[mention_row(each, now=self.now) for each in detection.mentions]))
            first = bool(detection.mentions) and not self.announced
            if first or counted is None or len(self.done) >= TOGETHER:
                self.store_done()

    def store_done(self) -> None:
        """Commit what was found in the articles since the last time."""
        done, self.done = self.done, []
        try:
            if done:
                self._commit(done)
        except Conflict:
            for each in done:
                self._store(each)

    def _count(self, row: Row) -> Row | None:
        """The row with one attempt more; None when it is not to be tried: done by others, or failed now."""
        for _ in range(MAX_CONFLICTS):
            spent = attempts_of(row) >= MAX_ATTEMPTS
            try:
                if spent:
                    reason = str(row.body.get("reason") or f"no scan of it came to its end in {MAX_ATTEMPTS} attempts")
                    self._give_up(row, reason)
                    return None
                (counted,) = self.store.commit(Commit(rows=(count_attempt(row, now=self.now),)))
            except Conflict:
                fresh = self._fresh(row)
                if fresh is None or attempts_of(fresh) > attempts_of(row):
                    return None
                row = fresh
            else:
                return counted
        return None

    def _fresh(self, row: Row) -> Row | None:
        """The row as it is now, if it still waits: tick may have touched it, or somebody else has done it."""
        fresh = self.store.get(Kind.ARTICLE, row.id)
        if fresh is not None and fresh.state == "new":
            return fresh
        self.report.done_before += 1
        return None

    def _set_back(self, row: Row, reason: str) -> None:
        """Leave the article for another attempt, or give it up when there is none left."""
        try:
            if attempts_of(row) >= MAX_ATTEMPTS:
                self._give_up(row, reason)
                return
            body = {**row.body, "reason": reason[:MAX_REASON]}
            self.store.commit(Commit(rows=(replace(row, body=body, due_at=wake_at(self.now)),)))
            self.report.postponed += 1
        except Conflict:
            self.report.done_before += 1

    def _give_up(self, row: Row, reason: str) -> None:
        body = {**row.body, "reason": reason[:MAX_REASON]}
        failed = replace(row, state="failed", body=body, due_at=rest_at(Kind.ARTICLE, self.now))
        self.store.commit(Commit(rows=(failed,)))
        self.report.failed += 1
        _log.warning("article_failed", article=row.id, reason=reason[:MAX_REASON])

    def _store(self, one: "_Done") -> None:
        for _ in range(MAX_CONFLICTS):
            try:
                return self._commit([one])
            except Conflict as conflict:
                if conflict.kind == Kind.MENTION:
                    # Stored by an earlier scan of the article, under the same id: it stays as it is.
                    one.mentions = [mention for mention in one.mentions if mention.id != conflict.row_id]
                    continue
                fresh = self._fresh(one.row)
                if fresh is None:
                    return None
                one.row = fresh
        self.report.postponed += 1
        return None

    def _commit(self, done: Sequence["_Done"]) -> None:
        mentions = [mention for one in done for mention in one.mentions]
        wakes = bool(mentions) and not self.announced
        wakeups = (Wakeup(step=Step.MERGE),) if wakes else ()
        rows = [self._scanned(one.row) for one in done]
        self.store.commit(Commit(rows=(*rows, *mentions), wakeups=wakeups))
        self.announced = self.announced or wakes
        self.unannounced = self.unannounced or (bool(mentions) and not wakes)
        self.report.scanned += len(done)
        self.report.mentions += len(mentions)

    def _scanned(self, row: Row) -> Row:
        body = {name: value for name, value in row.body.items() if name != "reason"}
        return replace(row, state="scanned", body=body, due_at=rest_at(Kind.ARTICLE, self.now))


@dataclass(slots=True)
class _Done:
    """An article that was read, and what was found in it."""

    row: Row
    mentions: list[Row]
