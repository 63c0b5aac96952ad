"""Who did what to whom, in the constructions in which news tells it. Every sentence is our own."""

import pytest
from detection_builders import found

# text: type, agents, recipients (or objects), by their heads
PARTIES: dict[str, tuple[str, list[str], list[str]]] = {
    # the third verb of a row has the subject of the first
    "Gendarmes searched a garage in Lugo, arrested its tenant and seized four rifles.": (
        "seizure",
        ["gendarmes"],
        ["rifles"],
    ),
    # an event noun that a verb destroys with
    "The silo, destroyed by Turkish air strikes on Friday, held grain.": ("airstrike", ["turkish"], ["silo"]),
    # a clause about the event noun
    "The minister praised the raid in which marines freed two divers off Bari.": ("raid", ["marines"], []),
    # a date between the verb and its noun
    "The Haqqani network claimed responsibility for Tuesday's suicide bombing outside a bank in Herat.": (
        "suicide_bombing",
        ["network"],
        ["bank"],
    ),
    # one event leads to another
    "A raid by customs officers on a yard in Gdansk led to the seizure of two lorries.": (
        "seizure",
        ["officers"],
        ["lorries"],
    ),
    "An inquiry said a raid by soldiers killed three fishermen.": ("armed_attack", ["soldiers"], ["fishermen"]),
    # an occasion
    "Rangers killed two poachers in a clash near Maun.": ("armed_clash", ["rangers"], ["poachers"]),
    # blame
    "Officials blamed the ambush on a clan militia.": ("armed_attack", ["militia"], []),
    "The murder of two monks was attributed to separatists.": ("armed_attack", ["separatists"], ["monks"]),
    # a man described by what he is suspected of
    "Police arrested a student suspected of throwing a grenade at a cinema.": ("grenade", ["student"], ["cinema"]),
    # who does it far away
    "The mayor of Ocosingo was murdered on her way to vote on Sunday by men in uniform.": (
        "armed_attack",
        ["men"],
        ["mayor"],
    ),
    # those who speak
    '"We have arrested six smugglers," the interior ministry said.': ("arrest", ["ministry"], ["smugglers"]),
    "Ukraine says it shot down nine drones on Monday.": ("interception", ["ukraine"], ["drones"]),
    "Hamas said it had freed two hostages on Monday.": ("release", ["hamas"], ["hostages"]),
    "A rebel spokesman threatened to kidnap the surveyors.": ("abduction", ["rebel"], ["surveyors"]),
    "A spokesman for the guerrillas denied having shelled a clinic.": ("shelling", ["guerrillas"], ["clinic"]),
    # no subject is its own object
    "Bandits robbed a bus on Friday, and soldiers later clashed with them.": ("armed_clash", ["soldiers"], ["bandits"]),
    # a row after a verb of saying
    "The army says its marines and the rebels clashed near Goma.": ("armed_clash", ["marines", "rebels"], []),
    # "should" before its subject
    "Should rebels shell the harbour again, ferries will stop.": ("shelling", ["rebels"], ["harbour"]),
    # none of the four are the four
    "None of the four nurses has been released.": ("release", [], ["nurses"]),
    # parts of a number
    "Police arrested nine people in Vlora and four in Fier.": ("arrest", ["police"], ["people"]),
    # what a thing holds says what it is
    "Soldiers dug out a drum full of pistols near Tengnou.": ("seizure", ["soldiers"], ["drum"]),
    "Helicopters dropped barrels loaded with chlorine on Basta.": ("chemical_weapon", ["helicopters"], ["basta"]),
    "Sappers disabled a van packed with dynamite in Tobruk.": ("defusal", ["sappers"], ["van"]),
    "A van crammed with dynamite was blown up by rebels in Kismayo.": ("remote_explosive", [], ["van"]),
    "A handcart stuffed with mortar shells blew up in Parachinar.": ("remote_explosive", [], []),
    "A lorry laden with 50 kilos of dynamite exploded at a toll gate in Herat.": ("remote_explosive", [], ["gate"]),
    # who made a bomb of it
    "A tractor rigged by the Haqqani network went off outside a bank in Gardez.": (
        "remote_explosive",
        ["network"],
        ["bank"],
    ),
    "A booby-trapped shipping crate went off outside a mill in Tikrit.": ("remote_explosive", [], ["mill"]),
    # so many of the things before
    "Sappers found eleven mines near Taiz; seven were rendered harmless.": ("defusal", [], ["seven"]),
    # parts are of what they come from
    "Splinters from a grenade injured nine army men in Bukavu.": ("grenade", [], ["men"]),
    # a verb after a progressive one
    "The jeep in which the mayor was travelling hit a mine near Tessalit.": ("remote_explosive", [], ["jeep"]),
    # a calibre without its nought
    "Soldiers hauled in a .50-caliber rifle near Jolo.": ("seizure", ["soldiers"], ["rifle"]),
    "A car bomb claimed five lives in Baquba.": ("remote_explosive", [], ["lives"]),
    "A hail of Katyushas descended on a mill in Metula.": ("shelling", [], ["mill"]),
    "A helicopter let go of two barrels over a mill in Idlib.": ("airstrike", ["helicopter"], ["mill"]),
    # a quotation inside the verb
    'A shell had "very likely" landed in a mill in Marea, doctors said.': ("shelling", [], ["mill"]),
    # what a place is rid of
    "Engineers have cleared the road to Senna of four mines.": ("defusal", ["engineers"], ["mines"]),
    # the first of several is one of them
    "The first of two rockets came down on a hangar in Wadia.": ("shelling", [], ["hangar"]),
    # an adverb between a number and its noun
    "Police seized 12 badly rusted rifles in Accra.": ("seizure", ["police"], ["rifles"]),
    # a market where people shop is no stock market
    "Jets bombed a market in Ariha.": ("airstrike", ["jets"], ["market"]),
    # the target before those who were hit there
    "A grenade was thrown into a cafe in Split on Monday, wounding two waiters.": ("grenade", [], ["cafe"]),
    "A car bomb exploded near a patrol in Zinder, killing one soldier, according to a doctor.": (
        "remote_explosive",
        [],
        ["patrol"],
    ),
    # whoever bears the name of a force
    "A grenade was thrown at a toll booth by the Ravi Defence Force.": ("grenade", ["force"], ["booth"]),
    "A patrol of battalion 9 ambushed the army near Sidon.": ("armed_clash", ["patrol"], ["army"]),
    "Afghan forces airstrikes hit a depot.": ("airstrike", ["forces"], ["depot"]),
    "Two coalition air raids hit a depot in Marib.": ("airstrike", ["coalition"], ["depot"]),
    # a force that fires has no object of its own
    "Serbian forces shelled near Knin.": ("shelling", ["forces"], []),
    # whom strikes are aimed at, and what nobody reports
    "Jets carried out air strikes targeting rebels near Homs, with no word on casualties.": (
        "airstrike",
        ["jets"],
        ["rebels"],
    ),
    # of two phrases the nearer
    "Guards opened fire at two pupils on a bridge.": ("armed_attack", ["guards"], ["pupils"]),
    # a row of places before the verb
    "Rioters in the wards of Larle, Gounghin and Zogona erected barricades.": ("riot", ["rioters"], []),
    # where fights took place, and between whom
    "Clashes took place between gunmen and soldiers in Homs.": ("armed_clash", ["gunmen", "soldiers"], []),
    # those who were hit before the town
    "Shelling of Donetsk by the army killed two nurses.": ("shelling", ["army"], ["nurses"]),
}


