"""What a sentence takes for granted stays silent, what it tells rings. Every sentence is our own."""

import pytest
from detection_builders import found, told

from tocsin.core.mentions import Status

KNOWN = {
    # who somebody is
    "The minister met the widow of a baker who was shot dead by gunmen in Oran.": "armed_attack",
    "Envoys from Lima appealed for two engineers kidnapped by guerrillas in Bogota.": "abduction",
    "The village honoured a nurse held hostage by jihadists in Gao.": "abduction",
    "The video shows two clerks taken hostage by guerrillas in Gao.": "abduction",
    "The envoy spoke of a barracks overrun by insurgents in Mali.": "territory_overtaken",
    # what a noun or a verb refers to
    "Diplomats met in Vienna to talk about the massacre of herders in Mali.": "armed_attack",
    "A senator is investigating a grenade attack on a mosque in Quetta.": "grenade",
    "The consulate raised its alert level following the abduction of two nurses in Sanaa.": "abduction",
    "Shops were shut in Dhaka to protest a weekend grenade attack on a bus.": "grenade",
    "Clerks handed over papers that link the mayor with the murder of a judge.": "armed_attack",
    "The ministry has spent more since the killing of a diplomat who was critical of the king.": "armed_attack",
    "He took office prior to the May 11, 2003, grenade attack on a mosque.": "grenade",
    "The hostage-taking of ten tourists in Oran showed that the truce is fragile.": "abduction",
    # what goes on, and what is a habit
    "Shepherds stay away from the valley because troops have been shelling guerrillas there.": "shelling",
    "Migrants are increasingly being arrested by police in Ceuta.": "arrest",
    # a clause of time with a date of its own
    "The swimmer said he was sorry for what he did when police arrested him last week.": "arrest",
    # a trial
    "A smuggler on trial in Lyon told the court that he was asleep when police arrested him.": "arrest",
    # since when something is so
    "The charity has been closed since gunmen kidnapped its director in Gao.": "abduction",
    "The family left town weeks after police arrested the eldest son in Fez.": "arrest",
    "Two weeks after police arrested the eldest son in Fez, the family left town.": "arrest",
    # long ago, though the article has no date
    "Police arrested the smuggler in Malaga two years ago.": "arrest",
    "Guerrillas kidnapped the consul in the 1970s.": "abduction",
}

NEWS = {
    # what a date of those freed, not of the freeing, opens no clause of time
    "Three surveyors kidnapped in Mali five weeks ago were released unhurt on Tuesday.": "release",
    # the main clause tells it, or tells who was hurt in it
    "A nurse was shot dead by gunmen in Oran.": "armed_attack",
    "Two monks died after a grenade attack on a temple in Pattani.": "grenade",
    "The blast left nine people wounded in Quetta after a grenade attack on a mosque.": "grenade",
    # the day of the report
    "The minister met the widow of a baker who was shot dead by gunmen in Oran yesterday.": "armed_attack",
    # the place where, and whom police look for
    "The convoy was stopped near Gao, where gunmen kidnapped two engineers.": "abduction",
    "Police are hunting for a man who stabbed two teachers in Rouen.": "armed_attack",
    # whoever claims it
    "Nobody has claimed responsibility for the bombing of a cinema in Multan.": "bombing",
    # a weapon is told by what it does
    "A bomb planted by guerrillas killed four soldiers in Cali.": "bombing",
    # words of figures that count no events
    "Troops came down from the hills and kidnapped two shepherds, villagers said.": "abduction",
}


UNREAL = {
    "Elders want to avoid a U.S.-led military offensive against the rebels of Ramadi.": "armed_clash",
    "The guerrillas seek recruits to carry out attacks on policemen in Cali.": "armed_attack",
    "Two clerks are accused of planning an attack on a barracks in Cali.": "armed_clash",
    "The mayor fears possible terror attacks on the stadium in Lyon.": "armed_attack",
    "Arresting the editor in Fez would be a mistake.": "arrest",
    "The minister said a terrorist attack on a stadium could be carried out soon.": "armed_attack",
}


@pytest.mark.parametrize(("text", "type_"), UNREAL.items(), ids=list(UNREAL))
def test_what_is_only_thought_of_stays_silent(text: str, type_: str) -> None:
    mentions = [mention for mention in found(text).mentions if mention.type == type_]

    assert mentions
    assert not any(mention.opens for mention in mentions)


def test_a_score_is_nobody_who_was_shot() -> None:
    assert not told("The golfer shot a 68 in Lagos on Sunday.")
    assert not told("The striker hit a two-run shot over the wall in Lagos.")


def test_a_coal_mine_is_no_mine() -> None:
    assert not told("A gas explosion in a coal mine near Lens killed nine men.")


@pytest.mark.parametrize(("text", "type_"), KNOWN.items(), ids=list(KNOWN))
def test_what_is_known_already_stays_silent(text: str, type_: str) -> None:
    mentions = [mention for mention in found(text).mentions if mention.type == type_]

    assert mentions
    assert {mention.status for mention in mentions} == {Status.BACKGROUND}


@pytest.mark.parametrize(("text", "type_"), NEWS.items(), ids=list(NEWS))
def test_what_is_told_rings(text: str, type_: str) -> None:
    types = {mention.type for mention in told(text)}

    assert type_ in types or any(type_ in other for other in types)


def test_what_its_takers_show_is_told() -> None:
    text = "In March the coast guard displayed pistols, flares and grenades seized from the smugglers."
    assert [mention.type for mention in told(text)] == ["seizure"]


def test_what_is_dropped_from_above_is_not_called_off() -> None:
    assert [mention.type for mention in told("Helicopters are said to have dropped bombs on a mill in Kauda.")]
    assert not told("The general is said to have dropped the attack on Kauda.")


def test_a_type_of_aircraft_is_no_decade() -> None:
    assert [mention.type for mention in told("Mirage 2000s of the Indian air force hit a camp near Balakot.")]
    assert not told("In the 1980s jets hit a camp near Balakot.")


def test_what_is_banned_beside_an_event_does_not_call_it_off() -> None:
    assert told("Pilots flew sorties against camps of the banned party near Balakot.")
    assert not told("The air strike on Raqqa was called off.")


def test_what_is_full_of_other_things_is_no_bomb() -> None:
    assert not told("The booby-trapped budget blew up in the face of the minister.")
    assert not told("A truck loaded with gas cylinders exploded near Lyon, injuring its driver.")
