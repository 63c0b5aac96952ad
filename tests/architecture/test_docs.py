"""Every command and option has help and is documented; every page that is linked exists."""

import re
from typing import Any

import pytest
from architecture.source_tree import ROOT
from processes.cli_reference import commands, help_of

from tocsin.adapters.settings import Settings

ALL = list(commands())
LEAVES = [(path, command) for path, command in ALL if not hasattr(command, "commands")]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def name_of(path: tuple[str, ...]) -> str:
    return " ".join(("tocsin", *path))


@pytest.mark.parametrize(("path", "command"), ALL, ids=[name_of(path) for path, _ in ALL])
def test_every_command_explains_itself(path: tuple[str, ...], command: Any) -> None:
    text = help_of(path)

    assert f"Usage: {name_of(path)}" in text
    assert command.help, "say what it does"


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=[name_of(path) for path, _ in LEAVES])
def test_every_option_and_argument_has_help(path: tuple[str, ...], command: Any) -> None:
    assert [] == [parameter.name for parameter in command.params if not parameter.help]


@pytest.mark.parametrize("path", [path for path, _ in LEAVES], ids=name_of)
def test_every_command_is_in_the_reference(path: tuple[str, ...]) -> None:
    reference = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")

    assert f"## {name_of(path)}\n" in reference


def test_the_commands_of_the_issue_are_there() -> None:
    wanted = (
        "init run demo poller worker ticker web explain status doctor"
        " rules_check rules_test feeds_list feeds_add events_list events_show deliveries_list deliveries_resend"
    )

    assert {tuple(name.split("_")) for name in wanted.split()} <= {path for path, _ in LEAVES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists(page: Any) -> None:
    """`tocsin …` in code style must be a command of ours, with options it has."""
    known = {path: help_of(path) for path, _ in ALL}
    wrong = []
    for snippet in re.findall(r"`(tocsin(?: [^`\n]+)?)`", page.read_text(encoding="utf-8")):
        words = snippet.split()[1:]
        path: tuple[str, ...] = ()
        while words and (*path, words[0]) in known:
            path = (*path, words.pop(0))
        options = [word.split("=")[0] for word in words if word.startswith("--")]
        wants_command = (
            bool(words) and words[0][0].isalpha() and words[0].islower() and hasattr(dict(ALL)[path], "commands")
        )
        if (wants_command and "|" not in words[0]) or any(option not in known[path] for option in options):
            wrong.append(snippet)

    assert [] == wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_links_to_exists(page: Any) -> None:
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))

    assert [] == [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_that_a_page_names_is_one(page: Any) -> None:
    """`env:NAME` in a rulebook names a variable of the operator's."""
    fields = {f"TOCSIN_{name.upper()}" for name in Settings.model_fields}
    ours = {"TOCSIN_CORPORA", "TOCSIN_GOLDEN"}
    named = {
        name.removesuffix("_FILE")
        for name in re.findall(r"(?<!env:)\bTOCSIN_[A-Z_]+[A-Z]\b", page.read_text(encoding="utf-8"))
    }

    assert set() == named - fields - ours
