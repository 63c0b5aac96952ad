"""Which accounts are one event, and what a later report changes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from event_builders import FEZ, MOROCCO, NOW, SUNDAY, TANGIER, argument, article, mention
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.events.blocking import event_keys, lookup_keys
from tocsin.core.events.identity import match_score, place_key, profile_of_event
from tocsin.core.events.independence import count_independent
from tocsin.core.events.lineage import Kinship, Lineage
from tocsin.core.events.merging import absorb_event, find_match, join_event, make_report, open_event, profile_of
from tocsin.core.events.values import Aspect, Event, Weight
from tocsin.core.mentions import EventDate, EventMention, Precision, Role, Status

KINSHIP = Kinship(
    types=Lineage(parents={"suicide_bombing": "bombing", "grenade": "bombing"}),
    actors=Lineage(parents={"isis_k": "isis"}),
)
MONDAY = EventDate(on=date(2026, 3, 9))
MARCH = EventDate(on=date(2026, 3, 1), precision=Precision.MONTH)
APRIL = EventDate(on=date(2026, 4, 1), precision=Precision.MONTH)
TANGER = {"name": "Tanger-Tétouan-Al Hoceïma", "country": "MA", "kind": "province"}
TETOUAN = {"name": "Tétouan", "province": "Tanger-Tétouan-Al Hoceïma", "country": "MA", "kind": "town"}
MADRID = {"name": "Madrid", "province": "Madrid", "country": "ES", "kind": "town"}


def opened(**fields: Any) -> Event:
    return open_event(mention(article("a1"), **fields), article("a1"), now=NOW)


def second(**fields: Any) -> EventMention:
    return mention(
        article("b2"), **{"sentence": "Six men were arrested in the port city.", "trigger": "arrested", **fields}
    )


def is_same(event: Event, found: EventMention, key: str = "b2") -> bool:
    profile = profile_of(found, article(key), kinship=KINSHIP)
    return find_match(profile, [(event, profile_of_event(event, kinship=KINSHIP))]).event is not None


SAME: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the same facts in other words": ({}, {}),
    "no date given": ({}, {"date": None}),
    "a later, higher count": ({"count": 10}, {"count": 12}),
    "the province instead of the town": ({}, {"places": (TANGER,)}),
    "the country instead of the town": ({}, {"places": (MOROCCO,)}),
    "the town, after the country": ({"places": (MOROCCO,)}, {}),
    "a member of the group": ({}, {"linked": (argument(Role.LINKED, "IS-K", actor="isis_k"),)}),
    "a child type": ({"type": "bombing"}, {"type": "suicide_bombing"}),
    "no place, the same actor and count": ({}, {"places": (), "countries": ()}),
}


@pytest.mark.parametrize(("first", "later"), SAME.values(), ids=SAME.keys())
def test_reports_of_one_event_are_joined(first: dict[str, Any], later: dict[str, Any]) -> None:
    assert is_same(opened(**first), second(**later))


OTHER: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "four and four on consecutive days in one province": (
        {"count": 4, "places": (TANGER,)},
        {"count": 4, "places": (TANGER,), "date": MONDAY},
    ),
    "four and four on consecutive days in one town": ({"count": 4}, {"count": 4, "date": MONDAY}),
    "another country": ({}, {"places": (MADRID,)}),
    "another town far away": ({"count": 4}, {"count": 7, "places": (FEZ,)}),
    "another type": ({}, {"type": "bombing"}),
    "a count far away, known by the country only": (
        {"count": 4, "places": (MOROCCO,)},
        {"count": 40, "places": (MOROCCO,)},
    ),
    "another group": (
        {"places": (MOROCCO,), "count": None},
        {"places": (MOROCCO,), "count": None, "linked": (argument(Role.LINKED, "JNIM", actor="jnim"),)},
    ),
    "another month": ({"date": MARCH}, {"date": APRIL}),
}


@pytest.mark.parametrize(("first", "later"), OTHER.values(), ids=OTHER.keys())
def test_reports_of_two_events_are_kept_apart(first: dict[str, Any], later: dict[str, Any]) -> None:
    assert not is_same(opened(**first), second(**later))


@pytest.mark.parametrize(("first", "later"), SAME.values(), ids=SAME.keys())
def test_the_block_of_an_event_is_looked_up_by_every_report_of_it(first: dict[str, Any], later: dict[str, Any]) -> None:
    event = profile_of_event(opened(**first), kinship=KINSHIP)
    account = profile_of(second(**later), article("b2"), kinship=KINSHIP)

    assert set(event_keys(event)) & set(lookup_keys(account))


def test_a_score_gives_its_reasons() -> None:
    score = match_score(
        profile_of(second(), article("b2"), kinship=KINSHIP), profile_of_event(opened(), kinship=KINSHIP)
    )

    assert "both in Tangier" in [reason for reason, _ in score.reasons]
    assert score.total == sum(points for _, points in score.reasons)


def test_spellings_of_a_place_share_a_key() -> None:
    assert place_key("Deir ez-Zor") == place_key("deir ezzor") == place_key("Deïr Ez Zor")


def join(event: Event, key: str, **fields: Any) -> Event:
    return join_event(event, mention(article(key), **fields), article(key), now=NOW + timedelta(hours=1))


def changes(event: Event) -> list[tuple[Aspect, Weight, str, str]]:
    return [(c.aspect, c.weight, c.before, c.after) for c in event.changes]


def test_a_higher_count_is_an_update() -> None:
    event = join(opened(count=10), "b2", count=12)

    assert event.count == 12
    assert (Aspect.COUNT, Weight.UPDATE, "10", "12") in changes(event)


def test_a_lower_count_by_the_same_publisher_is_a_correction() -> None:
    event = join(opened(count=10), "a1", count=8, sentence="Eight were held, police now say.")

    assert changes(event) == [(Aspect.COUNT, Weight.CORRECTION, "10", "8")]
    assert len(event.reports) == 1


def test_a_lower_count_by_another_publisher_changes_nothing() -> None:
    assert join(opened(count=10), "b2", count=8).count == 10


def test_doubt_that_becomes_fact_is_corroboration() -> None:
    event = join(opened(status=Status.HEDGED), "a1", status=Status.ASSERTED, sentence="It is now certain.")

    assert changes(event) == [(Aspect.STATUS, Weight.CORROBORATION, "hedged", "asserted")]


def test_a_second_independent_publisher_is_corroboration() -> None:
    assert changes(join(opened(), "b2")) == [(Aspect.PUBLISHERS, Weight.CORROBORATION, "1", "2")]


def test_a_copy_of_the_wire_story_is_no_second_publisher() -> None:
    first = article("a1", fingerprint=0b1011_0000_1111)
    copy = article("b2", fingerprint=0b1011_0000_1110)
    event = open_event(mention(first), first, now=NOW)

    event = join_event(event, mention(copy), copy, now=NOW)

    assert (event.publishers, event.report_count) == (1, 2)
    assert event.changes == ()


def test_one_text_with_another_town_of_the_province_is_another_event() -> None:
    """Two arrests told in the same words are two: a template is no copy where the towns differ."""
    first = article("a1", fingerprint=0b1011_0000_1111)
    twin = article("b2", fingerprint=0b1011_0000_1111)
    event = open_event(mention(first, count=6), first, now=NOW)
    found = mention(twin, count=6, places=(TETOUAN,), sentence="Six men were arrested in Tétouan.", trigger="arrested")

    profile = profile_of(found, twin, kinship=KINSHIP)

    assert find_match(profile, [(event, profile_of_event(event, kinship=KINSHIP))]).event is None


def test_a_publisher_with_a_story_of_its_own_counts_beside_the_wire_story_it_also_carries() -> None:
    wire, own = 0xFFFF_0000_FFFF_0000, 0x0F0F_0F0F_0F0F_0F0F
    reports = [
        make_report(mention(a), a)
        for a in (
            article("a1", fingerprint=wire),
            article("b2", fingerprint=wire),
            article("b3", fingerprint=own, publisher="b2.example"),
        )
    ]

    assert count_independent(reports) == 2


def test_a_denial_by_another_changes_the_status_alone() -> None:
    event = join(opened(), "b2", status=Status.DENIED, count=99)

    assert (event.status, event.count) == (Status.DENIED, 6)
    assert changes(event) == [(Aspect.STATUS, Weight.UPDATE, "asserted", "denied")]


def test_a_denial_by_the_only_publisher_is_a_retraction() -> None:
    event = join(opened(), "a1", status=Status.DENIED, sentence="Nobody was detained, the paper now says.")

    assert changes(event) == [(Aspect.STATUS, Weight.RETRACTION, "asserted", "denied")]


def test_a_town_found_later_is_an_update_and_the_country_around_it_is_none() -> None:
    finer = join(opened(places=(MOROCCO,)), "a1", sentence="It was in Tangier.")
    coarser = join(opened(), "a1", sentence="It was in Morocco.", places=(MOROCCO,))

    assert changes(finer) == [(Aspect.PLACE, Weight.UPDATE, "Morocco", "Morocco, Tangier")]
    assert coarser.changes == ()


def test_the_older_event_survives_and_the_younger_points_to_it() -> None:
    older = opened()
    younger = open_event(mention(article("b2")), article("b2"), now=NOW + timedelta(minutes=5))

    survivor, gone = absorb_event(older, younger, now=NOW + timedelta(hours=1))

    assert (survivor.id, survivor.merged_from, gone.redirected_to) == (older.id, (younger.id,), older.id)
    assert [report.article_id for report in survivor.reports] == [article("a1").id, article("b2").id]
    assert survivor.publishers == 2


def test_highlights_index_the_sentence() -> None:
    event = opened(agents=(argument(Role.AGENT, "Police", start=0),), linked=())
    report = event.reports[0]

    assert [report.sentence[h.start : h.end] for h in report.highlights] == ["Police", "detained"]


def test_a_live_report_takes_an_event_out_of_catch_up() -> None:
    old = article("a1", catch_up=True)
    event = open_event(mention(old), old, now=NOW)

    assert event.catch_up
    assert not join(event, "b2").catch_up


statuses = st.sampled_from([Status.ASSERTED, Status.ATTRIBUTED, Status.HEDGED, Status.DENIED])
mentions = st.builds(
    lambda status, count, place, day: {
        "status": status,
        "count": count,
        "places": (place,),
        "date": None if day is None else replace(SUNDAY, on=date(2026, 3, day)),
    },
    statuses,
    st.one_of(st.none(), st.integers(1, 40)),
    st.sampled_from([TANGIER, TANGER, TETOUAN, MOROCCO]),
    st.one_of(st.none(), st.integers(7, 9)),
)


@given(st.lists(mentions, min_size=1, max_size=6))
def test_joining_a_report_twice_changes_nothing_the_second_time(reports: list[dict[str, Any]]) -> None:
    event = opened()
    for number, fields in enumerate(reports):
        event = join(event, f"p{number}", sentence=f"Report number {number}.", **fields)
    again = join(event, f"p{len(reports) - 1}", sentence=f"Report number {len(reports) - 1}.", **reports[-1])

    assert replace(again, revision=0, changes=(), updated_at=NOW) == replace(
        event, revision=0, changes=(), updated_at=NOW
    )
    assert again.changes == event.changes


@given(mentions, mentions)
def test_the_score_is_symmetric(one: dict[str, Any], other: dict[str, Any]) -> None:
    a = profile_of(mention(article("a1"), **one), article("a1"), kinship=KINSHIP)
    b = profile_of(second(**other), article("b2"), kinship=KINSHIP)

    assert match_score(a, b).total == match_score(b, a).total
