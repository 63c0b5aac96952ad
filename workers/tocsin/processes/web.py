"""`tocsin web`: health, readiness, metrics, and the pages a subscriber meets."""

import signal
import socket
import sys
from collections.abc import Callable

import uvicorn
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tocsin.core.rulebook import Rulebook
from tocsin.errors import SettingsError, StoreError
from tocsin.pipeline.opt_out import OptOut, find_opt_out
from tocsin.pipeline.opt_out import leave as leave_subscription
from tocsin.ports import Store
from tocsin.processes.metrics import StoreCollector

_HEADERS = (
    (
        b"content-security-policy",
        # Framed by somebody else's page, the button could be clicked unseen.
        b"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Tocsin</title><style>body{font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}
button{font:inherit;padding:.5rem 1.2rem}</style><h1>Tocsin</h1>"""


def make_app(store: Store, rulebook: Callable[[], Rulebook], *, token_key: bytes) -> Starlette:
    """The application. `rulebook` gives the one in force; `token_key` signs the unsubscribe links."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        try:
            health = await run_in_threadpool(store.health)
        except StoreError as exc:
            return JSONResponse({"ready": False, "store": str(exc)}, status_code=503)
        return JSONResponse({"ready": True, "store": health.version, "rulebook": rulebook().digest})

    async def metrics(_: Request) -> Response:
        registry = CollectorRegistry()
        registry.register(StoreCollector(store, digest=rulebook().digest))
        try:
            body = await run_in_threadpool(generate_latest, registry)
        except StoreError as exc:
            return PlainTextResponse(f"the store does not answer: {exc}\n", status_code=503)
        return Response(body, media_type=CONTENT_TYPE_LATEST)

    async def leave(request: Request) -> Response:
        opt_out = find_opt_out(request.path_params["token"], rulebook=rulebook(), key=token_key)
        if opt_out is None:
            return _page("This link is not valid any more.", status=404)
        if request.method != "POST":
            # A link scanner follows every link in a mail, so GET and HEAD change nothing (B55).
            return HTMLResponse(
                _PAGE + '<p>Stop these mails?</p><form method="post"><button>Unsubscribe</button></form>'
            )
        return await _leave(store, opt_out)

    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
            Route("/unsubscribe/{token}", leave, methods=["GET", "POST"]),
        ],
        middleware=[Middleware(_SafeHeaders)],
    )


def serve(app: Starlette, *, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT. Raises `SettingsError` when the address cannot be listened on."""
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as exc:
        reason = (exc.strerror or str(exc)).lower()
        raise SettingsError(
            f"cannot listen on {host}:{port}: {reason}: choose another with TOCSIN_WEB_HOST and TOCSIN_WEB_PORT"
        ) from exc
    # uvicorn ends in order and then raises the signal again, which is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with listener:
        uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])


async def _leave(store: Store, opt_out: OptOut) -> Response:
    try:
        await run_in_threadpool(leave_subscription, opt_out, store=store)
    except StoreError:
        return _page("That did not work just now. Please try again in a minute.", status=503)
    return _page("You are unsubscribed. No further mail of this subscription will come.")


def _page(text: str, *, status: int = 200) -> Response:
    return HTMLResponse(f"{_PAGE}<p>{text}</p>", status_code=status)


class _SafeHeaders:
    """Adds the security headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        await self._app(scope, receive, with_headers)
