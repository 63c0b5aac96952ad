"""Merging: open an event for a mention, or join the mention to one and say what that changed.

Pure and deterministic: the same mentions in the same order give the same events, ids included.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from tocsin.core.article import Article
from tocsin.core.events.differences import Finding, find_differences, most_certain
from tocsin.core.events.identity import (
    THRESHOLD,
    Profile,
    Score,
    match_score,
    parties_of,
    places_of,
    profile_of_event,
    profile_of_mention,
)
from tocsin.core.events.independence import count_independent
from tocsin.core.events.lineage import Kinship
from tocsin.core.events.values import (
    MAX_CHANGES,
    MAX_PARTIES,
    MAX_PLACES,
    MAX_REPORTS,
    Aspect,
    Change,
    Event,
    Highlight,
    Report,
    Weight,
)
from tocsin.core.ids import make_id
from tocsin.core.mentions import EventMention

ABSORB_THRESHOLD = THRESHOLD + 1.0
NO_SCORE = Score(total=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The event a mention reports, if a known one, with the score; and the others it could have been, best first."""

    event: Event | None
    score: Score = NO_SCORE
    others: tuple[Event, ...] = ()


def profile_of(mention: EventMention, article: Article, *, kinship: Kinship) -> Profile:
    """The mention as its article tells it."""
    return profile_of_mention(
        mention, reference_on=article.reference_at.date(), fingerprint=article.fingerprint, kinship=kinship
    )


def find_match(profile: Profile, candidates: Iterable[tuple[Event, Profile]]) -> Match:
    """The best of the candidates that is the same event; the older one when two are equally alike."""
    scored = [(match_score(profile, known), event) for event, known in candidates if event.redirected_to is None]
    ranked = sorted(
        ((score, event) for score, event in scored if score.same),
        key=lambda pair: (-pair[0].total, pair[1].first_seen_at, pair[1].id),
    )
    if not ranked:
        return Match(event=None, score=max((s for s, _ in scored), key=lambda s: s.total, default=NO_SCORE))
    return Match(event=ranked[0][1], score=ranked[0][0], others=tuple(event for _, event in ranked[1:]))


def open_event(mention: EventMention, article: Article, *, now: datetime, rulebook_digest: str = "") -> Event:
    """A new event, at revision 1."""
    return Event(
        id=make_id("evt", mention.id),
        type=mention.type,
        status=mention.status,
        revision=1,
        first_seen_at=now,
        updated_at=now,
        anchor_on=mention.date.on if mention.date else article.reference_at.date(),
        confidence=mention.confidence,
        date=mention.date,
        count=mention.count,
        places=places_of(mention)[:MAX_PLACES],
        countries=tuple(dict.fromkeys((*mention.countries, *(p.country for p in mention.places if p.country)))),
        parties=parties_of(mention)[:MAX_PARTIES],
        reports=(make_report(mention, article),),
        report_count=1,
        publishers=1,
        catch_up=article.catch_up,
        rulebook_digest=rulebook_digest,
    )


def join_event(event: Event, mention: EventMention, article: Article, *, now: datetime) -> Event:
    """The event with this report of it, one revision later, its changes recorded."""
    report = make_report(mention, article)
    known = any(r.article_id == report.article_id for r in event.reports)
    reports = _with_report(event.reports, report)
    publishers = max(event.publishers, count_independent(reports))
    finding = find_differences(event, mention, report, publishers=publishers)
    revision = event.revision + 1
    return replace(
        _apply(event, finding),
        revision=revision,
        updated_at=now,
        reports=reports,
        report_count=event.report_count + (not known),
        publishers=publishers,
        confidence=max(event.confidence, mention.confidence),
        catch_up=event.catch_up and (article.catch_up or not mention.opens),
        changes=(*event.changes, *_as_changes(finding, revision, now, article.id))[-MAX_CHANGES:],
    )


