"""The fetcher against a real server on loopback."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from tocsin.adapters.http_fetcher import HttpFetcher
from tocsin.errors import BodyTooLarge, FetchError, FetchTimeout, FetchUnreachable, PrivateAddress, TooManyRedirects
from tocsin.ports import FetchRequest, FetchResponse

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def fetch_from(handler: Handler, path: str = "/", **options: object) -> FetchResponse:
    """Serve every path with `handler` and fetch one."""

    async def run() -> FetchResponse:
        app = web.Application()
        app.router.add_get("/{tail:.*}", handler)
        # A handler that hangs on purpose must not hold up the end.
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        try:
            async with HttpFetcher(user_agent="Tocsin/test (+https://example.org)") as fetcher:
                request = FetchRequest(url=f"http://127.0.0.1:{port}{path}", **{"allow_private": True, **options})
                return await fetcher.fetch(request)
        finally:
            await runner.cleanup()

    return asyncio.run(run())


def test_validators_go_out_byte_for_byte_with_no_cookie_and_no_referrer():
    seen: dict[str, str] = {}

    async def handler(request: web.Request) -> web.Response:
        seen.update(request.headers)
        return web.Response(status=304)

    response = fetch_from(handler, etag='W/"a b"', last_modified="Tue, 1 Jan 2019")

    assert response.status == 304
    assert ('W/"a b"', "Tue, 1 Jan 2019") == (seen["If-None-Match"], seen["If-Modified-Since"])
    assert seen["User-Agent"].startswith("Tocsin/")
    assert not {"Cookie", "Referer"} & set(seen)


def test_no_validator_is_invented():
    seen: dict[str, str] = {}

    async def handler(request: web.Request) -> web.Response:
        seen.update(request.headers)
        return web.Response(text="x")

    fetch_from(handler)

    assert not {"If-None-Match", "If-Modified-Since"} & set(seen)


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_body_comes_back_decompressed_with_lower_case_headers(encoding):
    async def handler(_: web.Request) -> web.Response:
        body = gzip.compress(b"news") if encoding == "gzip" else b"news"
        return web.Response(body=body, headers={"Content-Encoding": encoding, "ETag": '"1"'})

    response = fetch_from(handler)

    assert (200, b"news", '"1"') == (response.status, response.body, response.headers["etag"])


def test_a_bomb_stops_at_the_limit_after_decompression():
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(b"0" * 5_000_000), headers={"Content-Encoding": "gzip"})

    with pytest.raises(BodyTooLarge, match=r"more than 0\.1 MB: see that the address is the right one"):
        fetch_from(handler, max_bytes=100_000)


def test_a_body_of_exactly_the_limit_is_taken():
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(b"0" * 1000), headers={"Content-Encoding": "gzip"})

    assert len(fetch_from(handler, max_bytes=1000).body) == 1000


@pytest.mark.parametrize(("first", "saved"), [(301, True), (308, True), (302, False), (307, False)])
def test_only_a_chain_of_permanent_redirects_may_be_saved(first, saved):
    async def handler(request: web.Request) -> web.Response:
        if request.path == "/old":
            return web.Response(status=first, headers={"Location": "/new"})
        return web.Response(text="feed")

    response = fetch_from(handler, "/old")

    assert response.url.endswith("/new")
    assert saved is (response.permanent_url == response.url)


def test_a_redirect_circle_ends():
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/"})

    with pytest.raises(TooManyRedirects):
        fetch_from(handler)


def test_a_slow_server_is_left_at_the_time_limit():
    async def handler(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(FetchTimeout, match=r"within 0\.2 s"):
        fetch_from(handler, timeout_s=0.2)


def test_a_private_address_is_refused_with_what_to_do():
    async def handler(_: web.Request) -> web.Response:
        return web.Response(text="secret")

    with pytest.raises(PrivateAddress, match=r"127\.0\.0\.1.*allow_private"):
        fetch_from(handler, allow_private=False)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://127.0.0.1/"])
def test_a_redirect_to_another_scheme_is_refused(target):
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": target})

    with pytest.raises(FetchError, match="no http address"):
        fetch_from(handler)


def test_a_closed_port_is_unreachable():
    async def run() -> None:
        async with HttpFetcher(user_agent="t") as fetcher:
            await fetcher.fetch(FetchRequest(url="http://127.0.0.1:1/", allow_private=True))

    with pytest.raises(FetchUnreachable):
        asyncio.run(run())


@pytest.mark.parametrize("url", ["http://", "http://[::1", "not a url", "http://a b/"])
def test_a_broken_address_is_an_error_of_ours(url):
    async def run() -> None:
        async with HttpFetcher(user_agent="t") as fetcher:
            await fetcher.fetch(FetchRequest(url=url, allow_private=True))

    with pytest.raises(FetchError):
        asyncio.run(run())
