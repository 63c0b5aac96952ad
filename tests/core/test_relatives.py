"""Whose verb it is when a clause stands between the noun and it, and what is only part of what an act is done to."""

import pytest
from detection_builders import found, only, told

from tocsin.core.mentions import Status


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        ("A notary who angered ranchers by taking up the cases of evicted tenants was shot dead on Monday.", "notary"),
        ("The vicar who had denounced the gangs in his sermons every week was stabbed to death.", "vicar"),
        ("A teacher who angered officers by making a film on the war was gunned down on Tuesday.", "teacher"),
        ("Two porters held hostage for six days in Kumo were shot dead on Friday.", "Two porters"),
    ],
)
def test_the_verb_after_a_clause_is_the_nouns(text: str, recipient: str) -> None:
    mention = only(text, type_="armed_attack")
    assert mention.status is Status.ASSERTED
    assert [text[part.span.start : part.span.end] for part in mention.recipients] == [recipient]


def test_somebody_held_is_described_by_it() -> None:
    text = "The sister of a Danish diver held hostage in Yemen said she had hope."
    [mention] = found(text).mentions
    assert (mention.type, mention.status) == ("abduction", Status.BACKGROUND)


def test_part_of_a_thing_stands_for_it() -> None:
    text = "Rebels blew up a stretch of the coastal gas pipeline on Monday."
    [pipeline] = only(text, type_="bombing").recipients
    assert "pipeline" in text[pipeline.span.start : pipeline.span.end]


def test_a_picture_of_somebody_does_not() -> None:
    assert told("He shot a picture of the minister in Oslo on Monday.") == []


def test_what_something_is_worth_is_not_what_vanishes() -> None:
    assert told("Three violins worth 2 million disappeared from a shop in Genoa.") == []


def test_a_period_before_the_clause_counts_nothing() -> None:
    text = "In some of the worst bloodshed in recent weeks, gunmen attacked soldiers in Kunduz on Friday."
    assert only(text, type_="armed_clash").status is Status.ASSERTED
    text = "In recent weeks gunmen have attacked soldiers in Kunduz."
    assert found(text).mentions[0].status is Status.AGGREGATE


@pytest.mark.parametrize(
    "clause",
    ["that the rebels hired in Baidoa", "which traders hired in Baidoa", "the rebels had hired", "they had hired"],
)
def test_a_clause_that_ends_before_a_verb_leaves_it_its_noun(clause: str) -> None:
    text = f"The lorry {clause} ran over a mine near Dinsoor."
    mention = only(text, type_="remote_explosive")
    assert [text[part.span.start : part.span.end] for part in mention.recipients] == ["lorry"]


def test_who_fired_what_is_told_by_a_clause_about_it() -> None:
    text = "The rockets that the rebels launched from a quarry burned out in a field."
    [launch] = [mention for mention in found(text).mentions if mention.trigger_text == "launched"]
    assert [text[part.span.start : part.span.end] for part in launch.agents] == ["rebels"]
