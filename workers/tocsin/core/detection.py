"""The detector: from an article to its event mentions, each with arguments, status, reason and evidence.

`detect` is pure and total: the same article and detector give the same result, whatever came before, and no text makes
it raise. Its work is bounded by the limits below; what was cut off is told in the trace.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from tocsin.core.actors import Actor
from tocsin.core.article import Article, Span
from tocsin.core.matching.compiled import Language, compile_language
from tocsin.core.matching.draft import Draft
from tocsin.core.matching.gate import PARAGRAPHS, Opened, Opening
from tocsin.core.matching.mention import Builder
from tocsin.core.matching.merge import finish, merge
from tocsin.core.matching.name_index import NameIndex
from tocsin.core.matching.names import Found
from tocsin.core.matching.naming import ActorHit, name_actors
from tocsin.core.matching.patterns import PatternHit
from tocsin.core.matching.read import Document
from tocsin.core.matching.scan import MAX_HITS, Seen, TriggerHit
from tocsin.core.matching.story import Story
from tocsin.core.mentions import Detection, TraceStep
from tocsin.core.places.gazetteer import Gazetteer
from tocsin.core.rulebook import Rulebook
from tocsin.core.text import SentenceFinder, fold, spaced

MAX_SENTENCES = 80
MAX_TRIGGERS = 10
MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Detector:
    """A rulebook compiled for detection: immutable, safe to share between threads."""

    digest: str
    languages: dict[str, Language] = field(repr=False)
    actors: dict[str, Actor] = field(repr=False)
    names: NameIndex = field(repr=False)


def compile_detector(rulebook: Rulebook) -> Detector:
    """Prepare a rulebook for `detect`. A language is whatever the rulebook has tables or word classes for.

    One of which it only says how names are written is not read, but its names are found in articles of the others.
    """
    actors = dict(rulebook.actors)
    gazetteer = Gazetteer.parse(rulebook.gazetteer)
    described = (lang for lang, tables in rulebook.tables.items() if tables.keys() - {"naming"})
    langs = dict.fromkeys((*described, *rulebook.classes))
    return Detector(
        digest=rulebook.digest,
        languages={lang: compile_language(rulebook, lang, gazetteer) for lang in langs},
        actors=actors,
        names=NameIndex(actors.values(), rulebook.tables),
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
    words = spaced(folded)
    seen = language.scanner.look(words)
    if not (seen.triggers or trace):
        return Detection()
    finder = SentenceFinder(text, language.lexicon.words.get("abbreviations", frozenset()))
    found = detector.names.find(text, words, article.lang)
    # A trace tells of every trigger why it was refused: nothing is passed over.
    steps: list[TraceStep] = []
    if trace:
        opened, steps = _all_opened(article, words, seen, language, finder)
    else:
        opened = _opened(words, seen, language, found, finder)
    if not opened:
        return Detection(trace=tuple(steps))
    named = _name(found, text, folded, finder, detector, language, article.lang, article.body_start, article.country)
    if trace:
        steps.extend(_told(hit) for hit in named if hit.reason)
    document = Document(
        text=text,
        folded=folded,
        words=words,
        language=language,
        actors=detector.actors,
        actor_hits=named,
        reference=_local(article),
        finder=finder,
        title_end=article.body_start,
        dated=article.published_at is not None,
        cancelled=seen.cancelled,
        prior=article.country,
    )
    builder = Builder(document, trace=trace)
    drafts: list[Draft] = []
    for span, standing, alone in opened:
        drafts.extend(builder.build(span, standing, alone=alone))
    merged = merge(drafts, document)
    mentions, trail = finish(merged, article, document), (*steps, *builder.steps)
    return Detection(mentions=mentions, trace=trail, read=len(document.sentences), drafts=len(drafts))


def _opened(words: str, seen: Seen, language: Language, found: Found, finder: SentenceFinder) -> list[Opened]:
    """The sentences that may hold what their triggers need. Only paragraphs that may are split into sentences."""
    scanner = language.scanner
    marks = language.gate.look(words, seen.others)
    opening = Opening(language.gate, marks, found.names, lambda at: finder.since(at, PARAGRAPHS))
    for stretch, matches in _stretches(seen.triggers[:MAX_HITS], finder):
        if scanner.may_count(words, matches, opening.reach(stretch), stretch.end):
            hits = scanner.keep(words, matches, seen.cancelled, stretch.end)
            for span, standing in _by_sentence(finder, hits)[0]:
                opening.add(span, standing)
    return opening.opened


def _stretches(matches: list[PatternHit], finder: SentenceFinder) -> Iterator[tuple[Span, list[PatternHit]]]:
    """What stands in each paragraph.

    Where there may be more sentences than are read, the whole text at once: they are counted wherever they stand.
    """
    if not finder.paragraphs:
        return
    if len(matches) > MAX_SENTENCES:
        yield Span(start=0, end=finder.paragraphs[-1][1]), matches
        return
    stops, first = [stop - 2 for _, _, stop in matches], 0
    for start, end in finder.paragraphs:
        last = bisect_right(stops, end, first)
        if last > first:
            yield Span(start=start, end=end), matches[first:last]
        first = last


def find_actors(
    text: str,
    detector: Detector,
    *,
    lang: str | None = None,
    title_end: int = 0,
    country: str | None = None,
) -> list[ActorHit]:
    """Every actor that a text names, whether or not it reports an event.

    `lang` is the text's language (None: names of every language are at home), `title_end` where its body begins,
    `country` the outlet's.
    """
    language = detector.languages.get(lang) if lang else next(iter(detector.languages.values()), None)
    finder = SentenceFinder(text, language.lexicon.words.get("abbreviations", ()) if language else ())
    folded = fold(text)
    found = detector.names.find(text, spaced(folded), lang)
    return _name(found, text, folded, finder, detector, language, lang, title_end, country)


def _name(
    found: Found,
    text: str,
    folded: str,
    finder: SentenceFinder,
    detector: Detector,
    language: Language | None,
    lang: str | None,
    title_end: int,
    country: str | None,
) -> list[ActorHit]:
    if not found.names:
        return []
    story = Story(
        text,
        found.countries,
        finder=finder,
        ties=detector.names.ties,
        places=language.places if language else None,
        title_end=title_end,
        prior=country,
    )
    is_word = language.lexicon.is_word if language else lambda _: False
    return name_actors(text, folded, found, story, detector.names, lang=lang, is_word=is_word)


def _all_opened(
    article: Article, words: str, seen: Seen, language: Language, finder: SentenceFinder
) -> tuple[list[Opened], list[TraceStep]]:
    """Every sentence with triggers, and what was cancelled or lies beyond a limit."""
    steps: list[TraceStep] = []
    hits = language.scanner.keep(words, seen.triggers[:MAX_HITS], seen.cancelled, len(words) - 2)
    if len(article.text) > MAX_TEXT:
        steps.append(_not_read(MAX_TEXT, len(article.text), f"an article is read up to {MAX_TEXT} characters"))
    if len(seen.triggers) > MAX_HITS:
        steps.append(_not_read(hits[-1].end if hits else 0, len(words) - 2, "too many trigger words"))
    steps.extend(
        TraceStep(
            stage="cancel",
            span=Span(start=a, end=b),
            decision="trigger cancelled",
            reason=language.rules[rule].rule.id,
        )
        for a, b, rule in (seen.cancelled if seen.triggers else ())
    )
    sentences, unread = _by_sentence(finder, hits)
    return [(span, hits, True) for span, hits in sentences], steps + unread


def _told(hit: ActorHit) -> TraceStep:
    return TraceStep(
        stage="name",
        span=Span(start=hit.start, end=hit.end),
        decision=f"names {hit.actor}" if hit.actor else "names nobody in particular",
        reason=hit.reason,
    )


def _local(article: Article) -> datetime:
    reference = article.reference_at
    if article.timezone:
        try:
            return reference.astimezone(ZoneInfo(article.timezone))
        except (KeyError, ValueError, OSError):
            return reference
    return reference


def _not_read(start: int, end: int, reason: str) -> TraceStep:
    return TraceStep(stage="limit", span=Span(start=start, end=end), decision="not read", reason=reason)


def _by_sentence(
    finder: SentenceFinder, triggers: Sequence[TriggerHit]
) -> tuple[list[tuple[Span, list[TriggerHit]]], list[TraceStep]]:
    """The trigger hits that may count by sentence, in text order, and what the limits left unread.

    Those that want nothing are passed over. They fill up the limits all the same, so that what is found does not
    depend on it.
    """
    found: dict[int, tuple[Span, list[TriggerHit]]] = {}
    unread: list[TraceStep] = []
    span: Span | None = None
    for number, hit in enumerate(triggers):
        if not hit.want:
            continue
        if span is None or not span.start <= hit.start < span.end:
            span = finder.around(hit.start)
        if span is None or hit.end > span.end:
            continue
        entry = found.get(span.start)
        if entry is None:
            if len(found) >= MAX_SENTENCES:
                unread.append(_not_read(hit.start, triggers[-1].end, f"{MAX_SENTENCES} sentences have trigger words"))
                break
            entry = found[span.start] = (span, [])
        if (
            number < MAX_TRIGGERS
            or triggers[number - MAX_TRIGGERS].start < span.start
            or _count_before(triggers, number, span) < MAX_TRIGGERS
        ):
            entry[1].append(hit)
        else:
            unread.append(_not_read(hit.start, hit.end, f"its sentence has {MAX_TRIGGERS} trigger words"))
    return list(found.values()), unread


def _count_before(triggers: Sequence[TriggerHit], number: int, span: Span) -> int:
    """How many hits of the sentence come before this one."""
    count = 0
    for hit in (triggers[at] for at in range(number - 1, -1, -1)):
        if hit.start < span.start or count >= MAX_TRIGGERS:
            break
        count += hit.end <= span.end
    return count
