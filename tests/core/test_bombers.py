"""Who carries a bomb, what a weapon strikes, and what a container holds. Every sentence is our own."""

import pytest
from detection_builders import found, only


def main(text: str) -> str | None:
    """The type of a text's main event."""
    primary = found(text).primary
    return primary.type if primary else None


@pytest.mark.parametrize(
    "text",
    [
        "A youth wearing explosives ended his life beside a tram in Izmir on Monday.",
        "Two women with charges taped to their legs perished at a ferry landing in Zamboanga.",
        "A porter with a waistcoat full of bolts and TNT took his own life and those of six others in Grozny.",
        "The charge that a pilgrim hid beneath her shawl went off at a shrine in Sehwan.",
        "The driver of a tanker crammed with explosives perished with nine sentries at a barracks in Gao.",
    ],
)
def test_who_has_explosives_on_or_drives_them_is_a_human_bomb(text: str) -> None:
    assert main(text) == "suicide_bombing"


@pytest.mark.parametrize(
    "text",
    [
        "A youth wearing a red scarf ended his life beside a tram in Izmir on Monday.",
        "Police arrested a man with a bomb under the seat of his taxi in Izmir.",
        "A porter found a bag with explosives and a jacket in Grozny.",
    ],
)
def test_explosives_that_nobody_has_on_make_no_bomber(text: str) -> None:
    assert "suicide_bombing" not in {mention.type for mention in found(text).mentions if mention.opens}


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("A bomb tore through a roadside verge near Gaya.", "bombing"),
        ("Two female suicide bombers struck the livestock fair at Mora.", "suicide_bombing"),
        ("A shell wrecked a lychgate in Kherson.", "shelling"),
    ],
)
def test_what_a_bomb_or_a_shell_strikes_need_be_in_no_list(text: str, event: str) -> None:
    assert only(text, type_=event).recipients


def test_a_store_of_shells_is_shells() -> None:
    assert main("A stack of mortar bombs was discovered in a cave above Buner by the Frontier Corps.") == "seizure"
    assert main("A stack of plates was discovered in a cave above Buner by the Frontier Corps.") is None


def test_who_works_for_an_army_is_of_it() -> None:
    assert main("Army engineers set off 40 roadside charges in Rafah on Sunday.") == "defusal"


def test_a_bomb_is_set_off_by_remote_control_and_by_whoever_holds_it() -> None:
    assert main("A bomb beneath the bridge was set off by remote control in Capaci.") == "bombing"


@pytest.mark.parametrize(
    "text",
    [
        "A militant was killed when the bomb he was laying went off too soon in Shopian.",
        "A militant was killed when the bomb that he was laying went off too soon in Shopian.",
    ],
)
def test_a_clause_that_says_which_one_needs_no_pronoun_of_its_own(text: str) -> None:
    assert main(text) == "interception"


def test_what_was_found_beside_an_arrest_is_a_row_of_its_own() -> None:
    text = "A dealer was arrested in Manipur, and nine rifles and two radios were recovered by police."
    [seizure] = [mention for mention in found(text).mentions if mention.type == "seizure"]
    assert [text[part.span.start : part.span.end] for part in seizure.objects] == ["nine rifles", "two radios"]


def test_what_a_verb_says_of_its_object_may_follow_where_that_is() -> None:
    assert main("Grads set two mills in Lyman ablaze before dawn.") == "shelling"
    assert main("Grads set two mills ablaze in Lyman before dawn.") == "shelling"
