"""Articles, mentions, rulebooks with good defaults, and a desk that runs merge, dispatch and deliver on them."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tocsin.adapters.memory_store import MemoryStore
from tocsin.core.actors import Actor, ActorKind, Watchlist
from tocsin.core.article import Article, Span
from tocsin.core.deliveries import Delivery, Outcome, OutcomeKind
from tocsin.core.events.values import Event
from tocsin.core.ids import make_id
from tocsin.core.mentions import Argument, EventDate, EventMention, PlaceMention, Role, Status
from tocsin.core.messages import Commit, Kind, Row
from tocsin.core.notices import Notice
from tocsin.core.rulebook import Rulebook
from tocsin.core.rules import Rule
from tocsin.core.subscriptions import Channel, Endpoint, Subscription
from tocsin.core.watching import make_index
from tocsin.pipeline.deliver import Route, drain_until_idle
from tocsin.pipeline.delivery_rows import alert_from, delivery_from
from tocsin.pipeline.dispatch import DispatchReport, dispatch_event
from tocsin.pipeline.event_rows import event_from
from tocsin.pipeline.merge import MergeReport, make_merge_book, merge
from tocsin.pipeline.rows import article_row, mention_row
from tocsin.ports import OutgoingMessage

NOW = datetime(2026, 3, 8, 9, 0, tzinfo=UTC)
SUNDAY = EventDate(on=date(2026, 3, 8))
TANGIER = {"name": "Tangier", "province": "Tanger-Tétouan-Al Hoceïma", "country": "MA", "kind": "town"}
FEZ = {"name": "Fez", "province": "Fès-Meknès", "country": "MA", "kind": "town"}
MOROCCO = {"name": "Morocco", "country": "MA", "kind": "country"}


def article(key: str = "a1", **fields: Any) -> Article:
    defaults: dict[str, Any] = {
        "id": make_id("art", key),
        "feed_id": "wire",
        "url": f"https://{key}.example/story",
        "publisher": f"{key}.example",
        "title": "Six held in Tangier",
        "body": f"Police in Tangier detained six people, reports {key}.",
        "lang": "en",
        "fetched_at": NOW,
        "published_at": NOW - timedelta(minutes=10),
    }
    return Article(**{**defaults, **fields})


def argument(role: Role, text: str, *, actor: str | None = None, start: int = 0) -> Argument:
    return Argument(role=role, text=text, span=Span(start=start, end=start + len(text)), actor=actor)


def mention(
    of: Article | None = None,
    *,
    sentence: str = "Police in Tangier detained six people on Sunday.",
    trigger: str = "detained",
    places: tuple[Mapping[str, Any], ...] = (TANGIER,),
    **fields: Any,
) -> EventMention:
    of = of or article()
    at = sentence.find(trigger)
    defaults: dict[str, Any] = {
        "id": make_id("mnt", of.id, sentence, str(fields.get("type", "arrest"))),
        "article_id": of.id,
        "type": "arrest",
        "status": Status.ASSERTED,
        "sentence": Span(start=0, end=len(sentence)),
        "sentence_text": sentence,
        "trigger": Span(start=at, end=at + len(trigger)) if at >= 0 else Span(start=0, end=1),
        "trigger_text": trigger,
        "agents": (argument(Role.AGENT, "Police"),),
        "linked": (argument(Role.LINKED, "ISIS", actor="isis"),),
        "places": tuple(PlaceMention(text=str(p["name"]), span=Span(start=0, end=0), **p) for p in places),
        "countries": tuple(dict.fromkeys(str(p["country"]) for p in places)),
        "date": SUNDAY,
        "count": 6,
        "confidence": 0.9,
    }
    return EventMention(**{**defaults, **fields})


def rulebook(**fields: Any) -> Rulebook:
    actors = (
        Actor(id="isis", name="Islamic State", kind=ActorKind.ARMED_GROUP),
        Actor(id="isis_k", name="Islamic State Khorasan", kind=ActorKind.ARMED_GROUP, parent="isis"),
        Actor(id="jnim", name="JNIM", kind=ActorKind.ARMED_GROUP),
    )
    defaults: dict[str, Any] = {
        "rules": (
            Rule(id="arrest", title="Arrest or detention"),
            Rule(id="bombing", title="Bombing"),
            Rule(id="suicide_bombing", title="Suicide bombing", parent="bombing"),
        ),
        "watchlists": (Watchlist(id="jihadists", title="Jihadists", actors=actors),),
        "endpoints": (Endpoint(id="hook", channel=Channel.WEBHOOK, address="https://desk.example/hook"),),
        "subscriptions": (subscription(),),
        "digest": "7c1e",
    }
    return Rulebook(**{**defaults, **fields})


def subscription(key: str = "isis-arrests", **fields: Any) -> Subscription:
    defaults: dict[str, Any] = {
        "id": key,
        "title": "Arrests of Islamic State suspects",
        "endpoints": ("hook",),
        "types": ("arrest",),
        "watchlists": ("jihadists",),
    }
    return Subscription(**{**defaults, **fields})


@dataclass
class FakeSender:
    """Remembers what was sent; `answers` are given in order, then everything is delivered."""

    sent: list[OutgoingMessage] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    answers: list[Outcome] = field(default_factory=list)

    async def send(self, message: OutgoingMessage, *, sent_at: datetime) -> Outcome:
        self.sent.append(message)
        self.times.append(sent_at)
        return self.answers.pop(0) if self.answers else Outcome(kind=OutcomeKind.DELIVERED)


class Desk:
    """A whole installation behind its ports, with a clock that moves only when told."""

    def __init__(self, book: Rulebook | None = None, *, at: datetime = NOW) -> None:
        self.at = at
        self.store = MemoryStore(clock=lambda: self.at)
        self.book = book or rulebook()
        self.sender = FakeSender()
        self.notices: list[Notice] = []

    def later(self, **passed: float) -> None:
        self.at += timedelta(**passed)

    def read(self, of: Article, *mentions: EventMention) -> MergeReport:
        """An article arrives with its mentions, and is merged."""
        self.store_article(of, *mentions)
        return self.merge()

    def store_article(self, of: Article, *mentions: EventMention) -> None:
        known = self.store.get(Kind.ARTICLE, of.id)
        rows: list[Row] = [mention_row(found, now=self.at) for found in mentions]
        if known is None:
            rows.append(article_row(of, now=self.at))
        self.store.commit(Commit(rows=tuple(rows)))

    def merge(self) -> MergeReport:
        return merge(store=self.store, book=make_merge_book(self.book), holder="test", now=self.at)

    def dispatch(self, event_id: str | None = None) -> DispatchReport:
        index = make_index(self.book)
        ids = [event_id] if event_id else self.store.list_ids(Kind.EVENT, "changed", limit=10_000)
        reports = [dispatch_event(found, store=self.store, index=index, now=self.at) for found in ids]
        return reports[-1] if reports else DispatchReport()

    def deliver(self, routes: Mapping[Channel, Route] | None = None) -> int:
        both = Route(render=self._render, sender=self.sender)
        return asyncio.run(
            drain_until_idle(
                store=self.store,
                routes=routes or {Channel.WEBHOOK: both, Channel.EMAIL: both},
                rulebook=lambda: self.book,
                now=lambda: self.at,
                jitter=lambda: 0.0,
            )
        )

    def ring(self, of: Article, *mentions: EventMention) -> list[Notice]:
        """An article goes all the way; the notices sent for it."""
        before = len(self.notices)
        self.read(of, *mentions)
        self.dispatch()
        self.deliver()
        return self.notices[before:]

    def events(self) -> list[Event]:
        states = ("changed", "dispatched", "redirected")
        ids = [found for state in states for found in self.store.list_ids(Kind.EVENT, state, limit=10_000)]
        events = [event_from(row) for row in self.store.get_many(Kind.EVENT, ids)]
        return sorted(events, key=lambda event: (event.first_seen_at, event.id))

    def rows(self, kind: Kind) -> list[Row]:
        ids = [found for state in self.store.count(kind) for found in self.store.list_ids(kind, state, limit=10_000)]
        return self.store.get_many(kind, ids)

    def alerts(self) -> dict[str, str]:
        return {alert_from(row).subscription_id: alert_from(row).reason.value for row in self.rows(Kind.ALERT)}

    def deliveries(self) -> list[tuple[str, int, str]]:
        found = [(delivery_from(row), row.state) for row in self.rows(Kind.DELIVERY)]
        return sorted((d.endpoint_id, d.revision, state) for d, state in found)

    def _render(self, notice: Notice) -> OutgoingMessage:
        self.notices.append(notice)
        return OutgoingMessage(id=notice.id, address=notice.endpoint.address, body=notice.type.value.encode())


def shuffled(items: list[Any], seed: int) -> list[Any]:
    copy = list(items)
    random.Random(seed).shuffle(copy)
    return copy


def with_status(found: EventMention, status: Status) -> EventMention:
    return replace(found, status=status, id=make_id("mnt", found.id, status.value))


def dispatched(desk: Desk, key: str = "a1", **fields: Any) -> Desk:
    """The desk after an article was merged and dispatched."""
    of = article(key, fetched_at=desk.at)
    desk.read(of, mention(of, **fields))
    desk.dispatch()
    return desk


def only_delivery(desk: Desk) -> tuple[Row, Delivery]:
    """The one delivery there is."""
    (row,) = desk.rows(Kind.DELIVERY)
    return row, delivery_from(row)


def crowd(number: int, endpoints: int = 1) -> Desk:
    """Many subscriptions, spread over endpoints, with one event for all of them."""
    hooks = tuple(
        Endpoint(id=f"hook{n}", channel=Channel.WEBHOOK, address=f"https://h{n}.example") for n in range(endpoints)
    )
    wanted = tuple(subscription(f"s{n:03}", endpoints=(f"hook{n % endpoints}",)) for n in range(number))
    return Desk(rulebook(endpoints=hooks, subscriptions=wanted))
