"""Retention: rows at rest leave the hot store when their time is up, into the archive first.

A crash between the two archives a page twice, which readers of the archive see through; nothing is dropped that was
not made durable there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from tocsin.core.messages import Commit, Drop, Expected, Fence, Kind, Row
from tocsin.errors import Conflict
from tocsin.pipeline.rows import Retention
from tocsin.ports import Archive, Store

PAGE = 200

# Only states in which no step has anything left to do: a row in any other is never dropped, however old.
AT_REST: Mapping[Kind, tuple[str, ...]] = {
    Kind.ARTICLE: ("scanned", "failed", "held", "dropped"),
    Kind.MENTION: ("merged", "failed"),
    Kind.EVENT: ("dispatched", "redirected"),
    Kind.ALERT: ("open", "muted", "silent"),
    Kind.DELIVERY: ("delivered", "gave_up", "suppressed", "superseded"),
    Kind.SNAPSHOT: ("set",),
    Kind.MUTE: ("expired",),
}

_log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class RetentionReport:
    """What a run did: rows put into the archive, articles left without their text, rows dropped, mutes expired."""

    archived: int = 0
    slimmed: int = 0
    dropped: int = 0
    expired: int = 0


def retain(
    *, store: Store, archive: Archive, fence: Fence, now: datetime, retention: Retention, page: int = PAGE
) -> RetentionReport:
    """Archive and drop one page of each kind of row whose `due_at` has passed. Safe to call any number of times.

    An archive that cannot be written is logged, and its rows stay.
    """
    report = RetentionReport()
    report.expired = _expire_mutes(store=store, fence=fence, now=now, retention=retention, page=page)
    for kind, states in AT_REST.items():
        rows = store.due(kind, states, now, limit=page)
        whole = [row for row in rows if not _is_slim(row)]
        try:
            archive.append(whole, on=now)
        except OSError as exc:
            _log.error("archive_not_written", error=str(exc), rows=len(whole))
            return report
        report.archived += len(whole)
        for commit in _commits(rows, fence=fence, now=now, retention=retention):
            try:
                store.commit(commit)
            except Conflict:
                continue  # somebody wrote to the row meanwhile: it is looked at again when it is due again
            report.slimmed += len(commit.rows)
            report.dropped += len(commit.drops)
    return report


def _commits(rows: list[Row], *, fence: Fence, now: datetime, retention: Retention) -> list[Commit]:
    # One commit a row: each is guarded, and one that was written to meanwhile must not keep the others.
    commits = []
    for row in rows:
        if row.kind is Kind.ARTICLE and not _is_slim(row):
            commits.append(Commit(rows=(_slim(row, now=now, retention=retention),), fence=fence))
        else:
            guard = Expected(kind=row.kind, id=row.id, version=row.version)
            commits.append(Commit(drops=(Drop(kind=row.kind, id=row.id),), expected=(guard,), fence=fence))
    return commits


def _is_slim(row: Row) -> bool:
    return row.kind is Kind.ARTICLE and "archived_on" in row.body


def _slim(row: Row, *, now: datetime, retention: Retention) -> Row:
    """The article without its text, still found by its item and its link; each key costs 180 bytes."""
    article = {name: value for name, value in row.body["article"].items() if name != "body"}
    body = {**row.body, "article": {**article, "body": ""}, "archived_on": now.date().isoformat()}
    days = retention.article_days - retention.article_text_days
    keys = tuple(key for key in row.keys if key.startswith(("item:", "url:")))
    return replace(row, body=body, keys=keys, due_at=now + timedelta(days=days))


def _expire_mutes(*, store: Store, fence: Fence, now: datetime, retention: Retention, page: int) -> int:
    expired = 0
    for row in store.due(Kind.MUTE, ("active",), now, limit=page):
        over = replace(row, state="expired", due_at=now + timedelta(days=retention.days(Kind.MUTE)))
        try:
            store.commit(Commit(rows=(over,), fence=fence))
        except Conflict:
            continue
        expired += 1
    return expired