def absorb_event(older: Event, younger: Event, *, now: datetime) -> tuple[Event, Event]:
    """Both, after they turned out to be one: the older with all reports, and the younger redirected to it."""
    known = {report.article_id for report in older.reports}
    reports = (*older.reports, *(r for r in younger.reports if r.article_id not in known))[:MAX_REPORTS]
    revision = older.revision + 1
    change = Change(
        revision=revision, at=now, aspect=Aspect.MERGED, weight=Weight.MERGE, before=younger.id, after=older.id
    )
    survivor = replace(
        older,
        status=most_certain(older.status, younger.status),
        revision=revision,
        updated_at=now,
        date=older.date or younger.date,
        anchor_on=older.anchor_on if older.date or not younger.date else younger.anchor_on,
        count=older.count if younger.count is None else max(older.count or 0, younger.count),
        places=tuple(dict.fromkeys((*older.places, *younger.places)))[:MAX_PLACES],
        countries=tuple(dict.fromkeys((*older.countries, *younger.countries))),
        parties=tuple(dict.fromkeys((*older.parties, *younger.parties)))[:MAX_PARTIES],
        reports=reports,
        report_count=older.report_count + sum(r.article_id not in known for r in younger.reports),
        publishers=max(older.publishers, count_independent(reports)),
        confidence=max(older.confidence, younger.confidence),
        catch_up=older.catch_up and younger.catch_up,
        merged_from=(*older.merged_from, younger.id, *younger.merged_from),
        changes=(*older.changes, change)[-MAX_CHANGES:],
    )
    gone = replace(
        younger,
        revision=younger.revision + 1,
        dispatched_revision=younger.revision + 1,
        updated_at=now,
        redirected_to=older.id,
    )
    return survivor, gone


def find_twin(event: Event, others: Iterable[Event], *, kinship: Kinship) -> Event | None:
    """The first of the others that is clearly this very event."""
    profile = profile_of_event(event, kinship=kinship)
    for other in others:
        if match_score(profile, profile_of_event(other, kinship=kinship)).total >= ABSORB_THRESHOLD:
            return other
    return None


def make_report(mention: EventMention, article: Article) -> Report:
    """The article's report of the event, with its evidence."""
    return Report(
        article_id=article.id,
        mention_id=mention.id,
        publisher=article.publisher,
        url=article.url,
        title=article.title,
        lang=article.lang,
        sentence=mention.sentence_text,
        highlights=_highlights(mention),
        status=mention.status,
        fetched_at=article.fetched_at,
        published_at=article.published_at,
        count=mention.count,
        fingerprint=article.fingerprint,
        content_hash=hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest(),
        reason=mention.reason,
    )


def _highlights(mention: EventMention) -> tuple[Highlight, ...]:
    """Trigger and arguments inside the sentence, in order; of two that overlap the first and longer stays."""
    arguments = (*mention.agents, *mention.recipients, *mention.objects, *mention.instruments, *mention.linked)
    labelled = [(mention.trigger, "trigger"), *((argument.span, argument.role.value) for argument in arguments)]
    labelled += [(place.span, "place") for place in mention.places]
    start, end = mention.sentence.start, mention.sentence.end
    found: list[Highlight] = []
    for span, label in sorted(labelled, key=lambda pair: (pair[0].start, -pair[0].end)):
        inside = start <= span.start < span.end <= end
        if inside and (not found or span.start - start >= found[-1].end):
            found.append(Highlight(start=span.start - start, end=span.end - start, label=label))
    return tuple(found)


def _with_report(reports: tuple[Report, ...], report: Report) -> tuple[Report, ...]:
    """An article reports an event once: its later mention takes the place of the earlier."""
    if any(known.article_id == report.article_id for known in reports):
        return tuple(report if known.article_id == report.article_id else known for known in reports)
    return (*reports, report) if len(reports) < MAX_REPORTS else reports


def _apply(event: Event, finding: Finding) -> Event:
    return replace(
        event,
        status=finding.status,
        count=finding.count,
        date=finding.date,
        anchor_on=finding.date.on if finding.date else event.anchor_on,
        places=finding.places[:MAX_PLACES],
        countries=finding.countries,
        parties=finding.parties[:MAX_PARTIES],
    )


def _as_changes(finding: Finding, revision: int, now: datetime, article_id: str) -> tuple[Change, ...]:
    return tuple(
        Change(
            revision=revision,
            at=now,
            aspect=difference.aspect,
            weight=difference.weight,
            before=difference.before,
            after=difference.after,
            article_id=article_id,
        )
        for difference in finding.differences
    )