@pytest.mark.parametrize(("text", "expected"), PARTIES.items(), ids=list(PARTIES))
def test_parties_are_read_in_every_construction(text: str, expected: tuple[str, list[str], list[str]]) -> None:
    type_, agents, recipients = expected

    mention = next(m for m in found(text).mentions if m.type == type_)

    assert [a.head for a in mention.agents] == agents
    assert [a.head for a in (mention.recipients or mention.objects)] == recipients


@pytest.mark.parametrize(
    "text",
    [
        "Jets struck Kunar province on Monday.",
        "The army fired nine rockets at Poltava on Tuesday.",
        "Gunners shelled Dnipro on Tuesday.",
    ],
)
def test_a_town_or_province_is_where_and_not_to_whom(text: str) -> None:
    mention = found(text).mentions[0]

    assert (mention.recipients, len(mention.places)) == ((), 1)


def test_who_denies_a_deed_of_nobody_named_is_not_its_doer() -> None:
    assert found("The ministry denied that the banker had been freed.").mentions[0].agents == ()


PLACES = {
    # both ends of a way
    "Peru extradited the forger from Arequipa to Guayaquil on Monday.": ["Arequipa", "Guayaquil"],
    "Bandits abducted two drivers on the road from Kaduna to Zaria on Monday.": ["Kaduna", "Zaria"],
    # what an event noun's verb shook
    "Residents recalled the riots that shook Marseille in 1998.": ["Marseille"],
    # a state of a federation that does something does it at home
    "Ohio executed a 61-year-old man on Tuesday.": ["Ohio"],
    # where somebody is today
    "Freed by the rebels in 2012, she now teaches drawing in Bergen.": [],
    # a sea beside a town
    "Marines seized a ketch laden with hashish in the Black Sea off Varna.": ["Varna"],
    # a people or sea before those whom it is about
    "Police arrested nine men in a crackdown on Baltic smugglers.": [],
}


@pytest.mark.parametrize(("text", "expected"), PLACES.items(), ids=list(PLACES))
def test_places_are_where_it_happened(text: str, expected: list[str]) -> None:
    assert [place.text for place in found(text).mentions[0].places if place.kind != "country"] == expected


@pytest.mark.parametrize(
    ("text", "kind", "whom"),
    [
        ("Five rockets landed in the playground of a school in Kharkiv.", "shelling", "playground of a school"),
        (
            "Six rockets were fired at Haifa on Sunday, and three of them were shot down.",
            "interception",
            "three of them",
        ),
        ("Raiders stopped a coach of pilgrims near Zaria and shot two of them dead.", "armed_attack", "two of them"),
        ("Portugal captures suspected IT swindler", "arrest", "suspected IT swindler"),
    ],
)
def test_who_suffers_is_the_whole_or_a_part_of_those_told_before(text: str, kind: str, whom: str) -> None:
    assert (kind, [whom]) in [(m.type, [a.text for a in m.recipients]) for m in found(text).mentions]


def test_what_is_fired_is_nobody() -> None:
    assert not found("Four mortar shells struck the governor's palace in Aden.").mentions[0].agents


def test_a_clause_of_the_sentence_is_about_the_same_suspects() -> None:
    text = "Police broke up an Islamic State cell in Mosul on Sunday, seizing two rifles."
    seizure = next(m for m in found(text).mentions if m.type == "seizure")

    assert [a.actor for a in seizure.linked] == ["isis"]
