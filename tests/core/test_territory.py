"""Who holds a place after it changed hands, by whose it is and by how it was taken. Every sentence is our own."""

import pytest
from detection_builders import found, told


@pytest.mark.parametrize(
    "text",
    [
        "Rwandan soldiers overran the Congolese town of Sake on Monday.",
        "Turkish troops took control of Afrin in Syria.",
        "Kherson was captured by Russian troops on Tuesday.",
        "Hungarian forces seized the power station of a village near Lviv.",
    ],
)
def test_a_force_takes_a_place_of_another_state(text: str) -> None:
    assert [m.type for m in told(text)] == ["territory_overtaken"]


@pytest.mark.parametrize(
    "text",
    [
        "Congolese soldiers overran the town of Sake on Monday.",
        "The army took control of Afrin.",
        "Ukrainian troops recaptured a village near Sumy.",
        "French soldiers captured Timbuktu from the jihadists.",
    ],
)
def test_a_force_takes_back_a_place_of_its_own_state_or_of_an_ally(text: str) -> None:
    assert [m.type for m in told(text)] == ["territory_regained"]


def test_a_place_that_is_not_named_is_that_of_the_sentence_before() -> None:
    text = "Chadian and Sudanese troops clashed near El Geneina on Monday. Chadian soldiers seized the barracks."

    assert [m.type for m in told(text)] == ["armed_clash", "territory_overtaken"]


@pytest.mark.parametrize(
    "text",
    [
        "Soldiers entered the border town of Amchok and recaptured it from the rebels. There was no fighting.",
        "Militants captured the river port of Mushie on Sunday. No shots were fired, a priest said.",
    ],
)
def test_a_place_taken_without_a_fight_is_handed_over(text: str) -> None:
    assert "territory_transferred" in [m.type for m in told(text)]


def test_a_long_sentence_that_follows_tells_of_something_else() -> None:
    text = (
        "Militants captured the river port of Mushie on Sunday. In the provincial capital, two hundred kilometres to "
        "the south, traders who had fled the war last year said that there was no fighting and that shops were open."
    )

    assert [m.type for m in told(text)] == ["territory_overtaken"]


@pytest.mark.parametrize(
    ("text", "main"),
    [
        ("Soldiers clashed with rebels near Beni. The army recaptured the town of Beni.", "territory_regained"),
        ("Rebels clashed with soldiers near Beni after they had captured the town of Oicha.", "armed_clash"),
        (
            "Soldiers clashed with rebels near Beni on Friday. The army reportedly recaptured the town of Oicha.",
            "armed_clash",
        ),
    ],
)
def test_a_clash_gives_way_to_the_capture_in_which_it_ended(text: str, main: str) -> None:
    primary = found(text).primary

    assert primary is not None
    assert main == primary.type


def test_a_slug_before_a_colon_says_what_the_story_is_about() -> None:
    primary = found("Weapons seizure: Police arrested a saddler in Fez on Monday and took two rifles from him.").primary

    assert primary is not None
    assert primary.type == "seizure"


@pytest.mark.parametrize(
    "text",
    [
        "Soldiers took over the quarry at Lubero after the rebels had pulled out.",
        "Militiamen occupied the customs post at Tine once the garrison left.",
        "Rebels moved calmly and unopposed into Kalonge on Tuesday.",
        "Chadian troops entered Bardai on Sunday following the departure of the rebels.",
    ],
)
def test_a_place_that_its_holders_had_left_is_handed_over(text: str) -> None:
    primary = found(text).primary

    assert primary is not None
    assert primary.type == "territory_transferred"


@pytest.mark.parametrize(
    "text",
    [
        "Militiamen occupied the customs post at Tine after clashes, once the garrison left.",
        "Militiamen occupied the customs post at Tine after traders left.",
        "The town of Tine fell to rebels after the garrison left.",
    ],
)
def test_a_fight_or_a_flight_of_others_hands_no_place_over(text: str) -> None:
    primary = found(text).primary

    assert primary is not None
    assert primary.type == "territory_overtaken"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Peshmerga units drove Islamic State from the barracks of Makhmur.", "territory_overtaken"),
        ("Insurgent brigades captured the town of Kobeni.", "territory_overtaken"),
        ("Soldiers and allied militiamen marched on the delta, taking the town of Kobeni.", "territory_regained"),
        ("The capture of Kobeni by the army and a village militia was announced.", "territory_regained"),
        ("The fall of the last insurgent bastion in the delta was announced on Friday.", "territory_regained"),
        ("Soldiers raised the national colours over the granary of Kobeni.", "territory_regained"),
        ("The rebels hoisted a green banner over the granary of Kobeni.", "territory_overtaken"),
        ("An alliance of rebel brigades captured the town of Kobeni.", "territory_overtaken"),
        ("The army wrested the town of Kobeni from paramilitary troops.", "territory_regained"),
        ("Chadian troops took the town of Faya from Libyan soldiers.", "territory_regained"),
        ("The army brought Kobeni under control after the rebels withdrew.", "territory_regained"),
        ("The rebels marched unopposed into Otter Ford.", "territory_transferred"),
        ("A coalition of rebel brigades said it had taken the town of Kobeni.", "territory_overtaken"),
        ("The insurgents say that two camps by the lake have fallen into their hands.", "territory_overtaken"),
        ("The army says that two camps by the lake are now in its hands.", "territory_regained"),
        ("The army said it was once again in control of Kobeni.", "territory_regained"),
        ("Rebels broke through the trenches and captured Kobeni.", "territory_overtaken"),
        ("The delta reverted to central government administration on Friday.", "territory_regained"),
    ],
)
def test_whose_force_it_is_says_who_gained(text: str, kind: str) -> None:
    assert kind in [m.type for m in told(text)]


def test_a_name_before_whom_it_was_taken_from_is_a_place() -> None:
    mention = told("Rebel fighters took Kobeni from Islamic State after a night of shelling.")[0]

    assert (mention.type, [a.text for a in mention.objects]) == ("territory_overtaken", ["Kobeni"])


@pytest.mark.parametrize(
    "text",
    [
        "Soldiers wrested the ford of Kobeni from rebels who had held it since January.",
        "It took the army nine days to win back the ford of Kobeni from the rebels.",
        "Kobeni, the seat of the delta district, fell to rebels at noon.",
        "The rebels claim to have taken the ford of Kobeni.",
        "Villagers persuaded the militia to hand the ford of Kobeni back to the army.",
    ],
)
def test_a_gain_is_told_whatever_clause_tells_it(text: str) -> None:
    assert any(m.type.startswith("territory_") for m in told(text) if m.opens)


def test_what_was_taken_may_stand_before_the_comma() -> None:
    text = "Troops are patrolling the port of Kalu and two hamlets, wrested from the rebels on Monday."

    assert "territory_regained" in {m.type for m in found(text).mentions}


def test_who_is_back_in_a_town_took_it() -> None:
    assert [m.type for m in told("Rebel fighters are back in Kalu.")] == ["territory_overtaken"]
