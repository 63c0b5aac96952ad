"""Counts that add up: a document's share of every measure, so that any sum of documents can be scored."""

from collections.abc import Iterable, Sequence

Key = tuple[str, ...]
Tally = dict[Key, float]


def add_up(tallies: Iterable[Tally]) -> Tally:
    """The sum."""
    total: Tally = {}
    for tally in tallies:
        for key, value in tally.items():
            total[key] = total.get(key, 0.0) + value
    return total


def count_up(tally: Tally, *key: str, by: float = 1.0) -> None:
    """Add to one cell of a tally that is being made."""
    tally[key] = tally.get(key, 0.0) + by


def names_under(tally: Tally, *prefix: str) -> tuple[str, ...]:
    """The different next parts of the keys that begin with `prefix`, sorted."""
    depth = len(prefix)
    return tuple(sorted({key[depth] for key in tally if len(key) > depth and key[:depth] == prefix}))


def has_any(tally: Tally, *prefix: str) -> bool:
    """Whether anything was counted under `prefix`."""
    return any(key[: len(prefix)] == prefix for key in tally)


def ratio(part: float, whole: float) -> float | None:
    """Part of a whole; None of nothing."""
    return part / whole if whole else None


def f_score(tp: float, fp: float, fn: float) -> float | None:
    """F1: the harmonic mean of precision and recall; None where there was nothing to find and nothing was found."""
    return ratio(2 * tp, 2 * tp + fp + fn)


def mean(values: Sequence[float | None]) -> float | None:
    """The mean of those that are defined."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
