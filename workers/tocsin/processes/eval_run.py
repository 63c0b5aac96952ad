"""Run an evaluation: load the rulebook once, feed each corpus through it, and report."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tocsin.adapters.corpus import load_corpus
from tocsin.adapters.memory_store import MemoryStore
from tocsin.core.detection import Detector, detect
from tocsin.core.events.lineage import Lineage, make_kinship
from tocsin.core.rulebook import Rulebook
from tocsin.core.scoring.found import FoundDocument
from tocsin.core.scoring.gold import GoldDocument, Split
from tocsin.core.scoring.names import NameBook, make_name_book
from tocsin.core.scoring.score import Scores, is_scored, make_vocabulary, score_corpus, to_details, to_object
from tocsin.core.scoring.tally_primary import LabelMap
from tocsin.errors import EmptySplit
from tocsin.pipeline.evaluate import article_of, draw_groups, find_all
from tocsin.processes.eval_errors import Wanted, list_misses, print_miss
from tocsin.processes.eval_jobs import Job
from tocsin.processes.eval_table import print_scores, print_summary
from tocsin.processes.label_map import load_label_map
from tocsin.processes.rule_watch import load_or_refuse
from tocsin.processes.wiring import settings_of, workspace_of
from tocsin.rulebook.detector import make_detector


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A corpus that was read: the rows of the split, and its label map."""

    job: Job
    documents: tuple[GoldDocument, ...]
    labels: LabelMap | None


def read_corpus(job: Job, *, split: Split = Split.ALL) -> Corpus:
    """Raises `CorpusError` when it cannot be read or the split holds no row. Our own challenge sets are not split."""
    labels = load_label_map(job.label_map) if job.label_map else None
    part = split if job.may_split else Split.ALL
    rows = load_corpus(job.path, convention=job.convention)
    documents = tuple(document for document in rows if document.in_split(part))
    if not documents:
        raise EmptySplit(f"{job.path}: no row in the split '{part}': score --split all")
    return Corpus(job=job, documents=documents, labels=labels)


def read_corpora(jobs: Sequence[Job], *, split: Split = Split.ALL) -> list[Corpus]:
    """Several corpora: one that has no row in the split is left out, and said so. Raises when none has any."""
    corpora: list[Corpus] = []
    for job in jobs:
        try:
            corpora.append(read_corpus(job, split=split))
        except EmptySplit as exc:
            if len(jobs) == 1:
                raise
            sys.stderr.write(f"tocsin: left out: {exc}\n")
    if not corpora:
        raise EmptySplit(f"no row of any corpus is in the split '{split}': score --split all")
    return corpora


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One corpus, what was found in it, and the scores."""

    corpus: Corpus
    found: dict[str, FoundDocument]
    scores: Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A rulebook ready to be scored, and the instant that undated rows are read at."""

    rulebook: Rulebook
    detector: Detector
    names: NameBook
    types: Lineage
    now: datetime

    def run(self, corpus: Corpus, *, intervals: bool = True) -> Evaluation:
        """Feed one corpus through detection and identity, and score it."""
        job = corpus.job
        with _progress(job.name, len(corpus.documents)) as advance:
            found = find_all(
                corpus.documents,
                detect=lambda article: detect(article, self.detector),
                rulebook=self.rulebook,
                store=MemoryStore(),
                now=self.now,
                on_progress=advance,
            )
        scores = score_corpus(
            job.name,
            corpus.documents,
            found,
            names=self.names,
            types=self.types,
            convention=job.convention,
            labels=corpus.labels,
            draws=draw_groups if intervals else None,
        )
        return Evaluation(corpus=corpus, found=found, scores=scores)


def open_bench(rules: Path | None = None) -> Bench:
    """The rulebook in `rules`, else the environment's, else the shipped one. Raises `RulebookError`."""
    return make_bench(load_or_refuse(workspace_of(settings_of(rules=rules))))


def make_bench(rulebook: Rulebook, *, now: datetime | None = None) -> Bench:
    """A rulebook ready to be scored."""
    return Bench(
        rulebook=rulebook,
        detector=make_detector(rulebook),
        names=make_name_book(rulebook),
        types=make_kinship(rulebook).types,
        now=now or datetime.now(UTC),
    )


def print_json(results: Sequence[Evaluation], *, details: bool) -> None:
    """One object a corpus, one a line."""
    for result in results:
        figures = to_object(result.scores)
        if details:
            figures["details"] = to_details(result.scores)
        sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")


def print_tables(results: Sequence[Evaluation]) -> None:
    """The tables of each corpus; with several, a summary last."""
    console = _console()
    for result in results:
        print_scores(console, result.scores)
    if len(results) > 1:
        console.print()
        print_summary(console, [result.scores for result in results])


def print_errors(bench: Bench, results: Sequence[Evaluation], wanted: Wanted, limit: int) -> None:
    """The first `limit` misses that are wanted, each with its trace, and how many are left."""
    console = _console()
    shown = left = 0
    for result in results:
        corpus = result.corpus
        scored = [document for document in corpus.documents if is_scored(document, corpus.labels)]
        vocabulary = make_vocabulary(scored, bench.types, corpus.job.convention)
        for document, miss in list_misses(scored, result.found, vocabulary, bench.names, corpus.labels, wanted):
            if shown >= limit:
                left += 1
                continue
            shown += 1
            article = article_of(document, now=bench.now)
            print_miss(console, document, miss, article, detect(article, bench.detector, trace=True).trace)
    more = f", {left} more: raise --limit, or narrow with --kind and --types" if left else ""
    console.print(f"{shown} misses shown{more}")


def _console() -> Console:
    # Into a file or a pipe, rich would fold the tables at 80 columns.
    return Console() if sys.stdout.isatty() else Console(width=170)


@contextmanager
def _progress(name: str, total: int) -> Iterator[Callable[[], None]]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(name, total=total)
        yield lambda: progress.advance(task)
