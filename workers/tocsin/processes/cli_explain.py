"""`tocsin explain`: why the detector finds what it finds in a text."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tocsin.processes.options import AsJson, Rules


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("explain", rich_help_panel="Rulebook")(explain_text)


def explain_text(
    source: Annotated[
        str, typer.Argument(help="A text or HTML file, a web address, an article id (art_…), or - for standard input.")
    ],
    lang: Annotated[str, typer.Option("--lang", help="Language of the text.")] = "en",
    published: Annotated[
        datetime | None,
        typer.Option(
            "--published",
            help="When it was published; dates in the text are counted from it. Default: what the page says, else now.",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        ),
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="Headline, if the text does not begin with it.")] = None,
    country: Annotated[
        str | None, typer.Option("--country", help="The outlet's country, two letters: settles ambiguous names.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page to this file instead.")] = None,
    as_json: AsJson = False,
    rules: Rules = None,
) -> None:
    """Show sentences, triggers, actors, roles with what accepted or refused each, status with its words, and events."""
    from rich.console import Console

    from tocsin.errors import SettingsError
    from tocsin.processes.explain_json import to_json_object
    from tocsin.processes.explain_render import print_explanation, render_page
    from tocsin.processes.explain_source import Given, read_article
    from tocsin.processes.explanation import explain
    from tocsin.processes.rule_watch import load_or_refuse
    from tocsin.processes.wiring import settings_of, workspace_of
    from tocsin.rulebook.detector import make_detector

    settings = settings_of(rules=rules)
    at = published.replace(tzinfo=UTC) if published else None
    given = Given(lang=lang, published_at=at, title=title, country=country.upper() if country else None)
    article = read_article(source, given, settings=settings, now=datetime.now(UTC))
    explanation = explain(article, make_detector(load_or_refuse(workspace_of(settings))))
    if html is not None:
        try:
            html.write_text(render_page(explanation), encoding="utf-8")
        except OSError as exc:
            raise SettingsError(f"{html}: cannot be written ({exc.strerror}): choose another file") from exc
        typer.echo(str(html))
    if as_json:
        sys.stdout.write(json.dumps(to_json_object(explanation), ensure_ascii=False, indent=2) + "\n")
    elif html is None:
        print_explanation(Console(highlight=False), explanation)
