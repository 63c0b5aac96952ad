"""Mentions of one event in one article become one; then the article's main event is ranked first."""

from collections.abc import Sequence

from tocsin.core.article import Article
from tocsin.core.ids import make_id
from tocsin.core.lexicon import CONJ, TIME
from tocsin.core.matching.assaults import goes_on_within, is_fleeting
from tocsin.core.matching.confidence import confidence_of
from tocsin.core.matching.draft import Draft, sets_scene
from tocsin.core.matching.links import link_in_text
from tocsin.core.matching.rank import ADJACENT, rank
from tocsin.core.matching.read import Document
from tocsin.core.matching.tolls import hurts_somebody, is_fate, is_toll, is_toll_of_known
from tocsin.core.matching.turns import turned
from tocsin.core.mentions import OPENING, EventMention, PlaceMention, Precision, Role, Status

_NO_NEWS = (Status.AGGREGATE, Status.PLANNED, Status.HYPOTHETICAL, Status.NEGATED, Status.DENIED)
_ARGUMENTS = (Role.AGENT, Role.RECIPIENT, Role.OBJECT, Role.INSTRUMENT)


def merge(drafts: Sequence[Draft], document: Document) -> list[Draft]:
    """One draft for each event told, in text order; silent drafts stay by themselves unless they only point back."""
    kept: list[Draft] = []
    for draft in drafts:
        draft.rule, draft.hurts = turned(draft, kept, drafts, document), hurts_somebody(draft)
        known = _find_known(draft, kept)
        if known is not None:
            _join(known, draft)
            continue
        _inherit(draft, kept, document)
        kept.append(draft)
    kept = _without_terse(kept, document.title_end)
    for draft in kept:
        draft.countries = _countries(draft, document)
    return kept


def _without_terse(kept: list[Draft], title_end: int) -> list[Draft]:
    """A headline is terse: no news when the first that its story says of it is none (a total, a plan, a denial)."""
    dropped: list[Draft] = []
    for draft in kept:
        if draft.status not in OPENING or draft.span.start >= title_end:
            continue
        story = next((o for o in kept if o.span.start >= title_end and _related(draft, o)), None)
        if story is not None and story.status in _NO_NEWS and not _conflict(draft, story):
            dropped.append(draft)
    return [draft for draft in kept if not any(draft is other for other in dropped)]


def give_way(drafts: list[Draft]) -> list[Draft]:
    """Drop what another mention of the same sentence tells more exactly: "a bomb exploded, killing five"."""
    kept: list[Draft] = []
    for draft in drafts:
        to = draft.rule.rule.yields_to
        other = next((o for o in drafts if o is not draft and o.type in to and _takes_over(o, draft)), None)
        if other is None or _is_coordinated(draft, other):
            kept.append(draft)
            continue
        if goes_on_within(draft, other) or is_fleeting(draft, other):
            for part in drafts:
                part.part = part.part or part.type == other.type
            kept.append(draft)
            continue
        for role in (Role.RECIPIENT, Role.AGENT) if _is_circumstance(other, draft) else (Role.RECIPIENT,):
            if not other.arguments.get(role) and role in other.rule.constraints:
                other.arguments[role] = draft.arguments.get(role, ())
        if other.date is None:
            other.date = draft.date
        other.places = other.places or draft.places
        other.stead = draft.frame if draft.rule.leaves else None
    return kept


def _is_coordinated(draft: Draft, other: Draft) -> bool:
    """ "the bombings and the murder of six priests": two events in a row, each with its own victims."""
    if draft.frame.shape != "nominal" or other.frame.shape != "nominal" or not draft.fills(Role.RECIPIENT):
        return False
    sentence = draft.frame.sentence
    index = sentence.group_at[draft.frame.start]
    if index < 0 or other.frame.end > draft.frame.start:
        return False
    before = sentence.groups[index].start - 1
    return before > 0 and sentence.tag[before] == CONJ


def _takes_over(other: Draft, draft: Draft) -> bool:
    """Not what is silent or vague from what is told, nor an event noun that nothing is said of from a whole clause."""
    if draft.status in OPENING and draft.rule.leaves and (sets_scene(other) or _is_its_cause(other)):
        other.status, other.reason = draft.status, draft.reason  # "had thrown stones, to which police replied with gas"
    if (draft.status in OPENING and other.status not in OPENING) or (other.vague and not draft.vague):
        return False
    if is_fate(other) or _is_at_another_time(other, draft):
        return False
    if draft.frame.shape == "nominal" or other.frame.shape != "nominal" or _is_circumstance(other, draft):
        return True
    if other.frame.verbs is not None and not draft.fills(Role.AGENT):
        return True  # "a shootout broke out and a suspect was shot"
    return any(other.fills(role) for role in _ARGUMENTS) or not any(draft.fills(role) for role in _ARGUMENTS)


