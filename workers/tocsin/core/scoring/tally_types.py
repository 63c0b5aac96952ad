"""Event types of a document against its labels: found, missed and false, type by type."""

from collections.abc import Collection
from dataclasses import dataclass

from tocsin.core.events.lineage import Lineage
from tocsin.core.scoring.align import Alignment, same_sentence
from tocsin.core.scoring.conventions import Convention
from tocsin.core.scoring.found import FoundDocument, FoundEvent
from tocsin.core.scoring.gold import GoldDocument, GoldEvent
from tocsin.core.scoring.tally import Tally, count_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The types that a corpus labels anywhere, the lineage of types, and the corpus' customs.

    `single_label`: the corpus names one event of several in a text, so that nothing found is false.
    """

    labels: frozenset[str]
    types: Lineage
    convention: Convention
    single_label: bool = False

    def scored(self, type_: str) -> str | None:
        """The type as the corpus would call it: itself or its nearest labelled ancestor; None when not scored."""
        line = self.types.line(type_)
        if self.convention.types:
            return next((name for name in line if name in self.convention.types), None)
        return next((name for name in line if name in self.labels), type_)

    def events_of(self, document: GoldDocument) -> tuple[GoldEvent, ...]:
        """The annotated events of scored types, but for those in neutral sentences."""
        return tuple(
            event
            for event in document.events or ()
            if self.scored(event.type) is not None
            and not any(same_sentence(sentence, event.sentence) for sentence in document.neutral)
        )

    def allows(self, finding: FoundEvent, document: GoldDocument) -> bool:
        """Whether the corpus leaves this finding out of the score: neither right nor wrong, or not its business."""
        if any(name in document.also_ok for name in self.types.line(finding.type)):
            return True
        if any(same_sentence(sentence, finding.sentence) for sentence in document.neutral):
            return True
        return self.scored(finding.type) is None


def labels_of(document: GoldDocument, vocabulary: Vocabulary) -> frozenset[str]:
    """The scored types of a row that has only labels."""
    scored = (vocabulary.scored(label) for label in document.labels or ())
    return frozenset(label for label in scored if label)


def tally_labels(document: GoldDocument, found: FoundDocument, vocabulary: Vocabulary) -> Tally:
    """A row with labels: a type counts once, however many events have it."""
    tally: Tally = {}
    gold = labels_of(document, vocabulary)
    hits: set[str] = set()
    false: set[str] = set()
    for finding in found.events:
        if not finding.counts_as(vocabulary.convention.level):
            continue
        right = gold & set(vocabulary.types.line(finding.type))
        hits |= right
        if not right and not vocabulary.allows(finding, document):
            false.add(vocabulary.scored(finding.type) or finding.type)
    _count(tally, gold, hits)
    if not vocabulary.single_label:
        for type_ in false - gold:
            count_up(tally, "type", type_, "fp")
    return tally


def tally_events(document: GoldDocument, alignment: Alignment, vocabulary: Vocabulary) -> Tally:
    """A fully annotated row: every event counts. What was recognised and kept silent is found, never false."""
    tally: Tally = {}
    told = {finding.event_id for _, finding in alignment.pairs} - {None}
    for event, _ in alignment.pairs:
        count_up(tally, "type", event.type, "gold")
        count_up(tally, "type", event.type, "tp")
    for event in alignment.missed:
        count_up(tally, "type", event.type, "gold")
        count_up(tally, "type", event.type, "fn")
    for finding in (*alignment.extra, *(finding for _, finding in alignment.loose)):
        if is_false(finding, document, told, vocabulary):
            count_up(tally, "type", vocabulary.scored(finding.type) or finding.type, "fp")
    return tally


def is_false(finding: FoundEvent, document: GoldDocument, told: Collection[str | None], vocabulary: Vocabulary) -> bool:
    """Whether an unpaired finding of an annotated row is wrong: it opens or joins an event nobody annotated."""
    return finding.event_id is not None and finding.event_id not in told and not vocabulary.allows(finding, document)


def _count(tally: Tally, gold: Collection[str], hits: Collection[str]) -> None:
    for type_ in gold:
        count_up(tally, "type", type_, "gold")
        count_up(tally, "type", type_, "tp" if type_ in hits else "fn")
