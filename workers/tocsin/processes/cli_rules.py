"""`tocsin rules`: check, test and list the rulebook, with the very loader the service uses."""

import json
from pathlib import Path
from typing import Annotated

import typer

from tocsin.processes.options import AsJson


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    group = typer.Typer(help="Check, test and list the rulebook.", no_args_is_help=True)
    group.command("check")(check)
    group.command("test")(run_tests)
    group.command("list")(list_rules)
    group.command("schema")(schema)
    app.add_typer(group, name="rules", rich_help_panel="Rulebook")


Folder = Annotated[
    Path | None, typer.Argument(help="A rulebook folder; default: TOCSIN_RULES, else this folder.", metavar="[DIR]")
]


def check(
    folder: Folder = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 3 when there are only warnings.")] = False,
    as_json: AsJson = False,
) -> None:
    """Is every file right? Prints all problems at once and exits 1 if there is an error."""
    from tocsin.processes.rule_watch import load
    from tocsin.rulebook.problems import Level

    result = load(_folder(folder))
    errors = [problem for problem in result.problems if problem.level is Level.ERROR]
    if as_json:
        rows = [
            {"path": p.path, "line": p.line, "column": p.column, "level": p.level, "code": p.code,
             "message": p.message, "remedy": p.remedy}
            for p in result.problems
        ]  # fmt: skip
        typer.echo(json.dumps({"files": result.files, "problems": rows}, indent=2, ensure_ascii=False))
    else:
        for problem in result.problems:
            typer.echo(problem.render())
        typer.echo(result.summary())
    raise typer.Exit(1 if errors else 3 if strict and result.problems else 0)


def run_tests(folder: Folder = None, as_json: AsJson = False) -> None:
    """Run the examples that rules and actors carry. Exits 1 if one does not come out as expected."""
    from tocsin.processes.rule_watch import load_or_refuse
    from tocsin.rulebook.examples import run_examples

    rulebook = load_or_refuse(_folder(folder))
    outcome = run_examples(rulebook)
    if as_json:
        failures = [problem.render() for problem in outcome.problems]
        typer.echo(json.dumps({"examples": outcome.examples, "failures": failures}, indent=2, ensure_ascii=False))
    else:
        for problem in outcome.problems:
            typer.echo(problem.render())
        typer.echo(f"{outcome.examples} examples, {len(outcome.problems)} failed")
    raise typer.Exit(1 if outcome.problems else 0)


def list_rules(
    folder: Folder = None,
    actors: Annotated[bool, typer.Option("--actors", help="List the watched actors instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the event types, or the actors."""
    from tocsin.processes.rule_watch import load_or_refuse
    from tocsin.processes.tables import print_table

    rulebook = load_or_refuse(_folder(folder))
    if actors:
        heads = ("id", "name", "kind", "country", "watchlist")
        rows = [
            (actor.id, actor.name, str(actor.kind), " ".join(actor.country), watchlist.id)
            for watchlist in rulebook.watchlists
            for actor in watchlist.actors
        ]
    else:
        heads = ("id", "title", "parent", "maturity", "severity")
        rows = [(r.id, r.title, r.parent or "", str(r.maturity), str(r.severity)) for r in rulebook.rules]
    if as_json:
        typer.echo(json.dumps([dict(zip(heads, row, strict=True)) for row in rows], indent=2, ensure_ascii=False))
        return
    print_table(heads, sorted(rows))


def schema(
    target: Annotated[Path, typer.Argument(help="Folder to write the schemas to.", metavar="DIR")] = Path("schema"),
) -> None:
    """Write the JSON Schemas of the YAML files, for editors that complete and check as you type."""
    from tocsin.rulebook.schemas import make_schemas

    target.mkdir(parents=True, exist_ok=True)
    for name, content in make_schemas().items():
        (target / name).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        typer.echo(str(target / name))


def _folder(folder: Path | None) -> Path | None:
    from tocsin.errors import RulebookError
    from tocsin.processes.wiring import settings_of, workspace_of

    if folder is not None and not folder.is_dir():
        raise RulebookError(f"'{folder}' is no folder: name the folder that holds feeds.yml")
    return folder or workspace_of(settings_of())
