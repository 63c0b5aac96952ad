"""Who publishes a page: the registrable domain by the Public Suffix List (publicsuffix.org), from a packaged copy."""

import ipaddress
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from tocsin.core.addresses import host_of


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=4096)
def publisher_of(url: str) -> str:
    """`news.bbc.co.uk` gives `bbc.co.uk`; an address or a name without a public suffix gives the host itself."""
    host = host_of(url)
    return host if _is_address(host) else _suffixes().privatesuffix(host) or host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
