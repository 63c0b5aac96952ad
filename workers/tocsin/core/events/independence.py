"""How many independent publishers report an event: copies of one wire story count once."""

from collections.abc import Sequence

from tocsin.core.events.values import Report
from tocsin.core.fingerprint import distance

COPY_BITS = 3


def are_copies(one: int, other: int) -> bool:
    """Whether two fingerprints are of the same text, give or take an editor's touch. 0 is no fingerprint."""
    return bool(one) and bool(other) and distance(one, other) <= COPY_BITS


def count_independent(reports: Sequence[Report]) -> int:
    """The most reports one can pick so that no two share a publisher or a text.

    A publisher that carries a wire story and its own still counts for its own: hence a maximum matching between
    publishers and texts (Kuhn's algorithm), not a count of either.
    """
    texts = _texts(reports)
    carried: dict[str, list[int]] = {}
    for report, text in zip(reports, texts, strict=True):
        carried.setdefault(report.publisher, []).append(text)
    taken: dict[int, str] = {}

    def place(publisher: str, seen: set[int]) -> bool:
        for text in carried[publisher]:
            if text not in seen:
                seen.add(text)
                if text not in taken or place(taken[text], seen):
                    taken[text] = publisher
                    return True
        return False

    return sum(place(publisher, set()) for publisher in carried)


def _texts(reports: Sequence[Report]) -> list[int]:
    """For each report the index of the first report that carries the same text, directly or through copies."""
    texts = list(range(len(reports)))
    for i, report in enumerate(reports):
        for j in range(i):
            if texts[j] != texts[i] and are_copies(report.fingerprint, reports[j].fingerprint):
                old, new = max(texts[i], texts[j]), min(texts[i], texts[j])
                texts = [new if text == old else text for text in texts]
    return texts
