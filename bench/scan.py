"""Detection alone, on one core: articles per second, per article, the worst case, loading and memory."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.articles import make_articles, make_worst
from bench.budget import BenchError, Budget
from bench.figures import Figure, Section, at_least, at_most, percentile, plain, time_call
from bench.progress import Stages
from bench.rulebooks import ALIASES, LIVE_RULES, load_shipped, with_aliases, with_rules
from tocsin.core.article import Article
from tocsin.core.detection import Detector, detect
from tocsin.rulebook.detector import make_detector

GOAL = 1_500.0
GOAL_LIVE = 800.0


def measure_scan(*, articles: int, repeats: int, budget: Budget, stages: Stages) -> list[Section]:
    """Speed with the shipped rules and with 200 live ones, both with 20,000 aliases; then the worst case."""
    stages.begin("scan: preparing")
    texts = make_articles(articles)
    shipped = with_aliases(load_shipped())
    detector = make_detector(shipped)
    note = f"{articles} articles of about 500 words, {ALIASES:,} aliases, {len(shipped.rules)} rules"
    speed = _Speed(repeats=repeats, stages=stages)
    figures = [*speed.measure("scan, shipped rules", texts, detector, budget.part(0.35), bar=GOAL, note=note)]
    figures += _shares(texts, detector)
    live = make_detector(with_rules(shipped))
    told = "copies share every trigger"
    figures += speed.measure(f"scan, {LIVE_RULES} live rules", texts, live, budget.part(0.6), bar=GOAL_LIVE, note=told)
    worst = make_worst(max(20, articles // 20))
    figures += speed.measure("worst case", worst, detector, budget, note="a trigger in every sentence")
    return [Section(title="Scan, one core", figures=tuple(figures))]


def measure_loading(*, repeats: int, budget: Budget, stages: Stages) -> list[Section]:
    """Loading and compiling the shipped rulebook in fresh processes, and what such a process weighs."""
    stages.begin("loading: fresh processes", repeats)
    runs = []
    for number in budget.rounds(repeats):
        runs.append(_child())
        stages.advance(number + 1)
    figures = (
        at_most("rulebook loaded and compiled", [run["load_s"] for run in runs], "s", 1.5, "fresh process each time"),
        plain("of that, reading and checking the files", [run["read_s"] for run in runs], "s"),
        at_most("memory of a scan process", [run["rss_mb"] for run in runs], "MB", 250, "after 200 articles"),
    )
    return [Section(title="Loading and memory", figures=figures)]


def report_child() -> None:
    """What `measure_loading` asks a fresh process for."""
    started = time.perf_counter()
    rulebook = load_shipped()
    read = time.perf_counter()
    detector = make_detector(rulebook)
    loaded = time.perf_counter()
    for article in make_articles(200):
        detect(article, detector)
    sys.stdout.write(json.dumps({"load_s": loaded - started, "read_s": read - started, "rss_mb": resident_mb()}) + "\n")


def resident_mb() -> float:
    """What this process holds at its greatest, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # On Linux `ru_maxrss` of a fresh process starts at its parent's; this begins anew with the program.
        held = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return int(held.split()[1]) / 1_000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes, Linux kilobytes.
    return peak / (1_000_000 if sys.platform == "darwin" else 1_000)


def _child() -> dict[str, float]:
    command = [sys.executable, "-m", "bench", "--child"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise BenchError(f"a fresh process failed: {done.stderr.strip()[-500:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speed:
    repeats: int
    stages: Stages

    def measure(
        self,
        name: str,
        texts: Sequence[Article],
        detector: Detector,
        budget: Budget,
        *,
        bar: float | None = None,
        note: str = "",
    ) -> list[Figure]:
        """The texts read one after another, as often as asked or as the time allows."""
        self.stages.begin(name, self.repeats)
        for article in texts[:20]:
            detect(article, detector)
        rates, by_cpu, middles, tails, longest = [], [], [], [], []
        for number in budget.rounds(self.repeats):
            began = time.process_time()
            times = [time_call(lambda article=article: detect(article, detector)) for article in texts]
            by_cpu.append(len(texts) / (time.process_time() - began))
            rates.append(len(texts) / sum(times))
            middles.append(1000 * percentile(times, 0.5))
            tails.append(1000 * percentile(times, 0.99))
            longest.append(1000 * max(times))
            self.stages.advance(number + 1)
        unit = "articles/s"
        rate = at_least(name, rates, unit, bar, note, headline=True) if bar else plain(name, rates, unit, note)
        tail = at_most("  p99 of an article", tails, "ms", 5) if bar else plain("  p99 of an article", tails, "ms")
        cpu = plain("  by processor time", by_cpu, unit, "what other programs take is left out")
        return [rate, cpu, plain("  p50 of an article", middles, "ms"), tail, plain("  longest article", longest, "ms")]


def _shares(texts: Sequence[Article], detector: Detector) -> list[Figure]:
    """What the generated articles turned out to hold: the speed means little without it."""
    found = [detect(article, detector) for article in texts]
    opening = 100 * sum(any(m.opens for m in one.mentions) for one in found) / len(texts)
    silent = 100 * sum(bool(one.mentions) and not any(m.opens for m in one.mentions) for one in found) / len(texts)
    words = sum(len(article.text.split()) for article in texts) / len(texts)
    read = sum(one.read for one in found) / len(texts)
    drafts = sum(one.drafts for one in found) / len(texts)
    return [
        plain("  articles with an event found", [opening], "%", "one in five is written with events"),
        plain("  articles with silent mentions only", [silent], "%", "one in five only sounds like an event"),
        plain("  words an article", [words], ""),
        plain("  sentences read an article", [read], "", "the same on every machine: a change of rules or code shows"),
        plain("  drafts an article", [drafts], ""),
    ]
