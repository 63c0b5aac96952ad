"""Connecting to Redis or Valkey by URL, and telling its errors in Tocsin's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

from tocsin.errors import SettingsError, StoreUnavailable

SENTINEL_SCHEME = "redis+sentinel"
SCHEMES = ("redis", "rediss", "unix", SENTINEL_SCHEME)

# The client tries again to connect within each try of a command, so a server that restarts is waited for some four
# seconds in all.
TIMEOUT_S = 5.0
RETRIES = 4


def connect(url: str, *, timeout_s: float = TIMEOUT_S, retries: int = RETRIES) -> redis.Redis:
    """A client that answers in bytes. Nothing is sent yet.

    Takes `redis://`, `rediss://`, `unix://PATH[?db=N]` and
    `redis+sentinel://[user:password@]host:port,host:port/SERVICE[/DB]`. A command whose connection broke is sent
    again, so callers must bear a command done twice. Raises `SettingsError` for any other URL.
    """
    options: dict[str, Any] = {
        "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s,
        "retry": Retry(ExponentialBackoff(cap=0.5, base=0.02), retries),
        "health_check_interval": 30,
    }
    scheme = urlsplit(url).scheme
    if scheme not in SCHEMES:
        raise SettingsError(
            f"TOCSIN_REDIS_URL: '{scheme}' is not one of {', '.join(SCHEMES)}: write redis://HOST:PORT/DB"
        )
    try:
        if scheme == SENTINEL_SCHEME:
            return _through_sentinel(url, options)
        if scheme == "unix":
            del options["socket_connect_timeout"]
        return redis.Redis.from_url(url, **options)
    except ValueError as exc:
        raise SettingsError(f"TOCSIN_REDIS_URL: {exc}: write redis://HOST:PORT/DB") from exc


def _through_sentinel(url: str, options: dict[str, Any]) -> redis.Redis:
    parts = urlsplit(url)
    credentials, _, hosts = parts.netloc.rpartition("@")
    service, _, db = parts.path.strip("/").partition("/")
    if not service:
        raise SettingsError(
            "TOCSIN_REDIS_URL: the Sentinel service is missing: write redis+sentinel://HOST:PORT,HOST:PORT/SERVICE"
        )
    user, _, password = credentials.partition(":")
    if credentials:
        options |= {"username": unquote(user) or None, "password": unquote(password) or None}
    query = parse_qs(parts.query)
    sentinel_options = {"socket_timeout": options["socket_timeout"]}
    if "sentinel_password" in query:
        sentinel_options["password"] = query["sentinel_password"][0]
    addresses = [_address(host) for host in hosts.split(",") if host]
    sentinel: Any = Sentinel(addresses, sentinel_kwargs=sentinel_options, **options)  # type: ignore[no-untyped-call]
    client: redis.Redis = sentinel.master_for(service, db=int(db or 0))
    return client


def _address(host: str) -> tuple[str, int]:
    name, separator, port = host.rpartition(":")
    if not separator or host.endswith("]"):
        return host.strip("[]"), 26379
    return name.strip("[]"), int(port)


@contextmanager
def translated() -> Iterator[None]:
    """Turn any error of the client into `StoreUnavailable`, with a line an operator can act on."""
    try:
        yield
    except redis.RedisError as exc:
        raise StoreUnavailable(in_words(exc)) from exc


_REMEDIES = {
    "WRONGPASS": "wrong password or user: correct TOCSIN_REDIS_URL",
    "NOAUTH": "the server wants a password: put it into TOCSIN_REDIS_URL",
    "OOM": "the server is at its memory limit: raise maxmemory or shorten the retention",
    "MISCONF": "the server cannot write to its disk: free space, or see the server's log",
    "LOADING": "the server is reading its data from disk: wait",
    "READONLY": "the server is a replica: point TOCSIN_REDIS_URL at the primary",
    "CROSSSLOT": "Redis Cluster is not supported: use a single server or Sentinel",
    "NOPERM": "the user may not run a command that Tocsin needs: see docs/operations.md",
}
# For errors that it has a class for, the client takes the code out of the text.
_CODES: tuple[tuple[type[Exception], str], ...] = (
    (redis.AuthenticationError, "NOAUTH"),
    (redis.exceptions.OutOfMemoryError, "OOM"),
    (redis.BusyLoadingError, "LOADING"),
    (redis.ReadOnlyError, "READONLY"),
    (redis.exceptions.NoPermissionError, "NOPERM"),
)


def refuses_writes(exc: redis.ResponseError) -> bool:
    """Whether the server answers and takes no writes: its disk or memory is full, or it is a replica now. It passes."""
    return isinstance(exc, redis.exceptions.OutOfMemoryError | redis.ReadOnlyError) or "MISCONF" in str(exc)


def in_words(exc: redis.RedisError) -> str:
    """A client's error as a line that an operator can act on."""
    text = str(exc)
    if "invalid username-password" in text:
        return _REMEDIES["WRONGPASS"]
    by_class = next((code for kind, code in _CODES if isinstance(exc, kind)), None)
    code = by_class or next((code for code in _REMEDIES if code in text), None)
    if code:
        return _REMEDIES[code]
    return f"the store does not answer: {text.rstrip('.')}: start it, or correct TOCSIN_REDIS_URL"
