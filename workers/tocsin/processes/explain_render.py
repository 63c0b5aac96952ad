"""An explanation in a terminal and as a page of HTML. Made from the same facts; a text is hostile input."""

from collections.abc import Iterator, Mapping
from html import escape

from rich.console import Console
from rich.style import Style
from rich.text import Text

from tocsin.core.article import Span
from tocsin.core.mentions import EventMention, TraceStep
from tocsin.core.text import counted
from tocsin.processes.explain_json import roles_of
from tocsin.processes.explanation import (
    ExplainedSentence,
    Explanation,
    Marked,
    arguments_of,
    without_overlaps,
)

# Role -> colour in a terminal and on a page. Every mark also carries its label, so that colour alone says nothing.
_COLOURS: Mapping[str, tuple[str, str]] = {
    "trigger": ("bold yellow", "#fde68a"),
    "agent": ("bold green", "#bbf7d0"),
    "recipient": ("bold red", "#fecaca"),
    "object": ("red", "#fed7aa"),
    "instrument": ("cyan", "#a5f3fc"),
    "linked": ("bold magenta", "#f5d0fe"),
    "place": ("bold blue", "#bfdbfe"),
    "actor": ("underline", "#e5e7eb"),
}
_CONTROLS = dict.fromkeys((*range(9), *range(11, 32), 127, *range(128, 160)), " ")


def print_explanation(console: Console, explanation: Explanation) -> None:
    """Sentences with their decisions, then the events. Sentences without a trigger are counted, not shown."""
    article = explanation.article
    if article.title:
        console.print(Text(_clean(article.title), style="bold"))
    console.print(Text(_circumstances(explanation), style="dim"))
    console.print(_legend())
    if not explanation.known_language:
        console.print(f"the rulebook knows no language '{article.lang}': give --lang", style="red")
        return
    skipped = 0
    for number, sentence in enumerate(explanation.sentences, start=1):
        if not (sentence.triggers or sentence.mentions):
            skipped += 1
            continue
        _print_sentence(console, article.text, number, sentence)
    console.print(Text(f"\nwithout a trigger, so not read: {counted(skipped, 'sentence')}", style="dim"))
    events = explanation.detection.mentions
    console.print(
        Text(f"\n{counted(len(events), 'event')}, silent ones included" if events else "\nno event", style="bold")
    )
    for mention in events:
        console.print(Text("\n".join(describe(mention))))


def render_page(explanation: Explanation) -> str:
    """One self-contained HTML page: no script, no link out, everything from the article escaped."""
    article, text = explanation.article, explanation.article.text
    parts = [
        f"<h1>{_html(article.title or 'Explanation')}</h1>",
        f"<p class=dim>{_html(_circumstances(explanation))}</p>",
    ]
    keys = (f"<mark style='background:{colour}'>{label}</mark>" for label, (_, colour) in _COLOURS.items())
    parts.append(f"<p>{' '.join(keys)}</p>")
    for sentence in explanation.sentences:
        read = bool(sentence.triggers or sentence.mentions)
        parts.append(f"<section{'' if read else ' class=dim'}><p>{_marked_html(text, sentence)}</p>")
        if sentence.steps:
            items = "".join(f"<li>{_step_html(step, text)}</li>" for step in sentence.steps)
            parts.append(f"<details><summary>{len(sentence.steps)} decisions</summary><ul>{items}</ul></details>")
        parts += [
            f"<pre class='{'opens' if mention.opens else 'silent'}'>{_html(chr(10).join(describe(mention)))}</pre>"
            for mention in sentence.mentions
        ]
        parts.append("</section>")
    if not explanation.detection.mentions:
        parts.append("<p><b>no event</b></p>")
    return _PAGE.format(title=_html(article.title or "Explanation"), body="\n".join(parts))


def describe(mention: EventMention) -> list[str]:
    """A mention in plain lines."""
    words = f": {', '.join(mention.status_words)}" if mention.status_words else ""
    flags = "main event" if mention.primary else ""
    flags += "" if mention.opens else f"{', ' if flags else ''}stays silent"
    lines = [
        f"{mention.type} · {mention.status.value} ({mention.reason or 'stated'}{words}){f' · {flags}' if flags else ''}"
    ]
    for role, arguments in roles_of(mention).items():
        if arguments:
            named = "; ".join(f"{_clean(a.text)}{f' [{a.actor}]' if a.actor else ''}" for a in arguments)
            lines.append(f"  {role:<11}{named}")
    if mention.count is not None:
        lines.append(f"  {'count':<11}{mention.count}")
    if mention.date:
        lines.append(f"  {'date':<11}{mention.date.render()} ({mention.date.precision.value})")
    for place in mention.places:
        inside = ", ".join(filter(None, (place.name, place.province, place.country)))
        lines.append(f"  {'place':<11}{_clean(place.text)} = {inside} ({place.kind})")
    if mention.countries:
        lines.append(f"  {'country':<11}{', '.join(mention.countries)}")
    lines.append(f"  {'confidence':<11}{mention.confidence:.2f}")
    return lines


