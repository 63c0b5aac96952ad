"""The benchmark's time limits: it ends when it says, and says what it waited for."""

import pytest
from bench.budget import BenchError, Budget
from bench.figures import Section, at_least, plain, summarise


def test_one_round_is_taken_however_little_time_there_is() -> None:
    assert list(Budget(0).rounds(5)) == [0]


def test_with_time_left_every_round_is_taken() -> None:
    assert list(Budget(60).rounds(3)) == [0, 1, 2]


def test_a_part_is_never_longer_than_what_is_left() -> None:
    assert Budget(0).part(0.5).seconds == 0
    assert 29 < Budget(60).part(0.5).seconds <= 30


def test_waiting_without_end_is_an_error_that_says_for_what() -> None:
    with pytest.raises(BenchError, match=r"^the last wave: 3 articles wait \(the limit of 0 s is used up\)$"):
        Budget(0).wait(lambda: False, lambda: "the last wave: 3 articles wait")


def test_what_is_there_already_needs_no_time() -> None:
    Budget(0).wait(lambda: True, lambda: "nothing")


def test_the_summary_repeats_the_headlines_and_tells_what_is_missing() -> None:
    first = Section(title="scan", figures=(at_least("scan", [900], "/s", 1500, headline=True), plain("note", [1], "")))
    second = Section(title="pipeline", missing="pipeline: the server did not come up")

    summary = summarise([first, second])

    assert ["scan"] == [figure.name for figure in summary.figures]
    assert summary.missing == "pipeline: the server did not come up"
