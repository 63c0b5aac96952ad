"""The gazetteer: keys under which spellings meet, and the table as it is shipped."""

import re

import english
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.places.gazetteer import KINDS, Gazetteer, normal_key

SHIPPED = english.RULES / "places" / "places.tsv"
PLACE = re.compile(rf"[{''.join(KINDS)}],([A-Z]{{2}})?,[^,;\t]*,\d*,[^;\t]*")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deir Ezzor", "Deir ez-Zor"),
        ("Al-Hasakah", "Hasaka"),
        ("Sana'a", "Sanaa"),
        ("Béni Mellal", "Beni Mellal"),
        ("EL FASHER", "al-Fasher"),
        ("Diyarbakır", "Diyarbakir"),
        ("Jammu & Kashmir", "jammu kashmir"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert normal_key(one) == normal_key(other)


@given(st.text(max_size=30))
def test_a_key_is_its_own_key(name: str) -> None:
    assert normal_key(normal_key(name)) == normal_key(name)


KNOWN = {
    "SY": "Raqqa, Deir ez-Zor, Idleb, Tall Abyad, Douma",
    "IQ": "Mosul, Anbar, Tal Afar, Hawija",
    "YE": "Taiz, Hodeida, Marib",
    "AF": "Uruzgan, Kunduz, Lashkar Gah",
    "PK": "Miran Shah, Balochistan, North Waziristan",
    "IN": "Srinagar, Kupwara, Dantewada, Kashmir",
    "ML": "Gao, Kidal",
    "BF": "Djibo",
    "NE": "Tillaberi",
    "NG": "Zamfara, Maiduguri",
    "SO": "Mogadishu, Puntland",
    "MZ": "Cabo Delgado",
    "ET": "Tigray",
    "CD": "Goma, Ituri",
    "MX": "Culiacan, Sinaloa",
    "CO": "Tumaco",
    "UA": "Avdiivka, Kharkov, Donbas",
    "MM": "Sittwe, Rakhine",
    "PH": "Marawi, Basilan",
    "ES": "Xeraco, Ceuta",
    "MA": "Essaouira, Fez, Sidi Allal al-Bahraoui",
    "DZ": "Tizi Ouzou",
    "PS": "West Bank, Gaza Strip, Jenin",
    "CN": "Xinjiang",
    "EG": "Sinai",
}


@pytest.mark.parametrize(
    ("name", "country"), [(name, country) for country, names in KNOWN.items() for name in names.split(", ")]
)
def test_the_shipped_table_knows_the_place(name: str, country: str) -> None:
    assert country in {place.country for place in english.gazetteer().find(normal_key(name))}


def test_every_row_of_the_shipped_table_is_well_formed() -> None:
    keys: set[str] = set()
    for line in SHIPPED.read_text(encoding="utf-8").splitlines()[1:]:
        key, _, row = line.partition("\t")
        assert key not in keys
        keys.add(key)
        assert key[0] in "@~" or (normal_key(key) == key and all(PLACE.fullmatch(entry) for entry in row.split(";"))), (
            line
        )


def test_the_shipped_table_is_small_and_says_whose_data_it_is() -> None:
    text = SHIPPED.read_text(encoding="utf-8")

    assert "GeoNames" in text.splitlines()[0]
    assert len(text.encode()) < 3_200_000


def test_a_town_is_in_its_province_and_a_country_has_a_capital() -> None:
    gazetteer = english.gazetteer()

    assert [(p.name, p.province) for p in gazetteer.find("essaouira") if p.kind == "town"] == [
        ("Essaouira", "Marrakech-Safi")
    ]
    assert gazetteer.capital_of("SY") == "Damascus"
    assert gazetteer.capital_of("ZZ") is None


def test_a_name_that_is_a_word_too_is_marked() -> None:
    gazetteer = english.gazetteer()

    assert gazetteer.is_common("reading")
    assert not gazetteer.is_common("raqqa")


def test_a_table_of_ones_own_adds_to_the_shipped_one() -> None:
    own = Gazetteer.parse("# ours\nzorbaq\tT,SY,,40,\n@SY.04\tRaqqa\nraqqa\tT,SY,04,57,\nraqqa\tT,IQ,,30,\n")

    assert [(p.name, p.country, p.province, p.kind) for p in own.find("raqqa")] == [
        ("Raqqa", "SY", "Raqqa", "town"),
        ("Raqqa", "IQ", None, "town"),
    ]
    assert [p.name for p in own.find("zorbaq")] == ["Zorbaq"]
    assert own.find("homs") == ()
