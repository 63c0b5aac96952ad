"""`tocsin init`: a workspace that is right as it stands, and never a file overwritten."""

from pathlib import Path

from processes.conftest import Tocsin


def test_a_workspace_is_commented_and_passes_the_check(tocsin: Tocsin, clean: Path) -> None:
    made = tocsin("init", "desk")

    assert made.code == 0
    files = {str(path.relative_to(clean / "desk")) for path in (clean / "desk").rglob("*") if path.is_file()}
    assert files == {"README.md", ".gitignore", "feeds.yml", "subscriptions.yml", "actors/desk.yml"}
    assert "cd desk && tocsin run" in made.out
    assert "# " in (clean / "desk" / "feeds.yml").read_text()
    checked = tocsin("rules", "check", "desk", "--strict")
    assert checked.code == 0, checked.out


def test_the_examples_in_its_comments_are_right_too(tocsin: Tocsin, desk: Path, uncommented: None) -> None:
    checked = tocsin("rules", "check", ".", "--json")

    assert checked.code == 0, checked.out
    assert [] == [problem for problem in checked.json["problems"] if problem["level"] == "error"]
    listed = tocsin("rules", "list", "--actors", "--json")
    assert listed.code == 0


def test_a_file_that_exists_is_never_overwritten(tocsin: Tocsin, clean: Path) -> None:
    (clean / "desk").mkdir()
    (clean / "desk" / "feeds.yml").write_text("mine")

    answer = tocsin("init", "desk")

    assert answer.code == 1
    assert (
        answer.err == "tocsin: error: 'desk/feeds.yml' exists already: choose another folder, or edit what is there\n"
    )
    assert [path.name for path in (clean / "desk").iterdir()] == ["feeds.yml"]
    assert (clean / "desk" / "feeds.yml").read_text() == "mine"


def test_a_file_where_the_folder_should_be_is_told(tocsin: Tocsin, clean: Path) -> None:
    (clean / "desk").write_text("")

    answer = tocsin("init", "desk")

    assert answer.code == 1
    assert answer.err.startswith("tocsin: error: ")
    assert answer.err.count("\n") == 1


def test_the_data_stay_out_of_version_control(desk: Path) -> None:
    assert ".tocsin" in (desk / ".gitignore").read_text()
