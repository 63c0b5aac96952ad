"""Webhooks over HTTP: one signed POST per attempt (Standard Webhooks), and what its answer means (B43 to B51)."""

import asyncio
import ssl
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import aiohttp

from tocsin.adapters.plain import one_line
from tocsin.adapters.public_address import find_refusal, make_socket_factory
from tocsin.adapters.unreachable import describe_unreachable
from tocsin.core.deliveries import Outcome, OutcomeKind
from tocsin.core.signing import parse_secret, signature_headers
from tocsin.errors import SettingsError
from tocsin.ports import OutgoingMessage

TIMEOUT_S = 15.0
EXCERPT_BYTES = 500
_THROTTLING = frozenset({429, 502, 504})
_ASKS_TO_WAIT = frozenset({413, 429, 503})


class WebhookSender:
    """The `Sender` port over aiohttp. Use it as an async context manager, on the loop that it is used on."""

    def __init__(
        self,
        *,
        user_agent: str,
        timeout_s: float = TIMEOUT_S,
        allow_private: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`allow_private` lets every endpoint reach addresses that are not public, and plain http."""
        self._user_agent = user_agent
        self._timeout_s = timeout_s
        self._allow_private = allow_private
        self._tls = tls
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    async def send(self, message: OutgoingMessage, *, sent_at: datetime) -> Outcome:
        """One POST. 2xx is success; 410 disables; everything else is tried again later."""
        allow_private = message.allow_private or self._allow_private
        problem = _address_problem(message.address, allow_private=allow_private)
        if problem:
            return Outcome(kind=OutcomeKind.GAVE_UP, detail=problem)
        headers = {**message.headers, "user-agent": self._user_agent, **_signatures(message, sent_at)}
        started = monotonic()
        try:
            outcome = await self._post(message, headers, allow_private=allow_private)
        except TimeoutError:
            outcome = Outcome(kind=OutcomeKind.RETRY, detail=f"no answer within {self._timeout_s:g} s")
        except (aiohttp.ClientError, OSError) as error:
            outcome = Outcome(kind=OutcomeKind.RETRY, detail=_describe(error))
        return replace(outcome, took_s=monotonic() - started)

    async def _post(self, message: OutgoingMessage, headers: dict[str, str], *, allow_private: bool) -> Outcome:
        session = self._session(allow_private=allow_private)
        async with (
            asyncio.timeout(self._timeout_s),
            session.post(message.address, data=message.body, headers=headers, allow_redirects=False) as answer,
        ):
            excerpt = b"" if 200 <= answer.status < 300 else await answer.content.read(EXCERPT_BYTES)
            return judge_answer(
                answer.status,
                retry_after=answer.headers.get("retry-after", ""),
                excerpt=excerpt.decode("utf-8", "replace"),
            )

    def _session(self, *, allow_private: bool) -> aiohttp.ClientSession:
        # One per rule of reach: a pooled connection is never used by a message that may not go there.
        if allow_private not in self._sessions:
            connector = aiohttp.TCPConnector(
                limit=0,
                limit_per_host=8,
                ttl_dns_cache=30,
                socket_factory=make_socket_factory(allow_private),
                ssl=self._tls if self._tls is not None else True,
            )
            self._sessions[allow_private] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._timeout_s),
                trust_env=False,
            )
        return self._sessions[allow_private]


def judge_answer(status: int, *, retry_after: str = "", excerpt: str = "") -> Outcome:
    """What a status code means for a delivery (B48)."""
    if 200 <= status < 300:
        return Outcome(kind=OutcomeKind.DELIVERED, code=status)
    said = one_line(excerpt, limit=120)
    detail = f"answered {status}" + (f": {said}" if said else "")
    if status == 410:
        return Outcome(kind=OutcomeKind.DISABLED, code=status, detail=detail)
    if 300 <= status < 400:
        detail = f"answered {status}: redirects are not followed; change the endpoint's address"
    wait = _retry_after_s(retry_after, now=datetime.now(UTC)) if status in _ASKS_TO_WAIT else None
    return Outcome(
        kind=OutcomeKind.RETRY,
        code=status,
        detail=detail,
        retry_after_s=wait,
        throttle=status in _THROTTLING or wait is not None,
    )


def _retry_after_s(value: str, *, now: datetime) -> float | None:
    """RFC 9110, 10.2.3: seconds or an HTTP date."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        at = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return max(0.0, (at - now).total_seconds())


def _address_problem(address: str, *, allow_private: bool) -> str:
    try:
        parts = urlsplit(address)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        return "the address is no URL"
    if parts.username or parts.password:
        return "the address holds a password: use the signature instead"
    if parts.scheme == "https" or (parts.scheme == "http" and allow_private):
        return ""
    return f"the address is {parts.scheme or 'nothing'}, not https"


def _signatures(message: OutgoingMessage, sent_at: datetime) -> dict[str, str]:
    try:
        keys = [parse_secret(secret) for secret in message.secrets]
    except ValueError as error:
        raise SettingsError(f"the endpoint's signing secret is unusable: {error}") from None
    if not keys:
        raise SettingsError("the endpoint has no signing secret: give it one as env:NAME or file:PATH")
    return signature_headers(message.id, sent_at=sent_at, body=message.body, keys=keys)


def _describe(error: Exception) -> str:
    if find_refusal(error) is not None:
        return "the name leads to an address that is not public: set allow_private if it is yours"
    if isinstance(error, aiohttp.ClientConnectionError):
        return describe_unreachable(error)
    return f"no answer: {type(error).__name__}"
