"""Who agrees on what, and whose forces move, however the clause is built. Every sentence is our own."""

import pytest
from detection_builders import found, only, told


def test_a_noun_of_several_words_is_what_its_first_one_is_the_head_of() -> None:
    mention = told("The cessation of hostilities in the Kuda valley came into force on Monday.")[0]

    assert [a.head for a in mention.objects] == ["cessation"]


@pytest.mark.parametrize(
    ("text", "signers"),
    [
        ("The truce signed by the junta and its armed opponents in Lomi holds.", ["junta", "armed opponents"]),
        ("The pact inked by the rebels and the army in Lomi holds.", ["rebels", "army"]),
    ],
)
def test_a_participle_before_its_doer_is_passive(text: str, signers: list[str]) -> None:
    assert [a.text.removeprefix("its ") for a in told(text)[0].agents] == signers


def test_members_of_a_named_force_are_of_it() -> None:
    mention = only("Nine members of the Valley Frontier Guard switched allegiance to the junta on Friday.")

    assert [a.text for a in mention.agents] == ["Nine members of the Valley Frontier Guard"]


def test_an_adjective_after_a_copula_is_no_subject() -> None:
    mention = only("The guns are due to fall silent along the front line on Friday, the envoy said.")

    assert [a.text for a in mention.objects] == ["guns"]


@pytest.mark.parametrize(
    "text",
    [
        "The army and the rebels agreed late on Thursday to stop fighting.",
        "Two captured pilots were freed on Tuesday in exchange for nine jailed rebels.",
    ],
)
def test_the_rest_of_a_verb_may_stand_after_a_date(text: str) -> None:
    assert "agreement" in [m.type for m in told(text)]


def test_a_row_of_posts_is_posts() -> None:
    mention = told("Soldiers have built a chain of fenced camps above Amra.")[0]

    assert (mention.type, [a.text for a in mention.recipients]) == (
        "base_established",
        ["chain of fenced camps"],
    )


def test_what_a_clause_says_somebody_did_it_to_stands_before_it() -> None:
    mention = told("The truce that Oslo brokered between the two clans is welcome.")[0]

    assert (mention.type, [a.head for a in mention.objects]) == ("agreement", ["truce"])


def test_a_report_that_somebody_acts_is_no_object() -> None:
    mention = only("Niger denied reports that its soldiers clashed with rebels near Uvi last week.")

    assert mention.type == "armed_clash"


def test_a_bearing_behind_a_noun_is_not_its_head() -> None:
    mention = told("Soldiers established an observation point south of Bria.")[0]

    assert [(a.head, a.text) for a in mention.recipients] == [("point", "observation point south of Bria")]


def test_a_thing_does_nothing_itself() -> None:
    mention = only("Rebels took over a warehouse at Mekit to use it as a barracks.", type_="base_established")

    assert [a.text for a in mention.agents] == ["Rebels"]


def test_what_a_clause_describes_is_not_the_news() -> None:
    text = "The premier saw Goral, where rebels still hold four hamlets, and Niger welcomed a first batch of tanks."

    assert [m.type for m in found(text).mentions if m.primary] == ["group_change"]


def test_what_is_planned_comes_before_what_may_be() -> None:
    text = "The truce will take effect on Sunday, and the rebels could attack the hill."

    assert [m.type for m in found(text).mentions if m.primary] == ["agreement"]


def test_where_captives_change_hands_no_place_does() -> None:
    text = "Nine captives and the remains of four fighters changed hands at the bridge of Kalu."

    assert [m.type for m in told(text)] == ["agreement"]
