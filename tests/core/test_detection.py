"""What the detector makes of the constructions of English news. Every sentence is our own."""

import pytest
from detection_builders import found, only, told

from tocsin.core.mentions import Status

ARRESTS: dict[str, tuple[str | None, str | None, int | None]] = {
    # active
    "Police in Tangier arrested six men on Tuesday.": ("Police", "six men", 6),
    # passive with agent
    "Two brothers were detained by Spanish police in Ceuta on Monday.": ("Spanish police", "Two brothers", 2),
    # passive without agent
    "Nine suspected smugglers were arrested in Sfax on Sunday.": (None, "Nine suspected smugglers", 9),
    # headline
    "Three arrested in Lisbon": (None, "Three", 3),
    # nominal
    "The arrest of four bankers by federal agents in Lima drew criticism on Monday.": (
        "federal agents",
        "four bankers",
        4,
    ),
    # participle clause
    "Soldiers surrounded the farm, arresting seven insurgents.": ("Soldiers", "seven insurgents", 7),
    # verbs that share a subject
    "Customs officers stopped a van and arrested two drivers.": ("Customs officers", "two drivers", 2),
    # support verb
    "Detectives made five arrests in Bristol on Sunday.": ("Detectives", None, 5),
    # a particle apart from its verb
    "Gendarmes rounded the smugglers up in Nador on Friday.": ("Gendarmes", "smugglers", None),
    # a relative clause without commas, and what somebody is suspected of, before the verb
    "A forger who had fled the city was arrested by gendarmes in Oran.": ("gendarmes", "forger", 1),
    "Two clerks suspected of selling visas over the counter were arrested in Lima.": (None, "Two clerks", 2),
    # a purpose and an "-ing" clause between two verbs
    "Troops fired shots to scatter the crowd and arrested nine men in Bata.": ("Troops", "nine men", 9),
    "Customs officers stopped a lorry carrying melons and arrested two drivers.": (
        "Customs officers",
        "two drivers",
        2,
    ),
    # the last verb of a row, with commas between the verbs and in a bracket on the way
    "Gendarmes surrounded a farm, fired shots in the air, broke a door, and arrested six men.": (
        "Gendarmes",
        "six men",
        6,
    ),
    "Soldiers entered the hamlet of Torbi (Kara, Savanes), fired shots in the air, and arrested two herders.": (
        "Soldiers",
        "two herders",
        2,
    ),
    # past an insertion after the first verb's object
    "Gendarmes surrounded the farm, near the river, arrested six men and left.": ("Gendarmes", "six men", 6),
    # two peoples, one head
    "French and Belgian police arrested eleven people on Monday.": ("French and Belgian police", "eleven people", 11),
}


@pytest.mark.parametrize(("text", "expected"), ARRESTS.items(), ids=list(ARRESTS))
def test_an_arrest_is_read_in_every_construction(
    text: str, expected: tuple[str | None, str | None, int | None]
) -> None:
    agent, recipient, count = expected

    mention = only(text, type_="arrest")

    assert mention.opens
    assert [a.text for a in mention.agents] == ([agent] if agent else [])
    assert [a.text for a in mention.recipients] == ([recipient] if recipient else [])
    assert mention.count == count


@pytest.mark.parametrize(
    "text",
    [
        "Militiamen set two warehouses ablaze in Durban on Sunday.",
        "Two warehouses were set ablaze by militiamen in Durban on Sunday.",
        "Militiamen set ablaze two warehouses in Durban on Sunday.",
    ],
)
def test_a_verb_with_a_gap_is_read_around_its_object_and_in_one_piece(text: str) -> None:
    mention = only(text, type_="property_destruction")

    assert [a.head for a in (*mention.recipients, *mention.objects)] == ["warehouses"]


def test_a_gap_needs_its_tail() -> None:
    assert not told("Militiamen set two warehouses apart and ran ablaze with anger.")


