"""`tocsin eval`: score the rulebook on labelled corpora."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.core.scoring.found import Level
from tocsin.core.scoring.gold import Split
from tocsin.processes.eval_jobs import CORPORA, find_jobs
from tocsin.processes.options import AsJson, Rules

if TYPE_CHECKING:  # rich and the detector are loaded by the command itself
    from tocsin.processes.eval_run import Evaluation


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("eval", rich_help_panel="Rulebook")(evaluate)


def evaluate(
    corpora: Annotated[
        list[Path] | None, typer.Argument(help="Labelled corpora, one JSON object a line.", metavar="[CORPUS.jsonl]…")
    ] = None,
    label_map: Annotated[
        Path | None,
        typer.Option(
            "--map", help="Which types count as each label; default: CORPUS.map.yml beside it.", metavar="YML"
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help=f"All corpora of {CORPORA} and the challenge sets of the checkout.")
    ] = False,
    split: Annotated[Split, typer.Option(help="Which part: a third of the groups is held out, by hash.")] = Split.ALL,
    count: Annotated[
        Level | None,
        typer.Option(
            "--count", help="What counts as found: rings, events (default), what happened, or all recognised."
        ),
    ] = None,
    types: Annotated[str, typer.Option("--types", help="Score only these types, with commas.")] = "",
    predictions: Annotated[
        Path | None, typer.Option("--predictions", help="Write what was found, one JSON object an article.")
    ] = None,
    errors: Annotated[bool, typer.Option("--errors", help="List the misses, each with the detector's trace.")] = False,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="With --errors: missed, false, rang, status, count … or a kind of text."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="With --errors: at most this many.")] = 50,
    as_json: AsJson = False,
    details: Annotated[
        bool, typer.Option("--details", help="With --json: add intervals, classes and the status confusion.")
    ] = False,
    rules: Rules = None,
) -> None:
    """Score the rulebook on labelled corpora: types, roles, status, identity and false alerts, with intervals.

    docs/evaluation.md tells the format and how each figure is counted.
    """
    from tocsin.processes.eval_errors import Wanted
    from tocsin.processes.eval_run import open_bench, print_errors, print_json, print_tables, read_corpora

    only = tuple(name.strip() for name in types.split(",") if name.strip())
    jobs = find_jobs(corpora or [], label_map=label_map, every=every, level=count, types=only)
    if not jobs:
        raise typer.BadParameter("name a corpus, or give --all", param_hint="CORPUS.jsonl")
    read = read_corpora(jobs, split=split)
    bench = open_bench(rules)
    results = [bench.run(corpus, intervals=not errors) for corpus in read]
    if predictions is not None:
        _write(predictions, results)
    if errors:
        print_errors(bench, results, Wanted(types=frozenset(only), kinds=frozenset(kind or ())), limit)
    elif as_json:
        print_json(results, details=details)
    else:
        print_tables(results)


def _write(path: Path, results: "list[Evaluation]") -> None:
    from tocsin.errors import CorpusError
    from tocsin.processes.eval_export import write_predictions

    try:
        with path.open("w", encoding="utf-8") as file:
            for result in results:
                write_predictions(file, (result.found[document.id] for document in result.corpus.documents))
    except OSError as exc:
        raise CorpusError(f"{path}: cannot be written ({exc.strerror}): choose another file") from exc
