"""Findings about an operator's files, and how they are printed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tocsin.core.text import counted
from tocsin.rulebook.codes import Code


class Level(StrEnum):
    """An error keeps the rulebook from being used; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong at one place of one file, and what to do about it.

    `line` and `column` count from 1; a `line` of 0 means the file as a whole. `code` names the kind of problem and
    never changes (`docs/rulebook.md` lists them all). `details` are further lines, printed indented below.
    """

    path: str
    line: int
    column: int
    level: Level
    code: Code
    message: str
    remedy: str
    details: tuple[str, ...] = ()

    def render(self) -> str:
        """`path:line:col: level: what is wrong: what to do`, then any details, each on its own line."""
        where = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        head = f"{where}: {self.level}: {self.message}: {self.remedy}"
        return "\n".join((head, *(f"    {line}" for line in self.details)))


def sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """In file and line order, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=_order))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of them keeps the rulebook from being used."""
    return any(problem.level is Level.ERROR for problem in problems)


def count_problems(problems: Sequence[Problem], files: int) -> str:
    """The closing line, of as many files as were read: `3 errors, 1 warning in 5 files`, `no problems in 1 file`."""
    errors = sum(problem.level is Level.ERROR for problem in problems)
    parts = [counted(errors, "error"), counted(len(problems) - errors, "warning")]
    found = ", ".join(part for part in parts if not part.startswith("0 ")) or "no problems"
    return f"{found} in {counted(files, 'file')}"


def _order(problem: Problem) -> tuple[str, int, int, str, str]:
    return problem.path, problem.line, problem.column, problem.code, problem.message
