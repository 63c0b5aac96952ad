"""A gathering told in one sentence goes on in the next ones."""

import pytest
from detection_builders import article, found, shipped_detector, told

from tocsin.core.detection import detect

RALLY = "Nurses held a rally outside the health ministry in Tunis on Monday."


def types(text: str) -> list[str]:
    return [mention.type for mention in told(text)]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        (f"{RALLY} Officers arrested twelve people.", "protest_intervention"),
        (f"{RALLY} Police intervened.", "protest_intervention"),
        (f"{RALLY} Soldiers pushed the nurses back.", "protest_intervention"),
        (f"{RALLY} Police stopped them from entering the building.", "protest_intervention"),
        (f"{RALLY} Soldiers opened fire on the crowd.", "protest_repression"),
        (f"{RALLY} They set fire to two vans.", "riot"),
        (f"{RALLY} The nurses tore down a fence and smashed windows.", "riot"),
        ("Tenants marched through Riga and burned an estate agency.", "riot"),
        ("Dockers demonstrated in Gdynia by throwing stones at a bank.", "riot"),
        ("Dockers demonstrated, chanted anti-harbour slogans and clashed with police in Gdynia.", "riot"),
    ],
)
def test_a_gathering_becomes_what_the_next_clause_tells(text: str, type_: str) -> None:
    assert types(text) == [type_]


def test_it_stays_the_main_event() -> None:
    mention = next(m for m in found(f"{RALLY} Officers arrested twelve people.").mentions if m.primary)
    assert mention.type == "protest_intervention"
    assert [place.name for place in mention.places] == ["Tunis"]


def test_where_it_happens_elsewhere_it_is_another_event() -> None:
    assert types(f"{RALLY} In Sfax, demonstrators torched a bus.") == ["protest", "riot"]


@pytest.mark.parametrize(
    "after",
    [
        "He was arrested last year.",
        "The ministry dismissed three directors.",
        "Firefighters pulled two people from a lift.",
    ],
)
def test_what_nobody_there_did_changes_nothing(after: str) -> None:
    assert "protest_intervention" not in types(f"{RALLY} {after}")


def test_without_a_gathering_nothing_goes_on() -> None:
    assert types("Nurses met the minister in Tunis on Monday. Officers arrested twelve people.") == ["arrest"]


def test_it_goes_on_for_three_sentences() -> None:
    between = "The minister was away. A spokesman gave no comment. The street is a busy one. Lunch was late."
    assert types(f"{RALLY} {between} Officers arrested twelve people.") == ["protest", "arrest"]


def test_a_trace_changes_nothing() -> None:
    story = article(f"{RALLY} Police intervened. They arrested twelve people.")
    assert detect(story, shipped_detector()).mentions == detect(story, shipped_detector(), trace=True).mentions