def _is_its_cause(other: Draft) -> bool:
    """ "fired gas at youths who lobbed petrol bombs": what those did to whom it was done."""
    verbs = other.frame.verbs
    described = other.status is Status.BACKGROUND and other.frame.relative and other.date is None
    return described and verbs is not None and verbs.finite and not (verbs.perfect or verbs.present)


def _is_at_another_time(other: Draft, draft: Draft) -> bool:
    """ "shot a judge, a day after a bomb killed ten": the one only dates the other."""
    sentence = draft.frame.sentence
    openers, units = (sentence.lexicon.words.get(name, ()) for name in ("prior_openers", "measures"))
    between = range(draft.frame.end + 1, other.frame.start)
    return any(
        sentence.word[at] in openers and (sentence.tag[at - 1] == TIME or sentence.word[at - 1] in units)
        for at in between
    )


def _is_circumstance(other: Draft, draft: Draft) -> bool:
    """ "killed four men in air strikes": the noun says how what the verb tells was done."""
    frame, sentence = draft.frame, draft.frame.sentence
    said = sentence.lexicon.words.get("circumstance_prepositions", ())
    index = sentence.group_at[other.frame.end - 1]
    return any(index in groups for slot, groups in frame.slots.items() if slot in said)


def _find_known(draft: Draft, kept: Sequence[Draft]) -> Draft | None:
    if draft.status not in OPENING and not (draft.back or draft.split):
        return None
    for other in reversed(kept):
        if other.status not in OPENING or not _related(draft, other):
            continue
        if _is_new_claim(draft, other):
            continue
        if draft.back or draft.split or not _conflict(draft, other):
            return other
    return _find_vaguer(draft, kept)


def _find_vaguer(draft: Draft, kept: Sequence[Draft]) -> Draft | None:
    """The vague report just before of what this one tells exactly, or the exact one that this adds a toll to."""
    if draft.status not in OPENING:
        return None
    for other in reversed(kept[-2:]):
        if other.status not in OPENING or _conflict(draft, other) or draft.span.start - other.span.end > ADJACENT:
            continue
        if draft.type in other.rule.rule.yields_to and is_toll(other) and not is_fate(draft):
            return other
        if other.type in draft.rule.rule.yields_to and is_toll(draft):
            return other
    if not is_toll_of_known(draft):
        return None
    told = (o for o in reversed(kept) if o.status in OPENING and o.type in draft.rule.rule.yields_to)
    return next((o for o in told if not _conflict(draft, o)), None)


def _related(one: Draft, other: Draft) -> bool:
    ours, theirs = one.rule.rule, other.rule.rule
    if ours.id == theirs.id or ours.parent == theirs.id or theirs.parent == ours.id:
        return True
    if ours.id in theirs.yields_to and one.goes_on and other.rule.leaves:
        return True  # "The marchers burned a bus": the march of the sentence before has become a riot
    return one.back and theirs.id in ours.yields_to


def _is_new_claim(draft: Draft, other: Draft) -> bool:
    """A doubtful report that names somebody else stays a mention of its own: it must not blur the firm one."""
    if draft.status is not Status.HEDGED or other.status is Status.HEDGED:
        return False
    agents = draft.heads(Role.AGENT)
    others = other.heads(Role.AGENT)
    return bool(agents) and bool(others) and not agents & others


def _conflict(draft: Draft, other: Draft) -> bool:
    if draft.count is not None and other.count is not None and draft.count != other.count:
        return True
    days = [d.date.on for d in (draft, other) if d.date and d.date.precision is Precision.DAY]
    if len(days) > 1 and days[0] != days[1]:
        return True
    ours, theirs = _place_keys(draft), _place_keys(other)
    if other.in_title and not draft.in_title:
        ours = set()
    if ours and theirs and not ours & theirs and not _nested(draft, other):
        return True
    agents, others = draft.heads(Role.AGENT), other.heads(Role.AGENT)
    if agents and others and not agents & others and _actors_differ(draft, other, Role.AGENT):
        return True
    if draft.goes_on and other.rule.leaves:
        return False  # what goes on has things of its own: a banner first, then a fence
    things, other_things = draft.heads(Role.OBJECT), other.heads(Role.OBJECT)
    return bool(things and other_things and not things & other_things)