COUNTS = {
    "Police arrested a poet and three activists in Dakar.": 4,
    "Amina Diop and nine others were arrested in Dakar.": 10,
    "Karim Haddad, 20, was arrested in Algiers.": 1,
    "Three brothers aged 17, 19 and 24 were arrested in Rotterdam.": 3,
    "Twelve boys aged between 13 and 16 were arrested in Kano.": 12,
    "Police arrested twelve people in Izmir and nine in Mersin.": 21,
    "Police arrested several men in Oran.": None,
    "Marines captured a cartel leader in Tepic, along with five bodyguards.": 6,
}


@pytest.mark.parametrize(("text", "count"), COUNTS.items(), ids=list(COUNTS))
def test_counts_add_up_and_an_age_is_none(text: str, count: int | None) -> None:
    assert only(text, type_="arrest").count == count


STATUSES = {
    "Police arrested two men in Porto on Monday.": Status.ASSERTED,
    "Police arrested two men in Porto on Monday, the interior ministry said.": Status.ATTRIBUTED,
    "Police reportedly arrested two men in Porto on Monday.": Status.HEDGED,
    "Police may have arrested two men in Porto.": Status.HEDGED,
    "The ministry denied that police had arrested two men in Porto.": Status.DENIED,
    "Police will arrest two men in Porto.": Status.PLANNED,
    "Police plan to arrest two men in Porto.": Status.PLANNED,
    "Police did not arrest the two men.": Status.NEGATED,
    "No arrests were made in Porto.": Status.NEGATED,
    "Police could arrest the two men if they return.": Status.HYPOTHETICAL,
    "The lawyer demanded the arrest of two officers.": Status.HYPOTHETICAL,
    "Police have arrested 90 people since January.": Status.AGGREGATE,
    "The engineer, who was arrested in 2019, spoke on Monday.": Status.BACKGROUND,
    "The force has a reputation for arresting smugglers.": Status.BACKGROUND,
}


@pytest.mark.parametrize(("text", "status"), STATUSES.items(), ids=list(STATUSES))
def test_status_follows_from_the_words(text: str, status: Status) -> None:
    mention = only(text, type_="arrest")

    assert mention.status is status
    assert mention.reason


def test_the_date_of_the_report_is_not_the_date_of_the_event() -> None:
    mention = only("Police in Cotabato said on Thursday they had arrested four men on March 3.", type_="arrest")

    assert mention.date is not None
    assert mention.date.render() == "2026-03-03"
    assert [a.text for a in mention.agents] == ["Police"]


def test_parts_of_an_event_join_it_and_add_their_places() -> None:
    text = (
        "On Sunday Italian and Tunisian police arrested nine suspects with links to Islamic State.\n\n"
        "Five of the arrests took place in Italy, while the remaining four detentions were in Sfax."
    )

    mentions = told(text)

    assert [(m.type, m.count) for m in mentions] == [("arrest", 9)]
    assert {place.name for place in mentions[0].places} == {"Italy", "Sfax"}
    assert [a.actor for a in mentions[0].linked] == ["isis"]


def test_a_strike_on_somebody_names_its_recipient() -> None:
    mention = only("French jets carried out three air strikes against Islamic State positions near Mosul.")

    assert mention.type == "airstrike"
    assert mention.count == 3
    assert [a.actor for a in mention.recipients] == ["isis"]
    assert [a.text for a in mention.agents] == ["French jets"]


def test_what_is_shown_was_taken_by_those_who_show_it() -> None:
    mention = only("The coast guard displayed rifles, pistols and grenades seized from the smugglers.", type_="seizure")

    assert [a.text for a in mention.agents] == ["coast guard"]
    assert [a.text for a in mention.objects] == ["rifles", "pistols", "grenades"]


def test_a_headline_and_its_story_are_one_event_with_the_story_as_evidence() -> None:
    body = "Moroccan police arrested three men in Agadir on Tuesday. They are suspected of belonging to Islamic State."

    mentions = told(body, title="Three held in Agadir")

    assert len(mentions) == 1
    assert mentions[0].sentence_text.startswith("Moroccan police")
    assert mentions[0].primary


