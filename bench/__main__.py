"""Measure everything, print tables; `--json FILE` keeps the figures too."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from bench.figures import Section, describe_machine, print_section
from bench.hostile import measure_hostile
from bench.pipeline import measure_pipeline
from bench.rivals import measure_rivals
from bench.rulebooks import load_shipped
from bench.scan import measure_loading, measure_scan, report_child
from tocsin.core.detection import compile_detector

PARTS = ("scan", "loading", "hostile", "pipeline", "rivals")


def main() -> None:
    """Run the parts asked for, all by default."""
    options = _parse()
    if options.child:
        report_child()
        return
    console = Console() if sys.stdout.isatty() else Console(width=150)
    console.print(f"{describe_machine()}; {options.repeats} repeats; text seeded\n", highlight=False)
    sections: list[Section] = []
    for part in options.parts or PARTS:
        for section in _measure(part, options):
            print_section(console, section)
            sections.append(section)
    if options.json:
        figures = [asdict(section) for section in sections]
        options.json.write_text(json.dumps({"machine": describe_machine(), "sections": figures}, indent=2) + "\n")


def _measure(part: str, options: argparse.Namespace) -> list[Section]:
    if part == "scan":
        return measure_scan(articles=options.articles, repeats=options.repeats)
    if part == "loading":
        return measure_loading(repeats=min(3, options.repeats))
    if part == "hostile":
        return measure_hostile(compile_detector(load_shipped()), repeats=min(3, options.repeats))
    if part == "pipeline":
        return measure_pipeline(articles=2 * options.articles, alerts=options.alerts, repeats=options.repeats)
    return measure_rivals(
        articles=min(200, options.articles), repeats=min(3, options.repeats), model=options.spacy_model
    )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to measure; default: everything")
    parser.add_argument("--articles", type=int, default=1000, help="how many generated articles")
    parser.add_argument("--repeats", type=int, default=5, help="how often each figure is taken")
    parser.add_argument("--alerts", type=int, default=40, help="how many single alerts are timed end to end")
    parser.add_argument("--spacy-model", default="en_core_web_sm", help="spaCy pipeline to compare with, if installed")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
