"""Event nouns of which it is told that they took place, and where, but not to whom. Every sentence is our own."""

import pytest
from detection_builders import found, told

TAKES_PLACE = [
    "The attack took place in Ghazni, at a wedding hall.",
    "The attack occurred in Zinder before dawn, soldiers said.",
    "An attack took place in Herat while police changed shifts.",
]

NO_EVENT = [
    "The debate took place in Ghazni, at a police training ground.",
    "The cyber attack occurred in Tallinn, police said.",
]

ACCUSED = [
    "The union today accused the army of murdering its treasurer.",
    "The union on Monday accused the police of torturing its treasurer.",
]


@pytest.mark.parametrize("text", TAKES_PLACE)
def test_an_attack_that_takes_place_somewhere_is_told(text: str) -> None:
    assert [mention.type for mention in told(text)] == ["armed_attack"]


@pytest.mark.parametrize("text", NO_EVENT)
def test_what_takes_place_is_not_always_an_attack(text: str) -> None:
    assert not found(text).mentions


@pytest.mark.parametrize("text", ACCUSED)
def test_an_accusation_tells_of_a_deed_whenever_it_is_made(text: str) -> None:
    assert len(told(text)) == 1
