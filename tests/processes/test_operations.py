"""docs/operations.md names every setting, metric and log event as the code has them."""

import os
import re

import pytest
from architecture.source_tree import PACKAGE, ROOT, modules
from event_builders import Desk
from processes.cli_reference import commands, help_of
from processes.settings_table import rendered_into

from tocsin.processes.metrics import StoreCollector

PAGE = ROOT / "docs" / "operations.md"


def section(title: str) -> str:
    """The text under a heading, up to the next of any level."""
    return re.split(r"^#+ ", PAGE.read_text(encoding="utf-8").split(f"# {title}\n", 1)[1], flags=re.MULTILINE)[0]


def first_column(title: str) -> list[str]:
    return re.findall(r"^\| `([a-z_]+)", section(title), flags=re.MULTILINE)


def test_the_table_of_settings_is_current() -> None:
    """`make golden` writes it anew."""
    page = PAGE.read_text(encoding="utf-8")
    made = rendered_into(page)
    if os.environ.get("TOCSIN_GOLDEN") == "write":
        PAGE.write_text(made, encoding="utf-8")
        page = made

    assert made == page


def test_every_metric_is_documented_and_no_other() -> None:
    families = StoreCollector(Desk().store, digest="7c1e").collect()
    names = [f"{family.name}_info" if family.type == "info" else family.name for family in families]

    assert sorted(names) == sorted(first_column("Metrics"))


def test_every_metric_in_an_alarm_is_a_documented_one() -> None:
    named = set(re.findall(r"\btocsin_[a-z_]+", section("Metrics")))

    assert named == set(first_column("Metrics"))


@pytest.mark.parametrize("line", re.findall(r"^    (tocsin .*)", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))
def test_every_command_line_that_is_shown_is_understood(line: str) -> None:
    """Up to the double blank that begins its explanation; every option must be one of the command's."""
    known = {path: help_of(path) for path, command in commands() if not hasattr(command, "commands")}
    words = line.split("  ", maxsplit=1)[0].split()[1:]
    path = next((tuple(words[:n]) for n in (2, 1) if tuple(words[:n]) in known), None)

    assert path is not None, line
    assert [] == [word for word in words if word.startswith("--") and word not in known[path]]


@pytest.mark.parametrize("name", first_column("What the log says"))
def test_every_log_event_that_is_documented_exists(name: str) -> None:
    assert any(f'"{name}"' in path.read_text(encoding="utf-8") for path in modules(PACKAGE))


def test_every_unit_and_path_in_the_systemd_example_fits() -> None:
    """The example reads its secrets from systemd's credentials, under the names that the settings have."""
    unit = section("One machine")
    loaded = set(re.findall(r"LoadCredential=([a-z_]+):", unit))
    used = set(re.findall(r"_FILE=%d/([a-z_]+)", unit))

    assert loaded
    assert loaded == used
