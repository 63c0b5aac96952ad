"""A time limit on a piece of pure Python, inside whatever alarm the process has set already."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeoutError` in the block when it runs longer. An alarm that was set before goes on afterwards.

    Works by SIGALRM: in the main thread only; elsewhere the block runs without a limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def expire(_: int, __: FrameType | None) -> None:
        raise TimeoutError(f"took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, expire)
    left, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    begun = time.monotonic()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left:
            # RQ's own limit on the whole job; one that passed meanwhile fires now.
            signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - begun), 0.001))
