"""What is polled: `feeds.yml`."""

from tocsin.rulebook.model_types import Country, Duration, FileModel, Id, Lang, Text


class FeedModel(FileModel):
    """An address polled on a schedule."""

    id: Id
    """The feed's name here."""
    url: Text
    """Its address."""
    title: str = ""
    """How it is shown."""
    lang: Lang = "en"
    """The language of its texts, where they do not say."""
    country: Country | None = None
    """The outlet's country (ISO 3166)."""
    timezone: Text | None = None
    """The outlet's time zone (IANA): "on Sunday" is read from there."""
    interval: Duration = 300
    """How often it is polled, at least 60s."""
    backfill: Duration = 0
    """How old an item of the first poll may be and still ring."""
    enabled: bool = True
    """`false` keeps the feed and stops polling."""
    allow_private: bool = False
    """Whether the address may be in your own network."""


class FeedsFile(FileModel):
    """All feeds."""

    requires: Text | None = None
    """The oldest Tocsin that can read this file."""
    feeds: tuple[FeedModel, ...] = ()
    """What is polled."""
