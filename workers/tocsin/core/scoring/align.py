"""Which finding is which annotated event, within one document."""

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.core.events.lineage import Lineage
from tocsin.core.scoring.found import FoundEvent
from tocsin.core.scoring.gold import GoldEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """`pairs` agree in type; `loose` only share the sentence, so they say something about status alone.

    `missed` and `extra` are what is left on either side.
    """

    pairs: tuple[tuple[GoldEvent, FoundEvent], ...]
    loose: tuple[tuple[GoldEvent, FoundEvent], ...]
    missed: tuple[GoldEvent, ...]
    extra: tuple[FoundEvent, ...]


def align(gold: Sequence[GoldEvent], found: Sequence[FoundEvent], *, types: Lineage) -> Alignment:
    """Pair each annotated event with at most one finding, the best pairs first.

    A pair must agree in type (the same, or a child of the annotated one) and prefers the annotated sentence, then
    the same count, then text order. Another sentence of the document will do: headline and text tell the same event.
    """
    ranked = sorted(
        (_badness(event, finding, types), one, two)
        for one, event in enumerate(gold)
        for two, finding in enumerate(found)
        if event.type in types.line(finding.type)
    )
    taken_gold: set[int] = set()
    taken_found: set[int] = set()
    pairs = []
    for _, one, two in ranked:
        if one not in taken_gold and two not in taken_found:
            taken_gold.add(one)
            taken_found.add(two)
            pairs.append((one, two))
    loose = []
    for one, event in enumerate(gold):
        if one in taken_gold:
            continue
        for two, finding in enumerate(found):
            if two not in taken_found and same_sentence(event.sentence, finding.sentence):
                taken_found.add(two)
                loose.append((one, two))
                break
    return Alignment(
        pairs=tuple((gold[one], found[two]) for one, two in sorted(pairs)),
        loose=tuple((gold[one], found[two]) for one, two in loose),
        missed=tuple(event for one, event in enumerate(gold) if one not in taken_gold),
        extra=tuple(finding for two, finding in enumerate(found) if two not in {b for _, b in (*pairs, *loose)}),
    )


def same_sentence(one: str, other: str) -> bool:
    """Whether one holds the other, whatever the blanks."""
    first, second = " ".join(one.split()), " ".join(other.split())
    return bool(first) and bool(second) and (first in second or second in first)


def _badness(event: GoldEvent, finding: FoundEvent, types: Lineage) -> tuple[int, int, int, int]:
    return (
        0 if same_sentence(event.sentence, finding.sentence) else 1,
        types.line(finding.type).index(event.type),
        0 if event.count == finding.count else 1,
        0 if event.status is finding.status else 1,
    )
