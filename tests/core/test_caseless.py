"""Text without capitals and text of capitals alone read as mixed case does. Every sentence is our own."""

import pytest
from detection_builders import found, only

from tocsin.core.mentions import Status

CUSTODY = {
    "Police took five dockers into custody on Monday.": ("Police", "five dockers"),
    "Five dockers were taken into preventive custody on Monday.": (None, "Five dockers"),
    "A magistrate sent the two brokers to judicial custody.": ("magistrate", "two brokers"),
    "Nine villagers were put behind bars on Monday.": (None, "Nine villagers"),
    "Two hundred teachers courted arrest outside the secretariat.": (None, "Two hundred teachers"),
    "Sixty farmers, led by the village head and two lawyers, were arrested near the canal.": (None, "Sixty farmers"),
}
CASES = {"mixed case": str, "no capitals": str.lower, "capitals": str.upper}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
@pytest.mark.parametrize(("text", "expected"), CUSTODY.items(), ids=list(CUSTODY))
def test_custody_is_read_in_any_case(text: str, expected: tuple[str | None, str], case: type[str]) -> None:
    agent, recipient = expected

    mention = only(case(text), type_="arrest")

    assert mention.status is Status.ASSERTED
    assert [a.text.lower() for a in mention.agents] == ([agent.lower()] if agent else [])
    assert [a.text.lower() for a in mention.recipients] == [recipient.lower()]


NO_ARREST = (
    "the deeds were kept in safe custody.",
    "the party chief held the police responsible for the violence.",
    "the minister visited the new jail.",
    "the police held themselves back.",
)


@pytest.mark.parametrize("text", NO_ARREST)
def test_nobody_is_arrested_where_nobody_is_taken(text: str) -> None:
    assert [m for m in found(text).mentions if m.type == "arrest"] == []


def test_an_adverb_in_capitals_is_no_victim() -> None:
    mention = only("FIVE CLERKS WERE SERIOUSLY WOUNDED BY GUNMEN.", type_="armed_attack")

    assert [a.text for a in mention.recipients] == ["FIVE CLERKS"]


BOMBS = {
    "REBELS PLACED A BOMB IN THE TOWN HALL.": "bombing",
    "THE TOWN HALL WAS DAMAGED BY A BOMB.": "bombing",
    "THE SENATOR ESCAPED A DYNAMITE ATTACK BY REBELS.": "bombing",
    "THE AIR FORCE BOMBED THE VILLAGE.": "airstrike",
}


@pytest.mark.parametrize(("text", "type_"), BOMBS.items(), ids=list(BOMBS))
def test_who_bombs_decides_the_type(text: str, type_: str) -> None:
    assert [m.type for m in found(text).mentions if m.opens] == [type_]


TAKEN_FOR_GRANTED = {
    "The talks will be affected by the murder of the mayor.": True,
    "Guards were posted to protect judges from being murdered.": False,
    "They cover for the gunmen who murder villagers.": False,
}


@pytest.mark.parametrize(("text", "opens"), TAKEN_FOR_GRANTED.items(), ids=list(TAKEN_FOR_GRANTED))
def test_what_a_clause_takes_for_granted_has_happened(text: str, opens: bool) -> None:
    assert any(m.opens for m in found(text).mentions if m.type == "armed_attack") is opens
