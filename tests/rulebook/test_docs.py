"""The YAML shown in docs/rulebook.md has no problem, and its examples come out."""

import re
from pathlib import Path

from tocsin.rulebook.examples import run_examples
from tocsin.rulebook.files import load_rulebook, shipped_rules

DOCS = Path(__file__).parents[2] / "docs" / "rulebook.md"
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
PLACES = {"says:": "events/{}.yml", "kind:": "actors/{}.yml", "feeds:": "feeds.yml", "endpoints:": "subscriptions.yml"}


def test_every_file_in_the_reference_loads_over_the_shipped_rulebook_and_its_examples_come_out(tmp_path: Path) -> None:
    blocks = BLOCK.findall(DOCS.read_text(encoding="utf-8"))
    names = [_lay_out(block, tmp_path) for block in blocks if any(mark in block for mark in PLACES)]

    result = load_rulebook(tmp_path, base=shipped_rules())

    assert sorted(names) == ["actors/desk.yml", "events/seizure.yml", "feeds.yml", "subscriptions.yml"]
    assert [problem.render() for problem in result.problems] == []
    assert result.rulebook is not None
    run = run_examples(result.rulebook)
    assert [problem.render() for problem in run.problems if problem.path.startswith(str(tmp_path))] == []


def _lay_out(block: str, root: Path) -> str:
    place = next(place for mark, place in PLACES.items() if mark in block)
    found = re.match(r"id: (\w+)", block)
    name = place.format(found.group(1) if found else "")
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(block, encoding="utf-8")
    return name
