"""Attacks of several acts, whom a vehicle carries and who bears a name. Every sentence is our own."""

import pytest
from detection_builders import found, only


def main(text: str) -> str | None:
    """The type of a text's main event."""
    primary = found(text).primary
    return primary.type if primary else None


def test_what_attackers_do_inside_a_barracks_is_part_of_their_assault() -> None:
    detection = found("Gunmen stormed an army camp in Tahoua on Monday and blew themselves up, killing six recruits.")

    assert detection.primary is not None
    assert detection.primary.type == "armed_clash"
    assert "suicide_bombing" in {mention.type for mention in detection.mentions if mention.opens}


@pytest.mark.parametrize(
    "text",
    [
        "Suicide bombers stormed an army camp in Tahoua on Monday and blew themselves up, killing six recruits.",
        "Gunmen stormed a bakery in Tahoua on Monday and blew themselves up, killing six shoppers.",
    ],
)
def test_who_came_to_blow_himself_up_or_where_nobody_fights_is_a_suicide_bombing(text: str) -> None:
    assert main(text) == "suicide_bombing"


def test_a_town_that_was_held_only_briefly_is_no_more_than_the_fight_for_it() -> None:
    fight = "Rebels attacked an army post near Obo, killing four soldiers, and"

    assert main(f"{fight} briefly captured the town.") == "armed_clash"
    assert main(f"{fight} captured the town for a few hours.") == "armed_clash"
    assert main(f"{fight} captured the town.") == "territory_overtaken"


@pytest.mark.parametrize(
    ("vehicle", "event"),
    [
        ("Lorries of the national army", "armed_clash"),
        ("The army's lorries", "armed_clash"),
        ("A bus carrying gendarmes", "armed_clash"),
        ("A bus carrying pilgrims", "armed_attack"),
        ("Lorries of a sugar mill", "armed_attack"),
    ],
)
def test_to_attack_a_vehicle_is_to_attack_those_in_it(vehicle: str, event: str) -> None:
    assert main(f"{vehicle} were ambushed by guerrillas near Saravena on Monday.") == event


@pytest.mark.parametrize(
    ("victim", "event"),
    [
        ("Selim Barak, a dentist,", "armed_attack"),
        ("Selim Barak, 54, a dentist,", "armed_attack"),
        ("Dentist Selim Barak", "armed_attack"),
        ("Selim Barak, a sergeant,", "armed_clash"),
        ("Sergeant Selim Barak", "armed_clash"),
    ],
)
def test_a_name_is_whoever_the_words_beside_it_say(victim: str, event: str) -> None:
    assert main(f"{victim} lost his life in an ambush by insurgents near Kulp.") == event


def test_the_men_of_an_armed_group_are_armed() -> None:
    mention = only("Islamic State said its men ambushed an army patrol near Palmyra.")

    assert (mention.type, mention.recipients[0].text) == ("armed_clash", "army patrol")


def test_her_without_a_noun_is_somebody() -> None:
    mention = only("A drover seized a weaver in Bauchi and raped her, police said.")

    assert (mention.type, mention.recipients[0].text) == ("sexual_violence", "weaver")


def test_whom_an_ambush_killed_says_whom_it_was_laid_for() -> None:
    assert only("An ambush on a convoy near Herat killed two constables.").type == "armed_clash"
    assert only("An ambush on a convoy near Herat killed two pedlars.").type == "armed_attack"


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Gunmen tied up a watchman and kidnapped two dentists in Yola on Friday.", "abduction"),
        ("Masked men beat a baker and dragged him into a van in Hama on Friday.", "abduction"),
        ("Gunmen beat a baker to death and kidnapped his wife in Yola on Friday.", "armed_attack"),
        ("Masked men beat a baker and looted his mill in Hama on Friday.", "armed_attack"),
    ],
)
def test_a_beating_before_a_kidnapping_is_part_of_it(text: str, event: str) -> None:
    assert main(text) == event


def test_a_verb_after_what_is_inserted_keeps_its_particle() -> None:
    assert main("Two men, armed with sickles, set upon a tram driver in Ghent on Monday.") == "armed_attack"


def test_what_follows_a_verb_without_its_object_is_not_what_was_taken() -> None:
    detection = found("Families returned to orchards that the army took from the rebels.")

    assert "abduction" not in {mention.type for mention in detection.mentions}
    detection = found("Witnesses told of clerks hooded and bundled into unmarked vans in Homs.")
    assert "abduction" in {mention.type for mention in detection.mentions}


def test_somebody_told_by_an_age_alone_is_a_person() -> None:
    assert main("The driver forced himself on a 19-year-old in Thane on Monday.") == "sexual_violence"


@pytest.mark.parametrize(
    "text",
    [
        "Five constables suffered injuries on Monday after unknown men opened fire on them near Talo.",
        "Six soldiers escaped unhurt when their lorry was sprayed with bullets by bandits near Talo.",
        "Two of the governor's guardsmen were picked off by snipers in Talo.",
    ],
)
def test_armed_men_are_known_by_what_stands_for_them(text: str) -> None:
    assert main(text) == "armed_clash"


def test_a_lorry_of_traders_is_not_armed() -> None:
    assert (
        main("Six traders escaped unhurt when their lorry was sprayed with bullets by bandits near Talo.")
        != "armed_clash"
    )
