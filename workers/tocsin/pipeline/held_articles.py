"""Articles that wait for the operator: a feed published its archive again and they were held, or a scan gave them up.

Released ones are scanned like new; dropped ones stay known, so that the feed that still lists them does not bring
them back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tocsin.core.messages import Commit, Kind, Row, Step, Wakeup
from tocsin.errors import Conflict
from tocsin.pipeline.rows import MAX_SCAN_IDS, rest_at, wake_at
from tocsin.ports import Store

WAITING = ("held", "failed")
PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What was done: how many articles changed; how many had lost their text and cannot be scanned any more; how many
    were left, because others were at them or at one of their page.
    """

    changed: int = 0
    without_text: int = 0
    missed: int = 0


def waiting_articles(store: Store, state: str, *, feed_id: str | None = None) -> Iterator[Row]:
    """The articles in the state (`held` or `failed`), latest first; of one feed, if it is named."""
    ids: list[str] = []
    # Read before they are changed: the list of a state moves under whoever takes rows out of it.
    while page := store.list_ids(Kind.ARTICLE, state, offset=len(ids), limit=PAGE):
        ids += page
    for start in range(0, len(ids), PAGE):
        for row in store.get_many(Kind.ARTICLE, ids[start : start + PAGE]):
            if row.state == state and (feed_id is None or row.body["article"]["feed_id"] == feed_id):
                yield row


def release(rows: Sequence[Row], *, store: Store, now: datetime) -> Handled:
    """Make the articles `new` and ask for their scan, fifty a commit. A failed one gets all its attempts again."""
    waiting = [row for row in rows if row.state in WAITING]
    whole = [row for row in waiting if "archived_on" not in row.body]
    changed = _commit([_renewed(row, now) for row in whole], store, Step.SCAN)
    without_text = len(waiting) - len(whole)
    return Handled(changed=changed, without_text=without_text, missed=len(rows) - without_text - changed)


def drop(rows: Sequence[Row], *, store: Store, now: datetime) -> Handled:
    """Never scan the articles. They rest like scanned ones and leave the store with their age."""
    waiting = [row for row in rows if row.state in WAITING]
    gone = [replace(row, state="dropped", due_at=rest_at(Kind.ARTICLE, now)) for row in waiting]
    changed = _commit(gone, store, None)
    return Handled(changed=changed, missed=len(rows) - changed)


def _renewed(row: Row, now: datetime) -> Row:
    body = {name: value for name, value in row.body.items() if name != "reason"} | {"attempts": 0}
    return replace(row, state="new", body=body, due_at=wake_at(now))


def _commit(rows: Sequence[Row], store: Store, step: Step | None) -> int:
    changed = 0
    for start in range(0, len(rows), MAX_SCAN_IDS):
        page = tuple(rows[start : start + MAX_SCAN_IDS])
        wakeups = (Wakeup(step=step, ids=tuple(row.id for row in page)),) if step else ()
        try:
            store.commit(Commit(rows=page, wakeups=wakeups))
        except Conflict:
            continue  # somebody was at one of them; the operator is told how many were left
        changed += len(page)
    return changed
