"""Asking a process to stop, from a signal handler or another thread."""

import queue
import signal
from contextlib import suppress


class StopSignal:
    """Set once; one thread waits for it.

    `threading.Event` is not fit for this: its `set` takes a lock that the interrupted `wait` may hold, in the same
    thread, and then neither ever returns. `queue.SimpleQueue.put` is reentrant by its documentation.
    """

    def __init__(self) -> None:
        self._asked = False
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()

    def set(self) -> None:
        """Ask to stop; safe in a signal handler, whatever it interrupts."""
        self._asked = True
        self._wake.put(None)

    def is_set(self) -> bool:
        """Whether somebody asked."""
        return self._asked

    def wait(self, timeout_s: float) -> bool:
        """Wait until somebody asks, at most so long; returns whether somebody did."""
        if not self._asked:
            with suppress(queue.Empty):
                self._wake.get(timeout=timeout_s)
        return self._asked

    def on_signals(self) -> "StopSignal":
        """Have SIGTERM and SIGINT set it; returns itself."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.set())
        return self
