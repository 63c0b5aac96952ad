"""The format of the rows: checked at every start, carried forward by upgrades, never read when it is newer.

The format is a row of its own (`mark` `format`). To change how rows are kept, add the function that turns a row of
format n into one of format n + 1 to `UPGRADES`; `FORMAT` follows. An upgrade may be cut off at any row and run again,
so a function must leave a row alone that is in the new format already. Other processes of an older version must be
stopped first; those of the new version wait for the lease.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import structlog

from tocsin.core.messages import Commit, Kind, Lease, Row
from tocsin.errors import Conflict, FormatTooNew, StoreUnavailable
from tocsin.ports import Store

MARK = "format"
LEASE = "upgrade"
LEASE_S = 60.0
WAIT_S = 600.0
PAGE = 100

Upgrade = Callable[[Row], Row]

_log = structlog.get_logger()


def _from_0(row: Row) -> Row:
    """Format 0 kept an article's or mention's fields at the top of the body, attempts among them."""
    if row.kind not in {Kind.ARTICLE, Kind.MENTION} or row.kind.value in row.body:
        return row
    value: dict[str, Any] = dict(row.body)
    attempts, reason = value.pop("attempts", 0), value.pop("reason", None)
    body = {row.kind.value: value, "attempts": attempts}
    return replace(row, body=body if reason is None else {**body, "reason": reason})


UPGRADES: tuple[Upgrade, ...] = (_from_0,)
FORMAT = len(UPGRADES)


def ensure_format(store: Store, *, upgrades: Sequence[Upgrade] = UPGRADES) -> int:
    """Bring the rows to this version's format and return how many were rewritten; an empty store is marked.

    Waits while another process upgrades. Raises `FormatTooNew` when the rows are of a later format.
    """
    wanted = len(upgrades)
    deadline = time.monotonic() + WAIT_S
    while (found := _found(store, wanted)) < wanted:
        lease = store.acquire_lease(LEASE, f"upgrade-{secrets.token_hex(4)}", LEASE_S)
        if lease is not None:
            try:
                return _upgrade(store, lease, found=found, upgrades=upgrades)
            finally:
                store.release_lease(lease)
        if time.monotonic() > deadline:
            raise StoreUnavailable("another process has been upgrading the rows for ten minutes: see its log")
        time.sleep(0.2)
    return 0


def _found(store: Store, wanted: int) -> int:
    row = store.get(Kind.MARK, MARK)
    found = 0 if row is None else int(row.body["version"])
    if found > wanted:
        raise FormatTooNew(
            f"the rows are of format {found}, this Tocsin knows {wanted}: install the version that wrote them,"
            " or restore a backup"
        )
    return found


def _upgrade(store: Store, lease: Lease, *, found: int, upgrades: Sequence[Upgrade]) -> int:
    found = _found(store, len(upgrades))
    mark = store.get(Kind.MARK, MARK) or Row(kind=Kind.MARK, id=MARK, state="set", body={})
    rewritten = 0
    for version, upgrade in enumerate(upgrades[found:], start=found + 1):
        for page in _pages(store):
            lease = store.acquire_lease(lease.name, lease.holder, LEASE_S) or lease
            rewritten += sum(_rewrite(store, lease, row, upgrade) for row in page)
        (mark,) = store.commit(Commit(rows=(replace(mark, body={"version": version}),), fence=lease.fence))
    if rewritten:
        _log.info("rows_upgraded", rows=rewritten, from_format=found, to_format=len(upgrades))
    return rewritten


def _pages(store: Store) -> Iterator[list[Row]]:
    for kind in Kind:
        for state in store.count(kind):
            offset = 0
            # A rewritten row moves to the front, and so stays within what was passed already.
            while ids := store.list_ids(kind, state, offset=offset, limit=PAGE):
                yield store.get_many(kind, ids)
                offset += PAGE


def _rewrite(store: Store, lease: Lease, row: Row, upgrade: Upgrade) -> bool:
    fresh: Row | None = row
    while fresh is not None and (new := upgrade(fresh)) != fresh:
        try:
            store.commit(Commit(rows=(new,), fence=lease.fence))
        except Conflict:
            fresh = store.get(row.kind, row.id)
        else:
            return True
    return False
