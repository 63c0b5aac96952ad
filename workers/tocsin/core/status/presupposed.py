"""Tests for what a sentence takes for granted: an event that an earlier report told of, and that this one only names.

The main clause tells what is new. What somebody is described by ("the nurse who was abducted", "two nurses held in
Basra") and what a noun, a verb or "since" refers to ("talks about the raid") is known already, unless it is dated to
the day of the report or the sentence tells there who was hurt.
"""

from datetime import timedelta

from tocsin.core.lexicon import ADV, BE, COMMA, HAVE, ING, NUM, PREP, QUOTE, SUB, TIME, VERB
from tocsin.core.matching.groups import first_of_row, first_owner
from tocsin.core.matching.tokens import Group
from tocsin.core.mentions import Precision, Status
from tocsin.core.status.case import Case, Reading, is_where, verb_start

_LEVELS = 3


def find_presupposed(case: Case) -> Reading | None:
    """Named or described, not told."""
    frame = case.frame
    if frame.headline or _is_fresh(case):
        return None
    if _describes(case):
        word = case.sentence.word[frame.start]
        return Reading(Status.BACKGROUND, "what somebody is described by", (word,))
    if frame.shape == "nominal" and frame.support < 0:
        word = _referring(case)
        return Reading(Status.BACKGROUND, "referred to, not told", (word,)) if word else None
    word = _prior_opener(case)
    return Reading(Status.BACKGROUND, "told as known already", (word,)) if word else None


def _is_fresh(case: Case) -> bool:
    """Whether the event is dated to the day of the report or the one before."""
    for mention in case.dates:
        if any(case.has("fresh_words", word) for word in mention.text.lower().split()):
            return True
        value, today = mention.value, case.reference_on
        if value is not None and today is not None and value.precision is Precision.DAY:
            return today - value.on <= timedelta(days=1)
    return False


def _describes(case: Case) -> bool:
    """Whether the clause only says of somebody who that is: a relative clause, or a participle right after a noun."""
    frame, sentence = case.frame, case.sentence
    if frame.shape == "reduced" or _is_participle(case):
        groups = frame.slots.get("object") or frame.slots.get("subject") or []
        return bool(groups) and _is_somebody(case, groups[-1]) and not _is_predicate(case, sentence.groups[groups[-1]])
    verbs = frame.verbs
    if not frame.relative or verbs is None or is_where(case):
        return False
    groups = frame.slots.get("subject" if frame.shape == "active" else "object") or []
    if not groups or _is_hunted(case, sentence.groups[groups[-1]]):
        return False
    return _is_somebody(case, groups[-1]) or sentence.groups[groups[-1]].prep >= 0


def _is_participle(case: Case) -> bool:
    """Whether a phrase that brings its own object is a participle all the same: "a nurse held hostage by …"."""
    frame, sentence = case.frame, case.sentence
    verbs = frame.verbs
    if frame.shape != "active" or verbs is None or not verbs.participle or verbs.auxiliary >= 0 or frame.relative:
        return False
    lasting = case.lexicon.lemmas.get(sentence.word[verbs.verb], "") in case.lexicon.words.get("stative", ())
    return lasting and not frame.slots.get("object") and any(sentence.finite[: verbs.verb])


def _is_somebody(case: Case, index: int) -> bool:
    group, lexicon = case.sentence.groups[index], case.lexicon
    if case.sentence.tag[group.head] == NUM:
        return False  # "put at ten dead and 15 wounded"
    return bool(group.actor or group.mask & lexicon.mask_of(("person", "organisation", "force", "name")))


def _is_hunted(case: Case, group: Group) -> bool:
    """ "are searching for a man who stabbed two teachers": what police look for somebody for is new."""
    before = case.sentence.word[max(0, group.start - 4) : group.start]
    return any(case.has("hunting_words", word) for word in before)


def _is_predicate(case: Case, group: Group) -> bool:
    """ "left ten people wounded", "with two men arrested": it is told of them, they are not described by it."""
    sentence = case.sentence
    before = sentence.word[max(0, group.start - 3) : group.start]
    return any(case.has("predicating_words", word) for word in before)


def _referring(case: Case) -> str:
    """The word that an event noun hangs on, if it is one that refers to what is known."""
    sentence, index = case.sentence, case.sentence.group_at[case.frame.end - 1]
    if index < 0:
        return ""
    group = sentence.groups[first_owner(sentence, first_of_row(sentence, index))]
    for _ in range(_LEVELS):
        at = case.frame.governor if case.frame.governor >= 0 else _before(case, group.start)
        if at < 0:
            return ""
        word = sentence.word[at]
        if sentence.tag[at] in (VERB, ING):
            return word if case.has("referring_verbs", word) else ""
        if sentence.tag[at] not in (PREP, SUB) or (sentence.tag[at] == SUB and case.frame.verbs is not None):
            return ""
        above = sentence.group_at[at - 1] if at else -1
        noun = sentence.word[sentence.groups[above].head] if above >= 0 else ""
        if noun in case.lexicon.words.get("claimed_nouns", ()):
            return ""  # whoever claims an attack makes it news
        if case.has("collecting_nouns", noun):
            group = sentence.groups[above]
            continue
        if case.has("referring_prepositions", word):
            return word
        if case.has("occasion_prepositions", word):
            return "" if _is_harmed(case, at) else word
        return ""
    return ""


def _before(case: Case, start: int) -> int:
    """The token before a group, past adverbs, dates and marks."""
    sentence, at = case.sentence, start - 1
    clitics = case.lexicon.words.get("clitics", ())
    while at >= 0 and (sentence.tag[at] in (ADV, QUOTE, TIME) or sentence.word[at] in clitics):
        at -= 1
    return at


def _is_harmed(case: Case, before: int) -> bool:
    """Whether somebody is told to be hurt, or to have fled: "two died after the attack", not "those killed in it"."""
    sentence = case.sentence
    for at in range(before):
        if not (case.has("harm_words", sentence.word[at]) or case.has("consequence_words", sentence.word[at])):
            continue
        carried = any(tag in (BE, HAVE) for tag in sentence.tag[max(0, at - 4) : at])
        if sentence.finite[at] or sentence.tag[at] == ING or carried or not any(sentence.finite):
            return True
        if any(case.has("predicating_words", word) for word in sentence.word[max(0, at - 6) : at]):
            return True
    return False


def _prior_opener(case: Case) -> str:
    """The opener of a clause that tells since when something is so, or long after what: "a week after he was …"."""
    sentence, start = case.sentence, verb_start(case)
    for at in range(start - 1, max(-1, start - 12), -1):
        if sentence.tag[at] == SUB:
            word = sentence.word[at]
            if case.has("since_words", word):
                return word
            apart = at and case.has("time_units", sentence.word[at - 1]) and case.has("time_links", word)
            return sentence.word[at - 1] if apart else ""
        if sentence.tag[at] in (VERB, COMMA):
            return ""
    return ""
