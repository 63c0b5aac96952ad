"""Webhooks against a real server on loopback, verified by the reference library of Standard Webhooks."""

import asyncio
import base64
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import trustme
from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from tocsin.adapters.webhook_sender import WebhookSender, judge_answer
from tocsin.core.deliveries import Outcome, OutcomeKind
from tocsin.errors import SettingsError
from tocsin.ports import OutgoingMessage

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER = "whsec_" + base64.b64encode(bytes(range(32, 64))).decode()
BODY = '{"type":"endpoint.test","timestamp":"2026-03-08T09:00:00Z","data":{"café":1}}'.encode()

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Receiver:
    """What a subscriber runs: remembers each request, answers as told."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.seen: list[tuple[dict[str, str], bytes]] = []
        self._answer = answer

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(({k.lower(): v for k, v in request.headers.items()}, await request.read()))
        return await self._answer(request) if self._answer else web.Response(status=204)


def answers(status: int, text: str = "", **headers: str) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=text, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return answer


def message(url: str, *secrets: str, **fields: bool) -> OutgoingMessage:
    return OutgoingMessage(
        id="dlv_0123",
        address=url,
        body=BODY,
        headers={"content-type": "application/json"},
        secrets=secrets or (SECRET,),
        allow_private=fields.get("allow_private", True),
    )


def send(receiver: Receiver, *secrets: str, timeout_s: float = 5.0, times: int = 1, allow: bool = True) -> Outcome:
    async def run() -> Outcome:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", receiver.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        try:
            async with WebhookSender(user_agent="Tocsin test", timeout_s=timeout_s) as sender:
                for _ in range(times):
                    outcome = await sender.send(message(url, *secrets, allow_private=allow), sent_at=datetime.now(UTC))
        finally:
            await runner.cleanup()
        return outcome

    return asyncio.run(run())


def test_the_reference_library_verifies_what_is_sent() -> None:
    receiver = Receiver()
    outcome = send(receiver)
    headers, body = receiver.seen[0]

    assert (outcome.kind, outcome.code) == (OutcomeKind.DELIVERED, 204)
    assert body == BODY
    assert Webhook(SECRET).verify(body, headers)["type"] == "endpoint.test"
    assert headers["content-type"] == "application/json"


def test_a_changed_byte_is_noticed() -> None:
    receiver = Receiver()
    send(receiver)
    headers, body = receiver.seen[0]

    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"1", b"2"), headers)


def test_during_a_rotation_old_and_new_secret_both_verify() -> None:
    receiver = Receiver()
    send(receiver, OTHER, SECRET)
    headers, body = receiver.seen[0]

    assert Webhook(SECRET).verify(body, headers)
    assert Webhook(OTHER).verify(body, headers)


def test_a_redirect_is_not_followed() -> None:
    receiver = Receiver(answers(307, location="/elsewhere"))
    outcome = send(receiver)

    assert len(receiver.seen) == 1
    assert outcome.kind is OutcomeKind.RETRY
    assert "redirects are not followed" in outcome.detail


def test_a_slow_answer_is_given_up_and_tried_again() -> None:
    async def never(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    outcome = send(Receiver(never), timeout_s=0.2)

    assert outcome == Outcome(kind=OutcomeKind.RETRY, detail="no answer within 0.2 s", took_s=outcome.took_s)


def test_a_private_address_is_refused_unless_allowed() -> None:
    receiver = Receiver()

    async def run() -> Outcome:
        async with WebhookSender(user_agent="Tocsin test") as sender:
            address = "https://127.0.0.1:9/hook"
            return await sender.send(message(address, allow_private=False), sent_at=datetime.now(UTC))

    outcome = asyncio.run(run())

    assert outcome.kind is OutcomeKind.RETRY
    assert "not public" in outcome.detail
    assert receiver.seen == []


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("http://desk.example/hook", "not https"),
        ("ftp://desk.example/hook", "not https"),
        ("https://user:pw@desk.example/hook", "holds a password"),
        ("desk.example", "no URL"),
        ("https://desk.example:99999/", "no URL"),
    ],
)
def test_an_address_that_cannot_be_right_is_not_tried(address: str, problem: str) -> None:
    async def run() -> Outcome:
        async with WebhookSender(user_agent="Tocsin test") as sender:
            return await sender.send(message(address, allow_private=False), sent_at=datetime.now(UTC))

    outcome = asyncio.run(run())

    assert outcome.kind is OutcomeKind.GAVE_UP
    assert problem in outcome.detail


def test_nobody_listening_is_tried_again() -> None:
    async def run() -> Outcome:
        server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        async with WebhookSender(user_agent="Tocsin test") as sender:
            return await sender.send(message(f"http://127.0.0.1:{port}/"), sent_at=datetime.now(UTC))

    outcome = asyncio.run(run())

    assert outcome.kind is OutcomeKind.RETRY
    assert "(connection refused): see that its server is up and the address right" in outcome.detail


@pytest.mark.parametrize("secret", ["whsec_c2hvcnQ=", "plain", "whsec_!!!"])
def test_an_unusable_secret_is_an_operators_problem_and_is_never_quoted(secret: str) -> None:
    with pytest.raises(SettingsError) as caught:
        send(Receiver(), secret)

    assert secret not in str(caught.value)


def test_the_certificate_is_checked() -> None:
    authority = trustme.CA()
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server_tls)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    receiver = Receiver()

    async def run(tls: ssl.SSLContext | None) -> Outcome:
        app = web.Application()
        app.router.add_post("/hook", receiver.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=server_tls).start()
        url = f"https://localhost:{runner.addresses[0][1]}/hook"
        try:
            async with WebhookSender(user_agent="Tocsin test", tls=tls) as sender:
                return await sender.send(message(url), sent_at=datetime.now(UTC))
        finally:
            await runner.cleanup()

    assert asyncio.run(run(trusting)).kind is OutcomeKind.DELIVERED
    refused = asyncio.run(run(None)).detail
    assert "the certificate of " in refused
    assert refused.endswith("): its owner must renew it")


STATUSES = {
    200: (OutcomeKind.DELIVERED, False),
    299: (OutcomeKind.DELIVERED, False),
    304: (OutcomeKind.RETRY, False),
    400: (OutcomeKind.RETRY, False),
    404: (OutcomeKind.RETRY, False),
    410: (OutcomeKind.DISABLED, False),
    429: (OutcomeKind.RETRY, True),
    500: (OutcomeKind.RETRY, False),
    502: (OutcomeKind.RETRY, True),
    504: (OutcomeKind.RETRY, True),
}


@pytest.mark.parametrize(("status", "expected"), STATUSES.items())
def test_what_a_status_means(status: int, expected: tuple[OutcomeKind, bool]) -> None:
    outcome = judge_answer(status)

    assert (outcome.kind, outcome.throttle) == expected


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_read_as_seconds_or_as_a_date(form: str) -> None:
    # The date is made here and not when tests are collected, which may be minutes before.
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=120), usegmt=True)
    value = date if form == "date" else "120"

    waited = judge_answer(429, retry_after=value).retry_after_s

    assert waited == pytest.approx(120, abs=5)


@pytest.mark.parametrize("value", ["", "soon", "-5", "1e9"])
def test_a_retry_after_that_says_nothing_is_ignored(value: str) -> None:
    assert judge_answer(429, retry_after=value).retry_after_s is None


def test_what_the_other_side_said_is_kept_on_one_short_line() -> None:
    outcome = judge_answer(500, excerpt="boom\r\nSet-Cookie: x\x1b[31m " + "y" * 500)

    assert "\n" not in outcome.detail
    assert "\x1b" not in outcome.detail
    assert len(outcome.detail) < 160
