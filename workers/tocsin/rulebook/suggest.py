"""Near misses: what an operator probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches

MAX_LISTED = 10


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like this one, if any is."""
    return next(iter(get_close_matches(word.lower(), tuple(known), n=1, cutoff=0.6)), None)


def did_you_mean(word: str, known: Iterable[str], otherwise: str | None = None) -> str:
    """`did you mean 'severity'?` when one is near; else `otherwise`, else the list of what is possible."""
    options = tuple(dict.fromkeys(known))
    near = nearest(word, options)
    if near is not None:
        return f"did you mean '{near}'?"
    return otherwise if otherwise is not None else f"use one of {listed(options)}"


def listed(words: Iterable[str]) -> str:
    """`a, b, c`, cut after ten."""
    items = tuple(words)
    more = f", … ({len(items)} in all)" if len(items) > MAX_LISTED else ""
    return ", ".join(items[:MAX_LISTED]) + more
