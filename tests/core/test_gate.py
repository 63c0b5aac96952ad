"""The gate before reading: it drops what the full reading would refuse, and nothing else."""

import json
from pathlib import Path

import pytest
from detection_builders import article, shipped_detector
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.core.article import Span
from tocsin.core.detection import detect
from tocsin.core.lexicon import PRON, Lexicon
from tocsin.core.matching.gate import Gate, Marks, Opened, Opening
from tocsin.core.matching.scan import Scanner, Trigger, TriggerHit
from tocsin.core.mentions import Role
from tocsin.core.numbers.finder import NumberWords
from tocsin.core.rules import TriggerForm
from tocsin.core.text import spaced

CORPUS = sorted((Path(__file__).parents[1] / "corpus").glob("*.jsonl"))
WEAPON, PERSON, FUEL, STATE, PUBLIC, MANY = 1, 2, 4, 8, 16, 32
WORDS = (
    "seized charged struck fired on police-run drug-smuggling Islamic State the five dozens 27 camp rifles she them "
    "in Kabul strike strikes operation ring court budget ship tankers , . two-thirds Boko Haram's protest talks "
    "cut off found guilty kept under detention seized-back named leader"
).split()


def gate() -> Gate:
    lexicon = Lexicon(
        masks={"rifles": WEAPON, "car-bomb": WEAPON, "seized": WEAPON, "bakers": PUBLIC},
        multi={"drums": ((("oil",), FUEL),)},
        bits={"weapon": WEAPON, "person": PERSON, "fuel": FUEL, "state": STATE, "public": PUBLIC, "many": MANY},
        tags={"it": PRON, "none": PRON},
        words={
            "person_pronouns": frozenset({"them"}),
            "indefinite_pronouns": frozenset({"none"}),
            "group_nouns": frozenset({"network"}),
            "definite": frozenset({"the"}),
        },
        wholes={"person": PERSON},
        makes={"person_pronouns": PERSON},
    )
    numbers, late = NumberWords({"simple": {"5": ["five"]}}), lexicon.bit("place_name") | MANY
    return Gate(lexicon, numbers, late, (STATE, ("Chad",)), (MANY, PUBLIC, ("Georgians",)))


def look(tested: Gate, text: str) -> Marks:
    """What the words of a text may be."""
    words = spaced(text)
    return tested.look(words, Scanner([], {}, tested.patterns).look(words).others)


def open_all(tested: Gate, text: str, *found: tuple[Span, list[TriggerHit]]) -> list[Opened]:
    """What of these sentences of a text is opened."""
    opening = Opening(tested, look(tested, text), [], lambda _: 0)
    for span, hits in found:
        opening.add(span, hits)
    return opening.opened


def passes(text: str, need: int) -> bool:
    """Whether the trigger "seized" passes the gate in a sentence."""
    start = text.index("seized")
    trigger = Trigger(rule=0, kind="verb", form=TriggerForm(text="seize"), text="seized", need=need)
    hit = TriggerHit(start, start + len("seized"), (trigger,))
    tested = gate()
    return bool(open_all(tested, text, (Span(start=0, end=len(text)), [hit])))


def opens(text: str, filler: int) -> bool:
    """Whether the trigger "taken" passes in the last sentence when its object must be of a class."""
    start = text.index("taken")
    form = TriggerForm(text="take")
    trigger = Trigger(rule=0, kind="verb", form=form, text="taken", only=((Role.OBJECT, filler),))
    hit = TriggerHit(start, start + len("taken"), (trigger,))
    tested = gate()
    last = Span(start=text.rfind(". ") + 2 if ". " in text else 0, end=len(text))
    return bool(open_all(tested, text, (last, [hit])))


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("the day was seized", 0),
        ("rifles were seized", WEAPON),
        ("assault-rifles were seized", WEAPON),
        ("a car-bomb was seized", WEAPON),
        ("ten oil drums were seized", FUEL),
        ("ten drums of oil, drums, were seized", FUEL),
        ("fear seized them", PERSON),
        ("five were seized", PERSON),
        ("17 were seized", PERSON),
    ],
)
def test_a_trigger_passes_where_a_word_may_be_what_it_needs(text: str, need: int) -> None:
    assert passes(text, need)


@pytest.mark.parametrize("need", [WEAPON, PERSON, FUEL, WEAPON | FUEL])
def test_a_trigger_is_dropped_where_no_other_word_is_what_it_needs(need: int) -> None:
    assert not passes("the day with steel drums was seized", need)


def test_a_verb_that_stands_apart_passes_only_where_its_tail_follows() -> None:
    tested = gate()
    trigger = Trigger(rule=0, kind="verb", form=TriggerForm(text="cut off"), text="cut", tail="off", ahead=" off ")
    texts = ("they cut the road off", "they cut the road, off", "off they cut the road", "they cut the road. Off it is")
    passed = [
        bool(open_all(tested, text, (Span(start=0, end=len(text.partition(".")[0])), [hit])))
        for text in texts
        for hit in [TriggerHit(text.index("cut"), text.index("cut") + 3, (trigger,))]
    ]

    assert passed == [True, True, False, False]


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("rifles were taken", True),
        ("the taken day", False),
        ("a deal. it was taken", False),
        ("rifles came. it was taken", True),
        ("rifles came. none was taken", False),
        ("rifles came. the network was taken", True),
        ("rifles came. taken was the", True),
        ("rifles came. the day was taken", False),
        ("chad taken the day", False),
    ],
)
def test_a_trigger_is_dropped_where_nothing_may_fill_a_role_that_it_narrows(text: str, passed: bool) -> None:
    assert opens(text, WEAPON) == passed


