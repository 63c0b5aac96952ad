"""docs/cli.md says what the commands say."""

import os

from architecture.source_tree import ROOT
from processes.cli_reference import render

PAGE = ROOT / "docs" / "cli.md"


def test_the_reference_is_current() -> None:
    """`make golden` writes it anew."""
    made = render()
    if os.environ.get("TOCSIN_GOLDEN") == "write":
        PAGE.write_text(made, encoding="utf-8")

    assert made == PAGE.read_text(encoding="utf-8")
