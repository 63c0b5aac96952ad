"""What people are by what they do, by where they are, and by what goes on around them."""

import pytest
from detection_builders import found, told


def types(text: str) -> list[str]:
    return [mention.type for mention in told(text)]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Guards fired on weavers demanding back pay in Tiruppur, killing two.", "protest_repression"),
        ("Troops fired into crowds in Bamako calling for fresh polls.", "protest_repression"),
        ("Gendarmes shot dead a porter taking part in a protest in Labe.", "protest_repression"),
        ("Officers scattered pensioners who had gathered to protest in Ploiesti.", "protest_intervention"),
        ("Nine people at a sit-in in Gori were detained by police.", "protest_intervention"),
    ],
)
def test_whoever_is_described_by_a_deed_is_what_it_says(text: str, type_: str) -> None:
    assert types(text) == [type_]


def test_who_stands_beside_them_is_not() -> None:
    assert types("Guards shot dead a thief in Tiruppur, and weavers demanding back pay looked on.") == ["armed_attack"]


@pytest.mark.parametrize(
    "text",
    [
        "Bakers marched through Setif on Monday. Two kiosks were torched.",
        "Quarry workers demanding their wages burned two lorries in Kerman.",
        "Youths wrecked a bus stop in Gabes and riot police answered with tear gas.",
    ],
)
def test_what_is_wrecked_amid_a_protest_is_a_riot(text: str) -> None:
    main = next(mention for mention in found(text).mentions if mention.primary)

    assert main.type == "riot"


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Gunmen burned a school in Gao, and parents demanding protection met the governor.", "property_destruction"),
        ("A kiosk was torched in Setif. Its owner met bakers demanding cheaper flour.", "property_destruction"),
    ],
)
def test_what_others_wreck_is_none(text: str, type_: str) -> None:
    assert types(text) == [type_]


@pytest.mark.parametrize(
    "deed", ["stripped, beaten and burned", "cornered and beaten", "cornered, thrashed and beaten"]
)
def test_participles_in_a_row_share_who_suffers_and_who_acts(deed: str) -> None:
    mentions = told(f"A man accused of theft was {deed} by residents of Yei on Sunday.")

    assert {mention.type for mention in mentions} == {"mob_violence"}
    assert any(a.text.startswith("residents") for mention in mentions for a in mention.agents)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        (
            "The nurses had gathered to mourn a colleague in Fes. Policemen took four of them away.",
            "protest_intervention",
        ),
        (
            "Tenants who had been sitting outside the ministry in Quito were removed by officers.",
            "protest_intervention",
        ),
        ("Nine porters were detained in Gori after chaining themselves to a gate.", "protest_intervention"),
        ("Dockers had thrown stones in Gdynia, to which police replied with tear gas.", "riot"),
        ("Police in Bari fired tear gas at marchers who threw bottles.", "riot"),
        ("Youths tore down a police cordon in Bari. Officers answered with rubber bullets.", "riot"),
    ],
)
def test_what_went_before_belongs_to_what_the_police_did(text: str, type_: str) -> None:
    main = next(mention for mention in found(text).mentions if mention.primary)

    assert main.type == type_


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Thousands marched in Riga for an editor. He was arrested in Tartu.", "protest"),
        ("Officers arrested a baker in Riga, and thousands took to the streets.", "arrest"),
    ],
)
def test_an_arrest_that_others_march_over_is_none_of_theirs(text: str, type_: str) -> None:
    assert type_ in types(text)
    assert "protest_intervention" not in types(text)


def test_a_part_is_what_it_is_a_part_of() -> None:
    assert types("The front of a synagogue in Gera was daubed with slogans.") == ["property_destruction"]


def test_whoever_they_are_they_are_several() -> None:
    assert types("They stood with candles in Gera on Sunday, mourning a poet.") == ["protest"]


def test_what_is_attacked_with_something_is_told_exactly() -> None:
    text = "Demonstrators burned a flag and attacked the consulate in Gera with stones."
    main = next(mention for mention in found(text).mentions if mention.primary)

    assert main.type == "riot"
