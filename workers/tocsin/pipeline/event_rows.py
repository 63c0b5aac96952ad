"""How events, their snapshots and mutes are kept as rows."""

from dataclasses import replace
from datetime import datetime, timedelta

from tocsin.core.events.blocking import event_keys
from tocsin.core.events.identity import profile_of_event
from tocsin.core.events.lineage import Kinship
from tocsin.core.events.values import Event
from tocsin.core.ids import make_id
from tocsin.core.messages import Kind, Row
from tocsin.core.mutes import Mute
from tocsin.core.notices import Snapshot
from tocsin.pipeline.rows import Retention, body_of, rest_at, value_from, wake_at

SNAPSHOT_MARGIN = timedelta(days=10)


def event_row(
    event: Event, *, kinship: Kinship, now: datetime, version: int = 0, hold_until: datetime | None = None
) -> Row:
    """A row for an event: `changed` until every subscription was asked about its revision, then `dispatched`.

    `hold_until`: when the updates that wait for their interval are due. A redirected event is found by its id alone.
    """
    if event.redirected_to is not None:
        state, due_at = "redirected", rest_at(Kind.EVENT, now)
    elif event.revision > event.dispatched_revision:
        state, due_at = "changed", hold_until or wake_at(now)
    else:
        state, due_at = "dispatched", rest_at(Kind.EVENT, now)
    return Row(
        kind=Kind.EVENT,
        id=event.id,
        state=state,
        body={"event": body_of(event)},
        version=version,
        due_at=due_at,
        keys=() if event.redirected_to else _keys(event, kinship),
    )


def _keys(event: Event, kinship: Kinship) -> tuple[str, ...]:
    blocks = event_keys(profile_of_event(event, kinship=kinship))
    return (*blocks, *(f"actor:{actor}" for actor in event.actors), f"type:{event.type}")


def event_from(row: Row) -> Event:
    """The event in a row."""
    return value_from(Event, row.body["event"])


def dispatched_event(event: Event) -> Event:
    """The event once every subscription was asked."""
    return replace(event, dispatched_revision=event.revision)


def snapshot_id(event: Event) -> str:
    """The id of the event's snapshot at its present revision."""
    return make_id("snap", event.id, str(event.revision))


def snapshot_row(snapshot: Snapshot, *, now: datetime) -> Row:
    """A row for what an event's deliveries tell. It outlives them."""
    return Row(
        kind=Kind.SNAPSHOT,
        id=snapshot.id,
        state="set",
        body={"snapshot": body_of(snapshot)},
        due_at=now + timedelta(days=Retention().delivery_days) + SNAPSHOT_MARGIN,
        keys=(f"event:{snapshot.event.id}",),
    )


def snapshot_from(row: Row) -> Snapshot:
    """The snapshot in a row."""
    return value_from(Snapshot, row.body["snapshot"])


def mute_row(mute: Mute, *, version: int = 0) -> Row:
    """A row for a mute, looked at again when it expires."""
    return Row(
        kind=Kind.MUTE,
        id=mute.id,
        state="active",
        body={"mute": body_of(mute)},
        version=version,
        due_at=mute.expires_at,
    )


def mute_from(row: Row) -> Mute:
    """The mute in a row."""
    return value_from(Mute, row.body["mute"])
