"""Refuse to connect to addresses that are not public, at the moment of connecting.

The check sees the very address a socket is about to be connected to, so literals, odd spellings of an address,
redirects and names that resolve differently the second time are all covered. A check in the resolver alone would
be bypassed by literals.
"""

import errno
import ipaddress
import socket
from collections.abc import Callable

from aiohappyeyeballs import AddrInfoType

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(OSError):
    """The name leads to `address`, which is not public. Its text is always the same.

    The client merges the errors of several addresses into one that has lost its type, unless all read the same: so
    the address is an attribute and not part of the message.
    """

    def __init__(self, address: str = "") -> None:
        super().__init__(errno.EACCES, "the address is not public")
        self.address = address


def is_public(address: str) -> bool:
    """Whether a literal IPv4 or IPv6 address (zone id allowed) belongs to the public internet.

    IPv4-mapped, 6to4 and NAT64 addresses count as the IPv4 address they lead to; Teredo, multicast and every
    special-purpose range (IANA's registries) are not public, nor is what is no address.
    """
    try:
        parsed: IPAddress = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.teredo is not None:
            return False
        inner = parsed.ipv4_mapped or parsed.sixtofour or _nat64(parsed)
        if inner is not None:
            parsed = inner
    return parsed.is_global and not parsed.is_multicast


def make_socket_factory(allow: Callable[[str], bool] | bool = False) -> Callable[[AddrInfoType], socket.socket]:
    """For `aiohttp.TCPConnector(socket_factory=…)`: raises `AddressRefused` for an address that is not public.

    `allow` lets such addresses through: all of them (True), or those for which it returns True.
    """

    def make_socket(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, target = info
        address = str(target[0])
        if not is_public(address) and not (allow(address) if callable(allow) else allow):
            raise AddressRefused(address)
        return socket.socket(family=family, type=kind, proto=protocol)

    return make_socket


def find_refusal(error: BaseException) -> AddressRefused | None:
    """The refusal behind a client's error: itself, its `os_error`, or what it was raised from."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        if isinstance(current, AddressRefused):
            return current
        inner = getattr(current, "os_error", None)
        current = inner if isinstance(inner, AddressRefused) else current.__cause__ or current.__context__
    return None


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """RFC 6052: the last 32 bits of the well-known prefix are the IPv4 address reached."""
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
