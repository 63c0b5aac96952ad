"""`tocsin feeds`: what is polled and how each feed fares; add one to the workspace."""

import asyncio
import json
import re
from typing import Annotated, Any

import typer

from tocsin.processes.options import AsJson, DataDir, Rules


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    group = typer.Typer(help="List and add feeds.", no_args_is_help=True)
    group.command("list")(list_feeds)
    group.command("add")(add)
    app.add_typer(group, name="feeds", rich_help_panel="Desk")


def list_feeds(rules: Rules = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Every feed, when it was last fine, when it is polled next, and what is wrong with it."""
    from tocsin.processes.rule_watch import load_or_refuse
    from tocsin.processes.tables import print_table
    from tocsin.processes.wiring import open_store, settings_of, workspace_of

    settings = settings_of(rules=rules, data_dir=data_dir)
    store = open_store(settings)
    rows = [_fare(feed, store) for feed in load_or_refuse(workspace_of(settings)).feeds]
    if as_json:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    names = ("id", "state", "last_ok_at", "due_at", "failures", "error")
    heads = ("feed", "state", "last fine", "next poll", "failures", "what is wrong")
    print_table(heads, ([row[name] or None for name in names] for row in rows))
    if not rows:
        typer.echo("no feeds yet: add one with `tocsin feeds add URL`")


def add(
    url: Annotated[str, typer.Argument(help="Address of an RSS, Atom or JSON feed.")],
    feed_id: Annotated[str | None, typer.Option("--id", help="Your name for it; default: from its host.")] = None,
    country: Annotated[str | None, typer.Option(help="The outlet's country, two letters.")] = None,
    timezone: Annotated[str | None, typer.Option(help="The outlet's time zone, such as Europe/Madrid.")] = None,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="The feed is in your own network.")] = False,
    no_check: Annotated[bool, typer.Option("--no-check", help="Write it without fetching it first.")] = False,
    rules: Rules = None,
) -> None:
    """Fetch a feed once, and if it is one, write it to the workspace's feeds.yml."""
    from tocsin.core.addresses import host_of
    from tocsin.errors import SettingsError
    from tocsin.processes.feeds_file import add_feed
    from tocsin.processes.rule_watch import load_or_refuse
    from tocsin.processes.wiring import settings_of, workspace_of

    settings = settings_of(rules=rules)
    workspace = workspace_of(settings)
    if workspace is None:
        raise SettingsError("this folder is no workspace: make one with `tocsin init DIR`, or name it with --rules")
    chosen = feed_id or re.sub(r"[^a-z0-9]+", "-", host_of(url).removeprefix("www.")).strip("-") or "feed"
    if any(feed.id == chosen for feed in load_or_refuse(workspace).feeds):
        raise SettingsError(f"feed '{chosen}' exists already: choose another name with --id")
    title = (
        "" if no_check else asyncio.run(_title_of(url, allow_private or settings.allow_private, settings.user_agent))
    )
    entry: dict[str, Any] = {"id": chosen, "url": url, "title": title, "country": country, "timezone": timezone}
    entry["allow_private"] = allow_private
    written = {name: value for name, value in entry.items() if value}
    add_feed(workspace / "feeds.yml", written, check=lambda: load_or_refuse(workspace))
    typer.echo(f"added feed '{chosen}'{f': {title}' if title else ''}; a running tocsin polls it at once")


def _fare(feed: Any, store: Any) -> dict[str, Any]:
    from tocsin.core.messages import Kind
    from tocsin.pipeline.feed_rows import memory_from

    row = store.get(Kind.FEED, feed.id)
    if row is None:
        return {"id": feed.id, "url": feed.url, "state": "not polled yet", "last_ok_at": None, "due_at": None,
                "failures": 0, "error": ""}  # fmt: skip
    memory = memory_from(row, feed)
    return {
        "id": feed.id,
        "url": memory.url,
        "state": row.state,
        "last_ok_at": memory.last_ok_at.isoformat(timespec="seconds") if memory.last_ok_at else None,
        "due_at": row.due_at.isoformat(timespec="seconds") if row.due_at else None,
        "failures": memory.failures,
        "error": memory.error,
    }


async def _title_of(url: str, allow_private: bool, user_agent: str) -> str:
    from tocsin.adapters.feed_parser import ProcessFeedParser
    from tocsin.adapters.http_fetcher import HttpFetcher
    from tocsin.errors import FetchError, PrivateAddress
    from tocsin.ports import FetchRequest

    async with HttpFetcher(user_agent=user_agent) as fetcher, ProcessFeedParser() as parser:
        try:
            response = await fetcher.fetch(FetchRequest(url=url, allow_private=allow_private))
        except PrivateAddress as exc:
            raise PrivateAddress(url, f"{exc.reason.split(';')[0]}: if it is yours, add --allow-private") from exc
        if response.status != 200:
            raise FetchError(url, f"answers with HTTP status {response.status}; nothing was written")
        content_type = response.headers.get("content-type", "")
        return (await parser.parse(response.body, content_type=content_type, url=response.url)).title
