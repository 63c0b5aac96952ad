"""`tocsin eval` through the command line, on corpora of our own sentences and the shipped rulebook."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from tocsin.errors import CorpusError
from tocsin.processes import cli_eval
from tocsin.processes.eval_jobs import find_jobs

ARREST = "Police in Tangier arrested six people on Friday."
IDIOM = "The choir struck a chord with its audience on Friday."


def run(*args: str | Path) -> Result:
    app = typer.Typer(pretty_exceptions_enable=False)
    cli_eval.register(app)
    app.command("other")(lambda: None)  # with one command only, typer would take its name for an argument
    return CliRunner().invoke(app, ["eval", *map(str, args)])


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def annotated(tmp_path: Path) -> Path:
    event = {
        "key": "K", "type": "arrest", "status": "asserted", "date": "2026-03-06", "country": "MA", "place": "Tangier",
        "count": 6, "agent": "Police", "target": ["six people"], "linked": [], "sentence": ARREST,
    }  # fmt: skip
    row = {"lang": "en", "source": "one.example", "published": "2026-03-09T10:00:00Z", "title": "A raid at dawn"}
    return write(
        tmp_path / "ours.jsonl",
        {**row, "id": "1", "text": ARREST, "events": [event], "traps": []},
        {**row, "id": "2", "text": IDIOM, "title": "", "events": [], "traps": [{"kind": "idiom", "sentence": IDIOM}]},
    )


def test_an_annotated_corpus_gives_one_object_with_the_agreed_keys(annotated: Path) -> None:
    result = run(annotated, "--json")

    figures = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(figures) == [
        "corpus", "articles", "types", "macro_f1", "primary", "roles", "status", "false_alerts", "identity",
    ]  # fmt: skip
    assert (figures["corpus"], figures["articles"], figures["primary"]) == ("ours", 2, None)
    assert figures["types"]["arrest"]["f1"] == 1.0
    assert figures["status"] == {"macro_f1": 1.0}
    assert figures["false_alerts"] == {
        "negatives": 1, "rang": 0, "by_kind": {"idiom": {"negatives": 1, "rang": 0}},
    }  # fmt: skip
    assert figures["roles"]["count"] == figures["roles"]["date"] == figures["roles"]["place"] == 1.0


def test_details_carry_intervals_and_a_second_run_gives_the_same(annotated: Path) -> None:
    first, second = run(annotated, "--json", "--details"), run(annotated, "--json", "--details")

    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["details"]["intervals"]["types.arrest.f1"] == [1.0, 1.0]


def test_predictions_index_the_rows_own_text(annotated: Path, tmp_path: Path) -> None:
    target = tmp_path / "found.jsonl"

    result = run(annotated, "--json", "--predictions", target)

    first, second = (json.loads(line) for line in target.read_text(encoding="utf-8").splitlines())
    assert result.exit_code == 0
    assert (first["id"], first["primary"], second) == (
        "1", "arrest", {"id": "2", "primary": None, "events": [], "silent": []},
    )  # fmt: skip
    [event] = first["events"]
    assert list(event) == [
        "event_id", "type", "status", "rings", "date", "date_precision", "country", "place", "count", "object",
        "agent", "recipient", "linked", "sentence", "start", "end",
    ]  # fmt: skip
    assert ARREST[event["start"] : event["end"]] == event["sentence"]
    assert (event["rings"], event["date"], event["date_precision"], event["count"]) == (True, "2026-03-06", "day", 6)
    assert event["agent"] == [{"text": "Police", "actor": None}]


def test_a_sentence_of_the_title_says_so(tmp_path: Path) -> None:
    title = "Police arrest six people in Tangier"
    corpus = write(
        tmp_path / "t.jsonl", {"id": "1", "title": title, "text": "The weather was fine.", "labels": ["arrest"]}
    )
    target = tmp_path / "found.jsonl"

    run(corpus, "--json", "--predictions", target)

    [event] = json.loads(target.read_text(encoding="utf-8"))["events"]
    assert (event["in"], title[event["start"] : event["end"]]) == ("title", event["sentence"])


def test_a_map_scores_the_main_event_and_is_found_beside_the_corpus(tmp_path: Path) -> None:
    corpus = write(
        tmp_path / "single.jsonl",
        {"id": "1", "text": ARREST, "labels": ["arrest"], "raw_label": "DETAINED", "extra": {"also_mentions": []}},
        {"id": "2", "text": IDIOM, "labels": [], "raw_label": "REST"},
        {"id": "3", "text": IDIOM, "labels": [], "raw_label": "STORM"},
    )
    (tmp_path / "single.map.yml").write_text("DETAINED: [arrest]\nREST: []\n", encoding="utf-8")

    figures = json.loads(run(corpus, "--json").stdout)

    assert (figures["articles"], figures["primary"]["accuracy"]) == (2, 1.0)
    assert figures["types"]["arrest"]["precision"] is None


def test_every_broken_line_is_located_at_once(tmp_path: Path) -> None:
    corpus = tmp_path / "bad.jsonl"
    corpus.write_text('{"id": "1"}\n[]\nnope\n{"id": "2", "text": "x", "date": "soon"}\n', encoding="utf-8")

    result = run(corpus)

    assert isinstance(result.exception, CorpusError)
    assert str(result.exception).splitlines() == [
        f"{corpus}:1: 'text': field required: correct this field",
        f"{corpus}:2: not a JSON object: write one object a line",
        f"{corpus}:3: not a JSON object (Expecting value at column 1): write one object a line",
        f"{corpus}:4: 'date' is 'soon', not a date: write it as 2026-03-09",
        f"{corpus}: 4 unusable rows",
    ]


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    corpus = write(tmp_path / "twice.jsonl", *({"id": "1", "text": IDIOM, "labels": []} for _ in range(2)))

    assert "id '1' is used twice" in str(run(corpus).exception)


def test_a_broken_map_is_located(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", {"id": "1", "text": IDIOM, "labels": []})
    label_map = tmp_path / "m.yml"
    label_map.write_text("ARREST: [arrest]\nRAID: {a: b}\n", encoding="utf-8")

    assert f"{label_map}:2:1: error: label 'RAID' has no list of types" in str(
        run(corpus, "--map", label_map).exception
    )


def test_errors_show_the_miss_with_the_detectors_reasons(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", {"id": "odd", "text": ARREST, "labels": [], "extra": {"kind": "drill"}})

    result = run(corpus, "--errors", "--kind", "drill")

    assert "odd" in result.stdout
    assert "rang arrest: wanted silence" in result.stdout
    assert "agent accepted" in result.stdout
    assert "1 misses shown" in result.stdout
    assert "0 misses shown" in run(corpus, "--errors", "--kind", "sport").stdout


def test_the_table_names_types_and_the_summary_every_corpus(annotated: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other.jsonl", {"id": "1", "text": ARREST, "labels": ["arrest"]})

    result = run(annotated, other)

    assert result.exit_code == 0
    assert "95 % interval" in result.stdout
    assert {"ours", "other"} <= set(result.stdout.split())


def test_without_a_corpus_the_usage_is_wrong() -> None:
    result = run()

    assert (result.exit_code, "name a corpus" in result.output) == (2, True)


def test_all_takes_the_folder_of_the_environment_and_our_own_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "theirs.jsonl", {"id": "1", "text": IDIOM, "labels": []})
    monkeypatch.setenv("TOCSIN_CORPORA", str(tmp_path))
    assert [(job.name, job.may_split) for job in find_jobs([], every=True)] == [
        ("theirs", True), ("roles", False), ("status", False),
    ]  # fmt: skip

    monkeypatch.delenv("TOCSIN_CORPORA")
    assert [job.name for job in find_jobs([], every=True)] == ["roles", "status"]
    assert "TOCSIN_CORPORA is not set: scoring only the challenge sets of this checkout" in capsys.readouterr().err


def test_a_split_without_rows_is_told(annotated: Path) -> None:
    result = run(annotated, "--split", "dev", "--json")

    # Both groups, "1" and "2", fall into the held-out third.
    assert "no row in the split 'dev': score --split all" in str(result.exception)
