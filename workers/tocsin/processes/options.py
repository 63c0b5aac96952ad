"""Options that several commands share."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

Rules = Annotated[
    Path | None,
    typer.Option(
        "--rules", help="Your rulebook folder; default: TOCSIN_RULES, else the current folder.", metavar="DIR"
    ),
]
DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Where the embedded server keeps its data; default: .tocsin.", metavar="DIR"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="At most this many.")]


def length_of(text: str, *, option: str) -> timedelta:
    """A length of time such as `30m`, `4h` or `2d`; anything else is wrong usage of the option."""
    from pydantic_core import PydanticCustomError

    from tocsin.rulebook.model_types import parse_duration

    try:
        return timedelta(seconds=parse_duration(text))
    except PydanticCustomError as exc:
        remedy = (exc.context or {}).get("remedy", "")
        raise typer.BadParameter(f"{exc.message()}: {remedy}", param_hint=option) from exc