def _actors_differ(one: Draft, other: Draft, role: Role) -> bool:
    ours = {a.actor for a in one.arguments.get(role, ()) if a.actor}
    theirs = {a.actor for a in other.arguments.get(role, ()) if a.actor}
    return bool(ours and theirs and not ours & theirs)


def _place_keys(draft: Draft) -> set[str]:
    return {place.name.lower() for place in draft.places}


def _nested(one: Draft, other: Draft) -> bool:
    """A town and its country or province do not contradict each other."""
    for a in one.places:
        for b in other.places:
            if a.country and a.country == b.country and "country" in (a.kind, b.kind):
                return True
            if (a.province and a.province == b.name) or (b.province and b.province == a.name):
                return True
    return False


def _join(known: Draft, draft: Draft) -> None:
    """Add what the draft says to the event that is known; the firmer and fuller evidence stays."""
    known.hurts = known.hurts or draft.hurts
    if known.in_title and not draft.in_title and not (draft.back or draft.split):
        _take_evidence(known, draft)
    for role in (*_ARGUMENTS, Role.LINKED):
        if not known.arguments.get(role) and not (draft.split and role is not Role.AGENT):
            known.arguments[role] = draft.arguments.get(role, ())
    known.vague = known.vague and draft.vague
    if (
        _is_outcome(known)
        and known.span == draft.span
        and draft.arguments.get(Role.RECIPIENT)
        and not _is_outcome(draft)
    ):
        known.arguments[Role.RECIPIENT] = draft.arguments[Role.RECIPIENT]
    names = _place_keys(known)
    known.places = (*known.places, *(p for p in draft.places if p.name.lower() not in names))
    if known.date is None or (
        draft.date and known.date.precision is not Precision.DAY and draft.date.precision is Precision.DAY
    ):
        known.date = known.date if draft.date is None else draft.date
    if known.count is None and not draft.split and not draft.back:
        known.count = draft.count
    if draft.rule.rule.parent == known.type and draft.status in OPENING:
        known.rule = draft.rule
    if draft.type in known.rule.rule.yields_to:
        known.rule = draft.rule
        _take_evidence(known, draft)
    if known.status is Status.HEDGED and draft.status in (Status.ASSERTED, Status.ATTRIBUTED):
        known.status, known.reason, known.status_words = draft.status, draft.reason, draft.status_words


def _is_outcome(draft: Draft) -> bool:
    """Whether an "-ing" clause tells who suffered: of "a bomb exploded in a bar, killing five" the bar was bombed."""
    clause = draft.frame.shape == "gerund" and draft.frame.governor < 0
    frame, words = draft.frame, draft.frame.sentence.lexicon.words
    told = clause and frame.sentence.word[frame.start] in words.get("hitting", ())
    return told or draft.filling.slots.get(Role.RECIPIENT) == "toll"


def _take_evidence(known: Draft, draft: Draft) -> None:
    """A headline is terse: the body's sentence is the better evidence."""
    known.since = known.told_since
    known.span, known.trigger_span, known.frame = draft.span, draft.trigger_span, draft.frame
    known.status, known.reason, known.status_words = draft.status, draft.reason, draft.status_words
    for role in (*_ARGUMENTS, Role.LINKED):
        if draft.arguments.get(role):
            known.arguments[role] = draft.arguments[role]
    known.count = draft.count if draft.count is not None else known.count


def _inherit(draft: Draft, kept: Sequence[Draft], document: Document) -> None:
    """What a sentence leaves to its context: whom "the suspects" are tied to, when and in which countries."""
    if draft.status not in OPENING:
        return
    words = document.language.lexicon.words
    back = _definite_people(draft, words)
    previous = next((o for o in reversed(kept) if o.status in OPENING), None)
    same = next((o for o in reversed(kept) if o.status in OPENING and _related(draft, o)), None)
    if draft.back and same is not None:
        draft.date = draft.date or same.date
        draft.places = draft.places or same.places
        for role in (Role.RECIPIENT, Role.LINKED):
            if not draft.arguments.get(role):
                draft.arguments[role] = same.arguments.get(role, ())
    clause = draft.frame.shape == "gerund" and previous is not None and previous.span == draft.span
    if Role.LINKED in draft.rule.constraints and (back or clause) and not draft.arguments.get(Role.LINKED):
        if previous is not None and previous.arguments.get(Role.LINKED) and draft.type != previous.type:
            draft.arguments[Role.LINKED] = previous.arguments[Role.LINKED]
        elif back:
            found = link_in_text(document, draft.span.start)
            draft.arguments[Role.LINKED] = (found,) if found else ()
    _follow_antecedent(draft, kept)
    if back and previous is not None and draft.date is None and not draft.places and not _has_vague_date(draft):
        draft.date = previous.date
        draft.countries = previous.countries or _countries(previous, document)


