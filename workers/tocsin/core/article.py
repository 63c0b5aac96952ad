"""An article: an accepted, normalised document with a stable id."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Half-open character offsets into `Article.text`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What the detector reads.

    `text` is headline, blank line and body in one string: every offset in Tocsin indexes it. `publisher` is the
    registrable domain of the one who published it. `country` (ISO 3166-1 alpha-2) and `timezone` (IANA) are the
    outlet's, where the feed's operator gave them. `catch_up` marks the items of a feed's first poll, which are
    scanned but ring only in a digest.
    """

    id: str
    feed_id: str
    url: str
    publisher: str
    title: str
    body: str
    lang: str
    fetched_at: datetime
    published_at: datetime | None = None
    country: str | None = None
    timezone: str | None = None
    catch_up: bool = False
    fingerprint: int = 0

    @property
    def body_start(self) -> int:
        """Where the body begins in `text`."""
        return len(self.title) + 2 if self.title else 0

    @property
    def text(self) -> str:
        """Headline, blank line, body; the body alone when there is no headline."""
        return f"{self.title}\n\n{self.body}" if self.title else self.body

    @property
    def reference_at(self) -> datetime:
        """The instant that "on Sunday" is counted from: the publication, else the fetch."""
        return self.published_at or self.fetched_at