def test_two_arrests_in_two_towns_are_two() -> None:
    text = "Police arrested four men in Granada on Monday. On Tuesday officers arrested two women in Huelva."

    assert [(m.count, m.places[0].name) for m in told(text)] == [(4, "Granada"), (2, "Huelva")]


SILENT = (
    "The patient died of cardiac arrest in Madrid.",
    "The council hopes to arrest the decline of the high street.",
    "Rail workers will strike for two days over pay.",
    "The midfielder seized his chance and struck from 20 metres.",
    "Students raided the fridge of the shared kitchen.",
    "The film tells of a raid on a bank in Oslo.",
)


@pytest.mark.parametrize("text", SILENT)
def test_look_alikes_stay_silent(text: str) -> None:
    assert told(text) == []


def test_an_article_in_a_language_without_a_lexicon_yields_nothing() -> None:
    from dataclasses import replace

    from detection_builders import article, shipped_detector

    from tocsin.core.detection import detect

    assert detect(replace(article("Police arrested two men."), lang="xx"), shipped_detector()).mentions == ()


def test_a_trace_tells_why_a_role_was_refused() -> None:
    from detection_builders import article, shipped_detector

    from tocsin.core.detection import detect

    result = detect(article("Police arrested the decline of the lira."), shipped_detector(), trace=True)

    assert any("refused" in step.decision for step in result.trace)
    assert found("Police arrested the decline of the lira.").trace == ()


LIMITS = {
    "the text": "Police arrested two men. " + "The river is long. " * 11_000,
    "the sentences": "Police arrested two men.\n\n" * 100,
    "the trigger words of a sentence": "Police " + "arrested " * 40 + "two men.",
    "the words of a sentence": "Police arrested two men of " + "a b c d " * 80 + "town.",
}


@pytest.mark.parametrize("text", LIMITS.values(), ids=list(LIMITS))
def test_a_trace_tells_what_the_limits_left_unread(text: str) -> None:
    from detection_builders import article, shipped_detector

    from tocsin.core.detection import detect

    limits = [s for s in detect(article(text), shipped_detector(), trace=True).trace if s.stage == "limit"]

    assert limits
    assert all(0 <= step.span.start <= step.span.end <= len(text) + 1 for step in limits)


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("The town of Kuda is back in army hands after a week.", "army"),
        ("The port slipped into the grip of the Houthis on Sunday.", "Houthis"),
        ("Separatists put the airport in the hands of a militia.", "militia"),
    ],
)
def test_a_place_is_taken_by_those_in_whose_hands_it_is(text: str, holder: str) -> None:
    mention = only(text)

    assert mention.type in ("territory_regained", "territory_overtaken")
    assert [a.text for a in mention.agents] == [holder]


def test_hands_and_control_are_no_event_where_nobody_holds_a_place() -> None:
    assert not told("Soldiers shook hands with villagers and lost control of a truck.")


def test_a_name_that_no_list_knows_is_a_place_where_only_a_place_can_stand() -> None:
    mention = only("Regime forces recaptured Kafr Zorba from the rebels on Monday.", type_="territory_regained")

    assert [a.text for a in mention.objects] == ["Kafr Zorba"]


def test_how_it_was_done_decides_between_rules_that_share_a_verb() -> None:
    mention = only("Government troops entered the town of Sabo without a fight.", type_="territory_transferred")

    assert [a.text for a in mention.agents] == ["Government troops"]


def test_a_comma_after_the_date_parts_it_from_the_event() -> None:
    assert [m.type for m in told("On 9 March, a protest was held in Split against the new road.")] == ["protest"]


def test_an_anniversary_is_why_people_march_and_why_a_killing_is_old() -> None:
    mentions = found("Villagers marched in Bor to mark the anniversary of the killing of two miners.").mentions
    assert [m.trigger_text for m in mentions if m.opens] == ["marched"]
    assert [m.trigger_text for m in mentions if not m.opens] == ["killing"]


def test_accused_is_a_noun_when_no_noun_follows() -> None:
    mention = only("The two accused were remanded to police custody in Patna.", type_="arrest")

    assert [a.text for a in mention.recipients] == ["two accused"]
