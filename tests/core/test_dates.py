"""Date expressions of English, counted from Wednesday 7 October 2015, nine in the morning."""

import warnings
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import english
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.core.dates.resolver import DateMention, DateResolver

NOW = datetime(2015, 10, 7, 9, 0, tzinfo=UTC)


def find(text: str, reference: datetime = NOW, **options: bool | date) -> tuple[DateMention, ...]:
    return english.dates().find_dates(text, 0, len(text), reference=reference, **options)  # type: ignore[arg-type]


def said(text: str) -> list[tuple[str, str | None, str]]:
    return [(m.text, m.value.render() if m.value else None, m.kind) for m in find(text)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        # days of the week: the latest that is not after the report, today included
        ("Officers raided the farm on Sunday.", "on Sunday", "2015-10-04"),
        ("The men were picked up last Friday.", "last Friday", "2015-10-02"),
        ("A depot burned late on Thursday.", "late on Thursday", "2015-10-01"),
        ("A grenade exploded Sunday night.", "Sunday night", "2015-10-04"),
        ("Shots were heard early Monday.", "early Monday", "2015-10-05"),
        ("Friday's raid went wrong.", "Friday", "2015-10-02"),
        ("The bridge was hit on Wednesday.", "on Wednesday", "2015-10-07"),
        ("They left last Wednesday.", "last Wednesday", "2015-09-30"),
        ("He vanished in the early hours of Saturday.", "in the early hours of Saturday", "2015-10-03"),
        ("They met on Tuesday of last week.", "on Tuesday of last week", "2015-09-29"),
        ("The clash began in the night of Saturday to Sunday.", "in the night of Saturday to Sunday", "2015-10-03"),
        # the future only when the words say so
        ("The trial opens next Tuesday.", "next Tuesday", "2015-10-13"),
        ("A march is called for Saturday.", "for Saturday", "2015-10-10"),
        ("They have until Friday to leave.", "until Friday", "2015-10-09"),
        # counted from today
        ("Two were held today.", "today", "2015-10-07"),
        ("A patrol was ambushed yesterday.", "yesterday", "2015-10-06"),
        ("The market was shelled last night.", "last night", "2015-10-06"),
        ("Drones crossed the border overnight.", "overnight", "2015-10-07"),
        ("A mine went off this morning.", "this morning", "2015-10-07"),
        ("The convoy left two days ago.", "two days ago", "2015-10-05"),
        ("They came three nights ago.", "three nights ago", "2015-10-04"),
        ("He was taken a week ago.", "a week ago", "2015-09-30"),
        ("She was freed the previous day.", "the previous day", "2015-10-06"),
        # days with a month
        ("On September 27th the jets returned.", "On September 27th", "2015-09-27"),
        ("It fell on 27 September 2015.", "on 27 September 2015", "2015-09-27"),
        ("It fell on Sept. 27, they said.", "on Sept. 27", "2015-09-27"),
        ("It fell on the 27th of September.", "on the 27th of September", "2015-09-27"),
        ("It fell on the 27th, they said.", "on the 27th", "2015-09-27"),
        ("Seized on 09/27/2015 in port.", "on 09/27/2015", "2015-09-27"),
        ("Seized on 27.09.2015 in port.", "on 27.09.2015", "2015-09-27"),
        ("Seized 2015-09-27 in port.", "2015-09-27", "2015-09-27"),
        ("BOGOTA, 9 JAN 90 -- REBELS ATTACKED A BANK", "9 JAN 90", "1990-01-09"),
        ("They fell on Sunday, October 4, 2015.", "on Sunday, October 4, 2015", "2015-10-04"),
        ("He was shot on December 24.", "on December 24", "2014-12-24"),
        ("He was born on 29 February.", "on 29 February", "2012-02-29"),
        ("It happened on the evening of April 3.", "on the evening of April 3", "2015-04-03"),
        ("Crowds gathered on Christmas Day.", "on Christmas Day", "2014-12-25"),
        # ranges begin on their first day
        ("They fought on 19 and 20 September.", "on 19 and 20 September", "2015-09-19"),
        ("They fought between 3 and 5 May.", "between 3 and 5 May", "2015-05-03"),
        ("They fought on September 27 and October 3.", "on September 27 and October 3", "2015-09-27"),
        ("On September 27 30 men fought.", "On September 27", "2015-09-27"),
        ("They fought on May 1-2, 2014.", "on May 1-2, 2014", "2014-05-01"),
        # months and years
        ("Back in September the bureau showed the guns.", "Back in September", "2015-09"),
        ("It was set up in March 2015.", "in March 2015", "2015-03"),
        ("They split in mid-March.", "in mid-March", "2015-03"),
        ("They split last October.", "last October", "2014-10"),
        ("They split in March last year.", "in March last year", "2014-03"),
        ("They split late last month.", "late last month", "2015-09"),
        ("They split in 2014.", "in 2014", "2014"),
        ("The uprising of 2011 is remembered.", "of 2011", "2011"),
        ("It closed two years ago.", "two years ago", "2013"),
        ("It closed last week.", "last week", "2015-09-28"),
        ("It closed last year.", "last year", "2014"),
    ],
)
def test_an_expression_means_a_date(text: str, words: str, value: str) -> None:
    assert (words, value) in [(m.text, m.value.render() if m.value else None) for m in find(text)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("By the end of September, 71 had been held.", "By the end of September", "2015-09"),
        ("Up from 46 in the whole of 2014.", "in the whole of 2014", "2014"),
        ("They have held 30 since January.", "since January", "2015-01"),
        ("They have held 30 so far this year.", "so far this year", "2015"),
        ("They held 30 over the past six months.", "over the past six months", "2015-04"),
        ("They held 30 during 2013.", "during 2013", "2013"),
        ("They held 30 from January to June.", "from January to June", "2015-01"),
        ("They held 30 between 2010 and 2014.", "between 2010 and 2014", "2010"),
        ("They held 30 between 1 January and 30 June.", "between 1 January and 30 June", "2015-01"),
        ("They held 30 in 2014 alone.", "in 2014 alone", "2014"),
        ("They held 30 in the first half of 2014.", "in the first half of 2014", "2014"),
        ("They held 30 in the first three months of this year.", "in the first three months of this year", "2015"),
    ],
)
def test_a_stretch_that_a_total_is_counted_over_is_a_period(text: str, words: str, value: str) -> None:
    assert (words, value, "period") in said(text)


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("He was seen recently.", "recently", "vague"),
        ("He was seen a few days ago.", "a few days ago", "vague"),
        ("Raids have grown in recent weeks.", "in recent weeks", "vague"),
        ("It was the fourth theft in a month.", "in a month", "vague"),
        ("The raid began at dawn.", "at dawn", "clock"),
        ("The raid lasted from 5.30-9 a.m. local time.", "from 5.30-9 a.m. local time", "clock"),
        ("The raid began at 3pm.", "at 3pm", "clock"),
    ],
)
def test_words_without_a_date_of_their_own_are_named_as_such(text: str, words: str, kind: str) -> None:
    assert (words, None, kind) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        # other words that look alike
        "They may march on the palace.",
        "THE ARMY MAY ATTACK",
        "they may march to the palace",
        "The September 11 attacks changed the law.",
        "The inquiry into Bloody Sunday resumed.",
        "The Sunday Times reported it.",
        "They gather every Friday.",
        # how long, not when
        "He was sentenced to 10 years in prison.",
        "She was held for six months.",
        "A two-week operation ended.",
        # a number that is no year, a day that no month has
        "The blast displaced 2000 people.",
        "It fell on 31 September.",
        "It fell on February 30, 2015.",
    ],
)
def test_other_words_are_no_dates(text: str) -> None:
    assert said(text) == []


