"""What went wrong in one document, in words: for browsing, not for counting."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tocsin.core.scoring.align import align
from tocsin.core.scoring.found import FoundDocument, FoundEvent
from tocsin.core.scoring.gold import GoldDocument, GoldEvent
from tocsin.core.scoring.names import NameBook
from tocsin.core.scoring.tally_alarms import is_negative, kind_of, trap_kind
from tocsin.core.scoring.tally_primary import LabelMap, class_of, label_of
from tocsin.core.scoring.tally_roles import FILLED, found_fillers, gold_fillers, judge
from tocsin.core.scoring.tally_types import Vocabulary, is_false, labels_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """One difference between corpus and finding.

    `what` is missed, false, primary, status, rang, or the role or fact that is wrong. `kind` is the corpus' kind of
    the document or trap, if it has one.
    """

    what: str
    type: str
    wanted: str
    said: str
    sentence: str = ""
    reason: str = ""
    kind: str = ""


def find_misses(
    document: GoldDocument,
    found: FoundDocument,
    vocabulary: Vocabulary,
    names: NameBook,
    labels: LabelMap | None = None,
) -> tuple[Miss, ...]:
    """Every difference that costs the document something in the score, in text order of the findings."""
    return tuple(_all_misses(document, found, vocabulary, names, labels))


def _all_misses(
    document: GoldDocument,
    found: FoundDocument,
    vocabulary: Vocabulary,
    names: NameBook,
    labels: LabelMap | None,
) -> Iterator[Miss]:
    if labels is not None:
        yield from _primary_miss(document, found, labels)
    if not vocabulary.single_label and is_negative(document, vocabulary):
        yield from _false_alarms(document, found, vocabulary)
    if document.events is None:
        yield from _label_misses(document, found, vocabulary)
    else:
        yield from _event_misses(document, found, vocabulary, names)


def _primary_miss(document: GoldDocument, found: FoundDocument, labels: LabelMap) -> Iterator[Miss]:
    gold = label_of(document)
    if gold is None or gold not in labels:
        return
    said = class_of(found.primary, gold, labels)
    if said != gold:
        wanted = ", ".join(labels[gold]) or "none"
        yield Miss(
            what="primary", type=wanted, wanted=gold, said=f"{said} ({found.primary or 'none'})", sentence=document.text
        )


def _false_alarms(document: GoldDocument, found: FoundDocument, vocabulary: Vocabulary) -> Iterator[Miss]:
    for finding in found.events:
        if finding.rings and not vocabulary.allows(finding, document):
            yield _miss("rang", finding, wanted="silence", said="rings", kind=kind_of(document))


def _label_misses(document: GoldDocument, found: FoundDocument, vocabulary: Vocabulary) -> Iterator[Miss]:
    gold = labels_of(document, vocabulary)
    hits: set[str] = set()
    for finding in found.events:
        if not finding.counts_as(vocabulary.convention.level):
            continue
        right = gold & set(vocabulary.types.line(finding.type))
        hits |= right
        told = finding.rings and is_negative(document, vocabulary)
        if not (right or told or vocabulary.single_label or vocabulary.allows(finding, document)):
            yield _miss("false", finding, wanted=_join(gold), said=finding.type, kind=document.kind or "")
    for type_ in sorted(gold - hits):
        kept = [f for f in found.events if type_ in vocabulary.types.line(f.type)]
        said = f"{kept[0].type} kept silent as {kept[0].status}" if kept else _join({f.type for f in found.events})
        reason = kept[0].reason if kept else ""
        yield Miss(what="missed", type=type_, wanted=type_, said=said, sentence=document.text, reason=reason)


def _event_misses(
    document: GoldDocument, found: FoundDocument, vocabulary: Vocabulary, names: NameBook
) -> Iterator[Miss]:
    alignment = align(vocabulary.events_of(document), found.events, types=vocabulary.types)
    for event, finding in alignment.pairs:
        yield from _status_miss(event, finding)
        yield from _role_misses(event, finding, names)
    for event in alignment.missed:
        loose = next((finding for gold, finding in alignment.loose if gold is event), None)
        yield Miss(
            what="missed",
            type=event.type,
            wanted=f"{event.type} ({event.status})",
            said=loose.type if loose else "nothing",
            sentence=event.sentence,
        )
    told = {finding.event_id for _, finding in alignment.pairs} - {None}
    for finding in (*alignment.extra, *(finding for _, finding in alignment.loose)):
        if is_false(finding, document, told, vocabulary):
            kind = trap_kind(document, finding.sentence) or ""
            yield _miss("false", finding, wanted="nothing", said=f"{finding.type} ({finding.status})", kind=kind)


def _status_miss(event: GoldEvent, finding: FoundEvent) -> Iterator[Miss]:
    if event.status is not None and event.status is not finding.status:
        yield _miss("status", finding, wanted=event.status.value, said=finding.status.value)


def _role_misses(event: GoldEvent, finding: FoundEvent, names: NameBook) -> Iterator[Miss]:
    said: dict[str, str] = {
        "count": str(finding.count),
        "date": f"{finding.date.render()} ({finding.date.precision})" if finding.date else "None",
        "place": _join(place.text for place in finding.places),
    }
    wanted: dict[str, str] = {"count": str(event.count), "date": str(event.date), "place": _join(event.places)}
    for field, right in judge(event, finding).items():
        if not right:
            yield _miss(field, finding, wanted=wanted[field], said=said[field])
    fillers = found_fillers(finding)
    for role in FILLED:
        gold = gold_fillers(event).get(role)
        if gold is None:
            continue
        there = fillers[role] if gold or role != "recipient" else finding.recipients
        missing = [filler for filler in gold if not any(names.same_party(filler, name) for name in there)]
        extra = [name for name in there if not any(names.same_party(filler, name) for filler in gold)]
        if missing or extra:
            shown = _join(f"{name.text} [{name.actor}]" if name.actor else name.text for name in there)
            yield _miss(role, finding, wanted=_join(gold), said=shown)


def _miss(what: str, finding: FoundEvent, *, wanted: str, said: str, kind: str = "") -> Miss:
    return Miss(
        what=what,
        type=finding.type,
        wanted=wanted,
        said=said,
        sentence=finding.sentence,
        reason=finding.reason,
        kind=kind,
    )


def _join(names: Iterable[str]) -> str:
    texts = list(names)
    return ", ".join(sorted(texts) if isinstance(names, (set, frozenset)) else texts) or "nothing"
