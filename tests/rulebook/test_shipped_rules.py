"""Every example that the shipped rulebook carries comes out as it says. The id of a test is the example's file:line."""

from functools import cache
from pathlib import PurePath

import pytest

from tocsin.core.detection import Detector, compile_detector
from tocsin.core.rulebook import Rulebook
from tocsin.core.rules import Maturity
from tocsin.rulebook.examples import Case, find_cases, run_case
from tocsin.rulebook.files import LoadResult, load_rulebook, shipped_rules
from tocsin.rulebook.lint_rules import SHIPPED_EXAMPLES


@cache
def _loaded() -> LoadResult:
    return load_rulebook(shipped_rules())


@cache
def _detector() -> Detector:
    return compile_detector(_rulebook())


def _rulebook() -> Rulebook:
    return _loaded().rulebook or Rulebook()


def _name(case: Case) -> str:
    path, line, _ = case.example.location.rsplit(":", 2)
    return f"{'/'.join(PurePath(path).parts[-2:])}:{line}"


CASES = tuple(find_cases(_rulebook()))


def test_the_shipped_rulebook_has_no_problem() -> None:
    assert [problem.render() for problem in _loaded().problems] == []


def test_every_shipped_rule_carries_enough_examples_each_way() -> None:
    poor = [
        rule.id
        for rule in _rulebook().rules
        if rule.maturity is not Maturity.DEPRECATED and min(len(rule.match), len(rule.no_match)) < SHIPPED_EXAMPLES
    ]

    assert _rulebook().rules
    assert poor == []


@pytest.mark.parametrize("case", CASES, ids=map(_name, CASES))
def test_an_example_comes_out_as_it_says(case: Case) -> None:
    problem = run_case(case, _detector())

    assert problem is None, problem.render()
