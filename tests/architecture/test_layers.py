"""The direction of imports: processes -> rulebook | pipeline | adapters -> ports -> core -> errors."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = (sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())")


def lint_imports(*options: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*LINT, "--no-cache", *options], cwd=cwd, capture_output=True, text=True, check=False)


def test_imports_go_in_one_direction_only() -> None:
    answer = lint_imports()

    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_part_of_the_package_has_its_layer() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [contract] = [each for each in contracts if each["type"] == "layers"]
    placed = {name.strip() for layer in contract["layers"] for name in layer.split("|")}
    parts = {
        path.stem for path in (ROOT / "workers" / "tocsin").iterdir() if path.name not in ("__init__.py", "py.typed")
    }

    assert contract["exhaustive"] is True
    assert parts - {"__pycache__"} == placed


@pytest.mark.parametrize(
    ("module", "imports"),
    [
        ("core/bad.py", "import tocsin.ports"),
        ("pipeline/bad.py", "import tocsin.adapters"),
        ("adapters/bad.py", "import tocsin.rulebook"),
        ("ports/bad.py", "import tocsin.processes"),
        ("errors/bad.py", "import tocsin.core"),
        ("stray/__init__.py", ""),
    ],
)
def test_an_import_against_the_direction_is_found(tmp_path: Path, module: str, imports: str) -> None:
    """The contract itself, on a package of the same shape with one fault."""
    package = tmp_path / "tocsin"
    for part in ("__main__", "processes", "rulebook", "pipeline", "adapters", "ports", "core", "errors"):
        (package / part).mkdir(parents=True)
        (package / part / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / module).parent.mkdir(exist_ok=True)
    (package / module).write_text(imports + "\n")
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    layers = "".join(f"\n    {layer}" for layer in config["layers"])
    (tmp_path / "lint.ini").write_text(
        "[importlinter]\nroot_package = tocsin\n[importlinter:contract:layers]\nname = layers\ntype = layers\n"
        f"containers = tocsin\nexhaustive = true\nlayers ={layers}\n"
    )

    answer = subprocess.run(
        [*LINT, "--no-cache", "--config", "lint.ini"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "broken" in (answer.stdout + answer.stderr).lower() or "missing layer" in answer.stdout.lower()
