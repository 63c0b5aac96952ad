"""Scores as tables for a terminal."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from tocsin.core.mentions import Status
from tocsin.core.scoring.score import Scores, to_details, to_object
from tocsin.core.scoring.tally_status import NOTHING

_MAX_TYPES = 60


def print_scores(console: Console, scores: Scores) -> None:
    """Everything that one corpus supports, each figure with its interval."""
    figures, details = to_object(scores), to_details(scores)
    intervals = details["intervals"]
    console.print(f"\n[bold]{scores.corpus}[/bold]  {scores.articles} articles", highlight=False)
    _print_types(console, figures["types"], intervals)
    _print_primary(console, figures["primary"], details["primary_classes"], intervals)
    rows = [("macro F1", "macro_f1", figures["macro_f1"]), ("micro F1", "micro_f1", details["micro_f1"])]
    rows += [(f"primary {_words(k)}", f"primary.{k}", v) for k, v in _items(figures["primary"])]
    rows.append(("primary, mean F1 of the main labels", "main_labels_f1", details["main_labels_f1"]))
    rows += [(f"role {_words(k)}", f"roles.{k}", v) for k, v in _items(figures["roles"])]
    rows += [
        (f"role {_words(k)}, missed events too", f"roles_of_all.{k}", v) for k, v in _items(details["roles_of_all"])
    ]
    rows += [(f"status {_words(k)}", f"status.{k}", v) for k, v in _items(figures["status"])]
    rows += [(f"an event is reported: {_words(k)}", f"news.{k}", v) for k, v in _items(details["news"])]
    rows += [(f"identity {_words(k)}", f"identity.{k}", v) for k, v in _items(figures["identity"])]
    table = Table("measure", "figure", "95 % interval", box=None, header_style="bold")
    for label, name, figure in rows:
        if figure is not None:
            table.add_row(label, _figure(figure), _interval(intervals, name))
    console.print(table)
    _print_alarms(console, figures["false_alerts"])
    _print_confusion(console, details["status_confusion"])


def print_summary(console: Console, all_scores: Sequence[Scores]) -> None:
    """One line a corpus: the figures it is known for."""
    heads: tuple[str, ...] = (
        "corpus",
        "articles",
        "micro F1",
        "macro F1",
        "primary w. F1",
        "acc.",
        "agent",
        "recipient",
    )
    heads += ("linked", "count", "date", "place", "status", "news P", "news R", "false", "B³")
    table = Table(*heads, box=None, header_style="bold", title="all corpora", title_justify="left")
    for scores in all_scores:
        figures, details = to_object(scores), to_details(scores)
        primary, roles = dict(_items(figures["primary"])), dict(_items(figures["roles"]))
        news = dict(_items(details["news"])) if not scores.single_label else {}
        table.add_row(
            scores.corpus,
            str(scores.articles),
            *map(
                _figure, (details["micro_f1"], figures["macro_f1"], primary.get("weighted_f1"), primary.get("accuracy"))
            ),
            *(_figure(roles.get(role)) for role in ("agent", "recipient", "linked", "count", "date", "place")),
            _figure(dict(_items(figures["status"])).get("macro_f1")),
            *(_figure(news.get(name)) for name in ("precision", "recall", "false_share")),
            _figure(dict(_items(figures["identity"])).get("b3_f1")),
        )
    console.print(table)


def _print_types(console: Console, types: Any, intervals: Any) -> None:
    if not types:
        return
    table = Table(
        "type", "gold", "found", "false", "precision", "recall", "F1", "95 % interval", box=None, header_style="bold"
    )
    for name, row in sorted(types.items(), key=lambda item: (-item[1]["gold"], item[0]))[:_MAX_TYPES]:
        cells = (row["gold"], row["tp"], row["fp"], row["precision"], row["recall"], row["f1"])
        measure = "recall" if row["f1"] is None else "f1"
        table.add_row(name, *map(_figure, cells), _interval(intervals, f"types.{name}.{measure}"))
    console.print(table)


def _print_primary(console: Console, primary: Any, classes: Any, intervals: Any) -> None:
    if not primary or not classes:
        return
    table = Table("main event is", "gold", "right", "false", "F1", "95 % interval", box=None, header_style="bold")
    for name, row in sorted(classes.items(), key=lambda item: (-(item[1]["tp"] + item[1]["fn"]), item[0])):
        cells = (row["tp"] + row["fn"], row["tp"], row["fp"], row["f1"])
        table.add_row(name, *map(_figure, cells), _interval(intervals, f"primary_classes.{name}.f1"))
    console.print(table)


def _print_alarms(console: Console, alarms: Any) -> None:
    if not alarms:
        return
    table = Table("no event, but", "articles", "rang", box=None, header_style="bold")
    for kind, row in sorted(alarms["by_kind"].items(), key=lambda item: (-item[1]["rang"], item[0])):
        table.add_row(kind, str(row["negatives"]), str(row["rang"]))
    table.add_row("[bold]all[/bold]", str(alarms["negatives"]), str(alarms["rang"]))
    console.print(table)


def _print_confusion(console: Console, confusion: Any) -> None:
    if not confusion:
        return
    names = [*(status.value for status in Status), NOTHING]
    table = Table("status is, said", box=None, header_style="bold")
    for name in names:
        table.add_column(name[:6], justify="right", no_wrap=True)
    for gold in names:
        row = confusion.get(gold)
        if row:
            table.add_row(gold, *(str(row.get(said, "·")) for said in names))
    console.print(table)


def _items(figures: Any) -> list[tuple[str, Any]]:
    return list((figures or {}).items())


def _words(name: str) -> str:
    return name.replace("_f1", " F1").replace("_", " ")


def _figure(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, int):
        return str(value)
    return f"{value:.3f}" if value <= 1 else f"{value:.0f}"


def _interval(intervals: Any, name: str) -> str:
    found = intervals.get(name)
    return f"{_figure(float(found[0]))} to {_figure(float(found[1]))}" if found else ""
