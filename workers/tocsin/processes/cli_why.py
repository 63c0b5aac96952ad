"""`tocsin why`: the path of one story, from the feed to each subscriber, and why it went no further."""

import json
from typing import Annotated, Any

import typer

from tocsin.processes.options import AsJson, DataDir, Rules


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("why", rich_help_panel="Desk")(why)


def why(
    asked: Annotated[
        str,
        typer.Argument(
            help="An article's address, or the id of an article, event, alert or delivery (art_… evt_… alr_… dlv_…).",
            metavar="URL|ID",
        ),
    ],
    rules: Rules = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Why a story rang, or did not: what was found in it, which event it joined, whom that was sent to and whom not."""
    from tocsin.core.watching import make_index
    from tocsin.processes.rule_watch import load
    from tocsin.processes.why import KINDS, Rows, find_story
    from tocsin.processes.wiring import open_store, settings_of, workspace_of

    if not asked.startswith(("http://", "https://", *KINDS)):
        raise typer.BadParameter(f"'{asked}' is neither an address nor an id of ours", param_hint="URL|ID")
    settings = settings_of(rules=rules, data_dir=data_dir)
    store = open_store(settings)
    # Whom an event does not concern is judged by today's rulebook; a broken one is no reason not to tell the rest.
    book = load(workspace_of(settings)).rulebook
    index = make_index(book) if book else None
    story = find_story(asked, Rows(store=store), index)
    if story.empty:
        story = find_story(asked, Rows(store=store, archive=settings.data_dir / "archive"), index)
    if story.empty:
        typer.echo(_unknown(asked), err=True)
        raise typer.Exit(1)
    if as_json:
        typer.echo(json.dumps(_json(story), indent=2, ensure_ascii=False))
        return
    from tocsin.processes.why_render import print_story

    print_story(story)


def _unknown(asked: str) -> str:
    if asked.startswith("http"):
        return (
            f"no article with the address '{asked}' came in: no feed listed it, or it was a copy of one that is "
            "known: see `tocsin feeds list`"
        )
    return f"nothing is known of '{asked}', neither in the store nor in the archive"


def _json(story: Any) -> dict[str, Any]:
    from tocsin.pipeline.rows import body_of

    def delivery(fate: Any) -> dict[str, Any]:
        return {"state": fate.state, **body_of(fate.delivery)}

    articles = [
        {
            "state": fate.state,
            "attempts": fate.attempts,
            "reason": fate.reason,
            **{name: value for name, value in body_of(fate.article).items() if name not in {"body", "fingerprint"}},
            "mentions": [
                {**body_of(m.mention), "state": m.state, "event_id": m.event_id, "reason": m.reason}
                for m in fate.mentions
            ],
        }
        for fate in story.articles
    ]
    events = [
        {
            "state": fate.state,
            **body_of(fate.event),
            "alerts": [
                {"state": a.state, **body_of(a.alert), "deliveries": [delivery(d) for d in a.deliveries]}
                for a in fate.alerts
            ],
            "unwatched": [{"subscription": subscription, "why": reason} for subscription, reason in fate.unwatched],
        }
        for fate in story.events
    ]
    return {"articles": articles, "events": events, "deliveries": [delivery(fate) for fate in story.deliveries]}
