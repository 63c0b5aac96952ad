"""Why each silent story of the demo did not ring, read from the rows that Tocsin left."""

from collections.abc import Iterator
from pathlib import Path

from tocsin.adapters.settings import load_settings
from tocsin.core.article import Article
from tocsin.core.ids import make_id
from tocsin.core.messages import Kind
from tocsin.pipeline.event_rows import event_from
from tocsin.pipeline.rows import article_from, mention_from
from tocsin.ports import Store
from tocsin.processes.demo.newsroom import Story
from tocsin.processes.wiring import open_store


def find_silence(data_dir: Path, stories: tuple[Story, ...]) -> list[tuple[str, str, str]]:
    """Headline, what was found, and why there was no bell, for each story that was not to ring."""
    # Whatever store the operator's own settings name, the demo's is the one in its folder.
    store = open_store(load_settings({}, data_dir=data_dir))
    return [row for story in stories if not story.expect for row in _explain(story, store)]


def _explain(story: Story, store: Store) -> Iterator[tuple[str, str, str]]:
    row = store.get(Kind.ARTICLE, make_id("art", story.feed, make_id("itm", story.id)))
    if row is None:
        yield story.title, "nothing new", f"known already: {story.silent or 'the same page'}"
        return
    article = article_from(row)
    found = list(_mentions(article, store))
    if not found:
        yield story.title, "no event in it", story.silent
    yield from ((story.title, what, why) for what, why in found)


def _mentions(article: Article, store: Store) -> Iterator[tuple[str, str]]:
    ids = store.find(Kind.MENTION, f"article:{article.id}")
    for row in store.get_many(Kind.MENTION, ids):
        mention = mention_from(row)
        event_id = next((key.removeprefix("event:") for key in row.keys if key.startswith("event:")), None)
        if event_id is None:
            yield f"{mention.type}, {mention.status}", mention.reason
            continue
        event_row = store.get(Kind.EVENT, event_id)
        reports = event_from(event_row).report_count if event_row else 0
        # Of two feeds with one page, whichever was polled first brought it.
        told = (
            f"joined an event that rang already (report {reports}): an update in 5 min"
            if reports > 1
            else "it rang: once"
        )
        yield f"{mention.type}, {mention.status}", told
