"""Leaving by the token in a mail: right for one endpoint of one subscription, at once, and for good."""

import pytest
from event_builders import Desk, article, mention, rulebook, subscription

from tocsin.core.endpoints import EndpointState
from tocsin.core.messages import Kind
from tocsin.core.signing import unsubscribe_token
from tocsin.core.subscriptions import Channel, Endpoint
from tocsin.pipeline.endpoint_actions import resubscribe
from tocsin.pipeline.opt_out import OptOut, find_opt_out, leave

KEY = b"k" * 32
BOOK = rulebook(
    endpoints=tuple(
        Endpoint(id=name, channel=Channel.EMAIL, address=f"{name}@example.org") for name in ("desk", "night")
    ),
    subscriptions=(
        subscription("arrests", endpoints=("desk", "night")),
        subscription("strikes", endpoints=("desk",), types=("airstrike",)),
    ),
)
ALL = [("arrests", "desk"), ("arrests", "night"), ("strikes", "desk")]


def token(subscription_id: str, endpoint_id: str, key: bytes = KEY) -> str:
    return unsubscribe_token(key, subscription_id=subscription_id, endpoint_id=endpoint_id)


@pytest.mark.parametrize(("subscription_id", "endpoint_id"), ALL)
def test_a_token_finds_its_endpoint_and_subscription(subscription_id: str, endpoint_id: str) -> None:
    found = find_opt_out(token(subscription_id, endpoint_id), rulebook=BOOK, key=KEY)

    assert OptOut(subscription_id=subscription_id, endpoint_id=endpoint_id) == found


@pytest.mark.parametrize(
    "offered",
    [
        "",
        "x",
        token("arrests", "desk")[:-1],
        token("arrests", "desk") + "A",
        token("arrests", "desk").swapcase(),
        token("strikes", "night"),  # nobody sends it there
        token("arrests", "desk", key=b"another key"),
        "é\u2028\udcff",
    ],
)
def test_any_other_text_is_nobodys(offered: str) -> None:
    assert find_opt_out(offered, rulebook=BOOK, key=KEY) is None


def test_a_token_tells_no_name() -> None:
    """It is a MAC, not a name: what stands in a link is in proxies' logs (B56)."""
    for pair in ALL:
        assert not {name for name in pair if name in token(*pair)}
    assert len({token(*pair) for pair in ALL}) == len(ALL)


def test_who_left_gets_nothing_more_of_that_subscription_and_the_others_do() -> None:
    desk = Desk(BOOK)
    leave(OptOut(subscription_id="arrests", endpoint_id="desk"), store=desk.store)

    notices = desk.ring(article(), mention())

    assert ["night"] == [notice.endpoint.id for notice in notices]


def test_leaving_between_alert_and_sending_still_counts() -> None:
    desk = Desk(BOOK)
    desk.read(article(), mention())
    desk.dispatch()
    leave(OptOut(subscription_id="arrests", endpoint_id="night"), store=desk.store)

    desk.deliver()

    assert ["desk"] == [notice.endpoint.id for notice in desk.notices]


def test_leaving_twice_is_leaving_once_and_one_may_come_back() -> None:
    desk = Desk(BOOK)
    opt_out = OptOut(subscription_id="arrests", endpoint_id="desk")

    leave(opt_out, store=desk.store)
    leave(opt_out, store=desk.store)

    assert {EndpointState.UNSUBSCRIBED.value: 1} == desk.store.count(Kind.ENDPOINT)
    assert resubscribe("arrests", "desk", store=desk.store) is True
    assert resubscribe("arrests", "desk", store=desk.store) is False
    assert ["desk", "night"] == sorted(notice.endpoint.id for notice in desk.ring(article(), mention()))