def _follow_antecedent(draft: Draft, kept: Sequence[Draft]) -> None:
    """ "They were arrested at home": when and where is what the sentence before said of them."""
    source = next(
        (
            filler.antecedent.sentence
            for role in (Role.AGENT, Role.RECIPIENT)
            for filler in draft.filling.groups(role)
            if filler.antecedent is not None and filler.antecedent.sentence is not draft.frame.sentence
        ),
        None,
    )
    if source is None or draft.places:
        return
    told = next((o for o in reversed(kept) if o.span.start == source.span.start and o.status in OPENING), None)
    if told is not None:
        draft.places = told.places
        draft.date = draft.date or (None if draft.frame.sentence.dates else told.date)
    else:
        draft.places = tuple(p for p in source.places if p.kind not in ("people", "country"))


def _has_vague_date(draft: Draft) -> bool:
    return bool(draft.frame.sentence.dates)


def _definite_people(draft: Draft, words: dict[str, frozenset[str]]) -> bool:
    """ "from the suspects", "the five-member cell": somebody already known."""
    sentence = draft.frame.sentence
    for index in draft.frame.all_groups():
        group = sentence.groups[index]
        if sentence.word[group.head] in words.get("back_nouns", ()) and sentence.word[group.start] in words.get(
            "definite", ()
        ):
            return True
    return False


def _countries(draft: Draft, document: Document) -> tuple[str, ...]:
    found = dict.fromkeys(p.country for p in draft.places if p.country)
    if not found and draft.countries:
        return draft.countries
    if not found:
        found = dict.fromkeys(_agent_countries(draft, document))
    return tuple(c for c in found if c)


def _agent_countries(draft: Draft, document: Document) -> list[str]:
    found: list[str] = []
    for filler in draft.filling.groups(Role.AGENT):
        sentence, group = filler.sentence, filler.group
        while True:
            for at in range(group.start, group.end):
                country = document.country_of(sentence.word[at])
                if country:
                    found.append(country)
            if group.owner < 0:
                break
            group = sentence.groups[group.owner]
        if not found and filler.actor and len(document.actors[filler.actor].country) == 1:
            found.extend(document.actors[filler.actor].country)
    if not found:
        for argument in draft.arguments.get(Role.AGENT, ()):
            if argument.actor:
                known = document.actors[argument.actor].country
                found.extend(known if len(known) == 1 else ())
    return found


def finish(drafts: Sequence[Draft], article: Article, document: Document) -> tuple[EventMention, ...]:
    """The drafts as values, the main one marked."""
    main = rank(drafts)
    return tuple(_mention(draft, article, document, primary=draft is main) for draft in drafts)


def _mention(draft: Draft, article: Article, document: Document, *, primary: bool) -> EventMention:
    text = document.text
    return EventMention(
        id=make_id("men", article.id, draft.type, str(draft.trigger_span.start)),
        article_id=article.id,
        type=draft.type,
        status=draft.status,
        sentence=draft.span,
        sentence_text=text[draft.span.start : draft.span.end],
        trigger=draft.trigger_span,
        trigger_text=text[draft.trigger_span.start : draft.trigger_span.end],
        reason=draft.reason,
        status_words=draft.status_words,
        agents=draft.arguments.get(Role.AGENT, ()),
        recipients=draft.arguments.get(Role.RECIPIENT, ()),
        objects=draft.arguments.get(Role.OBJECT, ()),
        instruments=draft.arguments.get(Role.INSTRUMENT, ()),
        linked=draft.arguments.get(Role.LINKED, ()),
        places=_unique(draft.places),
        countries=draft.countries,
        date=draft.date,
        count=draft.count,
        primary=primary,
        confidence=confidence_of(draft),
    )


def _unique(places: Sequence[PlaceMention]) -> tuple[PlaceMention, ...]:
    return tuple({place.name: place for place in reversed(places)}.values())[::-1]
