"""Hostile text made harmless: what a headline may hold that a mail client, a terminal or a page would obey."""

import re
import unicodedata

_JOINERS = "\u200c\u200d"
_URL = re.compile(r"https?://[^\s\"'<>\\^`{|}\x00-\x20\x7f]+", re.IGNORECASE)


def harmless(text: str) -> str:
    """The text with a blank for each control, format (bidi overrides too) and line-breaking character: same length.

    Joiners that Persian and Indic scripts need stay.
    """
    if text.isprintable():
        return text  # most are, and this is what a message's time would go into
    return "".join(" " if _acts(char) else char for char in text)


def _acts(char: str) -> bool:
    category = unicodedata.category(char)
    return (category[0] == "C" or category in {"Zl", "Zp"}) and char not in _JOINERS


def one_line(text: str, *, limit: int = 300) -> str:
    """The harmless text on one line without surplus blanks, cut at a word."""
    line = " ".join(harmless(text).split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut) + "…"


def web_url(url: str) -> str:
    """The address if it is http or https and holds nothing that could end a link early, else nothing."""
    return url if _URL.fullmatch(url) and harmless(url) == url else ""
