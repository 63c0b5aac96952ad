"""Feeding a corpus: order, identity across articles, what rings, and undated rows."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tocsin.adapters.memory_store import MemoryStore
from tocsin.core.article import Article, Span
from tocsin.core.ids import make_id
from tocsin.core.mentions import Argument, Detection, EventDate, EventMention, PlaceMention, Role, Status
from tocsin.core.rulebook import Rulebook
from tocsin.core.rules import Maturity, Rule
from tocsin.core.scoring.found import FoundDocument
from tocsin.core.scoring.gold import GoldDocument
from tocsin.errors import UnreadRow
from tocsin.pipeline.evaluate import article_of, draw_groups, find_all, presumed_at

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MARCH = datetime(2026, 3, 9, 10, tzinfo=UTC)
TEXT = "Police in Tangier arrested six people on Friday."


def row(id_: str, *, at: datetime | None = MARCH, text: str = TEXT, title: str = "") -> GoldDocument:
    return GoldDocument(id=id_, text=text, title=title, lang="en", group=id_, published_at=at, source=f"{id_}.example")


def fake_detect(article: Article, *, status: Status = Status.ASSERTED, on: date = date(2026, 3, 6)) -> Detection:
    """One arrest of six in Tangier, in the article's last sentence."""
    start = article.text.index("Police")
    sentence = Span(start=start, end=len(article.text))
    trigger = Span(start=article.text.index("arrested"), end=article.text.index("arrested") + 8)
    place = Span(start=article.text.index("Tangier"), end=article.text.index("Tangier") + 7)
    mention = EventMention(
        id=make_id("mnt", article.id),
        article_id=article.id,
        type="arrest",
        status=status,
        sentence=sentence,
        sentence_text=article.text[start:],
        trigger=trigger,
        trigger_text="arrested",
        agents=(Argument(role=Role.AGENT, text="Police", span=Span(start=start, end=start + 6)),),
        places=(PlaceMention(text="Tangier", span=place, name="Tangier", country="MA"),),
        countries=("MA",),
        date=EventDate(on=on),
        count=6,
        primary=True,
    )
    return Detection(mentions=(mention,))


def find(*rows: GoldDocument, maturity: Maturity = Maturity.STABLE, **values: object) -> dict[str, FoundDocument]:
    rulebook = Rulebook(rules=(Rule(id="arrest", title="Arrest", maturity=maturity),))
    return find_all(
        rows,
        detect=lambda article: fake_detect(article, **values),  # type: ignore[arg-type]
        rulebook=rulebook,
        store=MemoryStore(clock=lambda: MARCH),
        now=NOW,
    )


def test_two_reports_of_one_occurrence_go_to_one_event_and_both_belong_to_what_rang() -> None:
    found = find(row("b", at=MARCH + timedelta(hours=2)), row("a"))

    events = [found[id_].events[0] for id_ in ("a", "b")]
    assert events[0].event_id == events[1].event_id
    assert [event.rings for event in events] == [True, True]
    assert found["a"].primary == "arrest"


def test_articles_go_in_order_of_publication_whatever_their_order_in_the_file() -> None:
    order: list[str] = []

    def detect(article: Article) -> Detection:
        order.append(article.publisher)
        return Detection()

    rows = [row("late", at=MARCH + timedelta(days=1)), row("early")]
    find_all(rows, detect=detect, rulebook=Rulebook(), store=MemoryStore(), now=NOW)

    assert order == ["early.example", "late.example"]


def test_a_row_that_the_detector_fails_on_is_no_row_without_events() -> None:
    def detect(article: Article) -> Detection:
        raise ZeroDivisionError(article.id)

    with pytest.raises(UnreadRow, match=r"a\.example"):
        find_all([row("a")], detect=detect, rulebook=Rulebook(), store=MemoryStore(), now=NOW)


def test_a_silent_mention_is_found_without_an_event() -> None:
    [event] = find(row("a"), status=Status.HYPOTHETICAL)["a"].events

    assert (event.event_id, event.rings) == (None, False)


def test_old_news_does_not_ring_but_in_an_undated_row_age_silences_nothing() -> None:
    old = date(2026, 1, 2)

    assert not find(row("a"), on=old)["a"].events[0].rings
    assert find(row("a", at=None), on=old)["a"].events[0].rings


def test_an_experimental_rule_does_not_ring() -> None:
    assert not find(row("a"), maturity=Maturity.EXPERIMENTAL)["a"].events[0].rings


@pytest.mark.parametrize("title", ["", "News of the day"])
def test_offsets_index_the_rows_text_with_and_without_a_title(title: str) -> None:
    [event] = find(row("a", title=title))["a"].events

    assert TEXT[event.start : event.end] == event.sentence
    assert not event.in_title


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("No year at all.", 2026),
        ("It happened on 4 October 2019.", 2019),
        ("Between 2008 and 2015 it was quiet.", 2015),
        ("A plan for 2040.", 2026),
        ("It cost 2,015 euros.", 2026),
    ],
)
def test_an_undated_row_is_read_in_the_latest_year_it_names(text: str, year: int) -> None:
    assert presumed_at(text, now=NOW).year == year


def test_a_row_becomes_an_article_that_is_fed_as_it_stands() -> None:
    article = article_of(row("a", text="Line one\nLine two"), now=NOW)

    assert (article.text, article.title, article.published_at) == ("Line one\nLine two", "", MARCH)


def test_the_draws_are_the_same_every_time_and_as_large_as_the_corpus() -> None:
    first, second = list(draw_groups(7, resamples=5)), list(draw_groups(7, resamples=5))

    assert first == second
    assert [sum(weights) for weights in first] == [7] * 5
    assert len({tuple(weights) for weights in first}) > 1
