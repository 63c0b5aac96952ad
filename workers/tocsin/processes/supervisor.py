"""Keep a set of processes alive: a child that dies is restarted and its death logged; all end together.

Children are sessions of their own, so a Ctrl-C reaches only the supervisor, which then ends them in order. A child
whose supervisor was killed ends by itself (`end_with_parent`).
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tocsin.adapters.logs import get_logger
from tocsin.processes.stopping import StopSignal

_STEADY_S = 10.0
_MAX_PAUSE_S = 5.0
_PARENT_CHECK_S = 1.0
_GRACE_S = 7.0
_PARENT = "TOCSIN_SUPERVISOR_PID"
_HOLDER = "TOCSIN_HOLDER"


@dataclass(slots=True)
class Child:
    """One supervised process: `argv` are the arguments of `tocsin`."""

    name: str
    argv: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    pause_s: float = 0.0
    deaths: int = 0


@dataclass(slots=True)
class Supervisor:
    """Starts the children, restarts the dead, ends all within `grace_s` seconds of being asked to stop.

    `command` comes before each child's arguments. `check` is called about ten times a second, for what else must be
    kept alive (the embedded server).
    """

    children: Sequence[Child]
    environ: Mapping[str, str]
    command: Sequence[str] = (sys.executable, "-m", "tocsin")
    check: Callable[[], None] = lambda: None
    grace_s: float = _GRACE_S
    stopping: StopSignal = field(default_factory=StopSignal)

    def run(self) -> None:
        """Supervise until SIGINT, SIGTERM or `stopping`; returns when every child has ended."""
        self.stopping.on_signals()
        try:
            for child in self.children:
                self._start(child)
            while not self.stopping.wait(0.1):
                self.check()
                self._restart_dead()
        finally:
            self._end_all()

    def _start(self, child: Child) -> None:
        environ = {
            **self.environ,
            _PARENT: str(os.getpid()),
            _HOLDER: f"{child.name}-{socket.gethostname()}-{os.getpid()}",
        }
        argv = [*self.command, *child.argv]
        child.process = subprocess.Popen(argv, env=environ, start_new_session=True, stdin=subprocess.DEVNULL)
        child.started_at = time.monotonic()

    def _restart_dead(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is None:
                if now >= child.restart_at:
                    self._start(child)
                continue
            code = child.process.poll()
            if code is None:
                continue
            child.deaths += 1
            # The first death is answered at once; one that dies again and again waits longer each time.
            steady = now - child.started_at >= _STEADY_S
            child.pause_s = 0.0 if steady else min(_MAX_PAUSE_S, child.pause_s * 2 or 0.1)
            child.process, child.restart_at = None, now + child.pause_s
            get_logger().error(
                "process_died", name=child.name, how=_death(code), deaths=child.deaths, restart_in_s=child.pause_s
            )

    def _end_all(self) -> None:
        alive = [child for child in self.children if child.process and child.process.poll() is None]
        for child in alive:
            _signal(child, signal.SIGTERM)
        deadline = time.monotonic() + self.grace_s
        for child in alive:
            if child.process is None:
                continue
            try:
                child.process.wait(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                get_logger().warning("process_killed", name=child.name, why=f"did not end in {self.grace_s:g} s")
                _signal(child, signal.SIGKILL)
                child.process.wait()


def end_with_parent() -> None:
    """End this process when the supervisor that started it is gone; does nothing for one started by hand."""
    expected = os.environ.get(_PARENT)
    if expected is None:
        return

    def watch() -> None:
        while os.getppid() == int(expected):
            time.sleep(_PARENT_CHECK_S)
        get_logger().warning("supervisor_gone", pid=int(expected))
        os.kill(os.getpid(), signal.SIGTERM)
        # Nobody is left to enforce the grace: a step that does not end must not go on beside the next run's.
        time.sleep(_GRACE_S)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


def holder_name(process: str) -> str:
    """What this process holds leases as.

    A supervised child has the name of the one it replaces, which is dead, so it goes on at once under the same token
    instead of waiting for the lease to run out. A process started by hand has a name of its own.
    """
    given = os.environ.get(_HOLDER)
    return given or f"{process}-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def _death(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"


def _signal(child: Child, number: signal.Signals) -> None:
    if child.process is None:
        return
    try:
        os.killpg(child.process.pid, number)
    except (ProcessLookupError, PermissionError):
        child.process.send_signal(number)
