"""How far a run is: a bar on a terminal, a line a stage elsewhere; both on standard error, beside the figures."""

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


class Stages:
    """A context manager; `begin` names a stage, `advance` tells how much of it is done."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:.0f} of {task.total:.0f}"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._shown,
        )
        self._task = self._bar.add_task("", total=1)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, stage: str, total: float = 1) -> None:
        """A new stage of so many parts."""
        self._bar.update(self._task, description=stage, completed=0, total=max(total, 1))
        if not self._shown:
            self._console.print(f"… {stage}", highlight=False)

    def advance(self, done: float) -> None:
        """So many of the stage's parts are done."""
        self._bar.update(self._task, completed=done)
