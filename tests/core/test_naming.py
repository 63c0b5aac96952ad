"""Which actor a name means. The watchlist is made up for these tests, but for the last ones, which use the shipped."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import pytest
from detection_builders import article, shipped_detector
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.core.actors import Actor, ActorKind, Alias, Watchlist
from tocsin.core.detection import Detector, compile_detector, detect, find_actors
from tocsin.core.matching.naming import ActorHit
from tocsin.core.rulebook import Rulebook

POLICE, ARMY, GROUP = ActorKind.POLICE, ActorKind.MILITARY, ActorKind.ARMED_GROUP
COUNTRIES = {
    "ES": {"names": ["Spain"], "people": ["Spanish", "Spaniards"]},
    "CO": {"names": ["Colombia"], "people": ["Colombian", "Colombians"]},
    "PE": {"names": ["Peru"], "people": ["Peruvian", "Peruvians"]},
    "MA": {"names": ["Morocco"], "people": ["Moroccan", "Moroccans"]},
    "US": {"names": ["United States", "US"], "people": ["American", "Americans"]},
}
TABLES = {
    "en": {
        "places": {"countries": COUNTRIES, "exact": ["US"]},
        "naming": {
            "country_forms": ["{people} {head}", "{name}'s {head}", "{head} of {name}"],
            "before": ["'s"],
            "after": ["of", "in"],
            "against": ["anti-"],
            "authorities": ["police", "army"],
            "ordinary": ["let", "raid"],
        },
    },
    "ar": {
        "naming": {
            "prefixes": ["و", "ب", "ل", "وب"],
            "article": "ال",
            "article_prefixes": ["ال", "وال", "لل", "ولل"],
            "shortest": "4",
        }
    },
}


def alias(text: str, *near: str, exact: bool = False, country: Sequence[str] = ()) -> Alias:
    return Alias(text=text, exact=exact, near=near, country=tuple(country))


def actor(id_: str, kind: ActorKind, country: str, *names: Alias, never: Sequence[str] = (), **other: Alias) -> Actor:
    aliases = {"en": names, **{lang: (name,) for lang, name in other.items()}}
    countries = (country,) if country else ()
    return Actor(id=id_, name=id_, kind=kind, country=countries, aliases=aliases, never=tuple(never))


ACTORS = (
    actor("police_es", POLICE, "ES", alias("Spanish police"), alias("National Police", country=["ES"])),
    actor("police_co", POLICE, "CO", alias("Colombian police"), alias("National Police", country=["CO"])),
    actor("police_pe", POLICE, "PE", alias("Peruvian police"), alias("National Police", country=["PE"])),
    actor("guard_es", POLICE, "ES", alias("Coast Wardens", country=["ES"])),
    actor(
        "army_ma", ARMY, "MA", alias("Royal Lancers"), alias("FAR", "Rabat", exact=True), fr=alias("FRM", exact=True)
    ),
    actor("sons", GROUP, "", alias("Sons of the Dune"), alias("LET", exact=True), never=["Dune festival"]),
    actor("sons_north", GROUP, "", alias("Sons of the Dune in the North")),
    actor("isis_like", GROUP, "", alias("Black Banner", exact=True), ar=alias("داعشية")),
    actor("zambos", GROUP, "PE", alias("Zambos", exact=True)),
    actor("guard_ar", POLICE, "MA", alias("Moroccan gendarmes"), ar=alias("الشرطة الملكية")),
    actor("jars_one", GROUP, "", alias("CJ", exact=True), alias("Circle of Jars")),
    actor("jars_two", GROUP, "", alias("CJ", exact=True), alias("Council of Jars")),
    actor("ant_one", GROUP, "ES", alias("ANT", exact=True), alias("Alliance of Northern Tribes")),
    actor("ant_two", ARMY, "CO", alias("ANT", exact=True), alias("Andean National Troops")),
)


@cache
def detector() -> Detector:
    watchlist = Watchlist(id="made_up", title="Made up", actors=ACTORS)
    return compile_detector(Rulebook(watchlists=(watchlist,), tables=TABLES))


def hits(text: str, *, lang: str | None = "en", title_end: int = 0, country: str | None = None) -> list[ActorHit]:
    return find_actors(text, detector(), lang=lang, title_end=title_end, country=country)


def named(text: str, *, lang: str | None = "en", title_end: int = 0, country: str | None = None) -> list[str | None]:
    return [hit.actor for hit in hits(text, lang=lang, title_end=title_end, country=country)]


SHARED = {
    # the sentence says it
    "The National Police held two men in Colombia.": ["police_co"],
    # the people's name says it
    "The National Police held two Spanish lorries.": ["police_es"],
    # the country next to the name, whatever else the sentence says
    "Visiting Colombia, a chief of Peru's National Police spoke.": ["police_pe"],
    "Colombia thanked the National Police of Peru for the seizure.": ["police_pe"],
    "Colombia thanked the Spanish National Police for the seizure.": ["police_es"],
    # the sentence before says it
    "A lorry was stopped in Spain. The National Police held the driver.": ["police_es"],
    # another name of the same actor says it
    "Colombian police searched the port. A spokesman of the National Police gave no number.": [
        "police_co",
        "police_co",
    ],
    # nearer counts more
    "Drugs from Colombia were found. In Spain the National Police held two men.": ["police_es"],
    # a country that none of them is from weighs as much
    "The Moroccan army and the National Police held two men from Spain.": [None],
    # a mention in passing, far from the name, is not enough
    "Two men were held. The National Police gave no names. It rained. One man had lived in Peru.": [None],
    # nothing says it
    "The National Police held two men.": [None],
    # two say it
    "Spain and Peru agreed. The National Police of both will help.": [None],
}


@pytest.mark.parametrize("text", SHARED)
def test_a_shared_name_means_the_actor_that_the_story_is_about(text: str) -> None:
    assert SHARED[text] == named(text)


def test_an_ambiguous_name_keeps_what_its_sharers_are_and_says_who_they_are() -> None:
    assert [
        ActorHit(
            4,
            19,
            None,
            ("police_es", "police_co", "police_pe"),
            (POLICE,),
            "ambiguous: police_es, police_co, police_pe",
        )
    ] == hits("The National Police held two men.")


def test_the_outlet_decides_where_the_article_does_not() -> None:
    assert ["police_pe"] == named("The National Police held two men.", country="PE")
    assert ["police_es"] == named("The National Police held two men in Spain.", country="PE")


def test_the_headline_counts_more_than_the_rest_of_the_article() -> None:
    title = "Colombia: five held"
    body = "Five men were held on Friday.\n\nThe National Police gave no names.\n\nOne had fled Peru."

    assert ["police_co"] == named(f"{title}\n\n{body}", title_end=len(title) + 2)


def test_a_suspects_nationality_does_not_outweigh_the_outlet() -> None:
    assert ["police_es"] == named("The National Police held two Moroccans.", country="ES")


def test_an_acronym_that_two_share_follows_the_full_name() -> None:
    text = "The Andean National Troops took the bridge. The ANT lost no men."

    assert ["ant_two", "ant_two"] == named(text)
    assert ["jars_two", "jars_two"] == named("The Council of Jars claimed the attack. The CJ lost no men.")
    assert [None] == named("The ANT lost no men.")
    assert {GROUP, ARMY} == set(hits("The ANT lost no men.")[0].kinds)


ELSEWHERE = {
    # the name of one actor only, in a story of its own country, or of none
    "The Coast Wardens stopped a boat off Spain.": ["guard_es"],
    "The Coast Wardens stopped a boat.": ["guard_es"],
    # and in one that plays elsewhere
    "The Coast Wardens stopped a boat off Peru, the navy of Peru said.": [None],
    "Peru's Coast Wardens stopped a boat.": [None],
    # a shared name that none of its sharers can be meant by
    "The National Police of Morocco held two men.": [None],
}


@pytest.mark.parametrize("text", ELSEWHERE)
def test_a_name_narrowed_to_a_country_is_not_taken_for_another_countrys(text: str) -> None:
    assert ELSEWHERE[text] == named(text)


def test_a_name_with_near_words_needs_one_of_them_or_another_name() -> None:
    assert ["army_ma"] == named("The FAR said in Rabat that two men had fled.")
    assert ["army_ma", "army_ma"] == named("The Royal Lancers moved north. The FAR said so.")
    assert [] == named("The FAR said that two men had fled.")
    assert [] == named("The FAR said in Rabatville that two men had fled.")


CASES = {
    # in its own case
    "Fighters of LET crossed the river.": ["sons"],
    # as an ordinary word
    "They let him go, and Let it be was sung.": [],
    # in a text of capitals alone, as a word and with support
    "THE SOLDIERS LET HIM GO.": [],
    "SONS OF THE DUNE FIGHTERS FLED. LET LEADERS STAYED.": ["sons", "sons"],
    # a mixed-case name in capitals, and a long one in small letters
    "THE BLACK BANNER WAS SEEN.": [],
    "the sons of the dune burned a farm. a black banner was seen.": ["sons"],
    "let fighters of the north burn.": [],
    # a mixed-case name that is no word
    "THE HOST WAS SEEN IN SPAIN. THE ZAMBOS FLED.": ["zambos"],
    "A zambos dance was shown.": [],
    # capitals elsewhere in the text do not matter
    "TWO HELD\n\nLET fighters were held.": ["sons"],
}


@pytest.mark.parametrize("text", CASES)
def test_a_name_that_is_a_word_too_is_told_by_its_case(text: str) -> None:
    assert CASES[text] == named(text)


def test_an_acronym_of_another_language_needs_support() -> None:
    assert [] == named("The FRM held two men.")
    assert ["army_ma"] == named("The FRM held two men in Morocco.")
    assert ["army_ma", "army_ma"] == named("The Royal Lancers moved. The FRM held two men.")
    assert ["army_ma"] == named("The FRM held two men.", lang="fr")
    assert ["army_ma"] == named("The FRM held two men.", lang=None)


def test_the_other_ways_to_say_a_country_name_the_same_actor() -> None:
    assert ["police_es", "police_pe"] == named("Spain's police and the police of Peru met.")
    assert ["guard_ar"] == named("Morocco's gendarmes searched two farms.")
    assert [] == named("Colombia's gendarmes searched two farms.")


def test_a_country_that_owns_a_name_stays_a_place() -> None:
    text = "Spain's police and the police of Peru met."

    assert ["police", "police"] == [text[hit.start : hit.end] for hit in hits(text)]


def test_the_longest_name_wins() -> None:
    text = "The Sons of the Dune in the North burned a farm, the Sons of the Dune said."

    assert [("Sons of the Dune in the North", "sons_north"), ("Sons of the Dune", "sons")] == [
        (text[hit.start : hit.end], hit.actor) for hit in hits(text)
    ]


def test_those_who_fight_an_actor_are_not_named_by_its_name() -> None:
    assert [] == named("Anti-Sons of the Dune militias met.")


@pytest.mark.parametrize(
    "text",
    [
        # covers
        "The Sons of the Dune festival opened.",
        # touches
        "A Dune festival LET fewer people in.",
        "A Dune festival-LET dispute ended.",
    ],
)
def test_a_never_phrase_cancels_what_it_covers_or_touches(text: str) -> None:
    assert [] == named(text)


def test_a_never_phrase_cancels_nothing_elsewhere() -> None:
    assert ["sons"] == named("The Dune festival was burned down by LET.")


ARABIC = {
    "قالت الشرطة الملكية": "الشرطة الملكية",
    "والشرطة الملكية": "الشرطة الملكية",
    "بالشرطة الملكية": "الشرطة الملكية",
    # the article's first letter is dropped
    "للشرطة الملكية": "شرطة الملكية",
    "وللشرطة الملكية": "شرطة الملكية",
    "وبداعشية": "داعشية",
    "الداعشية": "داعشية",
}


@pytest.mark.parametrize("text", ARABIC)
def test_what_a_language_writes_together_with_a_name_does_not_hide_it(text: str) -> None:
    assert [ARABIC[text]] == [text[hit.start : hit.end] for hit in hits(text, lang="ar")]


@pytest.mark.parametrize("text", ["مالشرطة الملكية", "شرطة الملكية", "قداعشية", "داعشيةم"])
def test_other_letters_before_or_after_a_name_do(text: str) -> None:
    assert [] == named(text, lang="ar")


def test_marks_on_letters_belong_to_the_word() -> None:
    assert [] == named("Fighters of LET\N{COMBINING ACUTE ACCENT}RO crossed.")
    assert [] == named("Fighters of E\N{COMBINING ACUTE ACCENT}LET crossed.")


NAMES = tuple(alias.text for one in ACTORS for aliases in one.aliases.values() for alias in aliases)
glue = st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd")), min_size=1, max_size=3)
filler = st.sampled_from(
    ("police in Spain", "Peru", "the", "said.", "\n\n", "LET", "Colombian", "Dune festival", "ANT", ", and", "anti-")
)
texts = st.lists(st.sampled_from(NAMES) | filler | st.text(max_size=12), max_size=14).map(" ".join)


@settings(deadline=None, max_examples=200)
@given(name=st.sampled_from(NAMES), before=glue, after=glue)
def test_no_name_is_found_inside_a_longer_word(name: str, before: str, after: str) -> None:
    text = f"{before}{name}{after}"

    assert [] == [hit for hit in hits(text, lang=None) if hit.end - hit.start == len(name)]


@settings(deadline=None, max_examples=200)
@given(text=texts | st.text(max_size=200), other=texts, lang=st.sampled_from(("en", "ar", "fr", None)))
def test_names_are_in_order_apart_and_do_not_depend_on_other_articles(text: str, other: str, lang: str | None) -> None:
    alone = hits(text, lang=lang)
    hits(other, lang=lang)

    assert alone == hits(text, lang=lang)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in alone)
    assert all(first.end <= second.start for first, second in pairwise(alone))


SHIPPED = {
    "The National Police arrested four men in Cali, Colombia.": "colombia_policia_nacional",
    "Policía Nacional officers arrested four men in Valencia, Spain.": "spain_policia_nacional",
    "Spain's National Police arrested four men.": "spain_policia_nacional",
    "The interior ministry in Baghdad said four men were arrested.": "iraq_interior_ministry",
    "An Islamic State Khorasan commander was arrested.": "iskp",
    "Iraq's security forces arrested four men.": "iraq_army",
    "THE ISLAMIC STATE SAID FOUR MEN WERE ARRESTED.": "isis",
}


@pytest.mark.parametrize("text", SHIPPED)
def test_the_shipped_watchlists_name_whom_the_story_means(text: str) -> None:
    assert [SHIPPED[text]] == [hit.actor for hit in find_actors(text, shipped_detector(), lang="en")]


def test_a_language_whose_names_alone_are_described_is_not_read() -> None:
    assert {"en"} == set(detector().languages)


def test_an_ambiguous_agent_is_an_agent_without_an_actor() -> None:
    result = detect(article("The National Police arrested four men on Friday."), shipped_detector(), trace=True)

    assert [("arrest", "National Police", None)] == [
        (m.type, a.text, a.actor) for m in result.mentions for a in m.agents
    ]
    assert any(step.stage == "name" and step.reason.startswith("ambiguous: ") for step in result.trace)
