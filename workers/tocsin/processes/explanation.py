"""What `tocsin explain` shows: an article's sentences, each with the words that were met and the decisions taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.core.article import Article, Span
from tocsin.core.detection import MAX_TEXT, Detector, detect, find_actors
from tocsin.core.mentions import Detection, EventMention, TraceStep
from tocsin.core.text import SentenceFinder, fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Words of the article with what they are: a trigger of some types, an actor by id, or a filler of a role."""

    span: Span
    label: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedSentence:
    """One sentence. Only those in which a trigger stands are read; the others have no steps."""

    span: Span
    triggers: tuple[Marked, ...] = ()
    actors: tuple[Marked, ...] = ()
    steps: tuple[TraceStep, ...] = ()
    mentions: tuple[EventMention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An article, what the worker's own `detect` finds in it, and how it came to that, sentence by sentence."""

    article: Article
    detection: Detection
    sentences: tuple[ExplainedSentence, ...]
    known_language: bool = True


def explain(article: Article, detector: Detector) -> Explanation:
    """Run the detector with its trace on, and sort what it says by sentence."""
    detection = detect(article, detector, trace=True)
    language = detector.languages.get(article.lang)
    if language is None:
        return Explanation(article=article, detection=detection, sentences=(), known_language=False)
    text = article.text[:MAX_TEXT]
    hits = language.scanner.scan(fold(text))
    named = find_actors(text, detector, lang=article.lang, title_end=article.body_start, country=article.country)
    triggers = [
        Marked(
            span=Span(start=hit.start, end=hit.end),
            label="trigger",
            detail=", ".join(dict.fromkeys(language.rules[trigger.rule].rule.id for trigger in hit.triggers)),
        )
        for hit in hits
    ]
    actors = [
        Marked(span=Span(start=hit.start, end=hit.end), label="actor", detail=hit.actor or hit.reason) for hit in named
    ]
    finder = SentenceFinder(text, language.lexicon.words.get("abbreviations", frozenset()))
    return Explanation(
        article=article,
        detection=detection,
        sentences=tuple(
            ExplainedSentence(
                span=span,
                triggers=_inside(triggers, span),
                actors=_inside(actors, span),
                steps=tuple(step for step in detection.trace if span.start <= step.span.start < span.end),
                mentions=tuple(m for m in detection.mentions if m.sentence.start == span.start),
            )
            for span in _sentences(finder, text)
        ),
    )


def arguments_of(mention: EventMention) -> tuple[Marked, ...]:
    """Trigger, fillers and places of a mention."""
    arguments = (*mention.agents, *mention.recipients, *mention.objects, *mention.instruments, *mention.linked)
    return (
        Marked(span=mention.trigger, label="trigger", detail=mention.type),
        *(Marked(span=a.span, label=a.role.value, detail=a.actor or "") for a in arguments),
        *(
            Marked(span=place.span, label="place", detail=", ".join(filter(None, (place.name, place.country))))
            for place in mention.places
        ),
    )


def without_overlaps(marked: Iterable[Marked], within: Span) -> list[Marked]:
    """Those inside the span, in order; of two that overlap the first and longer stays."""
    kept: list[Marked] = []
    for one in sorted(marked, key=lambda m: (m.span.start, -m.span.end)):
        inside = within.start <= one.span.start < one.span.end <= within.end
        if inside and (not kept or one.span.start >= kept[-1].span.end):
            kept.append(one)
    return kept


def _inside(marked: Sequence[Marked], span: Span) -> tuple[Marked, ...]:
    return tuple(one for one in marked if span.start <= one.span.start < span.end)


def _sentences(finder: SentenceFinder, text: str) -> list[Span]:
    found: list[Span] = []
    index, last = 0, finder.paragraph(len(text))
    while index <= last:
        found += finder.of_paragraph(index)
        index += 1
    return found
