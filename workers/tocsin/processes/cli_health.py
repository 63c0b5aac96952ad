"""`tocsin status` and `tocsin doctor`: how it goes, and what is wrong."""

import json
from typing import Annotated, Any

import typer

from tocsin.processes.options import AsJson, DataDir, Rules


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(rich_help_panel="Health")(status)
    app.command(rich_help_panel="Health")(doctor)


def status(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """How many feeds, articles, events and deliveries are in which state, what waits, and for how long."""
    from tocsin.core.messages import Kind, Step
    from tocsin.processes.tables import print_table
    from tocsin.processes.wiring import open_store, settings_of

    store = open_store(settings_of(data_dir=data_dir))
    health, now = store.health(), store.now()
    waiting = {kind: _oldest(store, kind, now) for kind in (Kind.FEED, Kind.ARTICLE, Kind.EVENT, Kind.DELIVERY)}
    found: dict[str, Any] = {
        "store": {"version": health.version, "used_memory": health.used_memory, "maxmemory": health.maxmemory},
        "rows": {str(kind): counts for kind in Kind if (counts := store.count(kind))},
        "queued": {str(step): store.queued(step) for step in Step},
        "oldest_due_s": {str(kind): seconds for kind, seconds in waiting.items()},
    }
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    typer.echo(f"store {health.version}, {health.used_memory / 2**20:.1f} MiB in use")
    states = {kind: ", ".join(f"{n} {state}" for state, n in sorted(c.items())) for kind, c in found["rows"].items()}
    print_table(("rows", "states"), states.items())
    typer.echo("queued: " + ", ".join(f"{step} {number}" for step, number in found["queued"].items()))
    typer.echo("oldest due: " + ", ".join(f"{kind} {seconds:.0f} s" for kind, seconds in found["oldest_due_s"].items()))


def doctor(
    rules: Rules = None,
    data_dir: DataDir = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="redis, rulebook, smtp or disk; repeatable.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check store, clock, rulebook, mail server and disk: what is wrong and what to do. Exits 1 if anything is."""
    from tocsin.processes.doctor import CHECKS, Verdict, examine
    from tocsin.processes.wiring import settings_of

    unknown = [name for name in only or () if name not in CHECKS]
    if unknown:
        raise typer.BadParameter(f"'{unknown[0]}' is not one of {', '.join(CHECKS)}", param_hint="--only")
    findings = examine(settings_of(rules=rules, data_dir=data_dir), tuple(only or ()))
    if as_json:
        rows = [{"check": f.check, "verdict": f.verdict, "found": f.found, "remedy": f.remedy} for f in findings]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for finding in findings:
            colour = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.ERROR: "red"}[finding.verdict]
            typer.secho(finding.render(), fg=colour)
    raise typer.Exit(1 if any(finding.verdict is Verdict.ERROR for finding in findings) else 0)


def _oldest(store: Any, kind: Any, now: Any) -> float:
    states = {"feed": ("active",), "article": ("new",), "event": ("changed",), "delivery": ("pending", "waiting")}
    ages = [(now - at).total_seconds() for state in states[kind] if (at := store.oldest_due(kind, state))]
    return max(0.0, *ages) if ages else 0.0
