"""What may be connected to: checked on the address itself, whatever spelling or name led there."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from tocsin.adapters.public_address import AddressRefused, find_refusal, is_public, make_socket_factory

ADDRESSES = {
    "8.8.8.8": True,
    "2606:4700:4700::1111": True,
    "::ffff:8.8.8.8": True,
    "64:ff9b::808:808": True,  # NAT64 of a public address
    "127.0.0.1": False,
    "10.1.2.3": False,
    "169.254.169.254": False,  # the metadata service of clouds
    "100.64.0.1": False,  # carrier-grade NAT
    "0.0.0.0": False,
    "224.0.0.1": False,
    "::1": False,
    "fe80::1%eth0": False,
    "fd00::1": False,
    "::ffff:127.0.0.1": False,
    "2002:7f00:1::": False,  # 6to4 of 127.0.0.1
    "64:ff9b::7f00:1": False,  # NAT64 of 127.0.0.1
    "2001:0:4136:e378:8000:63bf:3fff:fdd2": False,  # Teredo
    "not an address": False,
}


@pytest.mark.parametrize(("address", "public"), ADDRESSES.items())
def test_only_addresses_of_the_public_internet_are_public(address: str, public: bool) -> None:
    assert is_public(address) == public


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1"])
def test_a_connection_to_a_private_address_is_refused_whatever_its_spelling(host: str) -> None:
    refusal = asyncio.run(_get(host, allow=False))

    assert isinstance(refusal, AddressRefused)


def test_a_private_address_that_was_allowed_is_reached() -> None:
    assert asyncio.run(_get("127.0.0.1", allow=True)) == 200


async def _answer(_request: web.Request) -> web.Response:
    return web.Response(text="reached")


async def _get(host: str, *, allow: bool) -> AddressRefused | int | None:
    app = web.Application()
    app.router.add_get("/", _answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    connector = aiohttp.TCPConnector(socket_factory=make_socket_factory(allow), force_close=True)
    try:
        url = f"http://{host}:{port}/"
        async with aiohttp.ClientSession(connector=connector) as session, session.get(url) as answer:
            return answer.status
    except aiohttp.ClientError as error:
        return find_refusal(error)
    finally:
        await runner.cleanup()
