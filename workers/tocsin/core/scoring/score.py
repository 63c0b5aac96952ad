"""A whole corpus scored: every document's share, their sum, and the figures made of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tocsin.core.events.lineage import Lineage
from tocsin.core.scoring.align import align
from tocsin.core.scoring.bootstrap import Interval, find_intervals
from tocsin.core.scoring.clusters import Item, measure_identity, tally_identity
from tocsin.core.scoring.conventions import PLAIN, Convention
from tocsin.core.scoring.found import FoundDocument
from tocsin.core.scoring.gold import GoldDocument
from tocsin.core.scoring.names import NameBook
from tocsin.core.scoring.tally import Tally, add_up, f_score, has_any, mean, names_under, ratio
from tocsin.core.scoring.tally_alarms import measure_alarms, measure_news, tally_alarms
from tocsin.core.scoring.tally_primary import (
    LabelMap,
    is_mapped,
    measure_primary,
    primary_classes,
    tally_primary,
)
from tocsin.core.scoring.tally_roles import FILLED, JUDGED, tally_facts, tally_roles
from tocsin.core.scoring.tally_status import confusion, measure_status, tally_status
from tocsin.core.scoring.tally_types import Vocabulary, tally_events, tally_labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """A corpus' counts, in all and by group. `single_label`: one event of several is labelled, so no precision."""

    corpus: str
    articles: int
    total: Tally
    groups: tuple[Tally, ...]
    single_label: bool = False
    main_labels: tuple[str, ...] = ()
    intervals: Mapping[str, Interval] = field(default_factory=dict)


def score_corpus(
    corpus: str,
    documents: Sequence[GoldDocument],
    found: Mapping[str, FoundDocument],
    *,
    names: NameBook,
    types: Lineage,
    convention: Convention = PLAIN,
    labels: LabelMap | None = None,
    draws: Callable[[int], Iterable[Sequence[int]]] | None = None,
) -> Scores:
    """Score what was found in each document; rows without a usable label are left out.

    With a map, only rows whose label it names are scored. `draws` gives, for a number of groups, how often each is
    taken in each resample; without it there are no intervals.
    """
    scored = [document for document in documents if is_scored(document, labels)]
    vocabulary = make_vocabulary(scored, types, convention)
    shares: dict[str, list[Tally]] = {document.group: [] for document in scored}
    items: list[Item] = []
    for document in scored:
        finding = found.get(document.id) or FoundDocument(id=document.id)
        shares[document.group] += _tally_document(document, finding, vocabulary, names, labels, items)
    group_of = {document.id: document.group for document in scored}
    for document_id, tally in tally_identity(items).items():
        shares[group_of[document_id]].append(tally)
    groups = tuple(add_up(tallies) for tallies in shares.values())
    scores = Scores(
        corpus=corpus,
        articles=len(scored),
        total=add_up(groups),
        groups=groups,
        single_label=vocabulary.single_label,
        main_labels=convention.main_labels,
    )
    return scores if draws is None else _with_intervals(scores, draws(len(groups)))


def is_scored(document: GoldDocument, labels: LabelMap | None) -> bool:
    """Whether the row has something to score against."""
    if labels is not None:
        return is_mapped(document, labels)
    return document.labels is not None or document.events is not None


def make_vocabulary(documents: Sequence[GoldDocument], types: Lineage, convention: Convention) -> Vocabulary:
    """The types that the corpus labels, with its customs."""
    labels: set[str] = set()
    for document in documents:
        labels.update(document.labels or ())
        labels.update(event.type for event in document.events or ())
    single_label = any(document.single_label for document in documents)
    return Vocabulary(labels=frozenset(labels), types=types, convention=convention, single_label=single_label)


def _tally_document(
    document: GoldDocument,
    found: FoundDocument,
    vocabulary: Vocabulary,
    names: NameBook,
    labels: LabelMap | None,
    items: list[Item],
) -> list[Tally]:
    tallies = [tally_alarms(document, found, vocabulary)]
    if labels is not None:
        tallies.append(tally_primary(document, found, labels))
    if document.events is None:
        return [
            *tallies,
            tally_labels(document, found, vocabulary),
            tally_facts(document, found, vocabulary, names),
        ]
    alignment = align(vocabulary.events_of(document), found.events, types=vocabulary.types)
    items += [
        Item(document=document.id, key=event.key, event_id=finding.event_id, rings=finding.rings)
        for event, finding in alignment.pairs
        if event.key and finding.event_id
    ]
    return [
        *tallies,
        tally_events(document, alignment, vocabulary),
        tally_roles(alignment, names),
        tally_status(document, alignment, vocabulary),
    ]


