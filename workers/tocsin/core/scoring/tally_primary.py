"""The main event of a document against the one label a corpus gives it."""

from collections.abc import Mapping

from tocsin.core.scoring.found import FoundDocument
from tocsin.core.scoring.gold import GoldDocument
from tocsin.core.scoring.tally import Tally, count_up, f_score, names_under, ratio

LabelMap = Mapping[str, tuple[str, ...]]


def is_mapped(document: GoldDocument, labels: LabelMap) -> bool:
    """Whether the row's label is one of the map's: other rows are not scored at all."""
    return label_of(document) in labels


def label_of(document: GoldDocument) -> str | None:
    """The label that a map speaks of: the origin's own, else the only type."""
    if document.raw_label:
        return document.raw_label
    return document.labels[0] if document.labels and len(document.labels) == 1 else document.raw_label


def tally_primary(document: GoldDocument, found: FoundDocument, labels: LabelMap) -> Tally:
    """One cell of the confusion matrix.

    A label without types is right when nothing was found, or something that the map names nowhere.
    """
    tally: Tally = {}
    gold = label_of(document)
    if gold is None or gold not in labels:
        return tally
    count_up(tally, "primary", gold, class_of(found.primary, gold, labels))
    return tally


def class_of(type_: str | None, gold: str, labels: LabelMap) -> str:
    """The map's label for a type; the row's own where several share the type."""
    if type_ is not None and type_ in labels.get(gold, ()):
        return gold
    fitting = (label for label, types in labels.items() if type_ is not None and type_ in types)
    nothing = next((label for label, types in labels.items() if not types), "none")
    return next(fitting, nothing)


def primary_classes(tally: Tally) -> dict[str, tuple[float, float, float]]:
    """True positives, false positives and false negatives of each label that occurs on either side."""
    cells = {key[1:]: value for key, value in tally.items() if key[0] == "primary"}
    names = {name for cell in cells for name in cell}
    return {
        name: (
            cells.get((name, name), 0.0),
            sum(value for (gold, said), value in cells.items() if said == name != gold),
            sum(value for (gold, said), value in cells.items() if gold == name != said),
        )
        for name in sorted(names)
    }


def measure_primary(tally: Tally) -> dict[str, float | None] | None:
    """Accuracy, F1 weighted by how often each label occurs, and the plain mean of F1 over labels."""
    if not names_under(tally, "primary"):
        return None
    classes = primary_classes(tally)
    support = {name: tp + fn for name, (tp, _, fn) in classes.items()}
    scores = {name: f_score(*counts) or 0.0 for name, counts in classes.items()}
    total = sum(support.values())
    return {
        "accuracy": ratio(sum(tp for tp, _, _ in classes.values()), total),
        "weighted_f1": ratio(sum(scores[name] * support[name] for name in classes), total),
        "macro_f1": ratio(sum(scores.values()), len(scores)),
    }
