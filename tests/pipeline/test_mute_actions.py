"""Mutes as people make and end them: in force at once, over at once, done twice the same."""

from dataclasses import replace
from datetime import timedelta

import pytest
from event_builders import NOW, Desk, article, mention

from tocsin.core.messages import Commit, Kind
from tocsin.core.mutes import Mute
from tocsin.errors import Conflict
from tocsin.pipeline.event_rows import mute_from
from tocsin.pipeline.mute_actions import add_mute, end_mute, surviving_event

HOUR = timedelta(hours=1)


def muted(desk: Desk, **filters: tuple[str, ...]) -> Mute:
    return add_mute(
        filters or {"types": ("arrest",)}, author="Ines", reason="drill", lasts=HOUR, store=desk.store, now=desk.at
    )


def states(desk: Desk) -> list[str]:
    return [row.state for row in desk.rows(Kind.ALERT)]


def test_a_mute_is_in_force_for_its_time_and_not_longer() -> None:
    desk = Desk()
    muted(desk, actors=("isis",), countries=("MA",))
    desk.read(article("a1"), mention(article("a1")))
    desk.dispatch()
    during = states(desk)
    desk.at = NOW + HOUR
    of = article("a2", fetched_at=desk.at)
    desk.read(of, mention(of, sentence="Police held six people in Tangier, says a2."))
    desk.dispatch()

    assert during == ["muted"]
    assert states(desk) == ["open"]


@pytest.mark.parametrize("filters", [{"actors": ("jnim",)}, {"countries": ("ES",)}, {"subscriptions": ("other",)}])
def test_a_mute_of_something_else_silences_nothing(filters: dict[str, tuple[str, ...]]) -> None:
    desk = Desk()
    muted(desk, **filters)
    desk.read(article("a1"), mention(article("a1")))
    desk.dispatch()

    assert states(desk) == ["open"]


def test_the_same_mute_asked_for_twice_at_once_is_one() -> None:
    desk = Desk()

    assert muted(desk) == muted(desk)
    assert desk.store.count(Kind.MUTE) == {"active": 1}


def test_mutes_of_different_things_at_one_instant_are_two() -> None:
    desk = Desk()
    muted(desk, types=("arrest",))
    muted(desk, actors=("arrest",))

    assert desk.store.count(Kind.MUTE) == {"active": 2}


def test_an_ended_mute_is_over_now_and_cannot_be_ended_again() -> None:
    desk = Desk()
    mute = muted(desk)
    desk.at = NOW + HOUR / 4

    assert end_mute(mute.id, store=desk.store, now=desk.at) == ""
    assert end_mute(mute.id, store=desk.store, now=desk.at) == f"mute '{mute.id}' is over since 2026-03-08 09:15 UTC"
    [row] = desk.rows(Kind.MUTE)
    assert (row.state, mute_from(row)) == ("expired", replace(mute, expires_at=desk.at))


def test_a_mute_that_changes_while_it_is_ended_is_told() -> None:
    desk = Desk()
    mute = muted(desk)
    store = _Racing(desk)

    assert end_mute(mute.id, store=store, now=desk.at) == f"mute '{mute.id}' changed just now: look again"


def test_the_event_that_survived_is_found_through_every_merge() -> None:
    desk = Desk()
    desk.read(article("a1"), mention(article("a1")))
    [event] = desk.events()
    [row] = desk.rows(Kind.EVENT)
    for name, onward in (("evt_1", event.id), ("evt_2", "evt_1"), ("evt_ring", "evt_ring")):
        body = {"event": {**row.body["event"], "id": name, "redirected_to": onward}}
        desk.store.commit(Commit(rows=(replace(row, id=name, state="redirected", body=body, version=0, keys=()),)))

    assert surviving_event("evt_2", store=desk.store) == event.id
    assert surviving_event(event.id, store=desk.store) == event.id
    assert surviving_event("evt_none", store=desk.store) is None
    assert surviving_event("evt_ring", store=desk.store) is None


class _Racing:
    """A store in which somebody else is always a moment faster."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.store

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def commit(self, commit: Commit) -> None:
        row = commit.rows[0]
        raise Conflict(row.kind, row.id, str(row.version), str(row.version + 1))
