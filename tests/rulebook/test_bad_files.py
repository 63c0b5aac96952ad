"""One file a fault in bad/, and beside it the exact text that an operator sees.

A file begins with `# as: <its place in a workspace>`; a second such line begins a second file. They are laid over the
small rulebook in base/. `make golden` rewrites the texts.
"""

import os
import re
import shutil
from pathlib import Path

import pytest

from tocsin.rulebook.file_checks import engine_version
from tocsin.rulebook.files import load_rulebook
from tocsin.rulebook.problems import Level

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.yml"))
WRITING = os.environ.get("TOCSIN_GOLDEN") == "write"
PART = re.compile(rb"(?m)^# as: (\S+)$")


@pytest.mark.parametrize("path", BAD, ids=[path.stem for path in BAD])
def test_a_fault_is_reported_at_its_place_with_what_to_do(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(HERE / "base", tmp_path / "shipped")
    _lay_out(path.read_bytes(), tmp_path)
    monkeypatch.chdir(tmp_path)

    result = load_rulebook(Path(), base=Path("shipped"))

    shown = "\n".join((*(problem.render() for problem in result.problems), result.summary())) + "\n"
    shown = shown.replace(engine_version(), "<version>")
    golden = path.with_suffix(".txt")
    if WRITING:
        golden.write_text(shown, encoding="utf-8")
    assert shown == golden.read_text(encoding="utf-8")
    assert (result.rulebook is None) == any(problem.level is Level.ERROR for problem in result.problems)


def test_every_bad_file_has_its_text_and_every_text_its_file() -> None:
    texts = {path.stem for path in (HERE / "bad").glob("*.txt")}

    assert WRITING or texts == {path.stem for path in BAD}
    assert len(BAD) >= 30


def test_the_base_of_the_bad_files_is_itself_without_problems() -> None:
    assert load_rulebook(HERE / "base").problems == ()


def _lay_out(data: bytes, root: Path) -> None:
    starts = list(PART.finditer(data))
    ends = [*(match.start() for match in starts[1:]), len(data)]
    for match, end in zip(starts, ends, strict=True):
        target = root / match.group(1).decode()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data[match.start() : end])
