"""Fixtures for every suite: a private Redis server."""

import secrets
from collections.abc import Iterator

import pytest
import redis
from redis_server import PrivateServer, private_server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[PrivateServer]:
    """One server for the session, shared by its tests: use `redis_prefix` or flush a database of your own."""
    with private_server() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: PrivateServer) -> str:
    """Its address."""
    return redis_server.url


@pytest.fixture
def redis_client(redis_server: PrivateServer) -> Iterator[redis.Redis]:
    """A client of it, closed at the end."""
    client = redis_server.client()
    yield client
    client.close()


@pytest.fixture
def redis_prefix() -> str:
    """A prefix for keys and queue names that no other test has."""
    return f"t{secrets.token_hex(6)}-"
