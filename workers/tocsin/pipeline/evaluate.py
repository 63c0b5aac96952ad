"""Evaluate: feed a labelled corpus through detection and identity, as the workers would, and keep what was found.

Articles go in order of publication, one after the other, through the pipeline's own merge on the store given. A
subscription to everything listens.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tocsin.core.alerts import DispatchReason, decide
from tocsin.core.article import Article
from tocsin.core.fingerprint import simhash
from tocsin.core.ids import make_id
from tocsin.core.mentions import Argument, Detection, EventMention
from tocsin.core.messages import Commit, Kind
from tocsin.core.rulebook import Rulebook
from tocsin.core.rules import Maturity
from tocsin.core.scoring.found import FoundDocument, FoundEvent, FoundPlace, Name
from tocsin.core.scoring.gold import GoldDocument
from tocsin.core.subscriptions import Subscription
from tocsin.errors import UnreadRow
from tocsin.pipeline.event_rows import event_from
from tocsin.pipeline.merge import make_merge_book, merge
from tocsin.pipeline.rows import article_row
from tocsin.pipeline.scan import scan
from tocsin.ports import Store

Detect = Callable[[Article], Detection]

EVERYTHING = Subscription(id="everything", title="Everything", endpoints=())
# Of a row without a date nobody knows how old its news is, so age silences nothing.
EVERYTHING_UNDATED = replace(EVERYTHING, max_age_s=100 * 366 * 86400)
RESAMPLES = 1000
SEED = 20260101

_YEAR = re.compile(r"(?<![\w.,-])(?:19|20)\d\d(?![\w-])")


def article_of(document: GoldDocument, *, now: datetime) -> Article:
    """The row as an article. A row without a title is fed as it stands, so that offsets index its text."""
    at = document.published_at or presumed_at(document.text, now=now)
    return Article(
        id=make_id("art", document.id),
        feed_id="corpus",
        url=f"https://{_host(document)}/{document.id}",
        publisher=_host(document),
        title=document.title,
        body=document.text,
        lang=document.lang,
        fetched_at=at,
        published_at=document.published_at,
        fingerprint=simhash(f"{document.title}\n{document.text}"),
    )


def presumed_at(text: str, *, now: datetime) -> datetime:
    """When a text without a date was written: not before the latest year it names, and not after now."""
    years = [year for year in map(int, _YEAR.findall(text)) if year <= now.year]
    if not years or max(years) == now.year:
        return now
    return datetime(max(years), 12, 31, 12, tzinfo=UTC)


def find_all(
    documents: Sequence[GoldDocument],
    *,
    detect: Detect,
    rulebook: Rulebook,
    store: Store,
    now: datetime,
    on_progress: Callable[[], None] = lambda: None,
) -> dict[str, FoundDocument]:
    """What is found in each row, by row id. Events that turned out to be one carry the surviving id.

    Raises `UnreadRow` when the detector fails on one.
    """
    listener = _Listener(detect, rulebook, store)
    found: dict[str, FoundDocument] = {}
    pairs = [(document, article_of(document, now=now)) for document in documents]
    for document, article in sorted(pairs, key=lambda pair: pair[1].fetched_at):
        detection, standing = listener.hear(article)
        found[document.id] = found_document(document, article, detection, standing)
        on_progress()
    return {key: _follow(value, listener) for key, value in found.items()}


def found_document(
    document: GoldDocument, article: Article, detection: Detection, standing: Mapping[str, tuple[str, bool]]
) -> FoundDocument:
    """A detection in the shape that is scored. `standing`: by mention, its event and whether that rings."""
    primary = detection.primary
    return FoundDocument(
        id=document.id,
        primary=primary.type if primary else None,
        events=tuple(_found_event(mention, article, standing.get(mention.id)) for mention in detection.mentions),
    )


def draw_groups(groups: int, *, resamples: int = RESAMPLES, seed: int = SEED) -> Iterator[Sequence[int]]:
    """How often each group is taken, for each resample: with replacement, the same for the same number of groups."""
    source = random.Random(seed)
    for _ in range(resamples if groups else 0):
        weights = [0] * groups
        for chosen in source.choices(range(groups), k=groups):
            weights[chosen] += 1
        yield weights


class _Listener:
    """Scans and merges article after article, and remembers which events a subscription to everything heard of."""

    def __init__(self, detect: Detect, rulebook: Rulebook, store: Store) -> None:
        self._detect = detect
        self._store = store
        self._book = make_merge_book(rulebook)
        self._maturity = {rule.id: rule.maturity for rule in rulebook.rules}
        self._told: set[str] = set()

    def hear(self, article: Article) -> tuple[Detection, dict[str, tuple[str, bool]]]:
        """What is found in it, and by mention the event it opened or joined and whether that rings."""
        now = article.fetched_at
        found: list[Detection] = []

        def detect(given: Article) -> Detection:
            found.append(self._detect(given))
            return found[-1]

        self._store.commit(Commit(rows=(article_row(article, now=now),)))
        scan((article.id,), store=self._store, detect=detect, now=now)
        if not found:
            raise UnreadRow(f"{article.url}: the detector failed on this row: the log above says where")
        mentions = {mention.id: mention for mention in found[-1].mentions}
        while mentions and merge(store=self._store, book=self._book, holder="evaluate", now=now).more:
            pass
        standing: dict[str, tuple[str, bool]] = {}
        for merged in self._store.get_many(Kind.MENTION, list(mentions)):
            event_id = next((key.removeprefix("event:") for key in merged.keys if key.startswith("event:")), None)
            if event_id is not None:
                standing[merged.id] = event_id, self._rings(event_id, mentions[merged.id], article)
        return found[-1], standing

    def survivor(self, event_id: str) -> str:
        """The event that this one turned out to be."""
        for row in self._store.get_many(Kind.EVENT, [event_id]):
            redirected = event_from(row).redirected_to
            return self.survivor(redirected) if redirected else event_id
        return event_id

    def _rings(self, event_id: str, mention: EventMention, article: Article) -> bool:
        event_id = self.survivor(event_id)
        rows = self._store.get_many(Kind.EVENT, [event_id])
        if event_id not in self._told and rows:
            event = event_from(rows[0])
            maturity = self._maturity.get(event.type, Maturity.STABLE)
            wanted = EVERYTHING if article.published_at else EVERYTHING_UNDATED
            decision = decide(event, wanted, None, now=article.fetched_at, maturity=maturity)
            if decision.reason is DispatchReason.FIRST:
                self._told.add(event_id)
        return event_id in self._told and mention.opens


def _follow(document: FoundDocument, listener: _Listener) -> FoundDocument:
    return replace(
        document,
        events=tuple(
            replace(event, event_id=listener.survivor(event.event_id)) if event.event_id else event
            for event in document.events
        ),
    )


def _found_event(mention: EventMention, article: Article, standing: tuple[str, bool] | None) -> FoundEvent:
    in_title = bool(article.title) and mention.sentence.start < len(article.title)
    offset = 0 if in_title else article.body_start
    return FoundEvent(
        type=mention.type,
        status=mention.status,
        sentence=mention.sentence_text,
        start=mention.sentence.start - offset,
        end=mention.sentence.end - offset,
        in_title=in_title,
        event_id=standing[0] if standing else None,
        rings=bool(standing and standing[1]),
        reason=mention.reason,
        date=mention.date,
        countries=mention.countries,
        places=tuple(
            FoundPlace(text=place.text, name=place.name, country=place.country, kind=place.kind)
            for place in mention.places
        ),
        count=mention.count,
        objects=_names(mention.objects),
        agents=_names(mention.agents),
        recipients=_names(mention.recipients),
        linked=_names(mention.linked),
    )


def _names(arguments: Iterable[Argument]) -> tuple[Name, ...]:
    return tuple(Name(text=argument.text, actor=argument.actor, head=argument.head) for argument in arguments)


def _host(document: GoldDocument) -> str:
    return document.source or "corpus.invalid"
