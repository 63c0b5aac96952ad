"""What the demo shows: each alert as it rings, then what stayed silent and why."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tocsin.processes.demo.inbox import Inbox, Received

_SURE = {"asserted": "stated as fact", "attributed": "stated by a named source", "hedged": "unconfirmed"}


def make_console(*, record: bool = False) -> Console:
    """A console that is as wide as the terminal, and 100 columns when there is none."""
    console = Console(record=record)
    return console if console.is_terminal else Console(width=100, record=record)


def save_all(console: Console, inbox: Inbox, folder: Path) -> None:
    """Write what was shown as `demo.svg`, and each mail as it came and its HTML by itself."""
    folder.mkdir(parents=True, exist_ok=True)
    console.save_svg(str(folder / "demo.svg"), title="tocsin demo")
    for number, mail in enumerate(inbox.mails, 1):
        (folder / f"mail-{number}.eml").write_bytes(mail.as_bytes())
        page = mail.get_body(preferencelist=("html",))
        if page is not None:
            (folder / f"mail-{number}.html").write_text(page.get_content(), encoding="utf-8")


def alert_panel(received: Received, *, stars: bool = False) -> Panel:
    """One alert: what, who, where, when, how sure, the sentence with its words marked, and how long it took.

    `stars` puts *stars* around the trigger, where there are no colours.
    """
    data = received.body["data"]
    event, times = data["event"], data["times"]
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", justify="right")
    table.add_column()
    for name, value in _facts(event):
        table.add_row(name, Text(value))
    table.add_row("sure", Text(f"{_SURE.get(event['status'], event['status'])} ({event['status']})"))
    table.add_row("source", Text(f"{data['evidence']['publisher']}: {data['evidence']['title']}"))
    table.add_row("took", Text(f"{_seconds(times['fetched_at'], received):.2f} s from fetch to delivery"))
    sentence = _marked(data["evidence"], stars=stars)
    title = Text(f" {event['title']} ", style="bold white on red")
    return Panel(Group(table, Text(), sentence), title=title, title_align="left", box=box.ROUNDED)


def _marked(evidence: dict[str, Any], *, stars: bool) -> Text:
    sentence = Text(evidence["sentence"], style="italic")
    marks = sorted(evidence["highlights"], key=lambda mark: mark["start"], reverse=True)
    for mark in marks:
        style = "bold black on yellow" if mark["label"] == "trigger" else "bold"
        sentence.stylize(style, mark["start"], mark["end"])
    if stars:
        for mark in (mark for mark in marks if mark["label"] == "trigger"):
            before, word, after = sentence.divide((mark["start"], mark["end"]))
            sentence = Text.assemble(before, "*", word, "*", after)
    return sentence


def _facts(event: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for role, name in (("agents", "who"), ("recipients", "whom"), ("objects", "what"), ("linked", "linked to")):
        if event.get(role):
            yield name, ", ".join(dict.fromkeys(_party(party) for party in event[role]))
    # A field without a value is left out of a webhook's body.
    if event.get("count"):
        yield "how many", str(event["count"])
    places = [", ".join(filter(None, (p["name"], p.get("country")))) for p in event.get("places", ())]
    yield "where", "; ".join(places) or " ".join(event.get("countries", ())) or "not said"
    yield "when", event.get("date") or "not said"


def _party(party: dict[str, Any]) -> str:
    name = party.get("name")
    return party["text"] if not name or name.lower() in party["text"].lower() else f"{party['text']} ({name})"


def _seconds(fetched_at: str, received: Received) -> float:
    return (received.at - datetime.fromisoformat(fetched_at)).total_seconds()


def silent_table(rows: Iterable[tuple[str, str, str]]) -> Table:
    """Headline, what Tocsin made of it, and why it did not ring."""
    table = Table("headline", "found", "why no bell", box=box.SIMPLE, header_style="bold", title="What stayed silent")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
