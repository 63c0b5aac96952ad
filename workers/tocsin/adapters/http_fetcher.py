"""The `Fetcher` port on aiohttp: one GET, few hops, bounded bytes, public addresses only."""

import asyncio
import time
import zlib
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp

from tocsin.adapters.public_address import find_refusal, make_socket_factory
from tocsin.adapters.unreachable import describe_unreachable
from tocsin.errors import BodyTooLarge, FetchError, FetchTimeout, FetchUnreachable, PrivateAddress, TooManyRedirects
from tocsin.ports import FetchRequest, FetchResponse

MAX_REDIRECTS = 5
_PERMANENT = {301, 308}
_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 64 * 1024


class HttpFetcher:
    """Fetches with one connection pool for public addresses and one that may also reach private ones.

    `allow_private` lets every request reach private addresses; otherwise each request says it for itself. Use as an
    async context manager.
    """

    def __init__(self, *, user_agent: str, allow_private: bool = False, connections: int = 100) -> None:
        self._user_agent = user_agent
        self._allow_private = allow_private
        self._connections = connections
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        for private in (False, True):
            connector = aiohttp.TCPConnector(
                limit=self._connections,
                socket_factory=make_socket_factory(private),
                enable_cleanup_closed=False,
                ttl_dns_cache=60,
            )
            # trust_env stays off: a proxy would connect on our behalf, past the address check.
            self._sessions[private] = aiohttp.ClientSession(
                connector=connector,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate"},
            )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    async def fetch(self, request: FetchRequest) -> FetchResponse:
        """See `Fetcher.fetch`."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(request.timeout_s):
                return await self._follow(request, started)
        except TimeoutError as exc:
            raise FetchTimeout(request.url, f"no complete answer within {request.timeout_s:g} s") from exc
        except aiohttp.InvalidURL as exc:
            raise FetchError(request.url, "this is no http address") from exc
        except aiohttp.ClientConnectionError as exc:
            raise _connection_error(request.url, exc) from exc
        except (aiohttp.ClientError, zlib.error, ValueError) as exc:
            raise FetchError(request.url, f"broken answer ({exc}): its server must mend it") from exc

    async def _follow(self, request: FetchRequest, started: float) -> FetchResponse:
        session = self._sessions[self._allow_private or request.allow_private]
        url, permanent = request.url, True
        for hop in range(MAX_REDIRECTS + 1):
            if urlsplit(url).scheme not in {"http", "https"}:
                raise FetchError(request.url, f"'{url}' is no http address")
            # Validators belong to the address that gave them, so they go with the first hop only.
            headers = _request_headers(request, conditional=hop == 0)
            async with session.get(url, headers=headers, allow_redirects=False) as answer:
                target = answer.headers.get("Location")
                if answer.status in _REDIRECTS and target:
                    permanent = permanent and answer.status in _PERMANENT
                    url = urljoin(url, target)
                    continue
                body = await _read(answer, request)
                return FetchResponse(
                    url=url,
                    status=answer.status,
                    headers={name.lower(): value for name, value in answer.headers.items()},
                    body=body,
                    permanent_url=url if hop and permanent else None,
                    took_s=time.monotonic() - started,
                )
        raise TooManyRedirects(request.url, f"more than {MAX_REDIRECTS} redirects")


def _request_headers(request: FetchRequest, *, conditional: bool) -> dict[str, str]:
    headers = {"Accept": request.accept}
    if conditional and request.etag is not None:
        headers["If-None-Match"] = request.etag
    if conditional and request.last_modified is not None:
        headers["If-Modified-Since"] = request.last_modified
    return headers


async def _read(answer: aiohttp.ClientResponse, request: FetchRequest) -> bytes:
    encoding = answer.headers.get("Content-Encoding", "").strip().lower()
    inflate = zlib.decompressobj(wbits=47) if encoding in {"gzip", "x-gzip", "deflate"} else None
    body = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        body += inflate.decompress(chunk, request.max_bytes + 1 - len(body)) if inflate else chunk
        if len(body) > request.max_bytes or (inflate and inflate.unconsumed_tail):
            limit = f"{request.max_bytes / 1_000_000:.3g} MB"
            raise BodyTooLarge(request.url, f"the answer has more than {limit}: see that the address is the right one")
    return bytes(body)


def _connection_error(url: str, exc: aiohttp.ClientConnectionError) -> FetchError:
    refused = find_refusal(exc)
    if refused is not None:
        return PrivateAddress(url, f"leads to {refused.address}, which is not public; set allow_private if it is yours")
    return FetchUnreachable(url, describe_unreachable(exc))
