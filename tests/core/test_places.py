"""Places in English sentences, with the gazetteer as it is shipped."""

from itertools import pairwise

import english
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.core.mentions import PlaceMention
from tocsin.core.places.finder import contains


def find(text: str, prior: str | None = None, seen: tuple[str, ...] = ()) -> tuple[PlaceMention, ...]:
    return english.places().find_places(text, 0, len(text), prior=prior, seen=seen)


def said(text: str, prior: str | None = None, seen: tuple[str, ...] = ()) -> list[tuple[str, str | None, str]]:
    return [(m.text, m.country, m.kind) for m in find(text, prior, seen)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Police in Tangier held six men.", [("Tangier", "MA", "town")]),
        ("Jets struck a camp in the Syrian city of Deir Ezzor.", [("Deir Ezzor", "SY", "town")]),
        ("Raqqa was bombed again.", [("Raqqa", "SY", "town")]),
        ("A cell was found in Sidi Allal al-Bahraoui.", [("Sidi Allal al-Bahraoui", "MA", "town")]),
        ("Gunmen raided a camp in Uruzgan.", [("Uruzgan", "AF", "province")]),
        ("Soldiers shot a man in the occupied West Bank.", [("West Bank", "PS", "region")]),
        ("Insurgents burned huts in Cabo Delgado.", [("Cabo Delgado", "MZ", "province")]),
        ("A clash in North Waziristan left two dead.", [("North Waziristan", "PK", "district")]),
        ("He was arrested in The Hague.", [("The Hague", "NL", "town")]),
        ("He was arrested in Mexico City.", [("Mexico City", "MX", "town")]),
        ("Rebels entered Bakhmut and burned it.", [("Bakhmut", "UA", "town")]),
        ("Shells fell north of Zintan.", [("Zintan", "LY", "town")]),
        # of two places one may hold the other
        ("It happened in Springfield, Illinois.", [("Springfield", "US", "town"), ("Illinois", "US", "province")]),
        ("A man was shot in Paris, Texas.", [("Paris", "US", "town"), ("Texas", "US", "province")]),
        ("It happened in Essaouira in Morocco.", [("Essaouira", "MA", "town"), ("Morocco", "MA", "country")]),
        ("The mayor of Xeraco in Valencia denied it.", [("Xeraco", "ES", "town"), ("Valencia", "ES", "town")]),
        (
            "Bandits burned a van in Nigeria's Zamfara state.",
            [("Nigeria", "NG", "country"), ("Zamfara", "NG", "province")],
        ),
        ("Pupils were taken in Niger state.", [("Niger", "NG", "province")]),
        ("He was held in the state of Georgia.", [("Georgia", "US", "province")]),
        ("Gunmen stopped a bus on the Kaduna-Zaria highway.", [("Kaduna", "NG", "town"), ("Zaria", "NG", "town")]),
        ("Shells hit Atlanta, Georgia.", [("Atlanta", "US", "town"), ("Georgia", "US", "province")]),
        # the capital by its country
        ("A blast shook the Syrian capital on Monday.", [("capital", "SY", "town")]),
        ("A blast shook the Nigerian capital, Abuja.", [("Abuja", "NG", "town")]),
    ],
)
def test_a_known_place_is_found(text: str, found: list[tuple[str, str, str]]) -> None:
    assert said(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Arrests were made in the village of Zorbaq Tel.", [("Zorbaq Tel", None, "unknown")]),
        ("Arrests were made in Zorbaq in Syria.", [("Zorbaq", "SY", "unknown"), ("Syria", "SY", "country")]),
        ("Arrests were made in the Iraqi town of Zorbaq.", [("Zorbaq", "IQ", "unknown")]),
        ("Crowds met in Zorbaq Square.", [("Zorbaq Square", None, "unknown")]),
    ],
)
def test_a_name_that_no_table_knows_is_a_place_where_the_words_say_so(
    text: str, found: list[tuple[str, str | None, str]]
) -> None:
    assert said(text) == found


@pytest.mark.parametrize(
    "text",
    [
        # persons
        "Ali Hassan was arrested.",
        "President Lincoln spoke.",
        "Michael Jordan scored.",
        "Gen. Santos resigned.",
        # ordinary words
        "Reading the news is bad for you.",
        "March was quiet.",
        "He was released in March.",
        "The weather was Nice.",
        "they want to save the human race",
        # part of a longer name
        "The Arakan Army denied it.",
        "Leaders of the Jalisco New Generation Cartel were held.",
        "He spoke in Parliament.",
        "US-led forces and a Paris-based charity denied it.",
        # peoples are not places
        "Spanish police arrested a Moroccan.",
    ],
)
def test_other_names_are_no_places(text: str) -> None:
    assert said(text) == []


def test_of_namesakes_the_country_of_the_story_is_meant() -> None:
    text = "A bomb went off in Tripoli."

    assert said(text) == [("Tripoli", "LY", "town")]
    assert said(text, seen=("LB",)) == [("Tripoli", "LB", "town")]
    assert said("The Lebanese army freed two men in Tripoli.") == [("Tripoli", "LB", "town")]


def test_places_without_a_namesake_say_where_the_others_are() -> None:
    text = "Nine were arrested in Bayonne, Biarritz and Dax."

    assert {m.country for m in find(text)} == {"FR"}


def test_text_without_case_is_read_by_its_prepositions() -> None:
    assert said("police in delhi arrested two men in srinagar, india") == [
        ("delhi", "IN", "town"),
        ("srinagar", "IN", "town"),
        ("india", "IN", "country"),
    ]
    assert said("MEDELLIN, 9 JAN 90 (EFE) -- REBELS BOMBED A BANK IN CALI, COLOMBIA") == [
        ("MEDELLIN", "CO", "town"),
        ("CALI", "CO", "town"),
        ("COLOMBIA", "CO", "country"),
    ]
    assert said("Ten Held in Spain and Morocco Over Cell") == [("Spain", "ES", "country"), ("Morocco", "MA", "country")]


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Spanish", "ES"),
        ("Spaniards", "ES"),
        ("morocco", "MA"),
        ("U.S.", "US"),
        ("US", "US"),
        ("us", None),
        ("car", None),
        ("SYRIAN", "SY"),
        ("Palestinian", "PS"),
        ("rebel", None),
        ("", None),
    ],
)
def test_names_and_peoples_give_their_country(name: str, country: str | None) -> None:
    assert english.places().country_of(name) == country


def test_the_pronoun_us_is_no_country() -> None:
    assert [place.country for place in find("They told us of a raid in the US and of rebels in Syria.")] == ["US", "SY"]


def test_a_country_holds_its_provinces_and_they_hold_their_towns() -> None:
    town, country = find("It happened in Essaouira in Morocco.")
    village, province = find("Shells hit Peoria in Illinois.")

    assert contains(country, town)
    assert contains(province, village)
    assert not contains(town, country)
    assert not contains(province, town)


def test_spans_index_the_whole_text() -> None:
    text = "It rained. Police in Tangier held six men."
    found = english.places().find_places(text, 11, len(text))

    assert [text[m.span.start : m.span.end] for m in found] == ["Tangier"]


@settings(deadline=None)  # the first example reads the tables
@given(st.text(alphabet=st.sampled_from("abi nIA'-.,of Syriaİéعsl"), max_size=60) | st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    found = find(text)

    assert [text[m.span.start : m.span.end] for m in found] == [m.text for m in found]
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
