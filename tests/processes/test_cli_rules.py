"""`tocsin rules`: the loader of the service, all problems at once, exit codes for scripts."""

import json
from pathlib import Path

import pytest
from processes.conftest import Tocsin

WEAK = "id: desk\ntitle: Watched by this desk\nactors: []\n"


def test_the_shipped_rulebook_is_right(tocsin: Tocsin) -> None:
    answer = tocsin("rules", "check", "--strict")

    assert answer.code == 0, answer.out
    assert answer.out.startswith("no problems in ")


def test_all_problems_are_told_at_once_with_their_places(tocsin: Tocsin, broken: Path) -> None:
    answer = tocsin("rules", "check")

    assert answer.code == 1
    *problems, summary = answer.out.splitlines()
    assert f"{broken}/feeds.yml:3:13: error: unknown key 'ulr': did you mean 'url'?" in problems
    assert any(
        line.startswith(f"{broken}/subscriptions.yml:2:1: error: unknown key 'subscriptons'") for line in problems
    )
    assert summary.startswith(f"{len(problems)} errors in ")


def test_a_script_gets_the_problems_as_json(tocsin: Tocsin, broken: Path) -> None:
    answer = tocsin("rules", "check", "--json")

    assert answer.code == 1
    [found] = [problem for problem in answer.json["problems"] if "'ulr'" in problem["message"]]
    assert found["path"].endswith("feeds.yml")
    assert (found["line"], found["column"], found["level"]) == (3, 13, "error")
    assert "url" in found["remedy"]
    assert answer.json["files"] > 100


def test_warnings_alone_fail_only_under_strict(tocsin: Tocsin, desk: Path) -> None:
    (desk / "actors" / "desk.yml").write_text(WEAK)

    relaxed, strict = tocsin("rules", "check"), tocsin("rules", "check", "--strict")

    assert ": warning: " in relaxed.out
    assert (relaxed.code, strict.code) == (0, 3)
    assert relaxed.out == strict.out


def test_a_folder_can_be_named_by_argument_or_by_setting(
    tocsin: Tocsin, broken: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    named = tocsin("rules", "check", "here")
    monkeypatch.setenv("TOCSIN_RULES", str(broken))
    set_up = tocsin("rules", "check")

    assert (named.code, set_up.code) == (1, 1)
    assert len(named.out.splitlines()) == len(set_up.out.splitlines())


@pytest.mark.parametrize("command", ["check", "test", "list"])
def test_a_folder_that_is_not_there_is_told(tocsin: Tocsin, command: str) -> None:
    answer = tocsin("rules", command, "nowhere")

    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "tocsin: error: 'nowhere' is no folder: name the folder that holds feeds.yml\n"


def test_a_setting_that_names_no_folder_is_told(tocsin: Tocsin, monkeypatch: pytest.MonkeyPatch, clean: Path) -> None:
    monkeypatch.setenv("TOCSIN_RULES", str(clean / "nowhere"))

    answer = tocsin("rules", "check")

    assert answer.code == 1
    assert "nowhere" in answer.out + answer.err


def test_rules_and_actors_are_listed(tocsin: Tocsin) -> None:
    rules, actors = tocsin("rules", "list", "--json"), tocsin("rules", "list", "--actors", "--json")

    assert {"arrest", "seizure", "airstrike", "raid"} <= {rule["id"] for rule in rules.json}
    assert {"isis", "aqim", "jnim"} <= {actor["id"] for actor in actors.json}
    assert "Arrest or detention" in tocsin("rules", "list").out


def test_an_example_that_does_not_come_out_fails_the_test_run(tocsin: Tocsin, desk: Path) -> None:
    (desk / "actors" / "desk.yml").write_text(
        "id: desk\ntitle: Watched by this desk\nactors:\n"
        "  - id: harbour_gang\n    name: Harbour Gang\n    kind: criminal_group\n    country: [NL]\n"
        "    aliases: {en: [Harbour Gang]}\n"
        "    examples:\n      match: [Dutch police arrested two bakers in Rotterdam.]\n"
        "      no_match: [The harbour was calm on Sunday.]\n"
    )

    answer = tocsin("rules", "test", "--json")

    assert answer.code == 1
    [failure] = [line for line in answer.json["failures"] if "desk.yml" in line]
    assert failure.split(":")[1:3] == ["10", "15"]
    assert answer.json["examples"] > 2


def test_the_schemas_are_written_for_editors(tocsin: Tocsin, clean: Path) -> None:
    answer = tocsin("rules", "schema", "schemas")

    assert answer.code == 0
    written = sorted(path.name for path in (clean / "schemas").iterdir())
    assert [f"schemas/{name}" for name in written] == sorted(answer.out.splitlines())
    for name in written:
        assert "$schema" in json.loads((clean / "schemas" / name).read_text())
