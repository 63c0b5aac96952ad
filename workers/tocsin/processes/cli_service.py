"""The commands that run something: init, demo, run, and each process by itself."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.core.messages import Step
from tocsin.processes.options import DataDir, Rules

_STEPS = [str(step) for step in Step]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(rich_help_panel="Start")(demo)
    app.command(rich_help_panel="Start")(init)
    app.command(rich_help_panel="Start")(run)
    app.command(rich_help_panel="Processes")(poller)
    app.command(rich_help_panel="Processes")(worker)
    app.command(rich_help_panel="Processes")(ticker)
    app.command(rich_help_panel="Processes")(web)


def init(target: Annotated[Path, typer.Argument(help="Folder to make.", metavar="DIR")]) -> None:
    """Make a workspace: commented YAML to edit."""
    from tocsin.processes.init import make_workspace

    for path in make_workspace(target):
        typer.echo(f"wrote {path}")
    typer.echo(f"\nNext: edit {target}/feeds.yml and {target}/subscriptions.yml, then: cd {target} && tocsin run")


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Keep the demo's folder and say where it is.")] = False,
    save: Annotated[
        Path | None,
        typer.Option("--save", help="Save the mails (.eml, .html) and what was shown (.svg).", metavar="DIR"),
    ] = None,
) -> None:
    """See alerts ring: two newspapers, a mail server and a webhook receiver on this machine; ends by itself."""
    from tocsin.processes.demo.run import run_demo

    raise typer.Exit(run_demo(keep=keep, save=save))


def run(
    rules: Rules = None,
    data_dir: DataDir = None,
    scan_workers: Annotated[int | None, typer.Option(min=1, max=64, help="Scan processes; default 1.")] = None,
    without_web: Annotated[bool, typer.Option("--without-web", help="Do not serve health and metrics.")] = False,
) -> None:
    """Everything in one, supervised: poll, scan, merge, dispatch, deliver, tick, web. Ctrl-C ends it."""
    from tocsin.processes.all_in_one import run_all
    from tocsin.processes.wiring import settings_of

    settings = settings_of(rules=rules, data_dir=data_dir, scan_workers=scan_workers)
    run_all(settings, with_web=not without_web)


def poller(rules: Rules = None, data_dir: DataDir = None) -> None:
    """Poll feeds. One polls at a time; others stand by."""
    from tocsin.processes.rule_watch import RuleWatch
    from tocsin.processes.wiring import begin, open_store, run_poll_loop, workspace_of

    settings = begin("poller", rules=rules, data_dir=data_dir)
    run_poll_loop(settings, store=open_store(settings), watch=RuleWatch(workspace_of(settings)))


def worker(
    step: Annotated[Step, typer.Argument(help="Which step: " + ", ".join(_STEPS) + ".", metavar="STEP")],
    rules: Rules = None,
    data_dir: DataDir = None,
) -> None:
    """Work on one step's queue. Any number of scan workers; the other steps need one each."""
    from tocsin.processes.rule_watch import RuleWatch
    from tocsin.processes.wiring import begin, open_store, run_worker, workspace_of

    settings = begin(f"worker {step}", rules=rules, data_dir=data_dir)
    run_worker(step, settings=settings, store=open_store(settings), watch=RuleWatch(workspace_of(settings)))


def ticker(data_dir: DataDir = None) -> None:
    """Wake what was left waiting, send what became due, archive what is old. One ticks at a time."""
    from tocsin.adapters.archive import FileArchive
    from tocsin.processes.stopping import StopSignal
    from tocsin.processes.ticker import run_ticker
    from tocsin.processes.wiring import begin, open_store

    settings = begin("ticker", data_dir=data_dir)
    archive = FileArchive(settings.data_dir / "archive")
    run_ticker(store=open_store(settings), archive=archive, stop=StopSignal().on_signals())


def web(
    rules: Rules = None,
    data_dir: DataDir = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; default 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; default 8484.")] = None,
) -> None:
    """Serve health, readiness, metrics and the unsubscribe pages."""
    from tocsin.processes.rule_watch import RuleWatch
    from tocsin.processes.web import make_app, serve
    from tocsin.processes.wiring import begin, open_store, token_key_of, workspace_of

    settings = begin("web", rules=rules, data_dir=data_dir, web_host=host, web_port=port)
    watch = RuleWatch(workspace_of(settings))
    app = make_app(open_store(settings), watch.current, token_key=token_key_of(settings))
    serve(app, host=settings.web_host, port=settings.web_port)
