"""Where the demo's alerts arrive: a real webhook receiver that verifies signatures, and a real mail server."""

import asyncio
import hmac
import json
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiohttp import web
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tocsin.core.signing import parse_secret, sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One webhook as it arrived."""

    id: str
    at: datetime
    body: dict[str, Any]
    signature_ok: bool


@dataclass(slots=True)
class Inbox:
    """Collects what arrives; `changed` is set at each arrival."""

    secret: str
    webhooks: list[Received] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def take_webhook(self, request: web.Request) -> web.Response:
        """Verify and keep a webhook; one with a bad signature is refused, as a careful receiver would."""
        body = await request.read()
        message_id = request.headers.get("webhook-id", "")
        stamp = request.headers.get("webhook-timestamp", "0")
        wanted = sign(message_id, int(stamp), body, key=parse_secret(self.secret))
        offered = request.headers.get("webhook-signature", "").split()
        good = any(hmac.compare_digest(wanted, each) for each in offered)
        self.webhooks.append(Received(id=message_id, at=datetime.now(UTC), body=json.loads(body), signature_ok=good))
        self.changed.set()
        return web.Response(status=204 if good else 401)

    def take_mail(self, content: bytes) -> None:
        """Keep a mail."""
        message = message_from_bytes(content, policy=policy.default)
        self.mails.append(message)
        self.changed.set()


class _Handler:
    def __init__(self, inbox: Inbox, loop: asyncio.AbstractEventLoop) -> None:
        self._inbox = inbox
        self._loop = loop

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's)
        content = envelope.content or b""
        data = content if isinstance(content, bytes) else content.encode()
        self._loop.call_soon_threadsafe(self._inbox.take_mail, data)
        return "250 2.0.0 kept"


def start_mail_server(inbox: Inbox) -> Controller:
    """A mail server on a free loopback port, in a thread of its own."""
    handler = _Handler(inbox, asyncio.get_running_loop())
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    return controller


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
