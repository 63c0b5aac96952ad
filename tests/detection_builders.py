"""Articles for the detector, and the shipped rulebook compiled once."""

from datetime import UTC, datetime
from functools import cache

from tocsin.core.article import Article
from tocsin.core.detection import Detector, compile_detector, detect
from tocsin.core.mentions import Detection, EventMention
from tocsin.rulebook.files import load_rulebook, shipped_rules

PUBLISHED = datetime(2026, 3, 13, 12, tzinfo=UTC)


@cache
def shipped_detector() -> Detector:
    """The shipped rulebook, ready to detect."""
    result = load_rulebook(shipped_rules())
    assert result.rulebook is not None, [str(problem) for problem in result.problems][:5]
    return compile_detector(result.rulebook)


def article(
    text: str, *, title: str = "", country: str | None = None, published: datetime | None = PUBLISHED
) -> Article:
    """An English article published on Friday 13 March 2026, unless said otherwise."""
    return Article(
        id="art_1",
        feed_id="wire",
        url="https://wire.example/1",
        publisher="wire.example",
        title=title,
        body=text,
        lang="en",
        fetched_at=PUBLISHED,
        published_at=published,
    )


def found(text: str, *, title: str = "") -> Detection:
    """What the shipped rulebook finds in an article."""
    return detect(article(text, title=title), shipped_detector())


def told(text: str, *, title: str = "") -> list[EventMention]:
    """The mentions that can open an event."""
    return [mention for mention in found(text, title=title).mentions if mention.opens]


def only(text: str, *, title: str = "", type_: str | None = None) -> EventMention:
    """The one mention of the text, or the one of a type."""
    mentions = [m for m in found(text, title=title).mentions if type_ is None or m.type == type_]
    assert len(mentions) == 1, [(m.type, m.status.value, m.trigger_text) for m in mentions]
    return mentions[0]
