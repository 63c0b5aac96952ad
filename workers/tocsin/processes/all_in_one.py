"""`tocsin run`: a private server if none is set, and every process under one supervisor."""

import os
import signal

from tocsin.adapters.embedded import Embedded
from tocsin.adapters.logs import get_logger
from tocsin.adapters.settings import Settings
from tocsin.processes.rule_watch import load_or_refuse
from tocsin.processes.supervisor import Child, Supervisor
from tocsin.processes.wiring import begin, workspace_of


def run_all(settings: Settings, *, with_web: bool = True) -> None:
    """Run until SIGINT or SIGTERM; returns when every process, and then the private server, has ended.

    Raises `RulebookError` before anything starts when the rulebook has errors, and `SettingsError` when another
    `tocsin run` has the data directory.
    """
    begin("run", settings=settings)
    workspace = workspace_of(settings)
    rulebook = load_or_refuse(workspace)
    # Until the supervisor takes over, SIGTERM must undo what was begun, as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    embedded = Embedded.start(settings.data_dir) if settings.redis_url is None else None
    url = embedded.url if embedded else settings.redis_url.get_secret_value() if settings.redis_url else ""
    environ = {**os.environ, "TOCSIN_REDIS_URL": url, "TOCSIN_DATA_DIR": str(settings.data_dir)}
    environ.pop("TOCSIN_REDIS_URL_FILE", None)
    if workspace is not None:
        environ["TOCSIN_RULES"] = str(workspace)
    try:
        get_logger().info(
            "started",
            feeds=len(rulebook.feeds),
            subscriptions=len(rulebook.subscriptions),
            rules=len(rulebook.rules),
            rulebook=rulebook.digest[:8],
            store="embedded" if embedded else "TOCSIN_REDIS_URL",
            web=f"http://{settings.web_host}:{settings.web_port}" if with_web else None,
        )
        Supervisor(
            children=_children(settings, with_web=with_web),
            environ=environ,
            check=lambda: _keep_server(embedded),
        ).run()
    finally:
        if embedded is not None:
            embedded.stop()
    get_logger().info("stopped")


def _children(settings: Settings, *, with_web: bool) -> tuple[Child, ...]:
    scans = [Child(name=f"scan-{n + 1}", argv=("worker", "scan")) for n in range(settings.scan_workers)]
    steps = [Child(name=step, argv=("worker", step)) for step in ("merge", "dispatch", "deliver")]
    web = ("web", "--host", settings.web_host, "--port", str(settings.web_port))
    return (
        Child(name="poller", argv=("poller",)),
        *scans,
        *steps,
        Child(name="ticker", argv=("ticker",)),
        *([Child(name="web", argv=web)] if with_web else []),
    )


def _keep_server(embedded: Embedded | None) -> None:
    if embedded is not None and embedded.ensure_alive():
        get_logger().error("server_restarted", url=embedded.url, pid=embedded.pid)
