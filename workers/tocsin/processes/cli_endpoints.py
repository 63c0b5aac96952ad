"""`tocsin endpoints`: how each address that is told fares; try one out, take it back into use, stop writing to it."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from tocsin.processes.options import AsJson, DataDir, Rules

_IDS = typer.Argument(help="Endpoints' ids, as in subscriptions.yml.", metavar="ENDPOINT...")
EndpointIds = Annotated[list[str], _IDS]


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    group = typer.Typer(help="List endpoints, try them out, enable and disable them.", no_args_is_help=True)
    group.command("list")(list_endpoints)
    group.command("test")(try_out)
    group.command("enable")(enable)
    group.command("disable")(disable)
    app.add_typer(group, name="endpoints", rich_help_panel="Desk")


def list_endpoints(rules: Rules = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Every endpoint of the rulebook: its state, since when it fails, its last answer, which subscriptions it left."""
    from tocsin.processes.tables import print_table
    from tocsin.processes.wiring import open_store, settings_of

    settings = settings_of(rules=rules, data_dir=data_dir)
    store = open_store(settings)
    rows = [_fare(endpoint, store) for endpoint in _endpoints(settings).values()]
    if as_json:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    if not rows:
        typer.echo("no endpoints yet: add one to subscriptions.yml")
        return
    names = ("id", "channel", "address", "state", "failures", "failing_since", "left", "detail")
    heads = ("endpoint", "channel", "address", "state", "failures", "failing since", "left", "last answer")
    print_table(heads, ([_cell(row[name]) for name in names] for row in rows))


