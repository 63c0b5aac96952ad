"""Identity: whether reports of one occurrence went to one event. B³ (Bagga and Baldwin 1998) and pairwise F1."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tocsin.core.scoring.tally import Tally, count_up, f_score, has_any, ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An annotated event that was found: its occurrence by the corpus, the event it went to, whether that rings."""

    document: str
    key: str
    event_id: str
    rings: bool


def tally_identity(items: Sequence[Item]) -> Mapping[str, Tally]:
    """Each document's share: its items' precision and recall, and half of each pair they are in."""
    by_key = Counter(item.key for item in items)
    by_event = Counter(item.event_id for item in items)
    by_both = Counter((item.key, item.event_id) for item in items)
    tallies: dict[str, Tally] = {}
    for item in items:
        both = by_both[item.key, item.event_id]
        tally = tallies.setdefault(item.document, {})
        count_up(tally, "identity", "items")
        count_up(tally, "identity", "b3_precision", by=both / by_event[item.event_id])
        count_up(tally, "identity", "b3_recall", by=both / by_key[item.key])
        count_up(tally, "identity", "pairs_right", by=(both - 1) / 2)
        count_up(tally, "identity", "pairs_said", by=(by_event[item.event_id] - 1) / 2)
        count_up(tally, "identity", "pairs_true", by=(by_key[item.key] - 1) / 2)
    told: dict[str, set[str]] = {}
    for item in items:
        if item.rings:
            known = told.setdefault(item.key, set())
            if known and item.event_id not in known:
                count_up(tallies[item.document], "identity", "second_first_alerts")
            known.add(item.event_id)
    return tallies


def measure_identity(tally: Tally) -> dict[str, float | int | None] | None:
    """Pairwise F1 (None where the corpus reports nothing twice), B³ F1, and occurrences rung anew."""
    if not has_any(tally, "identity"):
        return None
    right = tally.get(("identity", "pairs_right"), 0.0)
    said = tally.get(("identity", "pairs_said"), 0.0)
    true = tally.get(("identity", "pairs_true"), 0.0)
    items = tally[("identity", "items")]
    precision, recall = tally[("identity", "b3_precision")] / items, tally[("identity", "b3_recall")] / items
    return {
        "pairwise_f1": f_score(right, said - right, true - right) if true else None,
        "b3_f1": ratio(2 * precision * recall, precision + recall),
        "second_first_alerts": int(tally.get(("identity", "second_first_alerts"), 0)),
    }
