"""False alarms: documents that report no event and ring all the same, by what they are."""

from tocsin.core.mentions import OPENING
from tocsin.core.scoring.align import same_sentence
from tocsin.core.scoring.found import FoundDocument
from tocsin.core.scoring.gold import GoldDocument
from tocsin.core.scoring.tally import Tally, count_up, names_under, ratio
from tocsin.core.scoring.tally_types import Vocabulary, labels_of


def tally_alarms(document: GoldDocument, found: FoundDocument, vocabulary: Vocabulary) -> Tally:
    """Whether the row reports an event, whether it rings, and its kind if it reports none.

    An annotated row reports one if any of its events can open one. Types that the corpus does not label, and those
    that are neither right nor wrong, ring for nobody here.
    """
    tally: Tally = {}
    if vocabulary.single_label:
        return tally
    ringing = [f for f in found.events if f.rings and vocabulary.scored(f.type) is not None]
    if is_negative(document, vocabulary):
        false = [finding for finding in ringing if not vocabulary.allows(finding, document)]
        kind = kind_of(document)
        for where in ((), (kind,)):
            count_up(tally, "alarm", *where, "negatives")
            if false:
                count_up(tally, "alarm", *where, "rang")
    else:
        count_up(tally, "news", "positives")
        if ringing:
            count_up(tally, "news", "rang")
    return tally


def is_negative(document: GoldDocument, vocabulary: Vocabulary) -> bool:
    """Whether the row reports no event that could ring."""
    if document.events is not None:
        return not any(event.status is None or event.status in OPENING for event in document.events)
    return not labels_of(document, vocabulary)


def kind_of(document: GoldDocument) -> str:
    """What a row without an event is: the corpus' own word, else its trap's, else the status that keeps it silent."""
    if document.kind:
        return document.kind
    if document.traps:
        return document.traps[0].kind
    statuses = [event.status.value for event in document.events or () if event.status is not None]
    return statuses[0] if statuses else "unknown"


def trap_kind(document: GoldDocument, sentence: str) -> str | None:
    """The kind of the trap that this sentence is."""
    return next((trap.kind for trap in document.traps if same_sentence(trap.sentence, sentence)), None)


def measure_alarms(tally: Tally) -> dict[str, object] | None:
    """Negatives, how many rang, and both by kind."""
    negatives = tally.get(("alarm", "negatives"))
    if not negatives:
        return None
    kinds = [name for name in names_under(tally, "alarm") if ("alarm", name, "negatives") in tally]
    return {
        "negatives": int(negatives),
        "rang": int(tally.get(("alarm", "rang"), 0)),
        "by_kind": {
            kind: {
                "negatives": int(tally[("alarm", kind, "negatives")]),
                "rang": int(tally.get(("alarm", kind, "rang"), 0)),
            }
            for kind in kinds
        },
    }


def measure_news(tally: Tally) -> dict[str, float | None] | None:
    """Precision and recall of "an event is reported here", and false alarms per thousand documents."""
    positives = tally.get(("news", "positives"), 0.0)
    negatives = tally.get(("alarm", "negatives"), 0.0)
    if not positives and not negatives:
        return None
    rang, false = tally.get(("news", "rang"), 0.0), tally.get(("alarm", "rang"), 0.0)
    return {
        "precision": ratio(rang, rang + false),
        "recall": ratio(rang, positives),
        "false_share": ratio(false, negatives),
        "false_per_thousand": ratio(1000 * false, positives + negatives),
    }
