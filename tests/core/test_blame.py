"""Who is named as the doer beside the deed: blamed, charged, owning up, found after what they set. All our own."""

import pytest
from detection_builders import found, told

from tocsin.core.mentions import Status

# text: type, agents, recipients, by their heads
PARTIES: dict[str, tuple[str, list[str], list[str]]] = {
    "The Amber Column has owned up to Sunday's bombing of a barracks in Udine.": ("bombing", ["column"], ["barracks"]),
    "Officials blamed separatists for the slaying of four surveyors in Yala.": (
        "armed_attack",
        ["separatists"],
        ["surveyors"],
    ),
    "The army attributed to guerrillas the killing of two aldermen in Pasto.": (
        "armed_attack",
        ["guerrillas"],
        ["aldermen"],
    ),
    "The murder of eight hikers in Chilas was the work of militants, a minister said.": (
        "armed_attack",
        ["militants"],
        ["hikers"],
    ),
    "A customs post in Bastia was gutted by a bomb left by separatists.": ("bombing", ["separatists"], ["post"]),
    "Four members of a family killed by gunmen in Kano were buried on Friday.": (
        "armed_attack",
        ["gunmen"],
        ["members"],
    ),
    "A notary was murdered at the hands of a gang in Morelia on Friday.": ("armed_attack", ["gang"], ["notary"]),
    "Five porters lost their lives to rebels in Bunia.": ("armed_attack", ["rebels"], ["porters"]),
    # a unit of a lawless band is no state's
    "The guerrillas' northern brigade detonated nine bombs in Cali.": ("bombing", ["brigade"], []),
    # an insertion between verb and object
    "Rebels set off, from a rooftop, two bombs beside a cinema in Aleppo.": ("bombing", ["rebels"], ["cinema"]),
    # a place behind the noun that it describes
    "With the viaduct at Kalay blown up by rebels, the town was cut off.": ("bombing", ["rebels"], ["viaduct"]),
    # how somebody is found
    "The pilgrims were later found hacked to death.": ("armed_attack", [], ["pilgrims"]),
    # what somebody survives
    "The consul survived an attempt on his life in Beirut on Monday.": ("armed_attack", [], ["consul"]),
}

NEWS = {
    "It was masked men who shot the deputy mayor in Cauca.": Status.ASSERTED,
    "Gunmen tried to assassinate the governor of Lanao.": Status.ASSERTED,
    "There was an attempt on the life of a senator in Dhaka.": Status.ASSERTED,
    "The ministry condemned the murder of the mayor of Neiva, carried out this morning by guerrillas.": Status.ASSERTED,
    "The bishop deplored the killing of two nurses carried out today by rebels in Jinja.": Status.ASSERTED,
    "Police are accused of shooting a vendor in Kisumu on Friday.": Status.ATTRIBUTED,
}

SILENT = (
    "The sect is blamed for the massacre of thirty farmers near Zabarmari.",
    "The ministry condemned the murder of the mayor of Neiva.",
    "A fortnight after the bombing of the barracks two regiments marched into the town.",
    "The clerk is accused of shooting vendors.",
    "The gang planned an attempt to assassinate the governor.",
    "A man was sentenced in Lima for an attempt to assassinate the governor.",
)


@pytest.mark.parametrize(("text", "parties"), PARTIES.items(), ids=list(PARTIES))
def test_the_doer_is_found_beside_the_deed(text: str, parties: tuple[str, list[str], list[str]]) -> None:
    type_, agents, recipients = parties
    mention = next(m for m in found(text).mentions if m.type == type_)

    assert [agent.head for agent in mention.agents] == agents
    assert [recipient.head for recipient in mention.recipients] == recipients


@pytest.mark.parametrize(("text", "status"), NEWS.items(), ids=list(NEWS))
def test_a_deed_is_news_whoever_names_its_doer(text: str, status: Status) -> None:
    assert [(mention.type, mention.status) for mention in told(text)] == [("armed_attack", status)]


@pytest.mark.parametrize("text", SILENT)
def test_what_is_only_referred_to_stays_silent(text: str) -> None:
    assert not [mention for mention in told(text) if mention.type in ("armed_attack", "bombing")]