def test_a_number_after_a_month_may_count_people() -> None:
    assert said("In September 27 people were killed.") == [("In September", "2015-09", "explicit")]


def test_a_clause_about_a_plan_looks_forward() -> None:
    found = find("The judge will sentence them on Friday and the rest on 12 June.", forward=True)

    assert [m.value.render() for m in found if m.value] == ["2015-10-09", "2016-06-12"]


def test_a_day_later_is_counted_from_the_day_named_before() -> None:
    here = find("The bus was taken on Friday and found a day later.")
    across = find("A day later it was found.", anchor=date(2015, 10, 2))

    assert here[1].value is not None
    assert here[1].value.on == date(2015, 10, 3)
    assert across[0].value is not None
    assert across[0].value.on == date(2015, 10, 3)


def test_the_outlets_clock_decides_what_today_is() -> None:
    late = datetime(2015, 10, 7, 23, 30, tzinfo=UTC)

    assert find("He was held today.", late)[0].value != find("He was held today.", late + timedelta(hours=1))[0].value


@pytest.mark.parametrize(
    "text",
    [
        *(
            "today",
            "yesterday",
            "Sunday",
            "Monday",
            "Friday",
            "the day before yesterday",
            "two days ago",
            "12 hours ago",
        ),
        *("27 September 2015", "September 27, 2015", "Sept. 27", "September 27th", "27th September", "24 December"),
        *("09/27/2015", "2015-09-27", "9 Jan 1990", "October 4, 2015", "Sunday, October 4, 2015", "29 February 2012"),
        *("3 June", "31 July", "1 October", "8 October", "November 1", "May 3", "March 12th, 2014", "tomorrow"),
    ],
)
def test_a_date_library_agrees(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import dateparser

        settings = {"RELATIVE_BASE": NOW.replace(tzinfo=None), "PREFER_DATES_FROM": "past"}
        theirs = dateparser.parse(text, languages=["en"], settings=settings)
    ours = find(text)

    assert theirs is not None
    assert ours[0].value is not None
    assert ours[0].value.on == theirs.date()


@settings(deadline=None)  # the first example reads the tables
@given(st.text(alphabet=st.sampled_from("ab 09/-.,:'’thMayon MondayİÅ٣\n"), max_size=60) | st.text(max_size=60))
def test_any_text_is_read_and_every_span_holds_its_words(text: str) -> None:
    found = find(text)

    assert [text[m.span.start : m.span.end] for m in found] == [m.text for m in found]
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


def test_only_the_given_part_of_the_text_is_read() -> None:
    text = "On Sunday it rained. On Monday it burned."
    found = english.dates().find_dates(text, 21, len(text), reference=NOW)

    assert [(m.text, m.span.start) for m in found] == [("On Monday", 21)]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ({"means": "magic", "kind": "explicit", "says": ["now"]}, "no such meaning"),
        ({"means": "none", "kind": "explicit", "says": ["{moon}"]}, "no such slot"),
        ({"means": "none", "kind": "explicit", "says": ["[on"]}, "without its end"),
        ({"means": "none", "kind": "explicit", "says": ["[on]"]}, "nothing but options"),
    ],
)
def test_a_wrong_table_is_refused(expression: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        DateResolver({"expressions": [expression]})
