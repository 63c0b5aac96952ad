"""Beside us in one run: a user's keyword list, and spaCy's parser with the same rules. Quality and speed."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.articles import make_articles
from bench.budget import Budget
from bench.figures import Figure, Section, plain, time_call
from bench.keywords import detect_keywords
from bench.parsed import ParsedDetector, load_parser
from bench.progress import Stages
from bench.rulebooks import load_shipped
from tocsin.adapters.corpus import load_corpus
from tocsin.adapters.memory_store import MemoryStore
from tocsin.core.article import Article
from tocsin.core.detection import detect
from tocsin.core.events.lineage import make_kinship
from tocsin.core.mentions import Detection
from tocsin.core.rulebook import Rulebook
from tocsin.core.scoring.conventions import KNOWN, PLAIN
from tocsin.core.scoring.gold import Split
from tocsin.core.scoring.names import make_name_book
from tocsin.core.scoring.score import Scores, score_corpus, to_details, to_object
from tocsin.pipeline.evaluate import find_all
from tocsin.processes.label_map import load_label_map
from tocsin.rulebook.detector import make_detector

OURS = Path(__file__).resolve().parent.parent / "tests" / "corpus"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

Detect = Callable[[Article], Detection]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure to compare on: of which corpus, and how it is read out of the scores."""

    corpus: str
    name: str
    read: Callable[[dict[str, Any], dict[str, Any]], float | None]


MEASURES = (
    Measure(
        corpus="case2021", name="weighted F1 of the main event", read=lambda o, _: _get(o, "primary", "weighted_f1")
    ),
    Measure(
        corpus="newswire_hand", name="share of non-events that ring", read=lambda _, d: _get(d, "news", "false_share")
    ),
    Measure(corpus="newswire_hand", name="recall of events", read=lambda _, d: _get(d, "news", "recall")),
    Measure(corpus="newswire_hand", name="micro F1 over types", read=lambda _, d: d["micro_f1"]),
    Measure(corpus="indiapolice_sents", name="arrest F1", read=lambda o, _: o["macro_f1"]),
    Measure(corpus="muc4_docs", name="micro F1 over documents", read=lambda _, d: d["micro_f1"]),
    Measure(corpus="wikievents_sents", name="micro F1", read=lambda _, d: d["micro_f1"]),
    Measure(corpus="status", name="status macro F1", read=lambda o, _: _get(o, "status", "macro_f1")),
    Measure(corpus="status", name="share of non-events that ring", read=lambda _, d: _get(d, "news", "false_share")),
    Measure(corpus="roles", name="micro F1 over types", read=lambda _, d: d["micro_f1"]),
    Measure(corpus="roles", name="agent F1", read=lambda o, _: _get(o, "roles", "agent")),
    Measure(corpus="roles", name="recipient F1", read=lambda o, _: _get(o, "roles", "recipient")),
)


def measure_rivals(*, articles: int, repeats: int, model: str, budget: Budget, stages: Stages) -> list[Section]:
    """The three systems on generated articles and on every known corpus within reach (TOCSIN_CORPORA, ours).

    Of the public sets only the part is read that development may read.
    """
    stages.begin("rivals: speed")
    rulebook = load_shipped()
    detector = make_detector(rulebook)
    systems: dict[str, Detect] = {
        "tocsin": lambda article: detect(article, detector),
        "keyword list": detect_keywords,
    }
    parser = load_parser(model)
    if parser is not None:
        systems[f"spaCy {model}, same rules"] = ParsedDetector(parser, rulebook, detector)
    missing = "" if parser is not None else f"spaCy with {model} is not installed"
    speed = _speed(systems, articles, repeats, missing, budget.part(0.4))
    return [*speed, *_quality(systems, rulebook, missing, budget, stages)]


def _speed(systems: Mapping[str, Detect], articles: int, repeats: int, missing: str, budget: Budget) -> list[Section]:
    texts = make_articles(articles)
    figures = []
    for number, (name, run) in enumerate(systems.items()):
        run(texts[0])
        rounds = budget.part(1 / (len(systems) - number)).rounds(repeats)
        rates = [len(texts) / time_call(lambda run=run: [run(text) for text in texts]) for _ in rounds]
        figures.append(plain(name, rates, "articles/s", f"{articles} articles"))
    return [Section(title="Speed beside others, one core", figures=(*figures, *_absent(missing)))]


def _quality(
    systems: Mapping[str, Detect], rulebook: Rulebook, missing: str, budget: Budget, stages: Stages
) -> list[Section]:
    paths = {path.stem: path for path in [*_external(), *sorted(OURS.glob("*.jsonl"))]}
    figures: list[Figure] = []
    wanted = list(dict.fromkeys(measure.corpus for measure in MEASURES if measure.corpus in paths))
    stages.begin("rivals: quality, corpora", len(wanted))
    left_out = wanted[:]
    for number in budget.rounds(len(wanted)):
        corpus = left_out.pop(0)
        for system, run in systems.items():
            scores = _score(paths[corpus], run, rulebook)
            shown, details = to_object(scores), to_details(scores)
            for measure in MEASURES:
                value = measure.read(shown, details) if measure.corpus == corpus else None
                if value is not None:
                    figures.append(plain(f"{corpus}: {measure.name}", [value], "", system))
        stages.advance(number + 1)
    figures.sort(key=lambda figure: figure.name)
    note = "" if os.environ.get("TOCSIN_CORPORA") else ", TOCSIN_CORPORA is not set"
    note += f", no time for {', '.join(left_out)}: see --limit-s" if left_out else ""
    return [Section(title=f"Quality beside others{note}", figures=(*figures, *_absent(missing)))]


def _score(path: Path, run: Detect, rulebook: Rulebook) -> Scores:
    convention = KNOWN.get(path.stem, PLAIN)
    rows = load_corpus(path, convention=convention)
    own = path.parent == OURS
    documents = [row for row in rows if own or row.in_split(Split.DEV)]
    beside = path.with_suffix(".map.yml")
    found = find_all(documents, detect=run, rulebook=rulebook, store=MemoryStore(), now=NOW)
    return score_corpus(
        path.stem,
        documents,
        found,
        names=make_name_book(rulebook),
        types=make_kinship(rulebook).types,
        convention=convention,
        labels=load_label_map(beside) if beside.is_file() else None,
    )


def _external() -> list[Path]:
    folder = os.environ.get("TOCSIN_CORPORA")
    return sorted(Path(folder).glob("*.jsonl")) if folder else []


def _absent(missing: str) -> list[Figure]:
    return [plain("spaCy's parser, same rules", [0.0], "", missing)] if missing else []


def _get(figures: dict[str, Any], group: str, name: str) -> float | None:
    return (figures[group] or {}).get(name)
