"""`tocsin articles`: those that wait for the operator, held because a feed published its archive again, or given up."""

import json
from collections import Counter
from typing import Annotated, Any

import typer

from tocsin.processes.options import AsJson, DataDir, Limit

Ids = Annotated[list[str] | None, typer.Argument(help="Articles' ids (art_…).", metavar="[ARTICLE]...")]
OfFeed = Annotated[str | None, typer.Option("--feed", help="All that are held of this feed.")]
_State = Annotated[str, typer.Option("--state", help="held or failed.")]


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    group = typer.Typer(help="List articles that were held or given up, release or drop them.", no_args_is_help=True)
    group.command("list")(list_articles)
    group.command("release")(release)
    group.command("drop")(drop)
    app.add_typer(group, name="articles", rich_help_panel="Desk")


def list_articles(
    state: _State = "held",
    feed: Annotated[str | None, typer.Option("--feed", help="Show each article of this feed.")] = None,
    limit: Limit = 20,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """How many articles are held, by feed; with --feed, which ones; with --state failed, those no scan came through."""
    from tocsin.pipeline.held_articles import WAITING, waiting_articles
    from tocsin.processes.tables import print_table
    from tocsin.processes.wiring import open_store, settings_of

    if state not in WAITING:
        raise typer.BadParameter(f"'{state}' is not one of {', '.join(WAITING)}", param_hint="--state")
    rows = list(waiting_articles(open_store(settings_of(data_dir=data_dir)), state, feed_id=feed))
    counts = Counter(str(row.body["article"]["feed_id"]) for row in rows)
    found = [_shown(row) for row in rows[:limit]]
    if as_json:
        typer.echo(json.dumps({"feeds": counts, "articles": found}, indent=2, ensure_ascii=False))
    elif not rows:
        typer.echo(f"no article is {state}")
    elif feed or state == "failed":
        heads = ("id", "feed", "published", "title", "reason")
        print_table(heads, ([each[n] for n in ("id", "feed", "published_at", "title", "reason")] for each in found))
    else:
        print_table(("feed", state), counts.most_common())
        typer.echo("release them with `tocsin articles release --feed FEED`, or drop them likewise")


def release(
    article_ids: Ids = None,
    feed: OfFeed = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Scan articles after all. Old events among them stay silent by their age, as always."""
    _handle("released", article_ids or [], feed, data_dir, as_json)


def drop(
    article_ids: Ids = None,
    feed: OfFeed = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Never scan the articles. They stay known, so that the feed does not bring them back."""
    _handle("dropped", article_ids or [], feed, data_dir, as_json)


def _handle(done: str, article_ids: list[str], feed: str | None, data_dir: Any, as_json: bool) -> None:
    from tocsin.pipeline import held_articles
    from tocsin.processes.wiring import open_store, settings_of

    if bool(article_ids) == bool(feed):
        raise typer.BadParameter("name articles, or a feed with --feed", param_hint="ARTICLE")
    store = open_store(settings_of(data_dir=data_dir))
    rows = (
        _named(article_ids, store) if article_ids else list(held_articles.waiting_articles(store, "held", feed_id=feed))
    )
    if feed and not rows:
        typer.echo(f"no article of feed '{feed}' is held: see `tocsin articles list`", err=True)
        raise typer.Exit(1)
    act = held_articles.release if done == "released" else held_articles.drop
    handled = act(rows, store=store, now=store.now())
    if as_json:
        shown = {done: handled.changed, "without_text": handled.without_text, "missed": handled.missed}
        typer.echo(json.dumps(shown, indent=2))
    else:
        typer.echo(f"{handled.changed} {done}")
    if handled.without_text:
        typer.echo(f"{handled.without_text} have lost their text to the archive and cannot be scanned", err=True)
    if handled.missed:
        typer.echo(
            f"{handled.missed} left as they were, for somebody else changed one of them just now: try again", err=True
        )
    raise typer.Exit(1 if handled.without_text or handled.missed else 0)


def _named(article_ids: list[str], store: Any) -> list[Any]:
    """The rows of these articles. Exits 1, before anything is done, when one of them does not wait."""
    from tocsin.core.messages import Kind
    from tocsin.pipeline.held_articles import WAITING

    rows = {row.id: row for row in store.get_many(Kind.ARTICLE, article_ids)}
    problems = []
    for article_id in article_ids:
        row = rows.get(article_id)
        if row is None:
            problems.append(f"there is no article '{article_id}'")
        elif row.state not in WAITING:
            problems.append(f"article '{article_id}' is {row.state}: only held and failed ones can be chosen")
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)
    return list(rows.values())


def _shown(row: Any) -> dict[str, Any]:
    article = row.body["article"]
    names = ("title", "url", "published_at", "fetched_at")
    shown = {"id": row.id, "feed": article["feed_id"], **{name: article.get(name) for name in names}}
    return {**shown, "reason": row.body.get("reason", "")}
