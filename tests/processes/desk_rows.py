"""Rows in a store as the steps write them: one event that rang by webhook and by mail."""

import asyncio
from dataclasses import dataclass
from typing import Any

from event_builders import NOW, FakeSender, article, mention, rulebook, subscription

from tocsin.core.deliveries import Outcome
from tocsin.core.messages import Commit, Kind
from tocsin.core.notices import Notice
from tocsin.core.subscriptions import Channel, Endpoint
from tocsin.core.watching import make_index
from tocsin.pipeline.deliver import Route, drain_until_idle
from tocsin.pipeline.dispatch import dispatch_event
from tocsin.pipeline.merge import make_merge_book, merge
from tocsin.pipeline.rows import article_row, mention_row
from tocsin.ports import OutgoingMessage, Store

BOOK = rulebook(
    endpoints=(
        Endpoint(id="hook", channel=Channel.WEBHOOK, address="https://desk.example/hook"),
        Endpoint(id="mail", channel=Channel.EMAIL, address="desk@example.org"),
    ),
    subscriptions=(subscription(endpoints=("hook", "mail")),),
)


@dataclass(frozen=True, kw_only=True)
class Written:
    """What `ring` left behind."""

    event_id: str
    delivery_ids: tuple[str, ...]


def ring(store: Store, *, answers: tuple[Outcome, ...] = (), **fields: Any) -> Written:
    """An article comes in and goes all the way; `answers` are what the endpoints say, in order."""
    found = mention(article(), **fields)
    store.commit(Commit(rows=(article_row(article(), now=NOW), mention_row(found, now=NOW))))
    merge(store=store, book=make_merge_book(BOOK), holder="test", now=NOW)
    [event_id] = store.list_ids(Kind.EVENT, "changed")
    dispatch_event(event_id, store=store, index=make_index(BOOK), now=NOW)
    route = Route(render=_render, sender=FakeSender(answers=list(answers)))
    asyncio.run(
        drain_until_idle(
            store=store,
            routes={Channel.WEBHOOK: route, Channel.EMAIL: route},
            rulebook=lambda: BOOK,
            now=lambda: NOW,
            jitter=lambda: 0.0,
        )
    )
    return Written(event_id=event_id, delivery_ids=tuple(store.find(Kind.DELIVERY, f"event:{event_id}")))


def _render(notice: Notice) -> OutgoingMessage:
    return OutgoingMessage(id=notice.id, address=notice.endpoint.address, body=notice.type.value.encode())
