"""Which of several deeds a text tells: what was done from the air, to a village, by whom. Every sentence is our own."""

from detection_builders import found, only, told


def main(text: str) -> str | None:
    """The type of a text's main event."""
    primary = found(text).primary
    return primary.type if primary else None


def test_what_was_done_from_the_air_is_an_airstrike_whoever_did_it() -> None:
    assert only("Soldiers fired at a cement works in Tobruk from helicopters on Monday.").type == "airstrike"
    assert only("The Kenyan Air Force targeted a hideout in Lower Shabelle, killing two militants.").type == "airstrike"


def test_air_strikes_in_which_somebody_kills_are_what_he_did() -> None:
    mention = only("The Chadian army killed nine rebels during air strikes in the Tibesti mountains.")
    assert (mention.type, mention.agents[0].text) == ("airstrike", "Chadian army")


def test_what_was_done_to_a_village_says_more_than_that_it_was_attacked() -> None:
    assert (
        main("Gunmen attacked the village of Torbi, burned two granaries and took the cattle.")
        == "property_destruction"
    )
    assert main("Gunmen attacked the village of Torbi, killed two herders and burned a granary.") == "armed_attack"


def test_whom_a_rule_never_takes_for_its_doer_makes_no_event_of_it() -> None:
    assert "seizure" not in {m.type for m in told("Insurgents seized rifles in the town of Dori.")}
    assert only("Gendarmes seized rifles in the town of Dori.").type == "seizure"


def test_a_coal_mine_is_no_mine_that_is_laid() -> None:
    assert not told("An explosion in a coal mine in Silesia killed four people.")
    assert told("An explosion of a mine on a track in Casamance killed four people.")


def test_a_bare_place_name_is_a_place_where_only_a_place_may_stand() -> None:
    assert only("The strike on Kharkiv on Friday destroyed a clinic.").type == "airstrike"
    assert not told("The strike over wages on Friday closed a clinic in Kharkiv.")


def test_dozens_are_people_where_nothing_says_of_what() -> None:
    assert [a.text for a in only("Bomb kills dozens in Lahore").recipients] == ["dozens"]
    assert [a.text for a in only("Bomb kills dozens of sheep in Lahore").recipients] == ["dozens of sheep"]


def test_what_only_dates_a_deed_does_not_take_its_place() -> None:
    for link in ("a day after", "hours after"):
        text = f"Gunmen shot dead a notary in Fez, {link} a bomb killed ten people in the city."
        assert {mention.type for mention in told(text)} == {"armed_attack", "bombing"}
    assert only("A bomb exploded outside a bank in Fez, killing two guards.").type == "bombing"
