"""The garbage collector, out of the way while tables are built that live as long as the process."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No automatic collection inside the block; afterwards as before.

    Reading and compiling a rulebook makes some hundred thousand objects that all live until the end: looking for
    garbage among them, in vain, takes a third of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
