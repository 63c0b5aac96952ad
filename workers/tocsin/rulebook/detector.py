"""From a loaded rulebook to a detector, with the garbage collector out of the way of both."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from tocsin.core.detection import Detector, compile_detector
from tocsin.core.rulebook import Rulebook


def make_detector(rulebook: Rulebook) -> Detector:
    """`compile_detector`, a third faster."""
    with collector_paused():
        return compile_detector(rulebook)


@contextmanager
def collector_paused() -> Iterator[None]:
    """No automatic collection inside the block; afterwards as before.

    Reading and compiling a rulebook makes some hundred thousand objects that all live until the end: looking for
    garbage among them, in vain, takes a third of the time. So what was made inside counts as old afterwards: else
    the first collection, some hundred allocations later, would look through all of it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
        if was_enabled:
            gc.enable()
