"""Reading a language's tables: lists of words, words by number, phrases by their first word."""

from collections.abc import Mapping, Sequence

from tocsin.core.dates.token_patterns import Token, find_tokens

Phrase = tuple[str, ...]


def items(value: object) -> Sequence[object]:
    """The items of a list; none when it is absent."""
    return value if isinstance(value, list | tuple) else ()


def words(value: object) -> list[str]:
    """The words of a list, in lower case."""
    return [str(item).lower() for item in items(value)]


def entries(value: object) -> Mapping[str, object]:
    """The entries of a mapping; none when it is absent."""
    return value if isinstance(value, Mapping) else {}


def numbers(value: object) -> dict[str, int]:
    """Word to number, from `number: [words]`."""
    return {word: int(number) for number, names in entries(value).items() for word in words(names)}


def phrase(text: str) -> Phrase:
    """The tokens of a phrase, in lower case."""
    return tuple(token.low for token in find_tokens(text, 0, len(text)))


def phrases(value: object) -> dict[str, list[Phrase]]:
    """The phrases of a list by their first word."""
    found: dict[str, list[Phrase]] = {}
    for text in words(value):
        row = phrase(text)
        found.setdefault(row[0], []).append(row)
    return found


def named_phrases(value: object) -> list[tuple[Phrase, str]]:
    """Each phrase with its name, from `name: [phrases]`, the longest first."""
    rows = [(phrase(text), name) for name, texts in entries(value).items() for text in words(texts)]
    return sorted(rows, key=lambda row: -len(row[0]))


def by_word(rows: Sequence[tuple[Phrase, str]], at: int) -> dict[str, list[tuple[Phrase, str]]]:
    """Named phrases by their word at `at` (0 the first, -1 the last), in the same order."""
    found: dict[str, list[tuple[Phrase, str]]] = {}
    for row in rows:
        if row[0]:
            found.setdefault(row[0][at], []).append(row)
    return found


def stands_at(row: Phrase, tokens: Sequence[Token], at: int) -> bool:
    """Whether the phrase begins with this token."""
    if not 0 <= at <= len(tokens) - len(row):
        return False
    for word in row:
        if tokens[at].low != word:
            return False
        at += 1
    return True


def longest(rows: Sequence[Phrase], tokens: Sequence[Token], at: int) -> int:
    """How many tokens the longest of the phrases has, all of which begin with this token; 0 for none."""
    best = 0
    following = tokens[at + 1].low if at + 1 < len(tokens) else ""
    for row in rows:
        if len(row) > best and (len(row) == 1 or (row[1] == following and stands_at(row, tokens, at))):
            best = len(row)
    return best
