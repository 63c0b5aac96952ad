"""Offset-safe folding and sentences: every offset here indexes the text that was given."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection

from tocsin.core.article import Span

MAX_SENTENCE = 1_200
_SPECIAL = {
    **dict.fromkeys(map(ord, "\n\t\r\f\v\u00a0\u2009\u202f\u2002\u2003"), " "),
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u0060\u00b4\u2032"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u00ad\u2013\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u2014\u2015\u2022"), ";"),
    ord("\u2026"): ".",
    **{ord(char): plain for char, plain in zip("œŒæÆßøØłŁđĐðÐıþÞħŧŋ", "ooaasoolldddditthtn", strict=True)},
}
_ASCII_SPACE = str.maketrans("\n\t\r\f\v`", "     '")


class _FoldTable(dict[int, str]):
    """One folded character for each character: filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        lowered = char.lower()
        base = unicodedata.normalize("NFD", lowered[0])[0] if lowered else char
        if code > 127 and not base.isalnum():
            base = " "
        folded = _SPECIAL.get(code, base)
        self[code] = folded
        return folded


_TABLE = _FoldTable(_SPECIAL)
_ASCII = bytes(range(128))
_FEW = 24
"""Up to how many characters that are not ASCII it is faster to replace one by one."""


def fold(text: str) -> str:
    """Lower case without accents, typographic quotes and blanks made plain. Same length as `text`, always."""
    if text.isascii():
        lowered = text.lower()
        # a word or a name holds nothing to replace, and the table looks at each character
        return lowered if text.isprintable() and "`" not in text else lowered.translate(_ASCII_SPACE)
    # Most text that is not ASCII is so only for its quotes and accents: folding these alone is many times as fast.
    foreign = set(text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass"))
    if len(foreign) > _FEW or not all(_TABLE[ord(char)].isascii() for char in foreign):
        return text.translate(_TABLE)
    for char in foreign:
        text = text.replace(char, _TABLE[ord(char)])
    return text.lower().translate(_ASCII_SPACE)


_SHORT = 200
"""A text at least as long holds some mark: it is not worth looking for."""


class _PlainTable(dict[int, str]):
    """Letters and digits as they are, a blank for anything else."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = plain = char if char.isalnum() else " "
        return plain


_PLAIN = _PlainTable()
_ASCII_PLAIN = str.maketrans({code: " " for code in range(128) if not chr(code).isalnum()})


def plain(folded: str) -> str:
    """The words of folded text, a blank for every other character. Same length, so offsets stay."""
    if len(folded) < _SHORT and folded.replace(" ", "").isalnum():
        return folded
    return folded.translate(_ASCII_PLAIN if folded.isascii() else _PLAIN)


def spaced(folded: str) -> str:
    """`plain`, with one blank more before and after: every word stands between blanks, an offset later."""
    return f" {plain(folded)} "


_SLUG = re.compile(r"[A-Z]{3,} \d{1,2}-(?=[A-ZÀ-Þ])")
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n\s*")
_LINE = re.compile(r"\n\s*")
_STOP = re.compile(r"([.!?…]+[\"')\]”’»]*)\s+(?=\S)")
_LAST_WORD = re.compile(r"[^\s(\[\"“'‘]*$")
_WRAPPED = range(45, 91)


def counted(number: int, noun: str) -> str:
    """`1 feed`, `2 feeds`: our own messages, never a reader's language."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def find_paragraphs(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the paragraphs, without surrounding whitespace. Hard-wrapped lines stay together.

    What an agency writes before the first word of a headline's later version ("UPDATE 2-") is no part of any.
    """
    found: list[tuple[int, int]] = []
    position = 0
    for gap in _PARAGRAPH.finditer(text):
        _add_lines(text, position, gap.start(), found)
        position = gap.end()
    _add_lines(text, position, len(text), found)
    return found


def _add_lines(text: str, start: int, end: int, found: list[tuple[int, int]]) -> None:
    if text.find("\n", start, end) < 0 or _is_wrapped(text, start, end):
        _add_stripped(text, start, end, found)
        return
    for line in _LINE.finditer(text, start, end):
        _add_stripped(text, start, line.start(), found)
        start = line.end()
    _add_stripped(text, start, end, found)


def _is_wrapped(text: str, start: int, end: int) -> bool:
    lines = text[start:end].split("\n", 60)
    body = lines[:-1][:59]
    return all(len(line.strip()) in _WRAPPED for line in body) and len(lines[-1]) < _WRAPPED.stop


def _add_stripped(text: str, start: int, end: int, found: list[tuple[int, int]]) -> None:
    while start < end and text[start].isspace():
        start += 1
    slug = _SLUG.match(text, start, end)
    start = slug.end() if slug else start
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append((start, end))


def _find_bounds(text: str, start: int, end: int, abbreviations: Collection[str]) -> list[tuple[int, int]]:
    caseless: bool | None = None
    found: list[tuple[int, int]] = []
    position = start
    for stop in _STOP.finditer(text, start, end):
        begin, following = stop.span()
        if text[following].islower():
            if caseless is None:
                caseless = text[start:end].islower()
            if not caseless:
                continue
        if text[begin] == "." and _is_abbreviated(text, position, begin, text[following], abbreviations):
            continue
        last = stop.end(1)
        if 0 < last - position <= MAX_SENTENCE:  # nearly always
            found.append((position, last))
        else:
            _add_bounded(text, position, last, found)
        position = following
    while end > position and text[end - 1].isspace():
        end -= 1
    _add_bounded(text, position, end, found)
    return found


def _is_abbreviated(text: str, position: int, stop: int, following: str, abbreviations: Collection[str]) -> bool:
    """Whether the full stop at `stop` ends an abbreviation or an initial."""
    word = text[text.rfind(" ", position, stop) + 1 : stop]
    if word.isalpha() and len(word) > 1:  # nearly always
        return word.lower() in abbreviations
    head = text[max(position, stop - 24) : stop].removesuffix("\n")  # it may have slipped into the next line
    if not head or head[-1].isspace():
        return False
    word = head.rsplit(None, 1)[-1].lower()
    if not word.isalnum():
        opened = _LAST_WORD.search(word)
        word = opened.group() if opened else ""
    if word in abbreviations:
        return True
    return len(word) == 1 and word.isalpha() and following.isalpha()


def _add_bounded(text: str, start: int, end: int, found: list[tuple[int, int]]) -> None:
    if 0 < end - start <= MAX_SENTENCE:
        found.append((start, end))
        return
    while start < end:
        cut = end
        if end - start > MAX_SENTENCE:
            blank = text.rfind(" ", start + MAX_SENTENCE // 2, start + MAX_SENTENCE)
            cut = blank if blank > 0 else start + MAX_SENTENCE
        found.append((start, cut))
        start = cut
        while start < end and text[start].isspace():
            start += 1


class SentenceFinder:
    """Sentences of one text, split only in the paragraphs that are asked for.

    Those of a paragraph are in order, never overlap, and none is longer than `MAX_SENTENCE`. A full stop ends a
    sentence unless it follows an abbreviation or an initial, or lower case goes on in a text that has capitals.
    """

    __slots__ = ("_abbreviations", "_begins", "_bounds", "_starts", "_text", "paragraphs")

    def __init__(self, text: str, abbreviations: Collection[str]) -> None:
        self._text = text
        self._abbreviations = abbreviations
        self.paragraphs = find_paragraphs(text)
        self._starts = [start for start, _ in self.paragraphs]
        self._bounds: dict[int, list[tuple[int, int]]] = {}
        self._begins: dict[int, list[int]] = {}

    def paragraph(self, offset: int) -> int:
        """Index of the paragraph that holds `offset`, or of the last before it."""
        return max(bisect_right(self._starts, offset) - 1, 0)

    def opens(self, offset: int) -> bool:
        """Whether no sentence begins before `offset`."""
        return not self.paragraphs or offset <= self.paragraphs[0][0]

    def since(self, offset: int, paragraphs: int) -> int:
        """Where the first of so many paragraphs begins, of which that with `offset` is the last."""
        return self._starts[max(self.paragraph(offset) - paragraphs + 1, 0)] if self._starts else 0

    def of_paragraph(self, index: int) -> list[Span]:
        """The sentences of one paragraph; none when there is no such paragraph."""
        if not 0 <= index < len(self.paragraphs):
            return []
        return [Span(start=start, end=end) for start, end in self._split(index)]

    def around(self, offset: int) -> Span | None:
        """The sentence that holds `offset`."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return None
        bounds = self._bounds.get(index) or self._split(index)
        start, end = bounds[bisect_right(self._begins[index], offset) - 1]
        return Span(start=start, end=end) if start <= offset < end else None

    def _split(self, index: int) -> list[tuple[int, int]]:
        known = self._bounds.get(index)
        if known is None:
            start, end = self.paragraphs[index]
            known = self._bounds[index] = _find_bounds(self._text, start, end, self._abbreviations)
            self._begins[index] = [begin for begin, _ in known]
        return known
