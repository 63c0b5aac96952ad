"""Victims told by their age, and by the second of two verbs. Every sentence is our own."""

import pytest
from detection_builders import only


@pytest.mark.parametrize(
    ("text", "victim"),
    [
        ("Baker, 41, killed by gunmen in Pikit.", "Baker"),
        ("Selim Barak, 54, shot dead by gunmen in Adana.", "Selim Barak"),
        ("Gunmen opened fire on and killed a vet in Cauca.", "vet"),
    ],
)
def test_who_was_killed_stands_before_an_age_or_after_the_second_verb(text: str, victim: str) -> None:
    mention = only(text)

    assert [argument.text for argument in mention.recipients] == [victim]
