"""Whose deed a clause tells when its subject stands far off. Every sentence is our own."""

import pytest
from detection_builders import found, only, told


@pytest.mark.parametrize(
    ("text", "doer", "sufferer"),
    [
        ("The navy fired with deck guns killing two fishermen off Jaffna.", "navy", "two fishermen"),
        ("Masked men rode through a market killing three nurses in Lira.", "Masked men", "three nurses"),
        ("The head of a militia (Jean Mbusa) beat up a clerk in Kalehe.", "head of a militia (Jean Mbusa)", "clerk"),
    ],
)
def test_what_came_of_a_deed_has_its_doer(text: str, doer: str, sufferer: str) -> None:
    mentions = [m for m in told(text) if m.type == "armed_attack"]

    assert [(m.agents[0].text, m.recipients[0].text) for m in mentions if m.recipients[0].text == sufferer] == [
        (doer, sufferer)
    ]


def test_towns_listed_before_two_armies_are_no_fighters() -> None:
    mention = only("Near Lone town, Dawna township, Pyu district, the army and the Lions clashed.")

    assert [a.text for a in mention.agents] == ["army", "Lions"]


def test_a_month_is_no_demonstration() -> None:
    assert [m.type for m in told("On March 8, soldiers shot four shepherds near Oyo.")] == ["armed_attack"]


def test_words_that_a_stroke_joins_are_what_each_is() -> None:
    mention = only("Observers recorded nine explosions/shots along the contact line.")

    assert [a.text for a in mention.objects] == ["nine explosions/shots"]


@pytest.mark.parametrize(
    ("text", "doer", "sufferer"),
    [
        ("Kasai rebels attack a barge on the Congo", "Kasai rebels", "barge"),
        ("Gunmen fire on buses near Lahij, two hurt", "Gunmen", "buses"),
        ("Somali forces raid houses of elders in Baidoa", "Somali forces", "houses of elders"),
        ("Gunmen kill deputy justice minister - sources", "Gunmen", "deputy justice minister"),
    ],
)
def test_a_plural_in_a_headline_does_what_follows(text: str, doer: str, sufferer: str) -> None:
    mention = told(text)[0]

    assert [[a.text for a in mention.agents], [a.text for a in mention.recipients or mention.objects]] == [
        [doer],
        [sufferer],
    ]


def test_what_breaks_out_is_told_wherever_it_is() -> None:
    assert [m.type for m in told("Gunfight erupts in the Kuda valley")] == ["armed_clash"]
    assert not told("The film ends with a gunfight in the Kuda valley")


@pytest.mark.parametrize("text", ["Bus crash kills nine soldiers", "Nine soldiers were killed in a landslide in Ura."])
def test_an_accident_is_no_fight(text: str) -> None:
    assert not told(text)


@pytest.mark.parametrize(
    ("text", "main"),
    [
        ("Gunmen killed two nuns and abducted a driver in Pala.", "armed_attack"),
        ("Gunmen attacked a bar in Pala and abducted two waiters.", "abduction"),
        ("Gunmen attacked a hamlet near Pala and burned nine barns.", "property_destruction"),
        ("Gunmen attacked a hamlet near Pala, killing two nuns, and burned nine barns.", "armed_attack"),
        ("Gunmen attacked a farm near Pala. The gunmen sexually assaulted two women.", "sexual_violence"),
        ("Police killed six insurgents near Pala and seized nine rifles.", "armed_clash"),
        ("A man hacked two clerks with a machete in Pala and the attacker was also wounded.", "armed_attack"),
    ],
)
def test_what_was_done_to_persons_comes_first(text: str, main: str) -> None:
    assert [m.type for m in found(text).mentions if m.primary] == [main]


def test_whom_a_gunman_hurts_is_a_person_known_or_not() -> None:
    mention = only("A shoemender was wounded by a gunman in Pala.")

    assert [a.text for a in mention.recipients] == ["shoemender"]


def test_protesters_and_police_fight_no_battle() -> None:
    mentions = told("A skirmish between protesters and police broke out in Pala.")

    assert all(m.type != "armed_clash" for m in mentions)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Rebels fired mortars and small arms at army positions near Pisky.", "armed_clash"),
        ("Rebels fired mortars at army positions near Pisky.", "shelling"),
    ],
)
def test_small_arms_make_it_a_fight(text: str, type_: str) -> None:
    assert [m.type for m in told(text)] == [type_]


@pytest.mark.parametrize(
    ("text", "type_", "agent"),
    [
        ("The Syrian military arrested students in Homs.", "arrest", "Syrian military"),
        ("Israeli military shelled orchards near Tyre.", "shelling", "Israeli military"),
        ("Peruvian rebels sign ceasefire with government", "agreement", "Peruvian rebels"),
    ],
)
def test_a_force_does_what_the_verb_after_it_says(text: str, type_: str, agent: str) -> None:
    mention = only(text, type_=type_)

    assert mention.opens
    assert [agent] == [a.text for a in mention.agents][:1]


def test_a_people_is_no_army() -> None:
    assert all(m.type != "armed_clash" for m in told("Officials said 131 Kenyans died in the violence."))


def test_a_police_commander_abducts_nobody() -> None:
    assert [m.type for m in told("The police commander arrested nine people in Pala.")] == ["arrest"]


@pytest.mark.parametrize(
    ("text", "doer"),
    [
        ("Kasai army clashes with raiders in Pala", "Kasai army"),
        ("Kasai army kills suspected rebels, seizes mortars", "Kasai army"),
    ],
)
def test_a_force_in_a_headline_does_what_follows(text: str, doer: str) -> None:
    mention = next(m for m in told(text) if m.type == "armed_clash")

    assert [a.text for a in mention.agents] == [doer]


def test_a_headline_of_who_says_it_tells_it() -> None:
    assert [m.type for m in told("Togo says nine soldiers killed near border")] == ["armed_clash"]


def test_after_a_conjunction_a_row_of_doers_begins_anew() -> None:
    mention = only("Juba said that its soldiers and the allied Akobo police had retaken the town of Pochalla.")

    assert [a.text for a in mention.agents] == ["soldiers", "allied Akobo police"]


def test_who_reports_between_commas_does_nothing_else() -> None:
    text = "Hezbollah fighters stormed a ridge on Monday, a Beirut daily said, wresting back two hamlets from rivals."
    mention = next(m for m in told(text) if m.type == "territory_overtaken")

    assert [a.text for a in mention.agents] == ["Hezbollah fighters"]


def test_what_is_no_part_of_the_first_is_told_by_its_preposition() -> None:
    mention = only("Soldiers dislodged Islamic State from the old airfield and an adjoining barracks in Kobeni.")

    assert [a.text for a in mention.objects] == ["old airfield", "adjoining barracks"]


def test_all_before_an_article_is_part_of_the_group() -> None:
    mention = only("The liberation of all the eastern hills was announced by the army.")

    assert [a.text for a in mention.objects] == ["eastern hills"]


@pytest.mark.parametrize(
    "text", ["The army set up yet another base near Lira.", "Rebels built yet another camp at Oyo."]
)
def test_yet_joins_nothing_before_another(text: str) -> None:
    assert [(m.type, m.recipients[0].text) for m in told(text)] == [("base_established", text.split()[-3])]


def test_yet_still_joins_clauses() -> None:
    assert [m.recipients[0].text for m in told("It rained, yet rebels set up a camp at Oyo.")] == ["camp"]
