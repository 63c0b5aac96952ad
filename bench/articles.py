"""Generated articles: seeded, so that every run on every machine reads the same text."""

import random
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bench.phrases import EVENTS, HARD_EVENTS, PLAIN, SLOTS, SOUNDS_LIKE
from tocsin.core.article import Article

WORDS = 500
FIRST_AT = datetime(2026, 3, 9, 9, tzinfo=UTC)


class Mix(StrEnum):
    """What an article holds: nothing, words that only sound like an event, events, or an event in every sentence."""

    PLAIN = "plain"
    SOUNDS_LIKE = "sounds_like"
    EVENTS = "events"
    WORST = "worst"


def make_articles(count: int, *, seed: int = 1, words: int = WORDS) -> list[Article]:
    """One in five with events, one in five with words that only sound like them, the rest plain; shuffled."""
    source = random.Random(seed)
    mixes = [Mix.EVENTS] * (count // 5) + [Mix.SOUNDS_LIKE] * (count // 5)
    mixes += [Mix.PLAIN] * (count - len(mixes))
    source.shuffle(mixes)
    return [make_article(number, mix, source, words) for number, mix in enumerate(mixes)]


def make_worst(count: int, *, seed: int = 2, words: int = WORDS) -> list[Article]:
    """Articles in which every sentence holds a trigger."""
    source = random.Random(seed)
    return [make_article(number, Mix.WORST, source, words) for number in range(count)]


def make_article(number: int, mix: Mix, source: random.Random, words: int = WORDS) -> Article:
    """One article of about so many words; three to five of its sentences are special."""
    special = {
        Mix.PLAIN: (),
        Mix.SOUNDS_LIKE: SOUNDS_LIKE,
        Mix.EVENTS: (*EVENTS, *HARD_EVENTS),
        Mix.WORST: (*EVENTS, *HARD_EVENTS),
    }[mix]
    sentences: list[str] = []
    while sum(sentence.count(" ") + 1 for sentence in sentences) < words:
        sentences.append(fill(source.choice(special if mix is Mix.WORST else PLAIN), source))
    if mix in {Mix.SOUNDS_LIKE, Mix.EVENTS}:
        for place in source.sample(range(len(sentences)), source.randint(3, 5)):
            sentences[place] = fill(source.choice(special), source)
    paragraphs = [" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)]
    return article_of("\n\n".join(paragraphs), number=number, title=fill(source.choice(PLAIN), source).rstrip("."))


def article_of(body: str, *, number: int = 0, title: str = "") -> Article:
    """A text as an article."""
    at = FIRST_AT + timedelta(minutes=number)
    return Article(
        id=f"art_{number:024x}",
        feed_id="bench",
        url=f"https://news.example/{number}",
        publisher="news.example",
        title=title,
        body=body,
        lang="en",
        fetched_at=at,
        published_at=at,
    )


def fill(template: str, source: random.Random) -> str:
    """The template with its slots filled at random, each time anew."""
    parts = template.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        slot, rest = part.split("}", 1)
        filled += [source.choice(SLOTS[slot]), rest]
    text = "".join(filled)
    return text[0].upper() + text[1:]
