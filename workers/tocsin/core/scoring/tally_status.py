"""Status of the annotated events: which of the nine was said for which."""

from tocsin.core.mentions import Status
from tocsin.core.scoring.align import Alignment
from tocsin.core.scoring.gold import GoldDocument
from tocsin.core.scoring.tally import Tally, count_up, f_score, mean
from tocsin.core.scoring.tally_types import Vocabulary, is_false

NOTHING = "nothing"


def tally_status(document: GoldDocument, alignment: Alignment, vocabulary: Vocabulary) -> Tally:
    """Cells of the confusion matrix.

    An annotated event whose sentence has no finding, of whatever type, was said `nothing` of; a finding that opens
    an event where nothing is annotated stands in the row `nothing`.
    """
    tally: Tally = {}
    for event, finding in (*alignment.pairs, *alignment.loose):
        if event.status is not None:
            count_up(tally, "status", event.status.value, finding.status.value)
    unsaid = [event for event in alignment.missed if not any(event is seen for seen, _ in alignment.loose)]
    for event in unsaid:
        if event.status is not None:
            count_up(tally, "status", event.status.value, NOTHING)
    told = {finding.event_id for _, finding in alignment.pairs} - {None}
    for finding in alignment.extra:
        if is_false(finding, document, told, vocabulary):
            count_up(tally, "status", NOTHING, finding.status.value)
    return tally


def confusion(tally: Tally) -> dict[str, dict[str, int]]:
    """By annotated status, how often each status was said."""
    table: dict[str, dict[str, int]] = {}
    for key, value in tally.items():
        if key[0] == "status":
            table.setdefault(key[1], {})[key[2]] = int(value)
    return table


def measure_status(tally: Tally) -> float | None:
    """The mean F1 over those of the nine statuses that are annotated."""
    cells = {key[1:]: value for key, value in tally.items() if key[0] == "status"}
    scores = []
    for status in Status:
        tp = cells.get((status.value, status.value), 0.0)
        fn = sum(value for (gold, said), value in cells.items() if gold == status.value != said)
        fp = sum(value for (gold, said), value in cells.items() if said == status.value != gold)
        if tp + fn:
            scores.append(f_score(tp, fp, fn))
    return mean(scores)
