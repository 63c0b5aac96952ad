"""Time limits: fewer repeats on a busy machine, and an error instead of a wait without end."""

import time
from collections.abc import Callable, Iterator


class BenchError(RuntimeError):
    """A part could not be measured; the text says why: what did not come within its time, and how far it had got."""


class Budget:
    """Seconds for a part of the benchmark, counted from its making."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """How many seconds are left; never negative."""
        return max(0.0, self._end - time.monotonic())

    def part(self, share: float) -> "Budget":
        """A budget of so large a share of what is left."""
        return Budget(share * self.left)

    def rounds(self, most: int) -> Iterator[int]:
        """Numbers from 0: one in any case, further ones while another of the longest so far fits in."""
        longest = 0.0
        for number in range(most):
            if number and (not self.left or self.left < longest):
                return
            before = self.left
            yield number
            longest = max(longest, before - self.left)

    def wait(self, true: Callable[[], bool], what: Callable[[], str], *, pause_s: float = 0.05) -> None:
        """Until it is true. Raises `BenchError` with `what` when the time is used up."""
        while not true():
            if not self.left:
                raise BenchError(f"{what()} (the limit of {self.seconds:.0f} s is used up)")
            time.sleep(pause_s)
