"""How sure a figure is: the percentile bootstrap over groups of documents (Efron and Tibshirani 1993, 13.3)."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from tocsin.core.scoring.tally import Key, Tally

Interval = tuple[float, float]


def find_intervals(
    tallies: Sequence[Tally],
    measure: Callable[[Tally], Mapping[str, float | None]],
    draws: Iterable[Sequence[int]],
    *,
    level: float = 0.95,
) -> dict[str, Interval]:
    """The interval of every measure. `tallies` has one entry a group; a draw says how often each group is taken.

    A draw in which a measure is undefined is left out for it.
    """
    columns: dict[Key, list[tuple[int, float]]] = {}
    for group, tally in enumerate(tallies):
        for key, value in tally.items():
            columns.setdefault(key, []).append((group, value))
    seen: dict[str, list[float]] = {}
    for weights in draws:
        total = {key: sum(weights[group] * value for group, value in column) for key, column in columns.items()}
        for name, figure in measure({key: value for key, value in total.items() if value}).items():
            if figure is not None:
                seen.setdefault(name, []).append(figure)
    return {name: _percentiles(sorted(figures), level) for name, figures in seen.items()}


def _percentiles(figures: Sequence[float], level: float) -> Interval:
    tail = (1 - level) / 2
    last = len(figures) - 1
    return figures[round(tail * last)], figures[round((1 - tail) * last)]