def try_out(
    endpoint_ids: EndpointIds,
    wait_s: Annotated[
        int, typer.Option("--wait", min=0, max=600, help="Wait up to so many seconds and say how it went.", metavar="S")
    ] = 0,
    rules: Rules = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Send a message of type endpoint.test. With --wait, exits 1 unless every one of them arrived."""
    from tocsin.core.deliveries import DeliveryState
    from tocsin.pipeline.endpoint_actions import send_test
    from tocsin.processes.wiring import open_store, settings_of

    settings = settings_of(rules=rules, data_dir=data_dir)
    store = open_store(settings)
    chosen = _chosen(endpoint_ids, _endpoints(settings))
    closed = [health for endpoint in chosen if not (health := _health(endpoint.id, store)).open]
    for health in closed:
        remedy = f"take it back into use with `tocsin endpoints enable {health.id}`"
        typer.echo(f"endpoint '{health.id}' is {health.state}: {remedy}", err=True)
    if closed:
        raise typer.Exit(1)
    sent = {send_test(endpoint, store=store, now=store.now()): endpoint.id for endpoint in chosen}
    results = _await(tuple(sent), store, wait_s)
    found = [{"endpoint": sent[delivery], "delivery": delivery, **result} for delivery, result in results.items()]
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        for each in found:
            said = f"{each['state']} {each['detail']}".strip() if wait_s else "queued"
            typer.echo(f"{each['endpoint']}: {each['delivery']}: {said}")
    arrived = all(each["state"] == DeliveryState.DELIVERED for each in found)
    raise typer.Exit(0 if arrived or not wait_s else 1)


def enable(endpoint_ids: EndpointIds, rules: Rules = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Write to endpoints again that were disabled, or confirm new ones. What was not sent meanwhile is told."""
    from tocsin.pipeline.endpoint_actions import enable_endpoint
    from tocsin.processes.wiring import open_store, settings_of

    settings = settings_of(rules=rules, data_dir=data_dir)
    store = open_store(settings)
    found = [
        {
            "endpoint": endpoint.id,
            "changed": enable_endpoint(endpoint.id, store=store),
            "unsent": _suppressed(endpoint.id, store),
        }
        for endpoint in _chosen(endpoint_ids, _endpoints(settings))
    ]
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for each in found:
        typer.echo(f"{each['endpoint']}: {'enabled' if each['changed'] else 'was in use already'}")
        if each["unsent"]:
            listing = f"tocsin deliveries list --endpoint {each['endpoint']} --state suppressed"
            resending = f"tocsin deliveries resend --endpoint {each['endpoint']}"
            typer.echo(f"  {each['unsent']} not sent meanwhile: see `{listing}`, send them with `{resending}`")


def disable(
    endpoint_ids: EndpointIds,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is shown wherever the endpoint is.")],
    rules: Rules = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Write to endpoints no more until they are enabled. Their deliveries are kept, unsent."""
    from tocsin.pipeline.endpoint_actions import disable_endpoint
    from tocsin.processes.wiring import open_store, settings_of

    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    settings = settings_of(rules=rules, data_dir=data_dir)
    store = open_store(settings)
    found = [
        {"endpoint": endpoint.id, "changed": disable_endpoint(endpoint.id, store=store, why=reason.strip())}
        for endpoint in _chosen(endpoint_ids, _endpoints(settings))
    ]
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for each in found:
        typer.echo(f"{each['endpoint']}: {'disabled' if each['changed'] else 'was disabled already'}")


def _endpoints(settings: Any) -> Mapping[str, Any]:
    from tocsin.processes.rule_watch import load_or_refuse
    from tocsin.processes.wiring import workspace_of

    return {endpoint.id: endpoint for endpoint in load_or_refuse(workspace_of(settings)).endpoints}


def _chosen(endpoint_ids: list[str], known: Mapping[str, Any]) -> list[Any]:
    """The endpoints of these ids, each once. Exits 1, before anything is done, when one is not in the rulebook."""
    from tocsin.rulebook.suggest import did_you_mean

    unknown = [endpoint_id for endpoint_id in endpoint_ids if endpoint_id not in known]
    for endpoint_id in unknown:
        hint = did_you_mean(endpoint_id, known) if known else "add one to subscriptions.yml"
        typer.echo(f"no endpoint '{endpoint_id}' in the rulebook: {hint}", err=True)
    if unknown:
        raise typer.Exit(1)
    return [known[endpoint_id] for endpoint_id in dict.fromkeys(endpoint_ids)]


def _health(endpoint_id: str, store: Any) -> Any:
    from tocsin.core.endpoints import EndpointHealth
    from tocsin.core.messages import Kind
    from tocsin.pipeline.delivery_rows import endpoint_from

    row = store.get(Kind.ENDPOINT, endpoint_id)
    return endpoint_from(row) if row else EndpointHealth(id=endpoint_id)


def _fare(endpoint: Any, store: Any) -> dict[str, Any]:
    from tocsin.core.messages import Kind

    health = _health(endpoint.id, store)
    left = store.get_many(Kind.ENDPOINT, store.find(Kind.ENDPOINT, f"endpoint:{endpoint.id}", limit=1000))
    return {
        "id": endpoint.id,
        "channel": endpoint.channel.value,
        "address": endpoint.address,
        "state": health.state.value,
        "failures": health.failures,
        "failing_since": health.failing_since.isoformat(timespec="seconds") if health.failing_since else None,
        "throttled_until": health.throttled_until.isoformat(timespec="seconds") if health.throttled_until else None,
        "left": sorted(row.body["subscription"] for row in left),
        "detail": health.detail,
    }


def _cell(value: Any) -> Any:
    return " ".join(value) if isinstance(value, list) else value


def _suppressed(endpoint_id: str, store: Any) -> int:
    from tocsin.core.messages import Kind

    rows = store.get_many(Kind.DELIVERY, store.find(Kind.DELIVERY, f"endpoint:{endpoint_id}", limit=10_000))
    return sum(row.state == "suppressed" for row in rows)


def _await(delivery_ids: tuple[str, ...], store: Any, wait_s: int) -> dict[str, dict[str, Any]]:
    """State and last answer of each delivery, once all were tried or the time is up."""
    import time

    from tocsin.core.messages import Kind
    from tocsin.pipeline.delivery_rows import delivery_from

    deadline = time.monotonic() + wait_s
    while True:
        pairs = [(row, delivery_from(row)) for row in store.get_many(Kind.DELIVERY, delivery_ids)]
        tried = all(delivery.attempts or row.state == "suppressed" for row, delivery in pairs)
        if tried or time.monotonic() >= deadline:
            return {row.id: {"state": row.state, "detail": _last(delivery)} for row, delivery in pairs}
        time.sleep(0.1)


def _last(delivery: Any) -> str:
    if not delivery.attempts:
        return str(delivery.detail)
    last = delivery.attempts[-1]
    return f"{last.code or ''} {last.detail}".strip()
