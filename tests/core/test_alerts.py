"""Whether a subscription hears of an event, and why or why not."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from event_builders import MOROCCO, NOW, argument, article, mention, rulebook, subscription

from tocsin.core.alerts import Alert, Decision, DispatchReason, age_of, decide
from tocsin.core.events.merging import join_event, open_event
from tocsin.core.events.values import Event
from tocsin.core.mentions import EventDate, Precision, Role, Status
from tocsin.core.mutes import Mute, find_mute
from tocsin.core.rules import Maturity
from tocsin.core.watching import make_index


def event(**fields: Any) -> Event:
    return open_event(mention(article(), **fields), article(), now=NOW)


def judge(found: Event, alert: Alert | None = None, **options: Any) -> Decision:
    wanted = subscription(**options.pop("wants", {}))
    return decide(found, wanted, alert, now=options.pop("now", NOW), **options)


MUTE = Mute(
    id="mut_1",
    author="Ines",
    reason="known operation",
    created_at=NOW - timedelta(hours=1),
    expires_at=NOW + timedelta(hours=1),
)

FIRST: dict[str, tuple[dict[str, Any], dict[str, Any], DispatchReason]] = {
    "an event of today": ({}, {}, DispatchReason.FIRST),
    "a planned one": ({"status": Status.PLANNED}, {}, DispatchReason.SILENT_STATUS),
    "a planned one, asked for": (
        {"status": Status.PLANNED},
        {"wants": {"statuses": (Status.PLANNED,)}},
        DispatchReason.FIRST,
    ),
    "an experimental rule": ({}, {"maturity": Maturity.EXPERIMENTAL}, DispatchReason.EXPERIMENTAL),
    "an experimental rule, asked for": (
        {},
        {"maturity": Maturity.EXPERIMENTAL, "wants": {"include_experimental": True}},
        DispatchReason.FIRST,
    ),
    "not sure enough": ({"confidence": 0.4}, {"wants": {"min_confidence": 0.5}}, DispatchReason.BELOW_CONFIDENCE),
    "of last month": ({"date": EventDate(on=date(2026, 2, 1))}, {}, DispatchReason.STALE),
    "of last month, asked for": (
        {"date": EventDate(on=date(2026, 2, 1))},
        {"wants": {"max_age_s": 60 * 86400}},
        DispatchReason.FIRST,
    ),
    "one publisher of two asked for": ({}, {"wants": {"min_publishers": 2}}, DispatchReason.TOO_FEW_PUBLISHERS),
    "muted": ({}, {"mute": MUTE}, DispatchReason.MUTED),
}


@pytest.mark.parametrize(("fields", "options", "reason"), FIRST.values(), ids=FIRST.keys())
def test_why_a_first_alert_rings_or_not(
    fields: dict[str, Any], options: dict[str, Any], reason: DispatchReason
) -> None:
    decision = judge(event(**fields), **options)

    assert decision.reason is reason
    assert decision.sends == (reason is DispatchReason.FIRST)
    assert bool(decision.detail) != decision.sends


def test_an_event_known_only_from_a_first_poll_goes_into_the_digest() -> None:
    old = article(catch_up=True)

    assert judge(open_event(mention(old), old, now=NOW)).reason is DispatchReason.BACKFILL


def told(found: Event, *, minutes: float = 60) -> Alert:
    return Alert(
        id="alr_1",
        event_id=found.id,
        subscription_id="isis-arrests",
        reason=DispatchReason.FIRST,
        told_revision=found.revision,
        told_at=NOW - timedelta(minutes=minutes),
    )


def joined(found: Event, key: str = "b2", **fields: Any) -> Event:
    return join_event(found, mention(article(key), **fields), article(key), now=NOW)


def test_a_second_publisher_is_told_as_corroboration() -> None:
    found = event()

    assert judge(joined(found), told(found)).reason is DispatchReason.CORROBORATED


def test_a_higher_count_from_a_known_publisher_is_told_as_an_update() -> None:
    found = event()

    assert judge(joined(found, "a1", count=9), told(found)).reason is DispatchReason.UPDATE


def test_a_correction_and_a_retraction_are_told_even_where_updates_are_off() -> None:
    found = event()
    corrected = joined(found, "a1", count=2)
    withdrawn = joined(found, "a1", status=Status.DENIED)
    options: dict[str, Any] = {"wants": {"updates": False}}

    assert judge(corrected, told(found), **options).reason is DispatchReason.CORRECTED
    assert judge(withdrawn, told(found), **options).reason is DispatchReason.RETRACTED
    assert judge(joined(found), told(found), **options).reason is DispatchReason.UPDATES_OFF


def test_a_report_that_changes_nothing_is_a_duplicate() -> None:
    found = event()

    assert judge(joined(found, "a1"), told(found)).reason is DispatchReason.DUPLICATE


def test_an_update_waits_until_five_minutes_after_the_last_message() -> None:
    found = event()
    decision = judge(joined(found), told(found, minutes=2))

    assert not decision.sends
    assert decision.not_before == NOW + timedelta(minutes=3)


AGES = {
    EventDate(on=date(2026, 3, 8)): timedelta(0),
    EventDate(on=date(2026, 3, 6)): timedelta(days=1, hours=9),
    EventDate(on=date(2026, 3, 1), precision=Precision.MONTH): timedelta(0),
    EventDate(on=date(2026, 2, 1), precision=Precision.MONTH): timedelta(days=20, hours=9),
    None: timedelta(minutes=10),
}


@pytest.mark.parametrize(("when", "age"), AGES.items())
def test_age_counts_from_the_days_end_the_months_middle_or_the_first_report(
    when: EventDate | None, age: timedelta
) -> None:
    assert age_of(event(date=when), now=NOW) == age


MATCHES: dict[str, tuple[dict[str, Any], bool]] = {
    "type and watchlist": ({}, True),
    "everything": ({"types": (), "watchlists": ()}, True),
    "another type": ({"types": ("bombing",)}, False),
    "the actor itself": ({"watchlists": (), "actors": ("isis",)}, True),
    "the actor's parent": ({"watchlists": (), "actors": ("isis",), "types": ()}, True),
    "another actor": ({"watchlists": (), "actors": ("jnim",)}, False),
    "the country": ({"countries": ("ES", "MA")}, True),
    "another country": ({"countries": ("ES",)}, False),
    "the role it has": ({"roles": ("linked",)}, True),
    "a role it has not": ({"roles": ("agent",)}, False),
    "switched off": ({"enabled": False}, False),
}


@pytest.mark.parametrize(("fields", "expected"), MATCHES.values(), ids=MATCHES.keys())
def test_the_index_finds_exactly_the_subscriptions_an_event_concerns(fields: dict[str, Any], expected: bool) -> None:
    noise = [subscription(f"noise-{n}", types=("bombing",), watchlists=(), actors=("jnim",)) for n in range(20)]
    index = make_index(rulebook(subscriptions=(*noise, subscription(**fields))))
    found = event(linked=(argument(Role.LINKED, "IS-K", actor="isis_k"),))

    assert [s.id for s in index.find(found)] == (["isis-arrests"] if expected else [])


def test_a_subscription_with_very_many_combinations_is_still_found() -> None:
    countries = ("MA", *(f"{a}{b}" for a in "BCDEF" for b in "GHIJKLMNOP"))
    wide = subscription(countries=countries, actors=("isis",), types=("arrest", "bombing", "raid"))
    index = make_index(rulebook(subscriptions=(wide,)))

    assert index.find(event()) == (wide,)
    assert len(index.entries) <= 400


def test_the_reasons_say_what_of_the_subscription_matched() -> None:
    wanted = subscription(countries=("MA",))
    index = make_index(rulebook(subscriptions=(wanted,)))

    assert index.reasons(event(places=(MOROCCO,)), wanted) == ("type arrest", "country MA", "isis as linked")


def test_a_mute_covers_what_it_names_until_it_expires() -> None:
    index = make_index(rulebook())
    found, wanted = event(), subscription()

    def covers(mute: Mute, *, hours: float = 0) -> bool:
        now = NOW + timedelta(hours=hours)
        return find_mute(found, wanted, [mute], now=now, kinship=index.kinship) is not None

    assert covers(MUTE)
    assert not covers(MUTE, hours=1)
    assert covers(replace(MUTE, actors=("isis",), types=("arrest",)))
    assert not covers(replace(MUTE, actors=("jnim",)))
    assert not covers(replace(MUTE, subscriptions=("another",)))
