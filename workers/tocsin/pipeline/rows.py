"""How articles and mentions are kept as rows: the body, the index keys, and when tick looks at the row again.

A body holds the value under the kind's name and what the steps need beside it: `attempts`, counted before the work,
and `reason`, why a row failed. Fields at their default are left out. A body with unknown fields is read all the same,
so a newer Tocsin can add some without a new format.

Every writer of a row sets `due_at`: `wake_at` while a step still has to do something with it, `rest_at` (its
retention) once nothing is left to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pydantic import TypeAdapter

from tocsin.core.addresses import canonical_url
from tocsin.core.article import Article
from tocsin.core.mentions import EventMention
from tocsin.core.messages import Kind, Row

T = TypeVar("T")

WAKE_AFTER = timedelta(seconds=60)
MAX_ATTEMPTS = 3
MAX_SCAN_IDS = 50
MAX_IDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """For how many days a row at rest stays in the hot store.

    After `article_text_days` an article loses its text (it is in the archive by then); the slim row lives on to
    `article_days`, so that a feed that still lists the item does not make it new again. `silent_days` is for mentions
    that belong to no event.
    """

    article_text_days: int = 30
    article_days: int = 120
    silent_days: int = 30
    delivery_days: int = 90
    event_days: int = 400

    def days(self, kind: Kind) -> int:
        """The days for a row of this kind that has just come to rest."""
        if kind is Kind.ARTICLE:
            return self.article_text_days
        return self.delivery_days if kind is Kind.DELIVERY else self.event_days


def wake_at(now: datetime) -> datetime:
    """When tick wakes the row's step again, if the first wake-up was lost."""
    return now + WAKE_AFTER


def rest_at(kind: Kind, now: datetime, *, retention: Retention = Retention()) -> datetime:
    """When a row that has come to rest leaves the hot store."""
    return now + timedelta(days=retention.days(kind))


def body_of(value: Any) -> dict[str, Any]:
    """A frozen dataclass as a JSON object. Fields at their default are left out."""
    dumped: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json", exclude_defaults=True)
    return dumped


def value_from(cls: type[T], body: Mapping[str, Any]) -> T:
    """The dataclass that `body_of` wrote. Raises `ValueError` when the body does not fit."""
    value: T = _adapter(cls).validate_python(body)
    return value


def attempts_of(row: Row) -> int:
    """How often the row's step was begun."""
    return int(row.body.get("attempts", 0))


def count_attempt(row: Row, *, now: datetime) -> Row:
    """The row with one attempt more, due again at the usual deadline: to be committed before the work."""
    return replace(row, body={**row.body, "attempts": attempts_of(row) + 1}, due_at=wake_at(now))


def article_row(article: Article, *, now: datetime, item_keys: tuple[str, ...] = (), state: str = "new") -> Row:
    """A row for an accepted article. `item_keys` are the feed's own keys of the item (guid, link …), unprefixed."""
    return Row(
        kind=Kind.ARTICLE,
        id=article.id,
        state=state,
        body={"article": body_of(article), "attempts": 0},
        due_at=wake_at(now) if state == "new" else rest_at(Kind.ARTICLE, now),
        keys=(
            *(item_key(article.feed_id, key) for key in item_keys),
            url_key(article.url),
            *print_keys(article.fingerprint),
            f"feed:{article.feed_id}",
        ),
    )


def article_from(row: Row) -> Article:
    """The article in a row. Its body is empty once the text has left the hot store."""
    return value_from(Article, row.body["article"])


def item_key(feed_id: str, key: str) -> str:
    """The index key of a feed's item."""
    return f"item:{feed_id}:{key}"


def url_key(url: str) -> str:
    """The index key of a page: the same for every link to it."""
    return f"url:{canonical_url(url)}"


def print_keys(fingerprint: int) -> tuple[str, ...]:
    """Four 16-bit bands of a 64-bit fingerprint: near copies (at most three bits apart) share one. None for 0."""
    if not fingerprint:
        return ()
    return tuple(f"print:{band}:{(fingerprint >> (16 * band)) & 0xFFFF:04x}" for band in range(4))


def mention_row(mention: EventMention, *, now: datetime) -> Row:
    """A row for a mention that waits to be merged."""
    return Row(
        kind=Kind.MENTION,
        id=mention.id,
        state="new",
        body={"mention": body_of(mention), "attempts": 0},
        due_at=wake_at(now),
        keys=(f"article:{mention.article_id}",),
    )


def merged_mention(row: Row, *, event_id: str | None, now: datetime) -> Row:
    """The mention's row once merged: found by its event, or silent and kept no longer than its article's text."""
    days = Retention().event_days if event_id else Retention().silent_days
    kept = tuple(key for key in row.keys if not key.startswith("event:"))
    return replace(
        row,
        state="merged",
        keys=(*kept, f"event:{event_id}") if event_id else kept,
        due_at=now + timedelta(days=days),
    )


def mention_from(row: Row) -> EventMention:
    """The mention in a row."""
    return value_from(EventMention, row.body["mention"])


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(cls: type[Any]) -> TypeAdapter[Any]:
    # Building one costs a millisecond; functools.cache would do, but mypy does not take a class for hashable.
    adapter = _ADAPTERS.get(cls)
    if adapter is None:
        adapter = _ADAPTERS[cls] = TypeAdapter(cls)
    return adapter
