"""The processes of the crash test: Tocsin's own, with bombs around the ports. Started by `test_crash.py`.

python crash_process.py run              the supervisor, with the embedded server
python crash_process.py poller|worker …  one process, as `tocsin` would start it
"""

import os
import sys
from pathlib import Path

from crash_points import Bombs, CrashingFetcher, CrashingSender, CrashingStore

from tocsin.adapters.archive import FileArchive
from tocsin.adapters.embedded import Embedded
from tocsin.core.messages import Step
from tocsin.processes.rule_watch import RuleWatch
from tocsin.processes.stopping import StopSignal
from tocsin.processes.supervisor import Child, Supervisor
from tocsin.processes.ticker import run_ticker
from tocsin.processes.wiring import begin, open_store, run_poll_loop, run_worker, workspace_of


def run() -> None:
    """`tocsin run`, with these processes instead of its own."""
    settings = begin("run")
    embedded = Embedded.start(settings.data_dir)
    children = (
        Child(name="poller", argv=("poller",)),
        Child(name="scan-1", argv=("worker", "scan")),
        Child(name="scan-2", argv=("worker", "scan")),
        *(Child(name=step, argv=("worker", step)) for step in ("merge", "dispatch", "deliver")),
        Child(name="ticker", argv=("ticker",)),
    )
    environ = {**os.environ, "TOCSIN_REDIS_URL": embedded.url}
    command = (sys.executable, str(Path(__file__).resolve()))
    try:
        Supervisor(
            children=children, environ=environ, command=command, check=lambda: _ignore(embedded.ensure_alive())
        ).run()
    finally:
        embedded.stop()


def _ignore(_: bool) -> None:
    """The supervisor wants no answer."""


def poller(bombs: Bombs) -> None:
    settings = begin("poller")
    store = CrashingStore(open_store(settings), bombs)
    watch = RuleWatch(workspace_of(settings))
    run_poll_loop(settings, store=store, watch=watch, wrap_fetcher=lambda fetcher: CrashingFetcher(fetcher, bombs))


def worker(step: Step, bombs: Bombs) -> None:
    settings = begin(f"worker {step}")
    store = CrashingStore(open_store(settings), bombs)
    watch = RuleWatch(workspace_of(settings))
    run_worker(
        step, settings=settings, store=store, watch=watch, wrap_sender=lambda sender: CrashingSender(sender, bombs)
    )


def ticker() -> None:
    settings = begin("ticker")
    archive = FileArchive(settings.data_dir / "archive")
    run_ticker(store=open_store(settings), archive=archive, stop=StopSignal().on_signals())


if __name__ == "__main__":
    folder = Path(os.environ["CRASH_BOMBS"])
    match sys.argv[1:]:
        case ["run"]:
            run()
        case ["poller"]:
            poller(Bombs(folder, "poller"))
        case ["worker", name]:
            worker(Step(name), Bombs(folder, name))
        case ["ticker"]:
            ticker()
        case other:
            sys.exit(f"unknown process {other}")
