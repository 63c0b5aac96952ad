"""The detector: from an article to its event mentions, each with arguments, status, reason and evidence.

`detect` is pure and total: the same article and detector give the same result, whatever came before, and no text makes
it raise. Its work is bounded by the limits below; what was cut off is told in the trace.
"""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from tocsin.core.actors import Actor
from tocsin.core.article import Article, Span
from tocsin.core.gazetteer import Gazetteer
from tocsin.core.matching.compiled import Language, compile_language
from tocsin.core.matching.draft import Draft
from tocsin.core.matching.mention import Builder
from tocsin.core.matching.merge import finish, merge
from tocsin.core.matching.read import Document
from tocsin.core.matching.scan import TriggerHit
from tocsin.core.mentions import Detection, TraceStep
from tocsin.core.rulebook import Rulebook
from tocsin.core.text import SentenceFinder, fold

MAX_SENTENCES = 80
MAX_TRIGGERS = 10
MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Detector:
    """A rulebook compiled for detection: immutable, safe to share between threads."""

    digest: str
    languages: dict[str, Language] = field(repr=False)
    actors: dict[str, Actor] = field(repr=False)


def compile_detector(rulebook: Rulebook) -> Detector:
    """Prepare a rulebook for `detect`. A language is whatever the rulebook has tables or word classes for."""
    actors = dict(rulebook.actors)
    gazetteer = Gazetteer.parse(rulebook.gazetteer)
    langs = dict.fromkeys((*rulebook.tables, *rulebook.classes))
    return Detector(
        digest=rulebook.digest,
        languages={lang: compile_language(rulebook, lang, actors, gazetteer) for lang in langs},
        actors=actors,
    )


def detect(article: Article, detector: Detector, *, trace: bool = False) -> Detection:
    """The article's event mentions in text order, silent ones included. Offsets index `article.text`.

    An article in a language that the rulebook does not describe yields nothing. With `trace` every decision is told.
    """
    language = detector.languages.get(article.lang)
    if language is None:
        return Detection()
    text = article.text[:MAX_TEXT]
    folded = fold(text)
    hits = language.scanner.scan(text, folded, article.country)
    steps: list[TraceStep] = []
    if trace:
        steps.extend(
            TraceStep(
                stage="cancel",
                span=Span(start=a, end=b),
                decision="trigger cancelled",
                reason=language.rules[rule].rule.id,
            )
            for a, b, rule in hits.cancelled
        )
    if not hits.triggers:
        return Detection(trace=tuple(steps))
    finder = SentenceFinder(text, language.lexicon.words.get("abbreviations", frozenset()))
    document = Document(
        text=text,
        folded=folded,
        language=language,
        actors=detector.actors,
        actor_hits=hits.actors,
        reference=_local(article),
        finder=finder,
        title_end=article.body_start,
        dated=article.published_at is not None,
        cancelled=hits.cancelled,
        prior=article.country,
    )
    builder = Builder(document, trace=trace)
    drafts: list[Draft] = []
    for span, found in _by_sentence(finder, hits.triggers):
        drafts.extend(builder.build(span, found))
    merged = merge(drafts, document)
    mentions = finish(merged, article, document)
    return Detection(mentions=mentions, trace=(*steps, *builder.steps))


def _local(article: Article) -> datetime:
    reference = article.reference_at
    if article.timezone:
        try:
            return reference.astimezone(ZoneInfo(article.timezone))
        except (KeyError, ValueError, OSError):
            return reference
    return reference


def _by_sentence(finder: SentenceFinder, triggers: list[TriggerHit]) -> list[tuple[Span, list[TriggerHit]]]:
    """The trigger hits by sentence, in text order; a hit inside a longer one of the same rule is dropped."""
    found: dict[int, tuple[Span, list[TriggerHit]]] = {}
    for hit in triggers:
        span = finder.around(hit.start)
        if span is None or hit.end > span.end:
            continue
        entry = found.get(span.start)
        if entry is None:
            if len(found) >= MAX_SENTENCES:
                break
            entry = found[span.start] = (span, [])
        if len(entry[1]) < MAX_TRIGGERS:
            entry[1].append(hit)
    return list(found.values())
