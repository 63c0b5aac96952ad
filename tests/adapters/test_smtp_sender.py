"""Mail against a real SMTP server on loopback."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session

from tocsin.adapters.smtp_sender import SmtpSender, SmtpServer, check_server
from tocsin.core.deliveries import Outcome, OutcomeKind
from tocsin.ports import OutgoingMessage


@dataclass
class Sink:
    """A mail server's decisions: what it answers to RCPT and DATA, and what it took."""

    rcpt: str = "250 OK"
    data: str = "250 taken"
    taken: list[Envelope] = field(default_factory=list)
    connections: set[Any] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802  aiosmtpd calls it by this name
        self, _server: object, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.connections.add(session.peer)
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(  # noqa: N802  aiosmtpd calls it by this name
        self, _server: object, _session: Session, envelope: Envelope
    ) -> str:
        if self.data.startswith("250"):
            self.taken.append(envelope)
        return self.data


@contextmanager
def served(sink: Sink, **options: Any) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(sink, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def server_at(port: int, **fields: Any) -> SmtpServer:
    defaults: dict[str, Any] = {"host": "localhost", "security": "none", "sender": "alerts@desk.example"}
    return SmtpServer(port=port, **{**defaults, **fields})


def send(server: SmtpServer, times: int = 1) -> list[Outcome]:
    async def run() -> list[Outcome]:
        async with SmtpSender(server) as sender:
            return [await sender.send(mail(number), sent_at=datetime.now(UTC)) for number in range(times)]

    return asyncio.run(run())


def mail(number: int = 0) -> OutgoingMessage:
    body = b"Subject: Arrest\r\nTo: analyst@desk.example\r\n\r\n.A line with a dot first\r\n"
    return OutgoingMessage(id=f"dlv_{number}", address="analyst@desk.example", body=body)


def test_a_mail_arrives_whole_with_one_recipient() -> None:
    sink = Sink()
    with served(sink) as port:
        outcomes = send(server_at(port))

    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.DELIVERED]
    assert sink.taken[0].rcpt_tos == ["analyst@desk.example"]
    assert sink.taken[0].mail_from == "alerts@desk.example"
    assert sink.taken[0].content == mail().body


def test_the_connection_is_kept_for_the_next_mail() -> None:
    sink = Sink()
    with served(sink) as port:
        send(server_at(port), times=5)

    assert (len(sink.taken), len(sink.connections)) == (5, 1)


@pytest.mark.parametrize(
    ("reply", "kind", "code"),
    [
        ("451 greylisted", OutcomeKind.RETRY, 451),
        ("452 full", OutcomeKind.RETRY, 452),
        ("550 no such user", OutcomeKind.GAVE_UP, 550),
    ],
)
@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_what_a_reply_means(stage: str, reply: str, kind: OutcomeKind, code: int) -> None:
    with served(Sink(**{stage: reply})) as port:
        outcome = send(server_at(port))[0]

    assert (outcome.kind, outcome.code) == (kind, code)


def test_after_a_refusal_the_same_connection_serves_the_next() -> None:
    sink = Sink(rcpt="451 later")
    with served(sink) as port:
        outcomes = send(server_at(port), times=3)

    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.RETRY] * 3
    assert len(sink.connections) == 1


def test_a_server_that_is_away_is_tried_again() -> None:
    with served(Sink()) as port:
        pass
    outcome = send(server_at(port, timeout_s=2.0))[0]

    assert (outcome.kind, outcome.code) == (OutcomeKind.RETRY, None)


def test_a_refused_login_is_no_bounce() -> None:
    def refuse(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    options: dict[str, Any] = {"authenticator": refuse, "auth_require_tls": False}
    with served(Sink(), **options) as port:
        server = server_at(port, user="tocsin", password="wrong")
        outcome = send(server)[0]
        fault = check_server(server)

    assert (outcome.kind, outcome.code) == (OutcomeKind.RETRY, None)
    assert "user or password" in outcome.detail
    assert fault.startswith("535")
    assert "wrong" not in outcome.detail + fault


def test_starttls_is_used_and_its_certificate_checked() -> None:
    authority = trustme.CA()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(serving)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    sink = Sink()
    with served(sink, tls_context=serving, require_starttls=True) as port:
        trusted = send(server_at(port, security="starttls", tls=trusting))[0]
        distrusted = send(server_at(port, security="starttls"))[0]

    assert trusted.kind is OutcomeKind.DELIVERED
    assert distrusted.kind is OutcomeKind.RETRY
    assert len(sink.taken) == 1


def test_a_server_that_works_has_no_fault() -> None:
    with served(Sink()) as port:
        assert check_server(server_at(port)) == ""
