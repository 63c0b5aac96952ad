"""The rulebook of a running process: changes are taken over, broken ones refused loudly and the last good one kept."""

import threading
import time
from pathlib import Path

import pytest
from processes.conftest import Tocsin
from redis_server import wait_until
from structlog.testing import capture_logs

from tocsin.core.rulebook import Rulebook
from tocsin.errors import RulebookError
from tocsin.processes.rule_watch import RuleWatch, find_workspace, load_or_refuse
from tocsin.processes.worker import Derived

GOOD = "feeds:\n  - {{id: {0}, url: 'https://{0}.example/rss'}}\n"
BAD = "feeds:\n  - {id: wire, ulr: 'https://wire.example/rss'}\n"


def feeds(watch: RuleWatch) -> list[str]:
    return [feed.id for feed in watch.current().feeds]


def test_a_change_is_taken_over_and_announced(desk: Path) -> None:
    heard: list[Rulebook] = []
    watch = RuleWatch(desk, on_change=heard.append)
    assert feeds(watch) == []

    with capture_logs() as logs:
        (desk / "feeds.yml").write_text(GOOD.format("wire"))
        wait_until(lambda: feeds(watch) == ["wire"], what="the take-over")

    assert [["wire"]] == [[feed.id for feed in rulebook.feeds] for rulebook in heard]
    [loaded] = [entry for entry in logs if entry["event"] == "rulebook_loaded"]
    assert loaded["digest"] == watch.current().digest[:8]


def test_a_broken_file_is_refused_loudly_once_and_the_last_good_one_stays(desk: Path) -> None:
    (desk / "feeds.yml").write_text(GOOD.format("wire"))
    watch = RuleWatch(desk)
    before = watch.current().digest

    with capture_logs() as logs:
        (desk / "feeds.yml").write_text(BAD)
        wait_until(lambda: bool(watch.current() and watch.refused), what="the refusal")
        end = time.monotonic() + 2.5
        wait_until(lambda: bool(watch.current()) and time.monotonic() > end)

    refusals = [entry for entry in logs if entry["event"] == "rulebook_refused"]
    assert len(refusals) == 1, "a fault that stays is told once"
    assert refusals[0]["log_level"] == "error"
    assert any("feeds.yml:2:" in problem and "'ulr'" in problem for problem in refusals[0]["problems"])
    assert refusals[0]["kept"] == before[:8]
    assert watch.current().digest == before
    assert feeds(watch) == ["wire"]


def test_once_mended_it_is_taken_over(desk: Path) -> None:
    watch = RuleWatch(desk)
    (desk / "feeds.yml").write_text(BAD)
    wait_until(lambda: bool(watch.current() and watch.refused), what="the refusal")

    (desk / "feeds.yml").write_text(GOOD.format("mended"))

    wait_until(lambda: feeds(watch) == ["mended"], what="the take-over")
    assert watch.refused == ()


def test_undoing_a_mistake_is_no_news(desk: Path) -> None:
    heard: list[Rulebook] = []
    (desk / "feeds.yml").write_text(GOOD.format("wire"))
    watch = RuleWatch(desk, on_change=heard.append)
    (desk / "feeds.yml").write_text(BAD)
    wait_until(lambda: bool(watch.current() and watch.refused), what="the refusal")

    (desk / "feeds.yml").write_text(GOOD.format("wire"))

    wait_until(lambda: bool(watch.current()) and not watch.refused, what="the recovery")
    assert heard == []


@pytest.mark.parametrize("change", ["added", "removed"])
def test_files_that_come_and_go_are_seen(desk: Path, change: str) -> None:
    mine = desk / "actors" / "mine.yml"
    text = (
        "id: mine\ntitle: Mine\nactors:\n  - id: harbour_gang\n    name: Harbour Gang\n    kind: criminal_group\n"
        "    aliases: {en: [Harbour Gang]}\n"
    )
    if change == "removed":
        mine.write_text(text)
    watch = RuleWatch(desk)
    had = "harbour_gang" in watch.current().actors
    assert had is (change == "removed")

    if change == "removed":
        mine.unlink()
    else:
        mine.write_text(text)

    wait_until(lambda: ("harbour_gang" in watch.current().actors) is not had)


def test_hidden_folders_and_data_are_not_looked_at(desk: Path) -> None:
    watch = RuleWatch(desk)
    digest = watch.current().digest
    (desk / ".tocsin").mkdir()
    (desk / ".tocsin" / "feeds.yml").write_text(BAD)
    (desk / "notes.txt").write_text("not ours")

    end = time.monotonic() + 2.5
    wait_until(lambda: bool(watch.current()) and time.monotonic() > end)

    assert watch.current().digest == digest
    assert watch.refused == ()


def test_a_workspace_that_vanishes_keeps_the_last_rulebook(desk: Path, tmp_path: Path) -> None:
    """An unmounted volume must not silence the desk."""
    (desk / "feeds.yml").write_text(GOOD.format("wire"))
    watch = RuleWatch(desk)

    desk.rename(tmp_path / "elsewhere")
    end = time.monotonic() + 2.5
    wait_until(lambda: bool(watch.current()) and time.monotonic() > end)

    assert feeds(watch) == ["wire"]


def test_threads_may_ask_at_once(desk: Path) -> None:
    watch = RuleWatch(desk)
    (desk / "feeds.yml").write_text(GOOD.format("wire"))
    found: list[list[str]] = []

    def ask() -> None:
        wait_until(lambda: feeds(watch) == ["wire"])
        found.append(feeds(watch))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [["wire"]] * 4


def test_what_is_made_of_a_rulebook_is_made_once_for_each(desk: Path) -> None:
    watch = RuleWatch(desk)
    made: list[str] = []
    derived = Derived(watch, lambda rulebook: made.append(rulebook.digest) or rulebook.digest)

    first = [derived() for _ in range(3)]
    (desk / "feeds.yml").write_text(GOOD.format("wire"))
    wait_until(lambda: derived() != first[0], what="the take-over")

    assert made == [first[0], derived()]


def test_a_process_does_not_start_on_a_broken_rulebook(desk: Path) -> None:
    (desk / "feeds.yml").write_text(BAD)

    with pytest.raises(RulebookError) as refused:
        RuleWatch(desk)

    assert any("'ulr'" in problem for problem in refused.value.problems)


def test_a_workspace_is_the_folder_named_or_the_current_one_if_it_is_one(tmp_path: Path, desk: Path) -> None:
    assert find_workspace(tmp_path, desk) == tmp_path
    assert find_workspace(None, desk) == desk
    assert find_workspace(None, tmp_path / "nowhere") is None


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, tocsin: Tocsin) -> None:
    with pytest.raises(RulebookError, match="does not exist: make one with `tocsin init"):
        load_or_refuse(tmp_path / "nowhere")
