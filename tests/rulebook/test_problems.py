"""How findings are ordered, printed and counted."""

from pathlib import Path
from typing import get_args

import pytest

from tocsin.rulebook.codes import Code
from tocsin.rulebook.problems import Level, Problem, count_problems, sort_problems

DOCS = Path(__file__).parents[2] / "docs" / "rulebook.md"


def _problem(path: str = "a.yml", line: int = 1, level: Level = Level.ERROR, details: tuple[str, ...] = ()) -> Problem:
    return Problem(
        path=path, line=line, column=3, level=level, code="tab", message="wrong", remedy="right", details=details
    )  # fmt: skip


def test_a_problem_is_one_line_an_editor_can_jump_to() -> None:
    assert _problem().render() == "a.yml:1:3: error: wrong: right"
    assert _problem(line=0).render() == "a.yml: error: wrong: right"
    assert _problem(details=("exp: 1", "got: 2")).render() == "a.yml:1:3: error: wrong: right\n    exp: 1\n    got: 2"


def test_problems_are_sorted_by_file_and_line_and_each_appears_once() -> None:
    first, second, third = _problem(line=2), _problem(line=10), _problem(path="b.yml")

    assert sort_problems([third, second, first, second]) == (first, second, third)


@pytest.mark.parametrize(
    ("levels", "files", "line"),
    [
        ([], 5, "no problems in 5 files"),
        ([Level.ERROR], 1, "1 error in 1 file"),
        ([Level.WARNING, Level.WARNING], 2, "2 warnings in 2 files"),
        ([Level.ERROR, Level.WARNING, Level.ERROR, Level.ERROR], 5, "3 errors, 1 warning in 5 files"),
    ],
)
def test_the_closing_line_counts_what_was_found(levels: list[Level], files: int, line: str) -> None:
    assert line == count_problems([_problem(level=level) for level in levels], files)


@pytest.mark.parametrize("code", get_args(Code))
def test_every_kind_of_problem_is_documented(code: str) -> None:
    assert f"| `{code}` |" in DOCS.read_text(encoding="utf-8")
