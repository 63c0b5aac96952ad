"""The command line as a whole: help, version, exit codes, and errors as lines an operator can act on."""

import subprocess
import sys
from pathlib import Path

import pytest
from processes.conftest import Tocsin

from tocsin.processes import cli


def test_without_a_command_it_shows_what_there_is(tocsin: Tocsin) -> None:
    answer = tocsin()

    assert answer.code == 2
    for command in ("demo", "init", "run", "rules", "explain", "feeds", "events", "deliveries", "status", "doctor"):
        assert command in answer.out + answer.err


def test_the_version_is_the_package_s(tocsin: Tocsin) -> None:
    answer = tocsin("--version")

    assert (answer.code, answer.out) == (0, "tocsin 0.1.0\n")


def test_it_runs_as_a_module_too(clean: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "tocsin", "--version"], capture_output=True, text=True, check=False, cwd=clean
    )

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "tocsin 0.1.0\n", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ring",), "No such command 'ring'"),
        (("status", "--colour"), "No such option"),
        (("worker",), "Missing argument 'STEP'"),
        (("worker", "brew"), "'brew' is not one of"),
        (("run", "--scan-workers", "0"), "Input should be greater than or equal to 1"),
        (("doctor", "--only", "coffee"), "'coffee' is not one of redis, rulebook, smtp, disk"),
        (("events", "list", "--limit", "-1"), "Input should be greater than or equal to 1"),
    ],
)
def test_wrong_usage_is_told_and_exits_2(tocsin: Tocsin, arguments: tuple[str, ...], says: str) -> None:
    answer = tocsin(*arguments)

    assert answer.code == 2
    assert answer.out == ""
    assert says in " ".join(answer.err.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("events", "list"),
        ("events", "show", "evt_1"),
        ("deliveries", "list"),
        ("deliveries", "resend", "dlv_1"),
        ("feeds", "list"),
        ("ticker",),
        ("poller",),
        ("worker", "scan"),
    ],
    ids=" ".join,
)
def test_without_a_server_each_command_says_so_in_one_line(
    tocsin: Tocsin, clean: Path, arguments: tuple[str, ...]
) -> None:
    answer = tocsin(*arguments)

    wanted = (
        f"tocsin: error: no server runs in '{clean / '.tocsin'}': start `tocsin run` here, or set TOCSIN_REDIS_URL\n"
    )
    assert (answer.code, answer.out, answer.err) == (1, "", wanted)


def test_a_store_that_does_not_answer_is_one_line(tocsin: Tocsin, monkeypatch: pytest.MonkeyPatch, clean: Path) -> None:
    monkeypatch.setenv("TOCSIN_REDIS_URL", f"unix://{clean}/nothing")

    answer = tocsin("status")

    assert answer.code == 1
    assert answer.err.startswith("tocsin: error: the store does not answer: ")
    assert answer.err.endswith(": start it, or correct TOCSIN_REDIS_URL\n")
    assert answer.err.count("\n") == 1


def test_settings_that_cannot_be_used_are_all_told(tocsin: Tocsin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_SMTP_PORT", "smtp")
    monkeypatch.setenv("TOCSIN_LOG_LEVEL", "loud")

    answer = tocsin("status")

    assert answer.code == 1
    assert answer.err.startswith("tocsin: error: unusable settings:\n")
    assert "TOCSIN_SMTP_PORT: " in answer.err
    assert "TOCSIN_LOG_LEVEL: " in answer.err


def test_a_rulebook_with_errors_stops_a_command_with_every_problem_where_it_is(tocsin: Tocsin, broken: Path) -> None:
    answer = tocsin("rules", "list")

    assert answer.code == 1
    *problems, summary = answer.err.splitlines()
    places = {line.removeprefix(f"{broken}/").split(":")[0] for line in problems}
    assert places == {"feeds.yml", "subscriptions.yml"}
    assert summary.startswith(f"tocsin: error: {len(problems)} errors in ")


def test_a_reader_that_goes_away_ends_it_quietly(desk: Path) -> None:
    """`tocsin rules list | head -1`."""
    command = f"{sys.executable} -m tocsin rules list --json | head -c 1"
    answer = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=desk)

    assert (answer.stdout, answer.stderr) == ("[", "")


def test_ctrl_c_ends_a_command_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(**_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "app", interrupted)

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 130
