"""Victims told by their age, and by the second of two verbs or after a comma. Every sentence is our own."""

import pytest
from detection_builders import only


@pytest.mark.parametrize(
    ("text", "victim"),
    [
        ("Baker, 41, killed by gunmen in Pikit.", "Baker"),
        ("Selim Barak, 54, shot dead by gunmen in Adana.", "Selim Barak"),
        ("Masked riders shot at and wounded a vet in Cauca.", "vet"),
        ("Mourners prayed for the nurse, shot dead at a roadblock near Buea on Sunday.", "nurse"),
        ("From a roof the gunman opened fire on concertgoers.", "concertgoers"),
    ],
)
def test_who_was_killed_stands_before_an_age_or_after_the_second_verb(text: str, victim: str) -> None:
    mention = only(text)

    assert [argument.text for argument in mention.recipients] == [victim]
