"""Places whose names hold words that are something else: auxiliaries, articles, verbs, dates, peoples, marks."""

import detection_builders
import english
import pytest


def places(text: str) -> set[str]:
    """The places of the mentions of a text."""
    return {place.text for mention in detection_builders.found(text).mentions for place in mention.places}


@pytest.mark.parametrize(
    "name",
    [
        "Had Soualem",  # an auxiliary
        "As Safirah",  # a conjunction
        "Can Picafort",  # a modal
        "Porto do Son",
        "Bigues i Riells",  # a pronoun
        "Wissinoming",  # the ending of a gerund
        "Souk et Tnine Jorf el Mellah",
        "la Nucia",
        "sa Pobla",
        "l'Escala",
        "L'Eliana",
        "la Font d'en Fargues",
        "el Camp de l'Arpa del Clot",
        "Vallvidrera el Tibidabo i les Planes",
        "Coma-ruga",
        "Sidi 'Addi",
        "Moulay Bou 'azza",
        "Dayr al 'Asafir",
        "Sants - Badal",
        "L'Entregu/El Entrego",
        "Mar del Plata",  # March
        "Indian Trail",  # a people
        "King's Lynn",
    ],
)
def test_a_known_name_is_one_place_whatever_its_words_are_elsewhere(name: str) -> None:
    assert name in places(f"Police arrested four smugglers in {name} on Monday.")
    assert {"Tangier", name} <= places(f"Police raided a flat in the port of Tangier and a garage near {name}.")
    assert {"Zafra", name, "Rabat"} <= places(f"Customs officers seized weapons in Zafra, {name} and Rabat on Monday.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Had the police raided the flat in Zafra earlier, four men would be alive.", {"Zafra"}),
        ("He had Rabat in mind when police arrested him in Zafra.", {"Zafra"}),
        ("As Rabat slept, police arrested four men in Zafra.", {"Zafra"}),
        ("Police can search homes, and arrested four men in Zafra on Monday.", {"Zafra"}),
        ("Police arrested Jose de la Cruz in Zafra on Monday.", {"Zafra"}),
        ("Police arrested four men at Zafra airport on Monday.", {"Zafra"}),
    ],
)
def test_the_same_words_are_no_names_where_they_are_not_written_as_one(text: str, found: set[str]) -> None:
    assert places(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Three men were held in King's Lynn.", ["King's Lynn"]),
        ("Three men were held in Rabat's port.", ["Rabat"]),
        ("Three men were held near Kazan', Perm' and Omsk.", ["Kazan", "Perm", "Omsk"]),
        ("Three men were held near Indian Trail.", ["Indian Trail"]),
        ("Three Indian traders were held near Pune.", ["Pune"]),
    ],
)
def test_marks_and_peoples_around_names(text: str, found: list[str]) -> None:
    assert [place.text for place in english.places().find_places(text, 0, len(text))] == found


def test_a_place_named_after_what_it_is() -> None:
    assert places("Rebels captured the provincial capital, Raqqa, on Monday.") == {"Raqqa"}
