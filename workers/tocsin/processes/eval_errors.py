"""Browse what a corpus and the rulebook disagree on, each with the detector's reasons."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape

from tocsin.core.article import Article
from tocsin.core.mentions import TraceStep
from tocsin.core.scoring.found import FoundDocument
from tocsin.core.scoring.gold import GoldDocument
from tocsin.core.scoring.misses import Miss, find_misses
from tocsin.core.scoring.names import NameBook
from tocsin.core.scoring.tally_primary import LabelMap
from tocsin.core.scoring.tally_types import Vocabulary

_SHOWN = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which misses are shown: of these types, of these kinds (a kind of miss or the corpus' kind of text)."""

    types: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def __contains__(self, miss: Miss) -> bool:
        right_type = not self.types or bool(self.types & set(miss.type.replace(",", " ").split()))
        return right_type and (not self.kinds or miss.what in self.kinds or miss.kind in self.kinds)


def list_misses(
    documents: Sequence[GoldDocument],
    found: Mapping[str, FoundDocument],
    vocabulary: Vocabulary,
    names: NameBook,
    labels: LabelMap | None,
    wanted: Wanted,
) -> Iterator[tuple[GoldDocument, Miss]]:
    """The misses of the rows, in the corpus' order."""
    for document in documents:
        finding = found.get(document.id) or FoundDocument(id=document.id)
        for miss in find_misses(document, finding, vocabulary, names, labels):
            if miss in wanted:
                yield document, miss


def print_miss(
    console: Console, document: GoldDocument, miss: Miss, article: Article, trace: Iterable[TraceStep]
) -> None:
    """One miss: where, what was wanted and said, the sentence, and the decisions taken in it."""
    kind = f" · {miss.kind}" if miss.kind else ""
    console.print(
        f"[bold]{escape(document.id)}[/bold] [dim]{escape(document.location)}{escape(kind)}[/dim]", soft_wrap=True
    )
    console.print(
        f"  [red]{miss.what}[/red] {escape(miss.type)}: wanted [green]{escape(miss.wanted)}[/green], "
        f"said [red]{escape(miss.said)}[/red]{f' ({escape(miss.reason)})' if miss.reason else ''}",
        soft_wrap=True,
    )
    console.print(f"  “{escape(_shorten(miss.sentence))}”", soft_wrap=True, highlight=False)
    text = article.text
    start = text.find(miss.sentence) if miss.sentence else -1
    for step in trace:
        if start >= 0 and not start <= step.span.start <= start + len(miss.sentence):
            continue
        words = _shorten(text[step.span.start : step.span.end], 60)
        why = f" [dim]({escape(step.reason)})[/dim]" if step.reason else ""
        console.print(
            f"    [cyan]{escape(step.stage)}[/cyan] “{escape(words)}” {escape(step.decision)}{why}", soft_wrap=True
        )
    console.print()


def _shorten(text: str, limit: int = _SHOWN) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
