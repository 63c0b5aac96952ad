"""Leaving: an endpoint unsubscribes from one subscription by the token in its mails."""

import hmac
from dataclasses import dataclass

from tocsin.core.messages import Commit, Kind
from tocsin.core.rulebook import Rulebook
from tocsin.core.signing import unsubscribe_token
from tocsin.errors import Conflict
from tocsin.pipeline.delivery_rows import opt_out_id, opt_out_row
from tocsin.ports import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """Which endpoint leaves which subscription."""

    subscription_id: str
    endpoint_id: str


def find_opt_out(token: str, *, rulebook: Rulebook, key: bytes) -> OptOut | None:
    """Whose token this is. It holds no name (B56), so every subscription's is made and compared."""
    found = None
    for subscription in rulebook.subscriptions:
        for endpoint in subscription.endpoints:
            wanted = unsubscribe_token(key, subscription_id=subscription.id, endpoint_id=endpoint)
            if hmac.compare_digest(wanted.encode(), token.encode("utf-8", "replace")):
                found = OptOut(subscription_id=subscription.id, endpoint_id=endpoint)
    return found


def leave(opt_out: OptOut, *, store: Store) -> None:
    """Record that the endpoint left, at once and for good. Done twice, it changes nothing."""
    if store.get(Kind.ENDPOINT, opt_out_id(opt_out.subscription_id, opt_out.endpoint_id)) is not None:
        return
    try:
        store.commit(Commit(rows=(opt_out_row(opt_out.subscription_id, opt_out.endpoint_id),)))
    except Conflict:
        return  # somebody clicked twice
