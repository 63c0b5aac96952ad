"""A story's path in a terminal: every line harmless, whatever news and servers wrote into it."""

from collections.abc import Iterator
from datetime import datetime

from rich.text import Text

from tocsin.adapters.plain import harmless
from tocsin.core.alerts import SENDING
from tocsin.core.deliveries import Attempt, DeliveryState
from tocsin.core.mentions import OPENING
from tocsin.core.text import counted
from tocsin.processes.tables import make_console
from tocsin.processes.why import AlertFate, ArticleFate, DeliveryFate, EventFate, MentionFate, Story

Line = tuple[str, str]

_GOOD, _BAD, _QUIET = "green", "red", "dim"


def print_story(story: Story) -> None:
    """Articles with what was found in them, then events with whom they were told to, then what stands alone."""
    console = make_console()
    for text, style in _lines(story):
        console.print(Text(harmless(text), style=style), soft_wrap=True)


def _lines(story: Story) -> Iterator[Line]:
    for article in story.articles:
        yield from _article(article)
    for event in story.events:
        yield from _event(event)
    for delivery in story.deliveries:
        yield from _delivery(delivery, indent="")


def _article(fate: ArticleFate) -> Iterator[Line]:
    article = fate.article
    yield f"article {article.id}: {_stage(fate)}", "bold"
    yield f"  {article.publisher}: {article.title}", ""
    yield f"  {article.url}", _QUIET
    published = f"published {_second(article.published_at)}, " if article.published_at else ""
    first = ", at the feed's first poll" if article.catch_up else ""
    yield f"  {published}fetched {_second(article.fetched_at)} from feed {article.feed_id}{first}", _QUIET
    for mention in fate.mentions:
        yield from _mention(mention)


def _stage(fate: ArticleFate) -> str:
    """How far the article came, and what can be done if that is not far enough."""
    again = f"see `tocsin articles release {fate.article.id}`"
    return {
        "new": f"waits for its scan, {fate.attempts} begun so far",
        "held": f"held, for its feed seems to have published its archive again: {again}",
        "failed": f"given up: {fate.reason}: {again}",
        "dropped": "dropped by an operator",
        "scanned": f"scanned, {len(fate.mentions) or 'nothing'} found"
        + ("" if fate.mentions else f": see `tocsin explain {fate.article.id}`"),
    }.get(fate.state, fate.state)


def _mention(fate: MentionFate) -> Iterator[Line]:
    mention = fate.mention
    if fate.event_id:
        became, style = f"event {fate.event_id}", _GOOD
    elif fate.state == "new":
        became, style = "waits to be merged", ""
    elif fate.state == "failed":
        became, style = "could not be merged", _BAD
    else:
        became, style = "silent", ""
    yield f'  {mention.type} "{mention.trigger_text}": {mention.status}: {became}', style
    words = f" ({', '.join(mention.status_words)})" if mention.status_words else ""
    if fate.reason and (mention.status not in OPENING or not fate.event_id):
        yield f"    because {fate.reason}{words}", ""
    yield f"    {mention.sentence_text}", _QUIET


def _event(fate: EventFate) -> Iterator[Line]:
    event = fate.event
    reports = counted(event.report_count, "report")
    publishers = counted(event.publishers, "publisher")
    yield "", ""
    yield f"event {event.id}: {event.type}, {event.status}, revision {event.revision}, {reports}, {publishers}", "bold"
    if fate.state == "changed":
        yield f"  revision {event.revision} waits to be dispatched, or for its update interval", ""
    if event.merged_from:
        yield f"  took over {', '.join(event.merged_from)}", ""
    for alert in fate.alerts:
        yield from _alert(alert)
    for subscription, why in fate.unwatched:
        yield f"  {subscription}: unwatched: {why}", _QUIET
    if not fate.alerts and not fate.unwatched:
        yield "  no subscription was asked", ""


def _alert(fate: AlertFate) -> Iterator[Line]:
    alert = fate.alert
    detail = f": {alert.detail}" if alert.detail else ""
    told = f", told of revision {alert.told_revision} at {_second(alert.told_at)}" if alert.told_at else ""
    waits = ", waits for the digest" if fate.state == "held" else ""
    yield f"  {alert.subscription_id}: {alert.reason}{detail}{told}{waits}", _GOOD if alert.reason in SENDING else ""
    for delivery in fate.deliveries:
        yield from _delivery(delivery, indent="    ")


def _delivery(fate: DeliveryFate, *, indent: str) -> Iterator[Line]:
    delivery = fate.delivery
    what = delivery.type or delivery.reason
    detail = f": {delivery.detail}" if delivery.detail else ""
    style = {DeliveryState.DELIVERED: _GOOD, DeliveryState.GAVE_UP: _BAD}.get(DeliveryState(fate.state), "")
    yield f"{indent}{delivery.id} to {delivery.endpoint_id}: {what}, {fate.state}{detail}", style
    for attempt in delivery.attempts:
        yield f"{indent}  {_attempt(attempt)}", _QUIET


def _attempt(attempt: Attempt) -> str:
    answer = " ".join(str(part) for part in (attempt.code, attempt.detail) if part)
    return f"{_second(attempt.at)} {attempt.outcome}{f' {answer}' if answer else ''}, {attempt.took_s:.2f} s"


def _second(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else "never"
