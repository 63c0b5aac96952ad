"""The seams: what the pipeline needs from the world, with the guarantees every implementation gives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tocsin.core.deliveries import Outcome
from tocsin.core.feeds import ParsedFeed
from tocsin.core.messages import Commit, Kind, Lease, Row, Step, StoreHealth


class Store(Protocol):
    """Rows, their index keys, leases and wake-ups.

    Any method may raise `StoreUnavailable` and no other I/O error. Safe to share between threads. All datetimes are
    aware and UTC. Reads see every commit that returned before them. Two implementations pass one contract suite.
    """

    def now(self) -> datetime:
        """The store's clock (Redis TIME): what deadlines and leases are judged by."""
        ...

    def get(self, kind: Kind, row_id: str) -> Row | None:
        """One row, or None."""
        ...

    def get_many(self, kind: Kind, row_ids: Sequence[str]) -> list[Row]:
        """The rows that exist, in the order asked for; missing ones are left out."""
        ...

    def find(self, kind: Kind, key: str, *, limit: int = 100) -> list[str]:
        """Ids of the rows carrying this index key, latest written first."""
        ...

    def find_any(self, kind: Kind, keys: Sequence[str], *, limit: int = 100) -> dict[str, list[str]]:
        """`find` for many keys in one round trip; every key asked for is in the answer."""
        ...

    def due(self, kind: Kind, states: Iterable[str], before: datetime, *, limit: int = 100) -> list[Row]:
        """Rows in these states whose `due_at` is at or before `before`, most overdue first."""
        ...

    def oldest_due(self, kind: Kind, state: str) -> datetime | None:
        """The earliest `due_at` of the rows in this state, or None."""
        ...

    def count(self, kind: Kind) -> dict[str, int]:
        """How many rows are in each state; states without rows are left out."""
        ...

    def list_ids(self, kind: Kind, state: str, *, offset: int = 0, limit: int = 100) -> list[str]:
        """Ids of the rows in a state, latest written first."""
        ...

    def commit(self, commit: Commit) -> tuple[Row, ...]:
        """Apply all of it in one transaction and return the rows as stored (with their new `version`).

        Raises `Conflict` when a row or expectation is not at its version, `FenceLost` when the fence's lease has
        moved on. In either case nothing was written and nobody was woken.
        """
        ...

    def acquire_lease(self, name: str, holder: str, ttl_s: float) -> Lease | None:
        """The lease, with a token larger than any before it, or None while another holder has it.

        The same holder asking again renews it under the same token.
        """
        ...

    def release_lease(self, lease: Lease) -> None:
        """Give it back early; nothing happens when it has moved on."""
        ...

    def wake(self, step: Step, ids: Sequence[str] = ()) -> None:
        """Queue a wake-up outside a commit (tick only)."""
        ...

    def queued(self, step: Step) -> int:
        """How many wake-ups wait."""
        ...

    def health(self) -> StoreHealth:
        """What the server says of itself."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """A conditional GET. `etag` and `last_modified` are sent back byte for byte, or not at all."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    accept: str = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
    allow_private: bool = False
    max_bytes: int = 5 * 1024 * 1024
    timeout_s: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResponse:
    """What came back. `headers` has lower-case names. `permanent_url` is where a chain made only of 301 and 308
    hops from the requested URL ended, else None.
    """

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    permanent_url: str | None = None
    took_s: float = 0.0


class Fetcher(Protocol):
    """Fetches over HTTP, politely and safely.

    Returns a response for every status code; raises only `FetchError`s. Never connects to an address that is not
    public, at any hop, unless the request allows it. Sends no cookie and no referrer.
    """

    async def fetch(self, request: FetchRequest) -> FetchResponse:
        """One GET with at most five redirects, within the request's time and size limits."""
        ...


class FeedParser(Protocol):
    """Reads bytes; never a URL. Never runs on the event loop."""

    async def parse(self, body: bytes, *, content_type: str, url: str) -> ParsedFeed:
        """The feed. Raises `NotAFeed` when the bytes are none; malformed with entries is a warning in the value."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """One attempt's content, ready to send. `id` is the delivery's: the same on every attempt.

    `body` is the exact bytes of a webhook, or the RFC 5322 message of an email. `secrets` holds the webhook's signing
    secrets (`whsec_…`), the current one first, or is empty.
    """

    id: str
    address: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    allow_private: bool = False


class Sender(Protocol):
    """Sends one message over one channel and says how it went. It alone knows whether a retry makes sense."""

    async def send(self, message: OutgoingMessage, *, sent_at: datetime) -> Outcome:
        """One attempt. Never raises for what the other side does; at most one recipient or one POST."""
        ...


class Archive(Protocol):
    """Append-only daily files of rows that left the hot store."""

    def append(self, rows: Sequence[Row], *, on: datetime) -> None:
        """Write the rows to the day's file and make them durable before returning."""
        ...
