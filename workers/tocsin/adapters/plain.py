"""Hostile text made harmless: what a headline may hold that a mail client, a terminal or a page would obey."""

import re
import unicodedata

_BLANKS = re.compile(r"\s+")


def one_line(text: str, *, limit: int = 300) -> str:
    """The text on one line, without control and format characters (bidi overrides too), cut at a word.

    Joiners that Arabic, Persian and Indic scripts need stay.
    """
    kept = "".join(c if c in "\u200c\u200d" or unicodedata.category(c)[0] != "C" else " " for c in text)
    line = _BLANKS.sub(" ", kept).strip()
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut) + "…"


def web_url(url: str) -> str:
    """The address if it is http or https and holds no blank or control character, else nothing."""
    ok = re.fullmatch(r"https?://[^\s\"'<>\\^`{|}\x00-\x20\x7f]+", url, re.IGNORECASE)
    return url if ok and one_line(url, limit=10_000) == url else ""
