"""Ids and titles: one file one id, nothing twice, nothing replaced that is not there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from tocsin.rulebook.book import AnySource, Book
from tocsin.rulebook.model_types import Overriding
from tocsin.rulebook.models_actors import WatchlistModel
from tocsin.rulebook.models_feeds import FeedsFile
from tocsin.rulebook.models_lexicon import CodesModel, WordClassModel
from tocsin.rulebook.models_rules import RuleModel
from tocsin.rulebook.models_subscriptions import SubscriptionsFile
from tocsin.rulebook.problems import Problem
from tocsin.rulebook.sources import Source
from tocsin.rulebook.suggest import did_you_mean
from tocsin.rulebook.validate import Loc


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name, and where the name stands; `over` says whether it may change an earlier one."""

    name: str
    source: AnySource
    loc: Loc
    over: Overriding | None = None

    @property
    def where(self) -> str:
        return self.source.where(*self.loc)

    @property
    def changes(self) -> str | None:
        """The key that says how it changes an earlier one, if it does."""
        if self.over is None:
            return None
        return "replace" if self.over.replace else "append" if self.over.append else None


def check_file_names(book: Book) -> Iterator[Problem]:
    """An id is its file's name, so that a rule is found where one looks for it."""
    sources: tuple[Source[RuleModel] | Source[WatchlistModel] | Source[WordClassModel] | Source[CodesModel], ...]
    sources = (*book.rules, *book.watchlists, *book.classes, *book.codes)
    for source in sources:
        if source.model.id != source.stem:
            message = f"id '{source.model.id}' differs from the file's name '{source.stem}'"
            yield source.error(("id",), "id-not-file-name", message, "give both the same name")


def check_duplicate_ids(book: Book) -> Iterator[Problem]:
    """No id twice in its kind, unless the later one says that it replaces or adds to a shipped one."""
    yield from _doubles("rule id", (Named(s.model.id, s, ("id",), s.model) for s in book.rules))
    yield from _doubles("watchlist id", (Named(s.model.id, s, ("id",), s.model) for s in book.watchlists))
    actors = (Named(actor.id, s, ("actors", number, "id"), actor) for s, number, actor in book.actors())
    yield from _doubles("actor id", actors)
    for lang in sorted({s.lang for s in book.classes}):
        classes = (Named(s.model.id, s, ("id",), s.model) for s in book.classes if s.lang == lang)
        yield from _doubles("word class id", classes)
    yield from _doubles("feed id", chain.from_iterable(map(_feed_ids, book.feeds)))
    yield from _doubles("endpoint id", chain.from_iterable(map(_endpoint_ids, book.subscriptions)))
    yield from _doubles("subscription id", chain.from_iterable(map(_subscription_ids, book.subscriptions)))


def check_duplicate_titles(book: Book) -> Iterator[Problem]:
    """No two rules share a title: subscribers know an event type by it."""
    seen: dict[str, Named] = {}
    for named in (Named(s.model.title, s, ("title",), s.model) for s in book.rules):
        first = seen.setdefault(named.name.casefold(), named)
        if first is not named and first.source.model.id != named.source.model.id:  # type: ignore[union-attr]
            message = f"title '{named.name}' is also used in {first.where}"
            yield named.source.error(named.loc, "duplicate-title", message, "give each rule a title of its own")


def check_duplicate_urls(book: Book) -> Iterator[Problem]:
    """A feed listed twice is polled twice."""
    seen: dict[str, Named] = {}
    for source in book.feeds:
        for number, feed in enumerate(source.model.feeds):
            named = Named(feed.url, source, ("feeds", number, "url"))
            first = seen.setdefault(feed.url, named)
            if first is not named:
                message = f"url '{feed.url}' is also polled by the feed in {first.where}"
                yield source.warning(named.loc, "duplicate-url", message, "delete one of the two feeds")


def _doubles(what: str, names: Iterable[Named]) -> Iterator[Problem]:
    seen: dict[str, Named] = {}
    for named in names:
        first = seen.get(named.name)
        if first is None:
            seen[named.name] = named
            if named.changes:
                message = f"there is no shipped {what} '{named.name}' to {_verb(named.changes)}"
                remedy = did_you_mean(named.name, sorted(set(seen) - {named.name}), f"delete '{named.changes}: true'")
                yield named.source.error(named.loc, "nothing-to-change", message, remedy)
        elif named.changes is None or named.source.shipped == first.source.shipped:
            message = f"{what} '{named.name}' is also used in {first.where}"
            remedy = "rename one of them"
            if named.over is not None and named.source.shipped != first.source.shipped:
                remedy = "rename it, or add 'replace: true' or 'append: true'"
            yield named.source.error(named.loc, "duplicate-id", message, remedy)


def _verb(change: str) -> str:
    return "replace" if change == "replace" else "append to"


def _feed_ids(source: Source[FeedsFile]) -> Iterator[Named]:
    for number, feed in enumerate(source.model.feeds):
        yield Named(feed.id, source, ("feeds", number, "id"))


def _endpoint_ids(source: Source[SubscriptionsFile]) -> Iterator[Named]:
    for number, endpoint in enumerate(source.model.endpoints):
        yield Named(endpoint.id, source, ("endpoints", number, "id"))


def _subscription_ids(source: Source[SubscriptionsFile]) -> Iterator[Named]:
    for number, subscription in enumerate(source.model.subscriptions):
        yield Named(subscription.id, source, ("subscriptions", number, "id"))
