"""The detector on any text: it never raises, its offsets index back, one article does not colour another."""

from dataclasses import replace

import pytest
from detection_builders import article, shipped_detector
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.core.article import Article
from tocsin.core.detection import detect
from tocsin.core.mentions import EventMention

WORDS = (
    "police arrested two men in Casablanca on Sunday said the army had bombed seized rifles from suspects , and . who "
    "were was not by of strikes against Islamic State group 10 killed attack ( ) \" ' their - no will if to raid 's"
).split()
news = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
anything = st.text(max_size=400)


def spans_of(mention: EventMention) -> list[tuple[int, int, str]]:
    arguments = (*mention.agents, *mention.recipients, *mention.objects, *mention.instruments, *mention.linked)
    return [
        (mention.sentence.start, mention.sentence.end, mention.sentence_text),
        (mention.trigger.start, mention.trigger.end, mention.trigger_text),
        *((a.span.start, a.span.end, a.text) for a in arguments),
        *((p.span.start, p.span.end, p.text) for p in mention.places),
    ]


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(title=news | anything, body=news | anything)
def test_offsets_index_back_and_nothing_raises(title: str, body: str) -> None:
    given_article = article(body, title=title)

    result = detect(given_article, shipped_detector(), trace=True)

    for mention in result.mentions:
        for start, end, text in spans_of(mention):
            assert given_article.text[start:end] == text
    assert sum(mention.primary for mention in result.mentions) <= 1


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(first=news, second=news)
def test_one_article_does_not_colour_another(first: str, second: str) -> None:
    detector = shipped_detector()
    alone = detect(article(second), detector)

    detect(article(first), detector)

    assert detect(article(second), detector) == alone


HOSTILE = {
    "a megabyte without a blank": "a" * 1_000_000,
    "ten thousand brackets": "(" * 10_000 + " police arrested two men " + ")" * 10_000,
    "triggers only": "arrested raid bombing " * 5_000,
    "commas": "police , " * 5_000 + "arrested two men",
    "mixed scripts": "полиция police اعتقل arrested 警察 two men " * 500,
    "nothing but marks": "' \" ’ “ ” — – … . , ; : ! ?" * 200,
    "lengthening capitals": "İSTANBUL police arrested İbrahim " * 300,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_text_is_read_within_bounds(text: str) -> None:
    hostile: Article = replace(article(text), title="")

    result = detect(hostile, shipped_detector())

    assert len(result.mentions) <= 800
