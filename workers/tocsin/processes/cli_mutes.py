"""`tocsin mute`: stay silent about something for a while, with a name and a reason to it."""

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from tocsin.processes.options import AsJson, DataDir, Limit, Rules, length_of

_STATES = ("active", "expired")


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    group = typer.Typer(
        help="Keep alerts silent for a while: what is muted is stored and shown, not sent.", no_args_is_help=True
    )
    group.command("add")(add)
    group.command("list")(list_mutes)
    group.command("end")(end)
    app.add_typer(group, name="mute", rich_help_panel="Desk")


def add(
    lasts: Annotated[str, typer.Option("--for", help="For how long: 30m, 4h, 2d …", metavar="TIME")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is shown with every alert that is kept silent.")],
    author: Annotated[str | None, typer.Option("--author", help="Who mutes; default: the name you log in by.")] = None,
    event: Annotated[list[str] | None, typer.Option("--event", help="An event's id (evt_…); repeatable.")] = None,
    event_type: Annotated[
        list[str] | None, typer.Option("--type", help="An event type, with those below it; repeatable.")
    ] = None,
    actor: Annotated[list[str] | None, typer.Option("--actor", help="An actor, with its members; repeatable.")] = None,
    country: Annotated[list[str] | None, typer.Option("--country", help="A country, two letters; repeatable.")] = None,
    subscription: Annotated[
        list[str] | None, typer.Option("--subscription", help="Only for this subscription; repeatable.")
    ] = None,
    rules: Rules = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Mute events from now on. One value of each kind that is given must fit; at least one kind must be given."""
    from tocsin.pipeline.mute_actions import add_mute
    from tocsin.pipeline.rows import body_of
    from tocsin.processes.wiring import open_store, settings_of

    settings = settings_of(rules=rules, data_dir=data_dir)
    length = length_of(lasts, option="--for")
    if not length:
        raise typer.BadParameter("a mute must last for some time", param_hint="--for")
    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    filters = {
        "events": event or [],
        "types": event_type or [],
        "actors": actor or [],
        "countries": [code.upper() for code in country or []],
        "subscriptions": subscription or [],
    }
    if not any(filters.values()):
        raise typer.BadParameter(
            "say what to mute: --event, --type, --actor, --country or --subscription", param_hint="mute"
        )
    store = open_store(settings)
    filters["events"] = _survivors(filters["events"], store)
    _refuse_unknown(filters, settings)
    mute = add_mute(
        filters, author=author or _login(), reason=reason.strip(), lasts=length, store=store, now=store.now()
    )
    if as_json:
        typer.echo(json.dumps(body_of(mute), indent=2, ensure_ascii=False))
        return
    typer.echo(f"{mute.id}: {_what(mute)} muted until {mute.expires_at:%Y-%m-%d %H:%M} UTC")


def list_mutes(
    every: Annotated[bool, typer.Option("--all", help="Those that are over as well.")] = False,
    limit: Limit = 100,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """The mutes in force: what, by whom, why, until when."""
    from tocsin.core.messages import Kind
    from tocsin.pipeline.event_rows import mute_from
    from tocsin.pipeline.rows import body_of
    from tocsin.processes.tables import print_table
    from tocsin.processes.wiring import open_store, settings_of

    store = open_store(settings_of(data_dir=data_dir))
    now = store.now()
    ids = [i for state in _STATES for i in store.list_ids(Kind.MUTE, state, limit=limit)]
    mutes = sorted(map(mute_from, store.get_many(Kind.MUTE, ids)), key=lambda mute: mute.created_at, reverse=True)
    # A mute ends by its time; the row follows at the next tick.
    shown = [mute for mute in mutes if every or mute.expires_at > now][:limit]
    if as_json:
        found = [{"state": "active" if mute.expires_at > now else "expired", **body_of(mute)} for mute in shown]
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    if not shown:
        typer.echo("nothing is muted")
        return
    heads = ("id", "what", "by", "why", "since", "until")
    print_table(
        heads, ((m.id, _what(m), m.author, m.reason, _minute(m.created_at), _minute(m.expires_at)) for m in shown)
    )


def end(
    mute_ids: Annotated[list[str], typer.Argument(help="Mutes' ids (mut_…).", metavar="MUTE...")],
    data_dir: DataDir = None,
) -> None:
    """End mutes now. What was kept silent stays so; the next change of an event rings again."""
    from tocsin.pipeline.mute_actions import end_mute
    from tocsin.processes.wiring import open_store, settings_of

    store = open_store(settings_of(data_dir=data_dir))
    refused = 0
    for mute_id in mute_ids:
        problem = end_mute(mute_id, store=store, now=store.now())
        refused += bool(problem)
        typer.echo(problem or f"{mute_id}: ended", err=bool(problem))
    raise typer.Exit(1 if refused else 0)


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise typer.BadParameter("this user has no name: give one", param_hint="--author") from None


def _survivors(event_ids: Iterable[str], store: Any) -> list[str]:
    """The events, those that merged into another by that one. Exits 1 when one does not exist."""
    from tocsin.pipeline.mute_actions import surviving_event

    found = {event_id: surviving_event(event_id, store=store) for event_id in event_ids}
    missing = [event_id for event_id, survivor in found.items() if survivor is None]
    for event_id in missing:
        typer.echo(f"no event '{event_id}': list them with `tocsin events list`", err=True)
    if missing:
        raise typer.Exit(1)
    return [survivor for survivor in found.values() if survivor is not None]


def _refuse_unknown(filters: Mapping[str, list[str]], settings: Any) -> None:
    """A mute of something that does not exist would silence nothing, so a misspelt name is refused. Exits 1."""
    from tocsin.processes.rule_watch import load_or_refuse
    from tocsin.processes.wiring import workspace_of
    from tocsin.rulebook.suggest import did_you_mean

    book = load_or_refuse(workspace_of(settings))
    known = {
        "types": ("event type", [rule.id for rule in book.rules]),
        "actors": ("actor", list(book.actors)),
        "subscriptions": ("subscription", [subscription.id for subscription in book.subscriptions]),
    }
    problems = [
        f"no {noun} '{value}' in the rulebook: {did_you_mean(value, ids)}"
        for name, (noun, ids) in known.items()
        for value in filters[name]
        if value not in ids
    ]
    problems += [
        f"'{code}' is no country: write its two letters, such as MA"
        for code in filters["countries"]
        if len(code) != 2 or not code.isascii() or not code.isalpha()
    ]
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)


def _what(mute: Any) -> str:
    nouns = {"events": "", "types": "type", "actors": "actor", "countries": "country", "subscriptions": "subscription"}
    parts = [f"{noun} {' or '.join(values)}".strip() for name, noun in nouns.items() if (values := getattr(mute, name))]
    return ", ".join(parts)


def _minute(at: Any) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
