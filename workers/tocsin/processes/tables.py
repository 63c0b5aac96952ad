"""What commands print for people: whole when it goes to a file, harmless whatever news and servers wrote into it."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tocsin.adapters.plain import harmless

_NO_LIMIT = 10_000


def make_console() -> Console:
    """A console that folds lines at the terminal's width, and not at all without one: ids stay whole in pipes."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_NO_LIMIT)


def print_table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print rows under their heads; None is an empty cell. Cells are text, never markup."""
    table = Table(*heads, box=None, header_style="bold")
    for row in rows:
        table.add_row(*(Text(harmless("" if cell is None else str(cell))) for cell in row))
    make_console().print(table)
