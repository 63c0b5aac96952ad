"""The `tocsin` command: its groups, its common options, and how errors reach the operator."""

import sys
from typing import Annotated

import typer

from tocsin.errors import CorpusError, RulebookError, TocsinError
from tocsin.processes import (
    cli_articles,
    cli_backup,
    cli_deliveries,
    cli_endpoints,
    cli_eval,
    cli_events,
    cli_explain,
    cli_feeds,
    cli_health,
    cli_mutes,
    cli_rules,
    cli_service,
    cli_why,
)

app = typer.Typer(
    name="tocsin",
    help="An alarm bell for the news: hear of an arrest, a seizure or an airstrike that involves the actors you "
    "watch, first, once, with the evidence.",
    epilog="Start with [bold]tocsin demo[/bold], then [bold]tocsin init DIR[/bold]. "
    "Every command explains itself with --help. "
    "Exit codes: 0 fine, 1 problems, 2 wrong usage, 3 warnings under --strict.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"tocsin {version('tocsin')}")
        raise typer.Exit


@app.callback()
def _root(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    pass


_MODULES = (
    cli_service,
    cli_rules,
    cli_explain,
    cli_eval,
    cli_feeds,
    cli_articles,
    cli_events,
    cli_why,
    cli_deliveries,
    cli_endpoints,
    cli_mutes,
    cli_health,
    cli_backup,
)
for _module in _MODULES:
    _module.register(app)


def main() -> None:
    """Run the command line. Errors of ours are one line (or one per problem) on standard error and exit code 1."""
    try:
        app(prog_name="tocsin")
    except (RulebookError, CorpusError) as exc:
        # Each problem begins with its place, so that editors can jump there.
        sys.stderr.write("".join(f"{line}\n" for line in (*exc.problems, f"tocsin: error: {exc.args[0]}")))
        raise SystemExit(1) from None
    except TocsinError as exc:
        sys.stderr.write(f"tocsin: error: {exc}\n")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(1) from None
