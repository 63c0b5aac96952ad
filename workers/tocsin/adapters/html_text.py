"""HTML fragments of feeds as plain text: paragraphs kept, markup, scripts and styles gone."""

import re

from lxml import etree, html

_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main"
    " nav ol p pre section table td th tr ul".split()
)
_SILENT = frozenset("script style noscript template iframe object svg head".split())
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n[\s]*\n?\s*")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff]")


def to_text(markup: str) -> str:
    """Plain text with a blank line between blocks. Never raises; text without markup passes through, tidied."""
    markup = _CONTROLS.sub(" ", markup)
    if "<" not in markup and "&" not in markup:
        return _tidy(markup)
    try:
        root = html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return _tidy(re.sub(r"<[^>]*>", " ", markup))
    return _tidy("".join(_pieces(root)))


def one_line(markup: str) -> str:
    """The same on one line, for titles."""
    return " ".join(to_text(markup).split())


def _pieces(root: html.HtmlElement) -> list[str]:
    """Text in document order, without recursion: a hostile fragment may be nested very deeply."""
    pieces: list[str] = []
    silent = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in {"comment", "pi"}:
            pieces.append(node.tail or "")
            continue
        name = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            silent += name in _SILENT
            pieces.append("\n\n" if name in _BLOCKS else "")
            pieces.append("" if silent else node.text or "")
            continue
        silent -= name in _SILENT
        pieces.append("\n\n" if name in _BLOCKS else "")
        if node is not root:
            pieces.append("" if silent else node.tail or "")
    return pieces


def _tidy(text: str) -> str:
    return _BREAKS.sub("\n\n", _SPACES.sub(" ", text)).strip()
