"""docs/architecture.md names every file, once, as it says of itself; and every kind of row with its states."""

import os
import re
from collections import Counter

from architecture.file_map import BEGIN, END, named_files, present_files, refreshed
from architecture.source_tree import ROOT

from tocsin.core.deliveries import DeliveryState
from tocsin.core.endpoints import EndpointState
from tocsin.core.messages import Kind
from tocsin.pipeline.retention import AT_REST
from tocsin.pipeline.tick import WAITING

PAGE = ROOT / "docs" / "architecture.md"


def states_by_kind() -> dict[str, set[str]]:
    """What the table of rows says."""
    rows = re.findall(r"^\| (\w+) \| ((?:`[a-z_ ]+` ?)+)\|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {kind: set(states.replace("`", "").split()) for kind, states in rows}


def test_the_map_of_the_files_is_current() -> None:
    """`make golden` renews it; move a new file to the group where it belongs."""
    page = PAGE.read_text(encoding="utf-8")
    made = refreshed(page)
    if os.environ.get("TOCSIN_GOLDEN") == "write":
        PAGE.write_text(made, encoding="utf-8")
        page = made

    assert made == page
    assert Counter(present_files()) == Counter(named_files(page))


def test_a_new_file_is_put_below_those_of_its_folder_and_a_gone_one_taken_out() -> None:
    rows = "| `ports.py` | old |\n| `core/gone.py` | x |\n| `core/ids.py` | y |\n\n| `errors.py` | z |\n"
    page = f"before\n{BEGIN}{rows}{END}after\n"

    made = refreshed(page)

    names = named_files(made)
    assert names.index("core/text.py") > names.index("core/ids.py")
    assert "core/gone.py" not in names
    assert (
        "| `core/ids.py` | Ids derive from content: the same parts give the same id, on every machine, for ever. |"
        in made
    )
    assert made.startswith("before\n")
    assert made.endswith("after\n")


def test_every_kind_of_row_is_described_with_the_states_that_the_steps_use() -> None:
    states = states_by_kind()

    assert {str(kind) for kind in Kind} == set(states)
    assert {str(state) for state in DeliveryState} == states["delivery"]
    assert {str(state) for state in EndpointState} == states["endpoint"]
    for kind, used in [*AT_REST.items(), *((waiting.kind, waiting.states) for waiting in WAITING)]:
        assert set(used) <= states[kind], kind
