"""The wheel holds everything that an installation needs, and nothing of the tests."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from architecture.source_tree import PACKAGE, ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel that was built just now."""
    target = tmp_path_factory.mktemp("wheel")
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    built = subprocess.run(
        [sys.executable, "-c", code, str(target)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(target / built.stdout.split()[-1]) as archive:
        return set(archive.namelist())


def names_below(folder: Path, prefix: str) -> set[str]:
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {f"{prefix}/{path.relative_to(folder)}" for path in files}


def test_every_file_of_the_package_is_in_it(wheel: set[str]) -> None:
    """Modules, templates, the workspace, the demo's stories, scripts for the store: whatever stands in the tree."""
    assert set() == names_below(PACKAGE, "tocsin") - wheel


def test_the_shipped_rules_are_in_it(wheel: set[str]) -> None:
    assert set() == names_below(ROOT / "rules", "tocsin/rules") - wheel


@pytest.mark.parametrize(
    "name",
    [
        "tocsin/processes/workspace/feeds.yml",
        "tocsin/processes/workspace/subscriptions.yml",
        "tocsin/processes/workspace/gitignore",
        "tocsin/processes/demo/stories.yml",
        "tocsin/rules/events/arrest.yml",
        "tocsin/py.typed",
    ],
)
def test_what_is_no_python_is_in_it_too(wheel: set[str], name: str) -> None:
    assert name in wheel


def test_the_licence_goes_with_it_and_the_tests_do_not(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}

    assert any(name.endswith("licenses/LICENSE") for name in wheel)
    assert {"tocsin"} == {top for top in tops if not top.endswith(".dist-info")}
