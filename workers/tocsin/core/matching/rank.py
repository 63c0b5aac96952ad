"""Which of an article's events is its main one, as an editor would see it."""

from collections.abc import Sequence

from tocsin.core.lexicon import COMMA, PUNCT, REL, SUB, VERB
from tocsin.core.matching.draft import Draft
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.groups import first_owner
from tocsin.core.mentions import OPENING, Role, Status

ADJACENT = 4
"""Characters between two sentences of which one follows the other."""
STEPS = 3
_STATUS = {
    Status.ASSERTED: 1.0,
    Status.ATTRIBUTED: 1.0,
    Status.HEDGED: 0.6,
    Status.AGGREGATE: 0.4,
    Status.BACKGROUND: 0.4,
    Status.DENIED: 0.4,
    Status.PLANNED: 0.9,
}
_FIRM = (Status.ASSERTED, Status.ATTRIBUTED, Status.HEDGED)
_SHAPE = {"active": 1.0, "passive": 1.0, "nominal": 0.5, "gerund": 0.3, "infinitive": 0.0, "reduced": 0.1}


def rank(drafts: Sequence[Draft]) -> Draft | None:
    """The main event: one that can open an event if there is any, else the one that the article speaks of in silence.

    What did not happen is never the main event.
    """
    told = [draft for draft in drafts if draft.status in OPENING] or [
        draft for draft in drafts if draft.status is not Status.NEGATED
    ]
    if not told:
        return None
    first = min(draft.told_since for draft in told)
    for draft in told:
        draft.score = _score(draft, first)
        if draft.vague and any(o.span.start == draft.span.start and not o.vague for o in told):
            draft.score -= 2.5  # "attacked the village, burned a mill and took the cattle"
        elif any(_is_mere_beginning(draft, other) for other in told):
            draft.score -= 2.5
    main = max(told, key=lambda draft: draft.score)
    for _ in range(STEPS):
        main = _outcome(main, told)
    return main


def _outcome(main: Draft, told: Sequence[Draft]) -> Draft:
    """What the main event ended in, told with it or right after: "the army clashed with rebels and took the town".

    Right after it must be as firm: what somebody adds to a report does not become the news.
    """
    for draft in told:
        if main.type not in draft.rule.rule.outranks or draft.status not in OPENING or draft.part or _is_aside(draft):
            continue
        if _is_mere_beginning(draft, main):
            continue
        if not draft.hurts and draft.arguments.get(Role.RECIPIENT) and (main.hurts or draft.vague):
            continue  # what was done to things never outranks what was done to persons
        after = draft.span.start - main.span.end
        if draft.span == main.span or (
            0 <= after <= ADJACENT and _FIRM.index(draft.status) <= _FIRM.index(main.status)
        ):
            return draft
    return main


def _is_mere_beginning(draft: Draft, other: Draft) -> bool:
    """Whether a deed without grave harm only led to what its sentence tells next: "beat the driver and took him"."""
    if other.type not in draft.rule.rule.outranks or not other.hurts or other.status not in OPENING:
        return False
    if other.span.start != draft.span.start or other.trigger_span.start < draft.trigger_span.end:
        return False
    return draft.trigger.form.text in draft.frame.sentence.lexicon.words.get("slight_deeds", ())


def _shape(draft: Draft) -> float:
    """What a mention is told by, or what gave way to it: "marched and burned tyres"."""
    if "subject" in draft.trigger.form.roles and draft.trigger.kind == "phrase":
        return 1.0  # "sexually assaulted two girls"
    return max(_weight(frame) for frame in (draft.frame, draft.stead) if frame is not None)


def _weight(frame: Frame) -> float:
    """A main clause beats a phrase: "marched in protest over the shooting" is a protest."""
    if frame.shape != "nominal":
        return _SHAPE.get(frame.shape, 0.5)
    if frame.support >= 0:
        return 0.9
    index = frame.sentence.group_at[frame.end - 1]
    governed = index >= 0 and frame.sentence.groups[index].prep >= 0
    return 0.0 if governed else 0.6


def _is_aside(draft: Draft) -> bool:
    """Whether a phrase, a relative clause or what came before names it, no clause of its own."""
    return draft.frame.relative or _shape(draft) == 0.0 or _is_prior(draft)


def _is_slug(draft: Draft) -> bool:
    """Whether it opens its sentence before a colon, and says what the rest is about: "Weapons seizure: police …"."""
    frame, sentence = draft.frame, draft.frame.sentence
    index = sentence.group_at[frame.start]
    first = index >= 0 and sentence.groups[index].start == 0
    return first and frame.shape == "nominal" and frame.end < len(sentence) and sentence.word[frame.end] == ":"


def _is_prior(draft: Draft) -> bool:
    """Whether a clause tells what came before: "he died hours after he was picked up"."""
    frame, sentence = draft.frame, draft.frame.sentence
    verb = frame.verbs.start if frame.verbs else -1
    start = frame.support if frame.shape == "nominal" else verb
    openers = sentence.lexicon.words.get("prior_openers", ())
    for at in range(start - 1, max(-1, start - 10), -1):
        if sentence.tag[at] in (SUB, VERB, COMMA, PUNCT, REL):
            return sentence.tag[at] == SUB and sentence.word[at] in openers
    return False


def _is_described(draft: Draft) -> bool:
    """Whether it is said of a noun by a clause with a subject of its own: "the valley where rebels hold two towns"."""
    sentence, subject = draft.frame.sentence, draft.frame.slots.get("subject")
    if not subject or draft.frame.shape != "active":
        return False
    before = sentence.groups[first_owner(sentence, subject[0])].start - 1
    return before > 0 and sentence.tag[before] == REL


def _score(draft: Draft, first: int) -> float:
    score = _STATUS.get(draft.status, 0.0) * 2
    score += 3.0 if draft.told_since == first else 0.0
    score += _shape(draft) * 3
    score += 0.5 * len([r for r in (Role.AGENT, Role.RECIPIENT, Role.OBJECT) if draft.fills(r)])
    score += 0.5 if draft.rule.rule.parent else 0.0
    score += 0.05 * draft.rule.rule.priority
    score -= 2.0 if draft.frame.relative or draft.back or _is_described(draft) else 0.0
    score += 4.0 if _is_slug(draft) else 0.0
    score -= 4.0 if _is_prior(draft) else 0.0
    score -= 4.0 if draft.part else 0.0  # "stormed the barracks and blew themselves up"
    # What is told first is news before it is context: a hundred letters weigh as much as two roles.
    at = draft.trigger_span.start if draft.since < 0 else draft.since
    return score - (at - first) / 100