def opened(*texts: str) -> list[tuple[list[str], bool]]:
    """The words that pass in each sentence that is opened, and whether any does by itself.

    "met" needs a weapon and leaves fuel, "burnt" needs fuel and leaves it too.
    """
    text, found, start = ". ".join(texts), [], 0
    for sentence in texts:
        hits = []
        for at, word in ((sentence.find(word), word) for word in ("met", "burnt")):
            need = WEAPON if word == "met" else FUEL
            form = TriggerForm(text=word)
            trigger = Trigger(rule=0, kind="verb", form=form, text=word, need=need, leaves=FUEL)
            hits += [TriggerHit(start + at, start + at + len(word), (trigger,))] if at >= 0 else []
        found.append((Span(start=start, end=start + len(sentence)), hits))
        start += len(sentence) + 2
    tested = gate()
    kept = open_all(tested, text, *found)
    return [([text[hit.start : hit.end] for hit in hits], alone) for _, hits, alone in kept]


def test_what_an_event_leaves_opens_sentences_after_it_and_its_own() -> None:
    assert opened("rifles met", "it burnt") == [(["met"], True), (["burnt"], False)]
    assert opened("rifles met and burnt") == [(["met", "burnt"], True)]


def test_what_a_trigger_would_leave_does_not_open_its_own_sentence_or_one_before() -> None:
    assert opened("it burnt", "it burnt") == []
    assert opened("it burnt", "rifles met") == [(["met"], True)]


def test_a_state_is_looked_for_only_where_a_word_of_its_name_stands() -> None:
    assert opens("chad taken the day", STATE)
    assert not opens("the taken day", STATE)


@pytest.mark.parametrize(
    ("text", "reach", "counts"),
    [
        ("they cut the lorry", WEAPON, True),
        ("they cut the lorry", FUEL, False),
        ("they cut the lorry off", FUEL, True),
        ("they cut the lorry, \n\n off it went", FUEL, False),
        ("they cut the lorry off", PERSON, False),
    ],
)
def test_a_paragraph_counts_where_a_trigger_needs_what_it_may_hold(text: str, reach: int, counts: bool) -> None:
    whole = Trigger(rule=0, kind="verb", form=TriggerForm(text="cut"), text="cut", need=WEAPON)
    form = TriggerForm(text="cut off")
    parted = Trigger(rule=0, kind="verb", form=form, text="cut", need=FUEL, tail="off", ahead=" off ")
    scanner, words = Scanner([whole, parted], {}), spaced(text)

    found = scanner.may_count(words, scanner.look(words).triggers, reach, len(text.partition("\n")[0]))

    assert found == counts


@pytest.mark.parametrize("path", CORPUS, ids=[path.stem for path in CORPUS])
def test_the_gate_hides_no_mention_of_the_corpus(path: Path) -> None:
    detector = shipped_detector()
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert texts

    for text in texts:
        gated = detect(article(text), detector).mentions
        assert gated == detect(article(text), detector, trace=True).mentions, text


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
def test_the_gate_hides_no_mention_of_any_text(text: str) -> None:
    detector = shipped_detector()

    assert detect(article(text), detector).mentions == detect(article(text), detector, trace=True).mentions


@pytest.mark.parametrize("idle", [9, 10, 11, 400])
def test_hits_that_cannot_count_fill_up_the_limits_all_the_same(idle: int) -> None:
    detector = shipped_detector()
    one = article("He " + "leaves, " * idle + "and police in Tangier arrested six men on Friday.")
    many = article("He leaves home. " * idle + "Police in Tangier arrested six men on Friday.")

    assert detect(one, detector).mentions == detect(one, detector, trace=True).mentions
    assert detect(many, detector).mentions == detect(many, detector, trace=True).mentions
    assert bool(detect(one, detector).mentions) == (idle < 10)
    assert bool(detect(many, detector).mentions) == (idle < 80)


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("bakers were taken", True),
        ("five were taken", True),
        ("rows of 12 were taken", True),
        ("the day was taken", False),
        ("bakers came. it was taken", True),
        ("georgians were taken", True),
    ],
)
def test_many_are_looked_for_only_where_there_is_a_number_or_a_word_for_the_public(text: str, passed: bool) -> None:
    assert opens(text, MANY) == passed


@pytest.mark.parametrize(
    ("text", "said", "doers", "hit"),
    [
        ("A mule cart rigged by rebels maimed two coopers near Herat.", "rigged", ["rebels"], ["two coopers"]),
        ("A donkey cart mined by guerrillas wounded three tailors.", "mined", ["guerrillas"], ["three tailors"]),
        ("A lorry rigged by rebels stood outside a bakery.", "rigged", ["rebels"], []),
    ],
)
def test_a_trigger_may_need_what_it_makes_of_the_noun_beside_it(
    text: str, said: str, doers: list[str], hit: list[str]
) -> None:
    detector = shipped_detector()
    (found,) = detect(article(text), detector).mentions

    assert (found.type, found.trigger_text) == ("remote_explosive", said)
    assert [agent.text for agent in found.agents] == doers
    assert [recipient.text for recipient in found.recipients] == hit
    assert (found,) == detect(article(text), detector, trace=True).mentions


def test_an_election_that_was_rigged_is_no_bomb() -> None:
    found = detect(article("Six voters were killed after a rigged poll in Mombasa on Monday."), shipped_detector())

    assert "remote_explosive" not in {mention.type for mention in found.mentions}
