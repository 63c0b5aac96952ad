"""The detector: from an article to its event mentions, each with arguments, status, reason and evidence.

`detect` is pure and total: the same article and detector give the same result, whatever came before, and no text makes
it raise. Its work is bounded by the limits below; what was cut off is told in the trace.
"""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from tocsin.core.actors import Actor
from tocsin.core.article import Article, Span
from tocsin.core.matching.compiled import Language, compile_language
from tocsin.core.matching.draft import Draft
from tocsin.core.matching.gate import PARAGRAPHS, Marks
from tocsin.core.matching.mention import Builder
from tocsin.core.matching.merge import finish, merge
from tocsin.core.matching.name_index import NameIndex
from tocsin.core.matching.names import Found
from tocsin.core.matching.naming import ActorHit, name_actors
from tocsin.core.matching.patterns import PatternHit
from tocsin.core.matching.read import Document
from tocsin.core.matching.scan import Hits, Seen, TriggerHit
from tocsin.core.matching.story import Story
from tocsin.core.mentions import Detection, TraceStep
from tocsin.core.places.gazetteer import Gazetteer
from tocsin.core.rulebook import Rulebook
from tocsin.core.text import SentenceFinder, fold, spaced

MAX_SENTENCES = 80
MAX_TRIGGERS = 10
MAX_TEXT = 200_000
ALL = -1
"""The mask of all classes."""


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
    # A trace tells of every trigger why it was refused: nothing is passed over.
    sight = None if trace else _look(text, words, seen, language, detector.names, finder)
    if sight is not None and not sight.may_count:
        return Detection()
    hits = language.scanner.keep(seen, sight.wants if sight else language.scanner.wants(words, seen.triggers))
    steps = _told_of_hits(article, text, hits, language) if trace else []
    if not hits.triggers:
        return Detection(trace=tuple(steps))
    sentences, unread = _by_sentence(finder, hits.triggers, sight.reach if sight else ALL)
    if trace:
        steps.extend(unread)
    found = detector.names.find(text, words, article.lang, sight.names if sight else None)
    if sight is not None:
        opened = language.gate.open(sight.marks, sentences, found.names, lambda at: finder.since(at, PARAGRAPHS))
        if not opened:
            return Detection()
    else:
        opened = [(span, standing, True) for span, standing in sentences]
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
        cancelled=hits.cancelled,
        prior=article.country,
    )
    builder = Builder(document, trace=trace)
    drafts: list[Draft] = []
    for span, standing, alone in opened:
        drafts.extend(builder.build(span, standing, alone=alone))
    merged = merge(drafts, document)
    mentions, trail = finish(merged, article, document), (*steps, *builder.steps)
    return Detection(mentions=mentions, trace=trail, read=len(document.sentences), drafts=len(drafts))


@dataclass(slots=True)
class _Sight:
    """What the words of an article tell before it is read: the classes within `reach` of its triggers, and names.

    `wants` are what the triggers need, at least as far as it lies within `reach`.
    """

    wants: list[int]
    marks: Marks
    reach: int
    names: list[PatternHit]

    @property
    def may_count(self) -> bool:
        """Whether any trigger finds what it needs."""
        return any(want & self.reach for want in self.wants)


def _look(text: str, words: str, seen: Seen, language: Language, names: NameIndex, finder: SentenceFinder) -> _Sight:
    gate, scanner, triggers = language.gate, language.scanner, seen.triggers
    marks = gate.look(words, seen.others)
    named = names.look(text, words)
    reach = marks.whole | gate.always | gate.kinds_mask(names.kinds(named))
    # where there are too many triggers all of them count, whatever their article holds
    within = reach | scanner.leavings(triggers) if len(triggers) <= MAX_SENTENCES else ALL
    wants = scanner.wants(words, triggers, within, finder.ends)
    return _Sight(wants, marks, reach | scanner.leaves(triggers, wants, reach), named)


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


def _told_of_hits(article: Article, text: str, hits: Hits, language: Language) -> list[TraceStep]:
    steps: list[TraceStep] = []
    if len(article.text) > MAX_TEXT:
        steps.append(_not_read(MAX_TEXT, len(article.text), f"an article is read up to {MAX_TEXT} characters"))
    if hits.truncated:
        steps.append(_not_read(hits.triggers[-1].end if hits.triggers else 0, len(text), "too many trigger words"))
    steps.extend(
        TraceStep(
            stage="cancel",
            span=Span(start=a, end=b),
            decision="trigger cancelled",
            reason=language.rules[rule].rule.id,
        )
        for a, b, rule in hits.cancelled
    )
    return steps


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
    finder: SentenceFinder, triggers: list[TriggerHit], reach: int
) -> tuple[list[tuple[Span, list[TriggerHit]]], list[TraceStep]]:
    """The trigger hits that may count by sentence, in text order, and what the limits left unread.

    Those that want nothing within `reach` are passed over. They fill up the limits all the same, so that what is found
    does not depend on it.
    """
    found: dict[int, tuple[Span, list[TriggerHit]]] = {}
    unread: list[TraceStep] = []
    span: Span | None = None
    reach = reach if len(triggers) <= MAX_SENTENCES else ALL
    for number, hit in enumerate(triggers):
        if not hit.want & reach:
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


def _count_before(triggers: list[TriggerHit], number: int, span: Span) -> int:
    """How many hits of the sentence come before this one."""
    count = 0
    for hit in (triggers[at] for at in range(number - 1, -1, -1)):
        if hit.start < span.start or count >= MAX_TRIGGERS:
            break
        count += hit.end <= span.end
    return count
