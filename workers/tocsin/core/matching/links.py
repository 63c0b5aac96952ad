"""Whom the affected are tied to: "with links to", "members of", "suspected of belonging to"."""

from collections.abc import Sequence

from tocsin.core.article import Span
from tocsin.core.matching.compiled import CompiledRule
from tocsin.core.matching.filling import Filler
from tocsin.core.matching.read import Document
from tocsin.core.matching.tokens import Sentence
from tocsin.core.mentions import Argument, Role

WINDOW = 9


def find_linked(
    document: Document, sentence: Sentence, rule: CompiledRule, affected: Sequence[Filler], agents: Sequence[Filler]
) -> tuple[Argument, ...]:
    """Actors that the affected are linked to, each once, in text order."""
    constraint = rule.constraints.get(Role.LINKED)
    if constraint is None:
        return ()
    lexicon = document.language.lexicon
    taken = {f.actor for f in agents if f.actor}
    found: dict[str, Argument] = {}
    for filler in affected:
        if filler.actor and filler.actor not in found:
            _add(document, found, filler.actor, sentence, constraint.accepts)
        for actor in (*filler.group.actors, *_of_actors(filler)):
            _add(document, found, actor, filler.sentence, constraint.accepts)
    for hit in document.actor_hits:
        if not hit.actor or not sentence.span.start <= hit.start < sentence.span.end:
            continue
        if hit.actor in taken or hit.actor in found:
            continue
        at = sentence.token_at(hit.start)
        before = f" {sentence.words(max(0, at - WINDOW), at)} "
        if any(f" {phrase} " in before for phrase in lexicon.words.get("links", ())):
            _add(document, found, hit.actor, sentence, constraint.accepts, Span(start=hit.start, end=hit.end))
    return tuple(found.values())


def _of_actors(filler: Filler) -> tuple[str, ...]:
    group, groups = filler.group, filler.sentence.groups
    actors: list[str] = []
    for _ in range(3):
        if group.of < 0:
            break
        group = groups[group.of]
        actors.extend(a for a in (group.actor, *group.actors) if a)
    return tuple(actors)


def _add(
    document: Document,
    found: dict[str, Argument],
    actor: str,
    sentence: Sentence,
    accepts: int,
    span: Span | None = None,
) -> None:
    known = document.actors.get(actor)
    if known is None or actor in found:
        return
    if accepts and not document.language.lexicon.closure(known.kind.value) & accepts:
        return
    where = (
        span
        or next(
            (
                Span(start=h.start, end=h.end)
                for h in document.actor_hits
                if h.actor == actor and sentence.span.start <= h.start < sentence.span.end
            ),
            None,
        )
        or _named_before(document, actor, sentence.span.start)
    )
    if where is None:
        return
    found[actor] = Argument(role=Role.LINKED, text=document.text[where.start : where.end], span=where, actor=actor)


def _named_before(document: Document, actor: str, offset: int) -> Span | None:
    named = [hit for hit in document.actor_hits if hit.actor == actor]
    before = [hit for hit in named if hit.start < offset] or named
    return Span(start=before[-1].start, end=before[-1].end) if before else None


def link_in_text(document: Document, offset: int) -> Argument | None:
    """The armed or criminal group that the text ties its suspects to, nearest to `offset`; before it is preferred."""
    lexicon = document.language.lexicon
    armed = lexicon.serving("outlaw")
    links = lexicon.words.get("links", frozenset())
    best: tuple[int, Argument] | None = None
    for hit in document.actor_hits:
        actor = document.actors.get(hit.actor or "")
        if actor is None or not lexicon.closure(actor.kind.value) & armed:
            continue
        before = " " + document.folded[max(0, hit.start - 60) : hit.start].replace(",", " ")
        if not any(f" {phrase} " in before for phrase in links):
            continue
        distance = offset - hit.start if hit.start <= offset else 2 * (hit.start - offset)
        argument = Argument(
            role=Role.LINKED,
            text=document.text[hit.start : hit.end],
            span=Span(start=hit.start, end=hit.end),
            actor=hit.actor,
        )
        if best is None or distance < best[0]:
            best = (distance, argument)
    return best[1] if best else None
