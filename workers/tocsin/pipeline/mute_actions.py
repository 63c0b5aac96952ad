"""What people do to mutes: add one, end one early (B39)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tocsin.core.ids import make_id
from tocsin.core.messages import Commit, Kind
from tocsin.core.mutes import Mute
from tocsin.errors import Conflict
from tocsin.pipeline.event_rows import event_from, mute_from, mute_row
from tocsin.pipeline.rows import rest_at
from tocsin.ports import Store

FILTERS = ("events", "types", "actors", "countries", "subscriptions")
MAX_REDIRECTS = 20


def add_mute(
    filters: Mapping[str, Sequence[str]], *, author: str, reason: str, lasts: timedelta, store: Store, now: datetime
) -> Mute:
    """Store a mute that is in force from now on. `filters` are the fields of `Mute` that narrow it.

    Asked for again at the same instant by the same author, it is the same mute.
    """
    chosen = {name: tuple(dict.fromkeys(filters.get(name, ()))) for name in FILTERS}
    mute = Mute(
        id=make_id("mut", author, now.isoformat(), *(f"{name}:{value}" for name in FILTERS for value in chosen[name])),
        author=author,
        reason=reason,
        created_at=now,
        expires_at=now + lasts,
        **chosen,
    )
    if store.get(Kind.MUTE, mute.id) is None:
        store.commit(Commit(rows=(mute_row(mute),)))
    return mute


def end_mute(mute_id: str, *, store: Store, now: datetime) -> str:
    """End a mute at once; why not, or nothing when it is over now."""
    row = store.get(Kind.MUTE, mute_id)
    if row is None:
        return f"there is no mute '{mute_id}'"
    mute = mute_from(row)
    if row.state != "active" or mute.expires_at <= now:
        return f"mute '{mute_id}' is over since {mute.expires_at:%Y-%m-%d %H:%M} UTC"
    over = mute_row(replace(mute, expires_at=now), version=row.version)
    try:
        store.commit(Commit(rows=(replace(over, state="expired", due_at=rest_at(Kind.MUTE, now)),)))
    except Conflict:
        return f"mute '{mute_id}' changed just now: look again"
    return ""


def surviving_event(event_id: str, *, store: Store) -> str | None:
    """The event that this one merged into, itself when it did not, None when there is no such event."""
    for _ in range(MAX_REDIRECTS):
        row = store.get(Kind.EVENT, event_id)
        if row is None:
            return None
        onward = event_from(row).redirected_to
        if onward is None:
            return event_id
        event_id = onward
    return None
