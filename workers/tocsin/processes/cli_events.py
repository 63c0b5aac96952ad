"""`tocsin events`: what was found, and everything known about one event."""

import json
from typing import Annotated, Any

import typer

from tocsin.core.text import counted
from tocsin.processes.options import AsJson, DataDir, Limit

_STATES = ("changed", "dispatched")


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    group = typer.Typer(help="List events and show one with its evidence.", no_args_is_help=True)
    group.command("list")(list_events)
    group.command("show")(show)
    app.add_typer(group, name="events", rich_help_panel="Desk")


def list_events(
    event_type: Annotated[str | None, typer.Option("--type", help="Only events of this type.")] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="Only events with this actor.")] = None,
    limit: Limit = 20,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """The latest events, newest first."""
    from tocsin.core.messages import Kind
    from tocsin.pipeline.event_rows import event_from
    from tocsin.pipeline.rows import body_of
    from tocsin.processes.tables import print_table
    from tocsin.processes.wiring import open_store, settings_of

    store = open_store(settings_of(data_dir=data_dir))
    if actor or event_type:
        ids = store.find(Kind.EVENT, f"actor:{actor}" if actor else f"type:{event_type}", limit=limit)
    else:
        ids = [i for state in _STATES for i in store.list_ids(Kind.EVENT, state, limit=limit)]
    events = [event_from(row) for row in store.get_many(Kind.EVENT, ids)]
    events = [event for event in events if not event_type or event.type == event_type]
    events = sorted(events, key=lambda event: event.updated_at, reverse=True)[:limit]
    if as_json:
        typer.echo(json.dumps([body_of(event) for event in events], indent=2, ensure_ascii=False))
        return
    if not events:
        typer.echo("no events yet")
        return
    print_table(("id", "type", "status", "when", "where", "count", "who", "reports"), map(_row, events))


def show(
    event_id: Annotated[str, typer.Argument(help="An event's id (evt_…).")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """One event: what is known, who reports it, what changed, whom it was sent to and why not."""
    from tocsin.core.messages import Kind
    from tocsin.pipeline.delivery_rows import alert_from, delivery_from
    from tocsin.pipeline.event_rows import event_from
    from tocsin.pipeline.rows import body_of
    from tocsin.processes.wiring import open_store, settings_of

    store = open_store(settings_of(data_dir=data_dir))
    row = store.get(Kind.EVENT, event_id)
    if row is None:
        typer.echo(f"no event '{event_id}': list them with `tocsin events list`", err=True)
        raise typer.Exit(1)
    alerts = store.get_many(Kind.ALERT, store.find(Kind.ALERT, f"event:{event_id}", limit=1000))
    deliveries = store.get_many(Kind.DELIVERY, store.find(Kind.DELIVERY, f"event:{event_id}", limit=1000))
    found: dict[str, Any] = {
        "event": body_of(event_from(row)),
        "alerts": [{"state": a.state, **body_of(alert_from(a))} for a in alerts],
        "deliveries": [{"state": d.state, **body_of(delivery_from(d))} for d in deliveries],
    }
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    _print(event_from(row), found)


def _row(event: Any) -> tuple[object, ...]:
    return (
        event.id,
        event.type,
        event.status,
        event.date.render() if event.date else None,
        ", ".join(place.name for place in event.places) or " ".join(event.countries),
        event.count,
        ", ".join(dict.fromkeys(party.text for party in event.parties))[:60],
        f"{event.report_count} ({counted(event.publishers, 'publisher')})",
    )


def _print(event: Any, found: dict[str, Any]) -> None:
    from rich.text import Text

    from tocsin.adapters.plain import harmless
    from tocsin.processes.tables import make_console

    console = make_console()

    def say(text: str, style: str = "") -> None:
        console.print(Text(harmless(text), style=style))

    say(f"{event.type} {event.id}  status {event.status}, revision {event.revision}", "bold")
    when = event.date.render() if event.date else "date unknown"
    where = ", ".join(place.name for place in event.places) or " ".join(event.countries) or "place unknown"
    say(f"{when}, {where}" + (f", {event.count} affected" if event.count else ""))
    for party in event.parties:
        say(f"  {party.role}: {party.text}" + (f" [{party.actor}]" if party.actor else ""))
    for report in event.reports:
        console.print()
        say(f"{report.publisher}: {report.title}", "bold")
        say(f"  {report.url}")
        line = Text(harmless(report.sentence))
        for highlight in report.highlights:
            line.stylize("bold yellow", highlight.start, highlight.end)
        console.print(Text("  ") + line)
    for alert in found["alerts"]:
        console.print()
        say(f"alert {alert['id']} for {alert['subscription_id']}: {alert['reason']} {alert.get('detail', '')}".rstrip())
    for delivery in found["deliveries"]:
        tries = len(delivery.get("attempts", ()))
        plural = "" if tries == 1 else "s"
        say(f"  delivery {delivery['id']} to {delivery['endpoint_id']}: {delivery['state']}, {tries} attempt{plural}")
