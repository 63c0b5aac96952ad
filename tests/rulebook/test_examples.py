"""Examples beside rules and actors: run by the detector of the worker, failures shown in their own notation."""

from dataclasses import replace
from pathlib import Path

import pytest

from tocsin.core.detection import Detector, compile_detector
from tocsin.core.rulebook import Rulebook
from tocsin.rulebook.examples import run_examples
from tocsin.rulebook.files import load_rulebook, shipped_rules

RULE = """id: desk_arrest
title: Arrests our desk follows
says: {en: {verbs: [apprehend]}}
roles:
  agent: {is: [police], optional: true}
  recipient: {is: [person]}
counts: recipient
examples:
  match:
    - EXAMPLE
"""


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    rulebook = load_rulebook(shipped_rules()).rulebook
    assert rulebook is not None
    return rulebook


def _lines(rulebook: Rulebook, root: Path, files: dict[str, str]) -> list[str]:
    """The failures of one workspace's own examples, as printed. The shipped ones have their own test."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    own = load_rulebook(root, base=Path(__file__).parent / "base").rulebook
    assert own is not None
    rules = tuple(rule for rule in own.rules if rule.id != "arrest")
    watchlists = tuple(watchlist for watchlist in own.watchlists if watchlist.id != "groups")
    small = replace(rulebook, rules=rules, watchlists=watchlists)
    run = run_examples(small, _detector(small))
    return [line.replace(f"{root}/", "") for problem in run.problems for line in problem.render().split("\n")]


def _detector(rulebook: Rulebook) -> Detector:
    return compile_detector(replace(rulebook, gazetteer=""))


@pytest.mark.parametrize(
    "example",
    [
        "Police apprehended four men in the city.",
        "{text: Police apprehended four men., expect: {count: 4, status: asserted, agent: police, time: null}}",
        "{text: Police did not apprehend the men., expect: {status: negated}}",
        "{text: Four men were apprehended on Friday., published: 2026-03-09, expect: {time: 2026-03-06}}",
    ],
)
def test_an_example_that_comes_out_is_silent(shipped: Rulebook, tmp_path: Path, example: str) -> None:
    assert _lines(shipped, tmp_path, {"events/desk_arrest.yml": RULE.replace("EXAMPLE", example)}) == []


def test_a_trigger_counts_only_when_its_roles_are_of_its_classes(shipped: Rulebook, tmp_path: Path) -> None:
    rule = RULE.replace("[apprehend]", "[{text: hold, only: {agent: [police]}}]")
    example = "Police held two men in Bari.\n  no_match:\n    - Fog held two men in Bari."

    assert _lines(shipped, tmp_path, {"events/desk_arrest.yml": rule.replace("EXAMPLE", example)}) == []


def test_an_example_with_another_value_shows_both(shipped: Rulebook, tmp_path: Path) -> None:
    example = "{text: Police apprehended four men., expect: {count: 5, linked: [isis]}}"

    assert _lines(shipped, tmp_path, {"events/desk_arrest.yml": RULE.replace("EXAMPLE", example)}) == [
        (
            "events/desk_arrest.yml:10:7: error: this example of 'desk_arrest' does not match:"
            " change the rule or the example; 'tocsin explain' shows why"
        ),
        "    exp: {type: desk_arrest, count: 5, linked: [isis]}",
        "    got: {type: desk_arrest, status: asserted, count: 4, linked: [], trigger: apprehended}",
    ]


def test_an_example_with_no_event_says_so(shipped: Rulebook, tmp_path: Path) -> None:
    lines = _lines(shipped, tmp_path, {"events/desk_arrest.yml": RULE.replace("EXAMPLE", "The sun shone.")})

    assert lines[1:] == ["    exp: {type: desk_arrest}", "    got: nothing"]


def test_a_text_that_should_not_match_and_does_is_shown(shipped: Rulebook, tmp_path: Path) -> None:
    rule = RULE.replace("  match:\n", "  no_match:\n").replace("EXAMPLE", "Police apprehended four men.")

    assert _lines(shipped, tmp_path, {"events/desk_arrest.yml": rule}) == [
        (
            "events/desk_arrest.yml:10:7: error: this example of 'desk_arrest' matches and should not:"
            " change the rule or the example; 'tocsin explain' shows why"
        ),
        "    exp: no desk_arrest",
        "    got: {type: desk_arrest, status: asserted, trigger: apprehended}",
    ]


def test_the_examples_of_actors_are_run_too(shipped: Rulebook, tmp_path: Path) -> None:
    text = (
        "id: desk\ntitle: Our desk\nactors:\n"
        "- id: acme\n  name: Acme Front\n  kind: armed_group\n  aliases: {en: [Acme Front, {text: ACF, case: exact}]}\n"
        "  never: [acme front door]\n  examples:\n"
        "    match: [The Acme Front fled., ACF men fled., The acf men fled.]\n"
        "    no_match: [The acme front door was open., An Acme Front poster.]\n"
    )

    assert _lines(shipped, tmp_path, {"actors/desk.yml": text}) == [
        (
            "actors/desk.yml:10:50: error: this example of 'acme' does not name it:"
            " change its aliases, its 'never', or the example"
        ),
        "    exp: acme",
        "    got: []",
        (
            "actors/desk.yml:11:47: error: this example of 'acme' names it and should not:"
            " change its aliases, its 'never', or the example"
        ),
        "    exp: no acme",
        "    got: [acme]",
    ]
