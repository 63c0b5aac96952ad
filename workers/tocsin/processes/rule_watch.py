"""A running process's rulebook: taken over when the operator's files change, kept while they are broken."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tocsin.adapters.logs import get_logger
from tocsin.core.rulebook import Rulebook
from tocsin.errors import RulebookError
from tocsin.rulebook.files import LoadResult, load_rulebook, shipped_rules

_CHECK_EVERY_S = 2.0


def find_workspace(rules: Path | None, here: Path) -> Path | None:
    """The operator's folder: the one named, else the current one if it is a workspace, else None."""
    if rules is not None:
        return rules
    return here if (here / "feeds.yml").is_file() or (here / "subscriptions.yml").is_file() else None


def load(workspace: Path | None) -> LoadResult:
    """The operator's files over the shipped ones, or the shipped ones alone. Never raises for what is in them."""
    shipped = shipped_rules()
    if workspace is None or workspace.resolve() == shipped:
        return load_rulebook(shipped)
    return load_rulebook(workspace, base=shipped)


def load_or_refuse(workspace: Path | None) -> Rulebook:
    """The rulebook, or `RulebookError` with every problem."""
    if workspace is not None and not workspace.is_dir():
        raise RulebookError(f"rules folder '{workspace}' does not exist: make one with `tocsin init {workspace}`")
    result = load(workspace)
    if result.rulebook is None:
        raise RulebookError(result.summary(), tuple(problem.render() for problem in result.problems))
    return result.rulebook


class RuleWatch:
    """Gives the rulebook in force. `current` looks for changed files at most every two seconds.

    A changed set that has errors is refused as a whole, loudly and once; the last good one stays in force (B28).
    `on_change` hears of each new one. Thread-safe.
    """

    def __init__(self, workspace: Path | None, *, on_change: Callable[[Rulebook], None] = lambda _: None) -> None:
        self._workspace = workspace
        self._on_change = on_change
        self._lock = threading.Lock()
        self._rulebook = load_or_refuse(workspace)
        self._stamp = self._stamps()
        self._checked = time.monotonic()
        self.refused: tuple[str, ...] = ()

    def current(self) -> Rulebook:
        """The rulebook in force now."""
        with self._lock:
            if self._workspace is not None and time.monotonic() - self._checked >= _CHECK_EVERY_S:
                self._checked = time.monotonic()
                stamp = self._stamps()
                if stamp != self._stamp:
                    self._stamp = stamp
                    self._take_over(self._workspace)
            return self._rulebook

    def _take_over(self, workspace: Path) -> None:
        result = load(workspace)
        log = get_logger()
        if result.rulebook is None:
            self.refused = tuple(problem.render() for problem in result.problems)
            log.error(
                "rulebook_refused", problems=self.refused, summary=result.summary(), kept=self._rulebook.digest[:8]
            )
            return
        self.refused = ()
        if result.rulebook.digest == self._rulebook.digest:
            return
        self._rulebook = result.rulebook
        log.info("rulebook_loaded", digest=result.rulebook.digest[:8], summary=result.summary())
        self._on_change(result.rulebook)

    def _stamps(self) -> tuple[tuple[str, int, int], ...]:
        if self._workspace is None:
            return ()
        stamps = []
        for folder, folders, names in os.walk(self._workspace):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if not name.endswith((".yml", ".yaml", ".tsv")):
                    continue
                try:
                    stat = (Path(folder) / name).stat()
                except FileNotFoundError:
                    continue
                stamps.append((f"{folder}/{name}", stat.st_mtime_ns, stat.st_size))
        return tuple(stamps)
