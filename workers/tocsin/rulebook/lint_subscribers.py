"""Feeds, endpoints and subscriptions: addresses that work, secrets kept elsewhere, names that exist."""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from tocsin.core.mentions import OPENING, Status
from tocsin.rulebook.book import Book, Reference
from tocsin.rulebook.models_feeds import FeedsFile
from tocsin.rulebook.models_subscriptions import EndpointModel, SubscriptionsFile
from tocsin.rulebook.problems import Problem
from tocsin.rulebook.sources import Source
from tocsin.rulebook.suggest import did_you_mean
from tocsin.rulebook.validate import Loc

MIN_INTERVAL_S = 60

_EMAIL = re.compile(r"[^\s@,;<>\"'()\[\]\\]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
_SECRET = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:\S.*")
_RINGING = OPENING | {Status.PLANNED, Status.DENIED}


def check_feeds(book: Book) -> Iterator[Problem]:
    """Every feed has an address that can be fetched, an interval its publisher can bear, and a real time zone."""
    for source in book.feeds:
        for number, feed in enumerate(source.model.feeds):
            yield from _check_url(source, ("feeds", number, "url"), feed.url, allow_private=feed.allow_private)
            # A server of your own may be asked as often as you like.
            if feed.interval < MIN_INTERVAL_S and not feed.allow_private:
                message = f"an interval of {feed.interval} seconds is impolite"
                yield source.error(("feeds", number, "interval"), "interval", message, f"use {MIN_INTERVAL_S}s or more")
            if feed.timezone is not None and not _is_timezone(feed.timezone):
                remedy = _timezone_remedy(feed.timezone)
                message = f"'{feed.timezone}' is no time zone"
                yield source.error(("feeds", number, "timezone"), "bad-timezone", message, remedy)


def check_endpoints(book: Book) -> Iterator[Problem]:
    """An endpoint is one mail address or one webhook, and its secret stands elsewhere."""
    for source in book.subscriptions:
        for number, endpoint in enumerate(source.model.endpoints):
            yield from _check_endpoint(source, number, endpoint)


def _check_endpoint(source: Source[SubscriptionsFile], number: int, endpoint: EndpointModel) -> Iterator[Problem]:
    here: Loc = ("endpoints", number)
    if (endpoint.email is None) == (endpoint.webhook is None):
        found = "neither 'email' nor 'webhook'" if endpoint.email is None else "both 'email' and 'webhook'"
        message = f"endpoint '{endpoint.id}' has {found}"
        yield source.error((*here, "id"), "one-address", message, "give exactly one of them")
        return
    if endpoint.email is not None and _EMAIL.fullmatch(endpoint.email) is None:
        message = f"'{endpoint.email}' is no mail address"
        yield source.error((*here, "email"), "bad-email", message, "write one address, such as desk@example.org")
    if endpoint.webhook is not None:
        yield from _check_webhook(source, here, endpoint, endpoint.webhook)
    elif endpoint.secret is not None:
        message = f"endpoint '{endpoint.id}' is no webhook, so nothing is signed"
        yield source.error((*here, "secret"), "needless-secret", message, "delete 'secret'")


def _check_webhook(
    source: Source[SubscriptionsFile], here: Loc, endpoint: EndpointModel, url: str
) -> Iterator[Problem]:
    yield from _check_url(source, (*here, "webhook"), url, allow_private=endpoint.allow_private)
    if url.lower().startswith("http://") and not endpoint.allow_private:
        message = f"webhook '{endpoint.id}' is not encrypted"
        yield source.error((*here, "webhook"), "not-https", message, "use https, or set 'allow_private: true' at home")
    if endpoint.secret is None:
        message = f"webhook '{endpoint.id}' has no secret, so its receiver cannot tell our messages from others"
        yield source.warning(
            (*here, "id"), "unsigned-webhook", message, "add 'secret: env:NAME' or 'secret: file:PATH'"
        )
    elif _SECRET.fullmatch(endpoint.secret) is None and "whsec_" not in endpoint.secret:
        message = f"the secret of '{endpoint.id}' stands in the file, or is misspelt"
        yield source.error((*here, "secret"), "secret-in-file", message, "write env:NAME or file:PATH")


def check_subscriptions(book: Book) -> Iterator[Problem]:
    """Whatever a subscription names exists, somebody is told, and each status it asks for can ring."""
    for source in book.subscriptions:
        for number, wanted in enumerate(source.model.subscriptions):
            references: tuple[tuple[str, Reference, tuple[str, ...]], ...] = (
                ("send_to", "endpoint", wanted.send_to),
                ("types", "event type", wanted.types),
                ("actors", "actor", wanted.actors),
                ("watchlists", "watchlist", wanted.watchlists),
            )
            for key, what, names in references:
                for index, name in enumerate(names):
                    yield from book.unknown(source, ("subscriptions", number, key, index), what, name)
            if not wanted.send_to:
                message = f"subscription '{wanted.id}' is sent to nobody"
                yield source.error(("subscriptions", number, "send_to"), "no-endpoint", message, "name an endpoint")
            for index, status in enumerate(wanted.statuses):
                if status not in _RINGING:
                    message = f"status '{status}' never rings"
                    remedy = f"use {', '.join(s for s in Status if s in _RINGING)}"
                    yield source.error(("subscriptions", number, "statuses", index), "silent-status", message, remedy)


def check_unused_endpoints(book: Book) -> Iterator[Problem]:
    """An endpoint that no subscription uses hears nothing."""
    used = {name for s in book.subscriptions for wanted in s.model.subscriptions for name in wanted.send_to}
    for source in book.subscriptions:
        for number, endpoint in enumerate(source.model.endpoints):
            if endpoint.id not in used:
                message = f"no subscription is sent to endpoint '{endpoint.id}'"
                remedy = "name it in a subscription's 'send_to', or delete it"
                yield source.warning(("endpoints", number, "id"), "unused-endpoint", message, remedy)


def _check_url(
    source: Source[FeedsFile] | Source[SubscriptionsFile], loc: Loc, url: str, *, allow_private: bool
) -> Iterator[Problem]:
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"\s", url):
        yield source.error(
            loc, "bad-url", f"'{url[:200]}' is no web address", "write one such as https://example.org/feed"
        )
    elif parts.username or parts.password:
        message = f"the address on '{parts.hostname}' holds a user name or password"
        yield source.error(loc, "secret-in-file", message, "take it out of the file")
    elif not allow_private and _is_private(parts.hostname):
        message = f"'{parts.hostname}' is a private address"
        yield source.error(loc, "private-address", message, "add 'allow_private: true' if it is yours")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return False
    return True


def _timezone_remedy(name: str) -> str:
    cities = {zone.rpartition("/")[2]: zone for zone in sorted(available_timezones())}
    if name in cities:
        return f"did you mean '{cities[name]}'?"
    return did_you_mean(name, sorted(available_timezones()), "use a name such as Europe/Madrid")
