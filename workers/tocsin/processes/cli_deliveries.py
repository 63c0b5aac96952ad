"""`tocsin deliveries`: what was sent to whom, what waits, and sending one again."""

import json
from datetime import datetime
from typing import Annotated, Any

import typer

from tocsin.processes.options import AsJson, DataDir, Limit, length_of

MAX_RESENT = 10_000


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    group = typer.Typer(help="List deliveries and send one again.", no_args_is_help=True)
    group.command("list")(list_deliveries)
    group.command("resend")(resend)
    app.add_typer(group, name="deliveries", rich_help_panel="Desk")


def list_deliveries(
    state: Annotated[str | None, typer.Option("--state", help="Only this state: pending, waiting, delivered …")] = None,
    endpoint: Annotated[str | None, typer.Option("--endpoint", help="Only this endpoint.")] = None,
    limit: Limit = 20,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """The latest deliveries with their attempts, newest first."""
    from tocsin.core.deliveries import DeliveryState
    from tocsin.core.messages import Kind
    from tocsin.pipeline.delivery_rows import delivery_from
    from tocsin.pipeline.rows import body_of
    from tocsin.processes.tables import print_table
    from tocsin.processes.wiring import open_store, settings_of

    known = [str(each) for each in DeliveryState]
    if state and state not in known:
        raise typer.BadParameter(f"'{state}' is not one of {', '.join(known)}", param_hint="--state")
    store = open_store(settings_of(data_dir=data_dir))
    states = [state] if state else known
    if endpoint:
        ids = store.find(Kind.DELIVERY, f"endpoint:{endpoint}", limit=limit)
    else:
        ids = [i for each in states for i in store.list_ids(Kind.DELIVERY, each, limit=limit)]
    rows = [row for row in store.get_many(Kind.DELIVERY, ids) if row.state in states]
    pairs = sorted(((row, delivery_from(row)) for row in rows), key=lambda pair: pair[1].created_at, reverse=True)[
        :limit
    ]
    if as_json:
        found: list[dict[str, Any]] = [{"state": row.state, **body_of(delivery)} for row, delivery in pairs]
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    if not pairs:
        typer.echo("no deliveries" + (f" in state '{state}'" if state else " yet"))
        return
    heads = ("id", "endpoint", "state", "what", "created", "attempts", "last answer")
    print_table(heads, (_row(row.state, delivery) for row, delivery in pairs))


def _row(state: str, delivery: Any) -> tuple[object, ...]:
    last = delivery.attempts[-1] if delivery.attempts else None
    return (
        delivery.id,
        delivery.endpoint_id,
        state,
        delivery.type or delivery.reason,
        f"{delivery.created_at:%Y-%m-%d %H:%M:%S}",
        len(delivery.attempts),
        f"{last.code or ''} {last.detail}".strip() if last else delivery.detail,
    )


def resend(
    delivery_ids: Annotated[
        list[str] | None, typer.Argument(help="Deliveries' ids (dlv_…).", metavar="[DELIVERY]...")
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option("--endpoint", help="Instead of ids: all that never arrived at this endpoint.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="With --endpoint: only those of the last 12h, 3d …", metavar="TIME")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Send deliveries again, under the same ids, at once, oldest first."""
    from tocsin.pipeline.endpoint_actions import resend as send_again
    from tocsin.processes.wiring import open_store, settings_of

    if bool(delivery_ids) == bool(endpoint):
        raise typer.BadParameter("name deliveries, or an endpoint with --endpoint", param_hint="DELIVERY")
    if since and not endpoint:
        raise typer.BadParameter("goes with --endpoint only", param_hint="--since")
    length = length_of(since, option="--since") if since else None
    store = open_store(settings_of(data_dir=data_dir))
    chosen = delivery_ids or _unsent(endpoint or "", store, store.now() - length if length else None)
    if not chosen:
        typer.echo(f"nothing that did not arrive at '{endpoint}'")
    missing = 0
    for delivery_id in chosen:
        problem = send_again(delivery_id, store=store, now=store.now())
        missing += bool(problem)
        typer.echo(problem or f"{delivery_id}: queued", err=bool(problem))
    raise typer.Exit(1 if missing else 0)


def _unsent(endpoint_id: str, store: Any, since: datetime | None) -> list[str]:
    """Ids of what was given up or held back, oldest first. What a newer message replaced is not among them."""
    from tocsin.core.deliveries import DeliveryState
    from tocsin.core.messages import Kind
    from tocsin.pipeline.delivery_rows import delivery_from

    rows = store.get_many(Kind.DELIVERY, store.find(Kind.DELIVERY, f"endpoint:{endpoint_id}", limit=MAX_RESENT))
    unsent = [delivery_from(row) for row in rows if row.state in {DeliveryState.GAVE_UP, DeliveryState.SUPPRESSED}]
    chosen = [delivery for delivery in unsent if since is None or delivery.created_at >= since]
    return [delivery.id for delivery in sorted(chosen, key=lambda each: (each.created_at, each.revision))]