def to_object(scores: Scores) -> dict[str, object]:
    """The figures with the keys of design section 9; a measure that the corpus does not support is None."""
    tally = scores.total
    types = measure_types(tally, defined=not scores.single_label)
    status = measure_status(tally)
    return {
        "corpus": scores.corpus,
        "articles": scores.articles,
        "types": types or None,
        "macro_f1": _macro(types) if types and not scores.single_label else None,
        "primary": measure_primary(tally),
        "roles": measure_roles(tally),
        "status": None if status is None else {"macro_f1": status},
        "false_alerts": measure_alarms(tally),
        "identity": measure_identity(tally),
    }


def to_details(scores: Scores) -> dict[str, object]:
    """What stands beside the agreed keys: yes/no news, micro F1, classes, confusion, missed roles, intervals."""
    tally = scores.total
    primary = primary_classes(tally)
    return {
        "micro_f1": None if scores.single_label else _micro(tally),
        "news": measure_news(tally),
        "main_labels_f1": _mean_of(tally, scores.main_labels),
        "primary_classes": {
            name: {"tp": int(tp), "fp": int(fp), "fn": int(fn), "f1": f_score(tp, fp, fn)}
            for name, (tp, fp, fn) in primary.items()
        }
        or None,
        "roles_of_all": measure_roles(tally, "role_all"),
        "status_confusion": confusion(tally) or None,
        "intervals": {name: list(interval) for name, interval in scores.intervals.items()},
    }


def measure_types(tally: Tally, *, defined: bool = True) -> dict[str, dict[str, float | int | None]]:
    """Counts, precision, recall and F1 of each type; no precision where the corpus does not define it."""
    figures: dict[str, dict[str, float | int | None]] = {}
    for type_ in names_under(tally, "type"):
        gold, tp, fp, fn = (tally.get(("type", type_, cell), 0.0) for cell in ("gold", "tp", "fp", "fn"))
        figures[type_] = {
            "gold": int(gold),
            "tp": int(tp),
            "fp": int(fp) if defined else None,
            "fn": int(fn),
            "precision": ratio(tp, tp + fp) if defined else None,
            "recall": ratio(tp, tp + fn),
            "f1": f_score(tp, fp, fn) if defined else None,
        }
    return figures


def measure_roles(tally: Tally, prefix: str = "role") -> dict[str, float | None] | None:
    """F1 of the fillers (recall where only facts are given), and the share of right counts, dates and places."""
    if prefix == "role" and not has_any(tally, prefix):
        prefix = "fact"
    if not has_any(tally, prefix):
        return None
    figures: dict[str, float | None] = {}
    for role in FILLED:
        tp, fp, fn = (tally.get((prefix, role, cell), 0.0) for cell in ("tp", "fp", "fn"))
        figures[role] = f_score(tp, fp, fn) if prefix != "fact" else ratio(tp, tp + fn)
    for judged in JUDGED:
        right, wrong = tally.get((prefix, judged, "right"), 0.0), tally.get((prefix, judged, "wrong"), 0.0)
        figures[judged] = ratio(right, right + wrong)
    return figures


def flatten(scores: Scores, tally: Tally) -> dict[str, float | None]:
    """Every figure under one name, for the intervals."""
    defined = not scores.single_label
    types = measure_types(tally, defined=defined)
    flat: dict[str, float | None] = {}
    for type_, figures in types.items():
        for name in ("precision", "recall", "f1"):
            flat[f"types.{type_}.{name}"] = figures[name]
    flat["macro_f1"] = _macro(types) if defined else None
    flat["micro_f1"] = _micro(tally) if defined else None
    flat["status.macro_f1"] = measure_status(tally)
    for group, figures_of in (
        ("primary", measure_primary(tally)),
        ("roles", measure_roles(tally)),
        ("roles_of_all", measure_roles(tally, "role_all")),
        ("news", measure_news(tally)),
        ("identity", measure_identity(tally)),
    ):
        flat |= {f"{group}.{name}": figure for name, figure in (figures_of or {}).items()}
    flat["main_labels_f1"] = _mean_of(tally, scores.main_labels)
    for name, (tp, fp, fn) in primary_classes(tally).items():
        flat[f"primary_classes.{name}.f1"] = f_score(tp, fp, fn)
    return flat


def _mean_of(tally: Tally, labels: Sequence[str]) -> float | None:
    """The mean F1 of these labels of a map."""
    classes = primary_classes(tally)
    return mean([f_score(*classes[label]) for label in labels if label in classes])


def _macro(types: Mapping[str, Mapping[str, float | int | None]]) -> float | None:
    """Over the types that occur in the corpus; one that was only found falsely has no F1 to speak of."""
    return mean([figures["f1"] for figures in types.values() if figures["gold"]])


def _micro(tally: Tally) -> float | None:
    if not has_any(tally, "type"):
        return None
    sums = [sum(v for key, v in tally.items() if key[0] == "type" and key[2] == cell) for cell in ("tp", "fp", "fn")]
    return f_score(*sums)


def _with_intervals(scores: Scores, draws: Iterable[Sequence[int]]) -> Scores:
    return replace(scores, intervals=find_intervals(scores.groups, lambda tally: flatten(scores, tally), draws))