def _print_sentence(console: Console, text: str, number: int, sentence: ExplainedSentence) -> None:
    line = Text(f"\n{number:>3} ", style="dim")
    for words, mark in _pieces(text, sentence):
        style = Style.parse(_COLOURS[mark.label][0]) if mark else Style()
        line.append(_clean(words), style=style)
        if mark:
            line.append(f"⟨{mark.label}{f' {mark.detail}' if mark.detail else ''}⟩", style="dim")
    console.print(line)
    for step in sentence.steps:
        accepted = "refused" not in step.decision and "cancelled" not in step.decision
        row = Text("      ")
        row.append(f"{step.stage:<8}", style="cyan")
        row.append(f"“{_shorten(text[step.span.start : step.span.end])}” ")
        row.append(step.decision, style="green" if accepted else "red")
        row.append(f"  {_clean(step.reason)}" if step.reason else "", style="dim")
        console.print(row)


def _pieces(text: str, sentence: ExplainedSentence) -> Iterator[tuple[str, Marked | None]]:
    """The sentence cut into marked and plain words: roles first, then actors and triggers that play none."""
    roles = [mark for mention in sentence.mentions for mark in arguments_of(mention)]
    taken = without_overlaps(roles, sentence.span)
    spare = [m for m in (*sentence.triggers, *sentence.actors) if not any(_overlap(m.span, t.span) for t in taken)]
    position = sentence.span.start
    for mark in without_overlaps([*taken, *spare], sentence.span):
        yield text[position : mark.span.start], None
        yield text[mark.span.start : mark.span.end], mark
        position = mark.span.end
    yield text[position : sentence.span.end], None


def _marked_html(text: str, sentence: ExplainedSentence) -> str:
    parts = []
    for words, mark in _pieces(text, sentence):
        if mark is None:
            parts.append(_html(words))
        else:
            title = _html(f"{mark.label} {mark.detail}".strip())
            colour = _COLOURS[mark.label][1]
            parts.append(
                f'<mark style="background:{colour}" title="{title}">{_html(words)}<sub>{mark.label}</sub></mark>'
            )
    return "".join(parts)


def _step_html(step: TraceStep, text: str) -> str:
    words = _shorten(text[step.span.start : step.span.end])
    refused = "refused" in step.decision or "cancelled" in step.decision
    reason = f" <span class=dim>{_html(step.reason)}</span>" if step.reason else ""
    return (
        f"<code>{_html(step.stage)}</code> “{_html(words)}” "
        f"<b class='{'no' if refused else 'yes'}'>{_html(step.decision)}</b>{reason}"
    )


def _circumstances(explanation: Explanation) -> str:
    article = explanation.article
    at = f"{article.reference_at:%Y-%m-%d %H:%M} UTC"
    when = f"published {at}" if article.published_at else f"undated, read as of {at}"
    return " · ".join(filter(None, (_clean(article.url), article.lang, when)))


def _legend() -> Text:
    legend = Text()
    for label, (style, _) in _COLOURS.items():
        legend.append(label, style=style)
        legend.append("  ")
    return legend


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _clean(text: str) -> str:
    """Without control characters: an article must not steer the terminal (B85)."""
    return text.translate(_CONTROLS)


def _shorten(text: str, limit: int = 60) -> str:
    flat = " ".join(_clean(text).split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _html(text: str) -> str:
    return escape(_clean(text), quote=True)


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; color: #111 }}
.dim {{ color: #6b7280 }} .yes {{ color: #15803d }} .no {{ color: #b91c1c }}
mark {{ padding: 0 .15em; border-radius: .2em }} mark sub {{ color: #4b5563; margin-left: .3em }}
pre {{ background: #f3f4f6; padding: .6em; overflow-x: auto }} pre.opens {{ border-left: 4px solid #15803d }}
pre.silent {{ border-left: 4px solid #9ca3af }} section {{ margin: .8rem 0 }} section p {{ margin: 0 }}
</style></head><body>
{body}
</body></html>
"""
