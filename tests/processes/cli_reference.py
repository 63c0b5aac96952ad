"""docs/cli.md, made from the commands' own help, so that it cannot say anything else."""

from collections.abc import Iterator
from typing import Any

import typer
from typer.testing import CliRunner

from tocsin.processes.cli import app

WIDTH = "100"
HEAD = """# The command line

Made by `make golden` from the commands themselves; do not edit.

Settings come from `TOCSIN_…` variables; options win over them.
With `--json` a command prints one JSON value on standard output. Errors go to standard error.
Exit codes: 0 fine, 1 problems, 2 wrong usage, 3 warnings only under `--strict`.
"""


def commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group with its path, in the order of the help; the first is `tocsin` itself."""
    yield from _walk((), typer.main.get_command(app))


def _walk(path: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from _walk((*path, name), child)


def help_of(path: tuple[str, ...]) -> str:
    """The help page as a terminal of fixed width shows it."""
    runner = CliRunner(env={"COLUMNS": WIDTH, "TERMINAL_WIDTH": WIDTH, "NO_COLOR": "1", "TERM": "dumb"})
    answer = runner.invoke(app, [*path, "--help"], prog_name="tocsin")
    assert answer.exit_code == 0, answer.output
    lines = [line.rstrip() for line in answer.output.splitlines()]
    return "\n".join(lines).strip("\n")


def render() -> str:
    """The whole page."""
    sections = [f"## {' '.join(('tocsin', *path))}\n\n```text\n{help_of(path)}\n```\n" for path, _ in commands()]
    return "\n".join([HEAD, *sections])
