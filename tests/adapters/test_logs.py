"""Logs: JSON lines for a machine, words for a terminal, one threshold, and tracebacks that stay whole."""

import json
import subprocess
import sys

CODE = """
import logging, sys
from tocsin.adapters.logs import configure_logs, get_logger
configure_logs(level=sys.argv[1], style=sys.argv[2], process="worker scan")
get_logger().debug("articles_scanned", articles=3)
get_logger().info("feed_polled", feed="wire", title="é\\n\\x1b[31mred")
logging.getLogger("aiohttp").info("chatter")
logging.getLogger("aiohttp").warning("trouble")
try:
    1 / 0
except ZeroDivisionError:
    get_logger().exception("step_failed", row="art_1")
"""


def logged(level: str = "info", style: str = "auto") -> str:
    answer = subprocess.run([sys.executable, "-c", CODE, level, style], capture_output=True, text=True, check=True)
    assert answer.stdout == "", "standard output is for answers"
    return answer.stderr


def entries(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_without_a_terminal_each_fact_is_a_line_of_json() -> None:
    polled, failed = entries(logged())

    assert (polled["event"], polled["feed"], polled["process"], polled["level"]) == (
        "feed_polled", "wire", "worker scan", "info",
    )  # fmt: skip
    assert str(polled["timestamp"]).endswith("Z")
    assert polled["title"] == "é\n\x1b[31mred"
    assert (failed["event"], failed["level"]) == ("step_failed", "error")
    assert "ZeroDivisionError" in str(failed["exception"])


def test_the_threshold_is_the_operators() -> None:
    assert "articles_scanned" in {entry["event"] for entry in entries(logged("debug"))}
    assert {"step_failed"} == {entry["event"] for entry in entries(logged("error"))}


def test_a_person_reads_words_and_no_escape_from_the_news() -> None:
    text = logged(style="console")

    assert "feed_polled" in text
    assert "feed=wire" in text
    assert "\x1b[31mred" not in text


def test_libraries_speak_only_when_something_is_wrong() -> None:
    text = logged()

    assert "chatter" not in text
    assert "trouble" in text
