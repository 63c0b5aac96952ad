"""The built wheel in a fresh environment, the checkout out of reach: rules, workspace and demo come with it."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from architecture.source_tree import ROOT

pytestmark = pytest.mark.slow


def run(*command: str, cwd: Path, timeout_s: float = 300) -> subprocess.CompletedProcess[str]:
    """A command that sees neither this checkout nor this environment."""
    hidden = ("TOCSIN_", "PYTHON", "VIRTUAL_ENV", "PYTEST")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False, timeout=timeout_s)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment that holds the locked requirements, by hash, and the wheel; nothing else."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder / "env", with_pip=True)
    python = str(folder / "env" / "bin" / "python")
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    built = subprocess.run(
        [sys.executable, "-c", build, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    wheel = str(folder / built.stdout.split()[-1])
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    for arguments in (
        ("--require-hashes", "-r", str(ROOT / "requirements-run.lock")),
        ("--no-deps", "--no-index", wheel),
    ):
        answer = run(*pip, *arguments, cwd=folder)
        assert answer.returncode == 0, answer.stderr
    return folder / "env" / "bin"


def test_it_comes_from_the_wheel_and_needs_nothing_that_is_not_locked(installed: Path, tmp_path: Path) -> None:
    where = run(str(installed / "python"), "-c", "import tocsin; print(tocsin.__file__)", cwd=tmp_path)
    checked = run(str(installed / "python"), "-m", "pip", "check", cwd=tmp_path)

    assert where.stdout.startswith(str(installed.parent))
    assert checked.returncode == 0, checked.stdout


def test_the_shipped_rulebook_is_checked_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    answer = run(str(installed / "tocsin"), "rules", "check", cwd=tmp_path)

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stdout.startswith("no problems in ")


def test_the_shipped_rules_find_an_arrest(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(
        "Police arrested six men in Tangier who are suspected of links to Islamic State."
    )

    answer = run(str(installed / "tocsin"), "explain", "story.txt", cwd=tmp_path)

    assert answer.returncode == 0, answer.stderr
    assert "arrest" in answer.stdout
    assert "isis" in answer.stdout.lower()


def test_a_workspace_is_made_and_right(installed: Path, tmp_path: Path) -> None:
    made = run(str(installed / "tocsin"), "init", "desk", cwd=tmp_path)
    checked = run(str(installed / "tocsin"), "rules", "check", cwd=tmp_path / "desk")

    assert made.returncode == 0, made.stderr
    assert checked.returncode == 0, checked.stdout


def test_the_demo_rings(installed: Path, tmp_path: Path) -> None:
    answer = run(str(installed / "tocsin"), "demo", cwd=tmp_path, timeout_s=150)

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert [] == list(tmp_path.iterdir()), "the demo leaves the current folder alone"
