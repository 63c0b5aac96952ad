"""What is polled: `feeds.yml`."""

from tocsin.rulebook.model_types import Country, Duration, FileModel, Id, Lang, Text


class FeedModel(FileModel):
    """An address polled on a schedule."""

    id: Id
    url: Text
    title: str = ""
    lang: Lang = "en"
    country: Country | None = None
    timezone: Text | None = None
    interval: Duration = 300
    backfill: Duration = 0
    enabled: bool = True
    allow_private: bool = False


class FeedsFile(FileModel):
    """All feeds."""

    requires: Text | None = None
    feeds: tuple[FeedModel, ...] = ()
