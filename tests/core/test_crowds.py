"""Who comes together, for what, and what it turns into. Every sentence is our own."""

import pytest
from detection_builders import found, told

GATHERED = {
    # several persons, a number of them, a people, members of a body
    "Weavers knelt outside the ministry in Lomé on Monday to denounce a transfer.": "weavers",
    "Some 300 sat in the hall of the port authority in Bar, calling for a hearing.": "300",
    "Georgians gathered in Batumi on Sunday to demand a recount.": "georgians",
    "Members of a reading circle assembled in Ghent to decry the closure.": "members",
    # a bare number of people with its verb
    "Hundreds linked arms around an oak in Szeged on Friday.": "hundreds",
}


@pytest.mark.parametrize(("text", "agent"), GATHERED.items(), ids=list(GATHERED))
def test_what_many_do_together_to_demand_is_a_protest(text: str, agent: str) -> None:
    (mention,) = [m for m in told(text) if m.type == "protest"][:1]

    assert [a.head for a in mention.agents] == [agent]


@pytest.mark.parametrize(
    "text",
    [
        "A lawyer knelt outside the ministry in Lomé to denounce a transfer.",  # one alone
        "Weavers knelt outside the ministry in Lomé to tie their shoes.",  # no demand
        "Leaders gathered in Bern on Monday to demand a recount.",  # office holders meet
        "The demand for flats brought forty agents to the fair in Graz.",  # a noun is no demanding
    ],
)
def test_one_alone_or_without_a_demand_does_not_protest(text: str) -> None:
    assert [m.type for m in told(text) if m.type == "protest"] == []


def test_a_verb_phrase_that_opens_with_an_auxiliary_is_one() -> None:
    (mention,) = told("A parade against the toll got out of hand in Arlon on Sunday.")

    assert (mention.type, [a.head for a in mention.agents]) == ("riot", ["parade"])


def test_half_a_century_is_one_group() -> None:
    (mention,) = told("A march against half a century of rule by one clan turned violent in Kayes on Sunday.")

    assert mention.type == "riot"


def test_how_it_is_quelled_next_tells_a_riot_from_a_brawl() -> None:
    first = "Teenagers pelted patrol cars with bricks in Breda on Sunday."

    assert [m.type for m in told(first)] == ["mob_violence"]
    assert next(m.type for m in told(f"{first} Officers used tear gas.") if m.agents) == "riot"


def test_a_word_no_class_lists_is_nobody_after_things() -> None:
    mentions = found("Bandits carted off rice and two zorbles near Dori on Monday.").mentions

    assert [m.type for m in mentions] == ["property_destruction"]


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        # a plural of persons and what they do, not what is done to them
        ("Soldiers opened fire on porters taking part in a march in Beira on Sunday.", "porters"),
        ("A march in Bihac ended with men throwing bricks at constables.", "constables"),
        # a participle that looks like a base form, with who does it
        ("Crowds looted kiosks run by widows in Maseru on Sunday.", "kiosks"),
    ],
)
def test_what_a_plural_does_or_undergoes_is_no_part_of_its_name(text: str, recipient: str) -> None:
    assert [a.head for m in told(text) for a in m.recipients if a.head == recipient] == [recipient]


def test_whoever_holds_two_things_is_the_one_who_acts() -> None:
    (mention,) = told(
        "Youths carrying clubs and street lamps pushed against a line of riot police in Tirana on Sunday."
    )

    assert (mention.type, [a.head for a in mention.agents]) == ("riot", ["youths"])
