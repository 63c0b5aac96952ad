"""Input that wants to hang a worker. Each text is read whole and half: twice the text may cost twice the time, not four
times.
"""

from collections.abc import Callable, Sequence

from bench.articles import article_of
from bench.budget import Budget
from bench.figures import Figure, Section, plain, time_call
from bench.progress import Stages
from tocsin.core.detection import Detector, detect

MEGABYTE = 1_000_000

Make = Callable[[int], str]


def _repeat(unit: str) -> Make:
    return lambda size: (unit * (size // len(unit) + 1))[:size]


CASES: Sequence[tuple[str, int, Make]] = (
    ("1 MB without a space", MEGABYTE, _repeat("arrest")),
    ("1 MB of one letter", MEGABYTE, _repeat("a")),
    ("10,000 parentheses", 20_000, _repeat("(")),
    ("10,000 parentheses, closed again, with triggers", 200_000, lambda n: "(arrested " * (n // 20) + ") " * (n // 20)),
    ("1 MB of triggers", MEGABYTE, _repeat("police arrested ")),
    ("1 MB of commas and 'and'", MEGABYTE, _repeat("arrested men, women and ")),
    (
        "one sentence of 200 KB with a trigger",
        200_000,
        lambda n: "Police arrested " + "six men and " * (n // 12) + "a boy.",
    ),
    ("mixed scripts", 200_000, _repeat("Полиция arrested שישה رجال in 北京 on Friday 🚨 İstanbul’da. ")),
    ("combining marks", 200_000, _repeat("Police a\u0301\u0302\u0303rrested s\u0308ix men. ")),
    ("200 KB of line breaks", 200_000, _repeat("arrest\n\n")),
    ("200 KB of quotes", 200_000, _repeat('"arrested" ')),
    ("200 KB of full stops", 200_000, _repeat("arrested. ")),
    ("control characters and lone surrogates", 200_000, _repeat("\x00arrested\ud800 six\x1b men ")),
)


def measure_hostile(detector: Detector, *, repeats: int, budget: Budget, stages: Stages) -> list[Section]:
    """Milliseconds of each text, and by how much the whole is dearer than the half. No text may make it raise."""
    stages.begin("hostile input", len(CASES))
    figures = []
    for number, (name, size, make) in enumerate(CASES):
        share = budget.part(1 / (len(CASES) - number))
        figures.append(_measure(name, make(size), make(size // 2), detector, repeats, share))
        stages.advance(number + 1)
    return [Section(title="Hostile input", figures=tuple(figures))]


def _measure(name: str, text: str, half: str, detector: Detector, repeats: int, budget: Budget) -> Figure:
    whole, part = article_of(text), article_of(half)
    try:
        times, parts = [], []
        for _ in budget.rounds(repeats):
            times.append(time_call(lambda: detect(whole, detector)))
            parts.append(time_call(lambda: detect(part, detector)))
    except Exception as exc:  # noqa: BLE001 - whatever it is, it is the finding
        return Figure(name=name, values=(0.0,), unit="ms", met=False, note=f"raised {type(exc).__name__}: {exc}")
    growth = min(times) / max(min(parts), 1e-9)
    return plain(name, [1000 * seconds for seconds in times], "ms", f"{growth:.1f} times its half")
