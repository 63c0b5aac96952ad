"""Delivering: what is attempted, recorded, retried, superseded and given up."""

from datetime import timedelta

from event_builders import Desk, article, mention

from tocsin.core.notices import MessageType


def test_a_mention_becomes_an_event_an_alert_a_delivery_and_is_sent() -> None:
    desk = Desk()

    notices = desk.ring(article(), mention())

    assert [notice.type for notice in notices] == [MessageType.DETECTED]
    assert desk.alerts() == {"isis-arrests": "first"}
    assert desk.deliveries() == [("hook", 1, "delivered")]


def test_what_is_delivered_is_not_sent_again() -> None:
    desk = Desk()
    desk.ring(article(), mention())
    desk.later(hours=1)

    assert desk.dispatch().deliveries == 0
    assert desk.deliver() == 0


def test_a_later_report_is_an_update_of_the_same_event() -> None:
    desk = Desk()
    desk.ring(article(), mention())
    desk.later(minutes=30)
    second = article("b2", fetched_at=desk.at)

    notices = desk.ring(second, mention(second, sentence="Eight people were detained in Tangier on Sunday.", count=8))

    assert [(n.type, [c.after for c in n.changes]) for n in notices] == [(MessageType.UPDATED, ["8", "2"])]
    assert len(desk.events()) == 1
    assert notices[0].thread != notices[0].id
    assert notices[0].sent_at - desk.notices[0].sent_at == timedelta(minutes=30)
