"""Mail over SMTP: one recipient per message, connections kept open between messages, replies turned into outcomes."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from types import TracebackType
from typing import Literal, Self

import aiosmtplib

from tocsin.adapters.plain import one_line
from tocsin.core.deliveries import Outcome, OutcomeKind
from tocsin.ports import OutgoingMessage

MAX_CONNECTIONS = 4
MAX_IDLE_S = 30.0
CHECK_IDLE_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """The mail server. `sender` is the envelope's; a bounce goes there. `tls` replaces the system's trusted roots."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    user: str = ""
    password: str = ""
    timeout_s: float = 20.0
    tls: ssl.SSLContext | None = None


@dataclass(slots=True)
class _Connection:
    client: aiosmtplib.SMTP
    used_at: float


class SmtpSender:
    """The `Sender` port over aiosmtplib. Use it as an async context manager, on the loop that it is used on."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._idle: list[_Connection] = []
        self._slots = asyncio.Semaphore(MAX_CONNECTIONS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Say goodbye on every open connection."""
        while self._idle:
            await _quit(self._idle.pop().client)

    async def send(self, message: OutgoingMessage, *, sent_at: datetime) -> Outcome:  # noqa: ARG002  the Date is inside
        """One message to one recipient. A 4xx reply or no reply is tried again, a 5xx to the recipient is final."""
        started = monotonic()
        try:
            async with self._slots, self._connection() as client:
                _, reply = await client.sendmail(self._server.sender, [message.address], message.body)
            outcome = Outcome(kind=OutcomeKind.DELIVERED, code=250, detail=one_line(reply, limit=120))
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            outcome = judge_reply(refused.code, refused.message)
        except aiosmtplib.SMTPSenderRefused as error:
            outcome = _ours(error.code, f"the server refuses the sender: {error.message}")
        except aiosmtplib.SMTPAuthenticationError as error:
            outcome = _ours(error.code, f"the server refuses our user or password: {error.message}")
        except aiosmtplib.SMTPConnectResponseError as error:
            outcome = _ours(error.code, f"the server refuses the connection: {error.message}")
        except aiosmtplib.SMTPDataError as error:
            outcome = judge_reply(error.code, error.message)
        except aiosmtplib.SMTPResponseException as error:
            outcome = _ours(error.code, error.message)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            outcome = Outcome(kind=OutcomeKind.RETRY, detail=f"no answer from the mail server: {type(error).__name__}")
        return replace(outcome, took_s=monotonic() - started)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        client = await self._reuse() or await self._connect()
        try:
            yield client
        except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused):
            # The server answered, so the connection is sound: it only needs a clean slate.
            with suppress(aiosmtplib.SMTPException):
                await client.rset()
            self._keep(client)
            raise
        except BaseException:
            client.close()
            raise
        self._keep(client)

    def _keep(self, client: aiosmtplib.SMTP) -> None:
        if client.is_connected:
            self._idle.append(_Connection(client=client, used_at=monotonic()))

    async def _reuse(self) -> aiosmtplib.SMTP | None:
        while self._idle:
            kept = self._idle.pop()
            idle_s = monotonic() - kept.used_at
            if idle_s <= MAX_IDLE_S and kept.client.is_connected:
                if idle_s < CHECK_IDLE_S:
                    return kept.client
                with suppress(aiosmtplib.SMTPException):
                    await kept.client.noop()
                    return kept.client
            await _quit(kept.client)
        return None

    async def _connect(self) -> aiosmtplib.SMTP:
        client = _client(self._server)
        await client.connect()
        return client


def check_server(server: SmtpServer) -> str:
    """Connect, secure the line, log in and offer our sender, as a send would: what is wrong, or nothing.

    No message is sent. Not for a running loop.
    """

    async def check() -> None:
        client = _client(server)
        await client.connect()
        try:
            await client.mail(server.sender)
        finally:
            await _quit(client)

    try:
        asyncio.run(check())
    except aiosmtplib.SMTPResponseException as error:
        return f"{error.code} {one_line(error.message, limit=160)}"
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return one_line(str(error) or type(error).__name__, limit=160)
    return ""


def _client(server: SmtpServer) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        username=server.user or None,
        password=server.password or None,
        timeout=server.timeout_s,
        tls_context=server.tls,
    )


def judge_reply(code: int, text: str) -> Outcome:
    """What a reply about the recipient or the message means (RFC 5321, 4.2.1; B59)."""
    detail = f"{code} {one_line(text, limit=160)}"
    if code >= 500:
        return Outcome(kind=OutcomeKind.GAVE_UP, code=code, detail=detail)
    return Outcome(kind=OutcomeKind.RETRY, code=code, detail=detail, throttle=code == 421)


def _ours(code: int, text: str) -> Outcome:
    """Trouble between us and the server is no bounce: it is tried again, and the code is not the recipient's."""
    return Outcome(kind=OutcomeKind.RETRY, detail=f"{code} {one_line(text, limit=160)}", throttle=code == 421)


async def _quit(client: aiosmtplib.SMTP) -> None:
    with suppress(aiosmtplib.SMTPException, OSError):
        await client.quit()
    client.close()
