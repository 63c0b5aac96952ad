"""Figures and how they are told: the median of several repeats with the least and the greatest."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured thing. `bar` is what the design asks for; `met` is None where it asks for nothing.

    A `headline` is shown once more in the summary at the end.
    """

    name: str
    values: tuple[float, ...]
    unit: str
    bar: str = ""
    met: bool | None = None
    note: str = ""
    headline: bool = False

    @property
    def median(self) -> float:
        """The middle of the repeats."""
        return statistics.median(self.values)

    def render(self) -> str:
        """The median, and the range when there were repeats."""
        text = f"{_number(self.median)} {self.unit}".strip()
        if len(self.values) > 1:
            text += f"  ({_number(min(self.values))} to {_number(max(self.values))})"
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Figures under one heading. `missing` says why there are none."""

    title: str
    figures: tuple[Figure, ...] = ()
    missing: str = ""


def at_least(
    name: str, values: Sequence[float], unit: str, bar: float, note: str = "", *, headline: bool = False
) -> Figure:
    """A figure that must reach the bar."""
    met = statistics.median(values) >= bar
    told = f"≥ {_number(bar)}"
    return Figure(name=name, values=tuple(values), unit=unit, bar=told, met=met, note=note, headline=headline)


def at_most(
    name: str, values: Sequence[float], unit: str, bar: float, note: str = "", *, headline: bool = False
) -> Figure:
    """A figure that must stay below the bar."""
    met = statistics.median(values) <= bar
    told = f"≤ {_number(bar)}"
    return Figure(name=name, values=tuple(values), unit=unit, bar=told, met=met, note=note, headline=headline)


def plain(name: str, values: Sequence[float], unit: str, note: str = "", *, headline: bool = False) -> Figure:
    """A figure without a bar."""
    return Figure(name=name, values=tuple(values), unit=unit, note=note, headline=headline)


def time_call(call: Callable[[], object]) -> float:
    """Seconds of one call."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def describe_machine() -> str:
    """Processor, cores, load, Python: a figure means nothing without them."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
    load = f", load {os.getloadavg()[0]:.1f} when begun" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} cores{load}, Python {platform.python_version()}, {platform.system()}"


def summarise(sections: Sequence[Section]) -> Section:
    """The headlines of all sections, and why those are missing that could not be measured."""
    headlines = tuple(figure for section in sections for figure in section.figures if figure.headline)
    missing = "; ".join(section.missing for section in sections if section.missing)
    return Section(title="Summary", figures=headlines, missing=missing)


def print_section(console: Console, section: Section) -> None:
    """One table."""
    table = Table(title=section.title, title_justify="left", box=None, header_style="bold", title_style="bold")
    for head in ("what", "median (least to greatest)", "bar", "", "note"):
        table.add_column(head, overflow="fold")
    if section.missing:
        table.add_row("–", section.missing, "", "", "")
    for figure in section.figures:
        verdict = "" if figure.met is None else "[green]met[/green]" if figure.met else "[red]not met[/red]"
        table.add_row(figure.name, figure.render(), figure.bar, verdict, figure.note)
    console.print(table)
    console.print()


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value else "0"
