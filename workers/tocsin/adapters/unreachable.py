"""Why a server could not be reached, in words that an operator can act on."""

import os

import aiohttp


def describe_unreachable(error: aiohttp.ClientConnectionError) -> str:
    """What went wrong with a connection, and what to do about it."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"no connection: nobody knows the host '{error.host}': see that the address is right"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        cause = error.certificate_error
        reason = getattr(cause, "verify_message", "") or type(cause).__name__
        return f"no connection: the certificate of '{error.host}' is not trusted ({reason}): its owner must renew it"
    if isinstance(error, aiohttp.ClientSSLError):
        return f"no connection: '{error.host}' speaks no TLS that we know: see that its address is an https one"
    if isinstance(error, aiohttp.ClientConnectorError):
        number = error.os_error.errno
        reason = os.strerror(number).lower() if number else type(error.os_error).__name__
        return f"no connection to {error.host}:{error.port} ({reason}): see that its server is up and the address right"
    return f"no connection ({type(error).__name__}): see that the server is up and the address right"
