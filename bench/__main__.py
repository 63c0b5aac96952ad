"""Measure everything within six minutes and print tables; `--json FILE` keeps the figures too.

Exits 1 when a part could not be measured. A bar that is not met is told in its table and changes no exit code.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from bench.budget import BenchError, Budget
from bench.figures import Section, describe_machine, print_section, summarise
from bench.hostile import measure_hostile
from bench.pipeline import measure_pipeline
from bench.progress import Stages
from bench.rivals import measure_rivals
from bench.rulebooks import load_shipped
from bench.scan import measure_loading, measure_scan, report_child
from tocsin.rulebook.detector import make_detector

# How much of the time each part may take.
PARTS = {"scan": 0.2, "loading": 0.1, "hostile": 0.1, "pipeline": 0.45, "rivals": 0.15}


def main() -> None:
    """Run the parts asked for, all by default."""
    options = _parse()
    if options.child:
        report_child()
        return
    console = Console() if sys.stdout.isatty() else Console(width=150)
    console.print(f"{describe_machine()}; at most {options.repeats} repeats; text seeded\n", highlight=False)
    sections: list[Section] = []
    parts = options.parts or list(PARTS)
    whole = sum(PARTS[part] for part in parts)
    with Stages() as stages:
        for part in parts:
            for section in _measure_or_tell(part, options.limit_s * PARTS[part] / whole, options, stages):
                print_section(console, section)
                sections.append(section)
    summary = summarise(sections)
    print_section(console, summary)
    if options.json:
        figures = [asdict(section) for section in sections]
        options.json.write_text(json.dumps({"machine": describe_machine(), "sections": figures}, indent=2) + "\n")
    sys.exit(1 if summary.missing else 0)


def _measure_or_tell(part: str, limit_s: float, options: argparse.Namespace, stages: Stages) -> list[Section]:
    try:
        return _measure(part, limit_s, options, stages)
    except BenchError as error:
        sys.stderr.write(f"bench: {part}: {error}\n")
        return [Section(title=part, missing=f"{part}: {error}")]


def _measure(part: str, limit_s: float, options: argparse.Namespace, stages: Stages) -> list[Section]:
    budget = Budget(limit_s)
    few = min(3, options.repeats)
    if part == "scan":
        return measure_scan(articles=options.articles, repeats=options.repeats, budget=budget, stages=stages)
    if part == "loading":
        return measure_loading(repeats=few, budget=budget, stages=stages)
    if part == "hostile":
        return measure_hostile(make_detector(load_shipped()), repeats=few, budget=budget, stages=stages)
    if part == "pipeline":
        return measure_pipeline(
            articles=2 * options.articles,
            alerts=options.alerts,
            repeats=options.repeats,
            limit_s=limit_s,
            stages=stages,
        )
    articles = min(200, options.articles)
    return measure_rivals(articles=articles, repeats=few, model=options.spacy_model, budget=budget, stages=stages)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to measure; default: everything")
    parser.add_argument("--articles", type=int, default=500, help="how many generated articles")
    parser.add_argument("--repeats", type=int, default=5, help="how often each figure is taken, if the time allows")
    parser.add_argument("--alerts", type=int, default=40, help="how many single alerts are timed end to end")
    parser.add_argument("--limit-s", type=float, default=330, help="how long the run may take, in seconds")
    parser.add_argument("--spacy-model", default="en_core_web_sm", help="spaCy pipeline to compare with, if installed")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
