"""The path of one story, gathered from the rows that the steps left: what became of it at each, and why (B82)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tocsin.adapters.archive import read_archive
from tocsin.core.alerts import Alert
from tocsin.core.article import Article
from tocsin.core.deliveries import Delivery
from tocsin.core.events.values import Event
from tocsin.core.mentions import EventMention
from tocsin.core.messages import Kind, Row
from tocsin.core.watching import SubscriptionIndex
from tocsin.pipeline.delivery_rows import alert_from, delivery_from
from tocsin.pipeline.event_rows import event_from
from tocsin.pipeline.rows import article_from, attempts_of, mention_from, url_key
from tocsin.ports import Store

KINDS = {
    "art_": Kind.ARTICLE,
    "mnt_": Kind.MENTION,
    "evt_": Kind.EVENT,
    "alr_": Kind.ALERT,
    "dlv_": Kind.DELIVERY,
}
MAX_ROWS = 1000
MAX_REDIRECTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionFate:
    """A mention and what merge made of it. `event_id` is None when it joined none."""

    mention: EventMention
    state: str
    event_id: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFate:
    """An article, how far it came, and what was found in it."""

    article: Article
    state: str
    attempts: int
    reason: str
    mentions: tuple[MentionFate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFate:
    """A delivery with its attempts, and where it stands."""

    delivery: Delivery
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFate:
    """What one subscription heard, or why not."""

    alert: Alert
    state: str
    deliveries: tuple[DeliveryFate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFate:
    """An event, whom it concerned, and whom not: the other subscriptions of today's rulebook, each with the reason."""

    event: Event
    state: str
    alerts: tuple[AlertFate, ...]
    unwatched: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything that is known of one story. `deliveries` are those that tell of no event, such as a test."""

    articles: tuple[ArticleFate, ...] = ()
    events: tuple[EventFate, ...] = ()
    deliveries: tuple[DeliveryFate, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is known of it."""
        return not (self.articles or self.events or self.deliveries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of a store; with `archive`, those that left it as well, at the cost of reading its files."""

    store: Store
    archive: Path | None = None

    def get(self, kind: Kind, row_id: str) -> Row | None:
        """The row, in its latest version."""
        found = self.store.get(kind, row_id)
        if found is None:
            found = max(self._archived(kind, row_id), key=lambda row: row.version, default=None)
        return found

    def find(self, kind: Kind, key: str) -> tuple[Row, ...]:
        """The rows that carry the key, each in its latest version, latest written first."""
        archived = sorted(self._archived(kind, key), key=lambda row: row.version)
        present = self.store.get_many(kind, self.store.find(kind, key, limit=MAX_ROWS))
        latest = {row.id: row for row in (*archived, *reversed(present))}
        return tuple(reversed(latest.values()))

    def _archived(self, kind: Kind, id_or_key: str) -> Iterator[Row]:
        if self.archive is not None and self.archive.is_dir():
            rows = read_archive(self.archive, kind=kind)
            yield from (row for row in rows if row.id == id_or_key or id_or_key in row.keys)


def find_story(asked: str, rows: Rows, index: SubscriptionIndex | None) -> Story:
    """What became of the article at an address, or of whatever an id names; empty when it is not known."""
    if asked.startswith(("http://", "https://")):
        return _from_articles(rows.find(Kind.ARTICLE, url_key(asked)), rows, index)
    kind = KINDS.get(asked[:4])
    row = rows.get(kind, asked) if kind else None
    if row is None:
        return Story()
    if kind is Kind.ARTICLE:
        return _from_articles((row,), rows, index)
    if kind is Kind.MENTION:
        found = rows.get(Kind.ARTICLE, mention_from(row).article_id)
        return _from_articles((found,) if found else (), rows, index)
    if kind is Kind.DELIVERY and not delivery_from(row).event_id:
        return Story(deliveries=(_delivery(row),))
    return _from_event(_event_id(row), rows, index)


def _event_id(row: Row) -> str:
    if row.kind is Kind.ALERT:
        return alert_from(row).event_id
    return delivery_from(row).event_id if row.kind is Kind.DELIVERY else row.id


def _from_articles(found: Iterable[Row], rows: Rows, index: SubscriptionIndex | None) -> Story:
    articles = tuple(_article(row, rows) for row in found)
    ids = dict.fromkeys(m.event_id for article in articles for m in article.mentions if m.event_id)
    events = {row.id: row for event_id in ids if (row := _surviving(event_id, rows))}
    return Story(articles=articles, events=tuple(_event(row, rows, index) for row in events.values()))


def _from_event(event_id: str, rows: Rows, index: SubscriptionIndex | None) -> Story:
    row = _surviving(event_id, rows)
    if row is None:
        return Story()
    ids = dict.fromkeys(report.article_id for report in event_from(row).reports)
    found = [article for article_id in ids if (article := rows.get(Kind.ARTICLE, article_id))]
    return Story(articles=tuple(_article(each, rows) for each in found), events=(_event(row, rows, index),))


def _surviving(event_id: str, rows: Rows) -> Row | None:
    """The event, or the one it merged into."""
    row = rows.get(Kind.EVENT, event_id)
    for _ in range(MAX_REDIRECTS):
        onward = event_from(row).redirected_to if row else None
        if onward is None:
            return row
        row = rows.get(Kind.EVENT, onward)
    return row


def _article(row: Row, rows: Rows) -> ArticleFate:
    mentions = sorted(map(_mention, rows.find(Kind.MENTION, f"article:{row.id}")), key=_place_in_text)
    return ArticleFate(
        article=article_from(row),
        state=row.state,
        attempts=attempts_of(row),
        reason=str(row.body.get("reason", "")),
        mentions=tuple(mentions),
    )


def _place_in_text(fate: MentionFate) -> tuple[int, str]:
    return fate.mention.trigger.start, fate.mention.id


def _mention(row: Row) -> MentionFate:
    event_id = next((key.removeprefix("event:") for key in row.keys if key.startswith("event:")), None)
    mention = mention_from(row)
    return MentionFate(
        mention=mention,
        state=row.state,
        event_id=event_id,
        reason=str(row.body.get("reason") or mention.reason),
    )


def _event(row: Row, rows: Rows, index: SubscriptionIndex | None) -> EventFate:
    event = event_from(row)
    alerts = tuple(_alert(found, rows) for found in rows.find(Kind.ALERT, f"event:{event.id}"))
    told = {fate.alert.subscription_id for fate in alerts}
    others = [s for s in index.subscriptions.values() if s.id not in told] if index else []
    reasons = [(s.id, index.mismatch(event, s) or "not asked yet") for s in others] if index else []
    return EventFate(event=event, state=row.state, alerts=alerts, unwatched=tuple(reasons))


def _alert(row: Row, rows: Rows) -> AlertFate:
    found = sorted(map(_delivery, rows.find(Kind.DELIVERY, f"alert:{row.id}")), key=_order)
    return AlertFate(alert=alert_from(row), state=row.state, deliveries=tuple(found))


def _order(fate: DeliveryFate) -> tuple[str, int, str]:
    return fate.delivery.endpoint_id, fate.delivery.revision, fate.delivery.id


def _delivery(row: Row) -> DeliveryFate:
    return DeliveryFate(delivery=delivery_from(row), state=row.state)
