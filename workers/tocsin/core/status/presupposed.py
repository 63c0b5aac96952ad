"""Tests for what a sentence takes for granted: an event that an earlier report told of, and that this one only names.

The main clause tells what is new. What somebody is described by ("the nurse who was abducted", "two nurses held in
Basra") and what a noun, a verb or "since" refers to ("talks about the raid") is known already, unless it is dated to
the day of the report or the sentence tells there who was hurt.
"""

from tocsin.core.lexicon import (
    ADV,
    BE,
    COMMA,
    CONJ,
    DET,
    HAVE,
    ING,
    NUM,
    PREP,
    PRON,
    QUOTE,
    REL,
    SUB,
    TIME,
    TO,
    VERB,
)  # fmt: skip
from tocsin.core.matching.compiled import NAME
from tocsin.core.matching.groups import first_of_row, first_owner
from tocsin.core.matching.tokens import Group
from tocsin.core.mentions import Precision, Status
from tocsin.core.status.case import Case, Reading, court_word, is_where, verb_start
from tocsin.core.status.told import is_fresh

_LEVELS = 3


def find_presupposed(case: Case) -> Reading | None:
    """Named or described, not told."""
    frame = case.frame
    if frame.headline or is_fresh(case):
        return None
    shunned = _shunned(case)
    if shunned:
        return Reading(Status.BACKGROUND, "why a place is to be avoided", (shunned,))
    if _describes(case):
        word = case.sentence.word[frame.start]
        return Reading(Status.BACKGROUND, "what somebody is described by", (word,))
    if frame.shape == "nominal" and not frame.start > frame.support >= 0:
        word = _referring(case) or _assessed(case)
        return Reading(Status.BACKGROUND, "referred to, not told", (word,)) if word else None
    word = _prior_opener(case)
    return Reading(Status.BACKGROUND, "told as known already", (word,)) if word else None


def _describes(case: Case) -> bool:
    """Whether the clause only says of somebody who that is: a relative clause, or a participle right after a noun."""
    frame, sentence = case.frame, case.sentence
    if any(_is_somebody(case, index) for index in frame.slots.get("shower", ())):
        return False  # "in May the navy displayed rifles seized from": who shows them tells of it
    if frame.shape == "reduced" or _is_participle(case):
        groups = frame.slots.get("object") or []
        if frame.shape == "active":
            groups = [sentence.group_at[verb_start(case) - 1]]
        if not groups or groups[-1] < 0:
            return False
        if not _is_somebody(case, groups[-1]):
            return _is_dated_back(case) or _is_known_place(case, sentence.groups[groups[-1]])
        return not _is_predicate(case, sentence.groups[groups[-1]])
    verbs = frame.verbs
    if not frame.relative or verbs is None or is_where(case) or _is_cleft(case):
        return False
    groups = frame.slots.get("subject" if frame.shape == "active" else "object") or []
    if not groups or _is_hunted(case, sentence.groups[groups[-1]]):
        return False
    return _is_somebody(case, groups[-1]) or _governor(case, sentence.groups[groups[-1]].start)[0] >= 0


def _shunned(case: Case) -> str:
    """The word of advice that a clause of place gives the reason for: "avoid the valley, where bands have robbed …".

    What was done to somebody counted or known there is news: "stay away from the market, where a bomb has killed nine".
    """
    sentence, start = case.sentence, verb_start(case)
    opener = next((at for at in range(start - 1, 0, -1) if sentence.tag[at] == REL), 0)
    if not opener or sentence.word[opener] not in case.lexicon.words.get("relative_places", ()):
        return ""
    if HAVE not in sentence.tag[opener : case.frame.start] or any(date.value is not None for date in sentence.dates):
        return ""
    done_to = [sentence.groups[index] for index in case.frame.slots.get("object", ())]
    known = case.lexicon.words.get("definite", ())
    if not done_to or any(group.count is not None or sentence.word[group.start] in known for group in done_to):
        return ""
    before = f" {' '.join(sentence.word[:opener])} "
    return next((said for said in case.words.get("shunning_words", ()) if f" {said} " in before), "")


def _is_cleft(case: Case) -> bool:
    """ "It was masked men who shot the mayor": nobody is described, it is told who did it."""
    words = case.lexicon.words.get("singular_pronouns", ())
    at = next((i for i in range(verb_start(case) - 1, 0, -1) if case.sentence.tag[i] == BE), 0)
    after = at and case.sentence.group_at[at + 1]
    return bool(at) and after >= 0 and case.sentence.word[at - 1] in words and case.sentence.tag[at - 1] == PRON


def _is_participle(case: Case) -> bool:
    """Whether a phrase that brings its own object is a participle all the same: "a nurse held hostage by …"."""
    frame, sentence = case.frame, case.sentence
    verbs = frame.verbs
    if frame.shape != "active" or verbs is None or not verbs.participle or verbs.auxiliary >= 0 or frame.relative:
        return False
    words = case.lexicon.words
    lasting = case.lexicon.lemmas.get(sentence.word[verbs.verb], "") in words.get("stative", ())
    objects = [sentence.word[sentence.groups[index].head] for index in frame.slots.get("object", ())]
    said = [*objects, *sentence.word[frame.start + 1 : frame.end]]
    bare = all(word in words.get("predicative", ()) for word in said)
    return bare and (lasting or bool(said)) and verbs.verb > 0 and any(sentence.finite[: verbs.verb])


def _is_dated_back(case: Case) -> bool:
    """Whether the sentence puts what it tells of in a month or a year."""
    return any(
        date.value is not None and date.value.precision in (Precision.MONTH, Precision.YEAR)
        for date in case.sentence.dates
    )


def _is_known_place(case: Case, group: Group) -> bool:
    """ "the siege of a school captured by gunmen": what is said of a place that the sentence only refers to."""
    at = _governor(case, group.start)[0]
    spot = group.place or group.mask & case.lexicon.serving("occupied")
    return bool(spot) and at >= 0 and case.has("referring_prepositions", case.sentence.word[at])


def _is_somebody(case: Case, index: int) -> bool:
    group, lexicon = case.sentence.groups[index], case.lexicon
    if case.sentence.tag[group.head] == NUM:
        return False  # "put at ten dead and 15 wounded"
    return bool(group.actor or group.mask & (lexicon.serving("somebody") | lexicon.bit(NAME)))


def _is_hunted(case: Case, group: Group) -> bool:
    """ "are searching for a man who stabbed two teachers": what police look for somebody for is new."""
    before = case.sentence.word[max(0, group.start - 4) : group.start]
    return bool(case.first("hunting_words", before))


def _is_predicate(case: Case, group: Group) -> bool:
    """ "left ten people wounded", "with two men arrested": it is told of them, they are not described by it."""
    before = case.sentence.word[max(0, group.start - 3) : group.start]
    return bool(case.first("predicating_words", before))


def _referring(case: Case) -> str:
    """The word that an event noun hangs on, if it is one that refers to what is known."""
    sentence, frame = case.sentence, case.frame
    index = sentence.group_at[frame.start] if frame.end - frame.start > 1 else sentence.group_at[frame.end - 1]
    start = frame.start if index < 0 else sentence.groups[first_owner(sentence, first_of_row(sentence, index))].start
    for _ in range(_LEVELS):
        at, above = (frame.governor, -1) if frame.governor >= 0 else _governor(case, start)
        if at < 0:
            return ""
        word = sentence.word[at]
        if sentence.tag[at] in (VERB, ING):
            return word if case.has("referring_verbs", word) else ""
        noun = sentence.word[sentence.groups[above].head] if above >= 0 else ""
        if noun in case.lexicon.words.get("claimed_nouns", ()):
            return ""  # whoever claims an attack makes it news
        if case.has("collecting_nouns", noun):
            start = sentence.groups[above].start
            continue
        linked = case.first("linking_words", sentence.word[max(0, at - 6) : at])
        if case.affected and case.has("charge_prepositions", word) and _is_blamed(case, at):
            return ""
        if case.has("referring_prepositions", word) or linked:
            return linked or word
        if case.has("occasion_prepositions", word) and at and case.has("time_units", sentence.word[at - 1]):
            return sentence.word[at - 1]
        return word if case.has("occasion_prepositions", word) and not _is_harmed(case, at) else ""
    return ""


def _is_blamed(case: Case, at: int) -> bool:
    """ "The army blamed rebels for the massacre": an accusation is news, what somebody is blamed for is known."""
    sentence = case.sentence
    verb = next((i for i in range(at - 1, max(-1, at - 9), -1) if sentence.tag[i] == VERB), -1)
    if verb < 1 or not sentence.finite[verb] or not case.has("accusing_verbs", sentence.word[verb]):
        return False
    return sentence.group_at[verb + 1] >= 0 and sentence.tag[verb - 1] not in (BE, HAVE, REL)


def _governor(case: Case, start: int) -> tuple[int, int]:
    """The verb, preposition or time word that a noun group hangs on, and the group before it; -1 for none."""
    sentence, at = case.sentence, start - 1
    if at >= 0 and sentence.tag[at] == COMMA and sentence.tag[start] == DET:
        return -1, -1  # "On 3 May, a march …": the comma ends the date
    if at > 0 and sentence.tag[at] == CONJ and sentence.group_at[at - 1] >= 0:
        at = sentence.groups[sentence.group_at[at - 1]].start - 1
    clitics = case.lexicon.words.get("clitics", ())
    while at >= 0 and (sentence.tag[at] in (ADV, QUOTE, TIME) or sentence.word[at] in clitics or _is_in_date(case, at)):
        if case.has("time_links", sentence.word[at]) or case.has("since_words", sentence.word[at]):
            break
        at -= 1
    if at < 0 or sentence.tag[at] not in (VERB, ING, PREP, SUB, TO, TIME):
        return -1, -1
    verbs = case.frame.verbs
    if sentence.tag[at] == SUB and verbs is not None and REL not in sentence.tag[case.frame.end : verbs.verb]:
        return -1, -1  # the noun is the subject of the clause that the word opens
    return at, sentence.group_at[at - 1] if at else -1


def _is_in_date(case: Case, at: int) -> bool:
    """Whether an article or a comma belongs to a date before the noun: "the Sept. 11, 2001, attacks"."""
    tags = case.sentence.tag
    return tags[at] in (COMMA, DET) and TIME in tags[max(0, at - 1) : at + 2]


def _assessed(case: Case) -> str:
    """The verb that judges a known event rather than tells it: "the siege showed that …", "the raid was a mistake"."""
    frame, sentence = case.frame, case.sentence
    if not frame.definite or frame.verbs is None or frame.governor >= 0 or frame.verbs.verb < frame.end:
        return ""
    word = sentence.word[frame.verbs.verb]
    return word if case.has("assessing_verbs", word) else ""


def _is_harmed(case: Case, before: int) -> bool:
    """Whether somebody is told to be hurt, or to have fled: "two died after the attack", not "those killed in it"."""
    sentence = case.sentence
    for at in range(before):
        if not (case.has("harm_words", sentence.word[at]) or case.has("consequence_words", sentence.word[at])):
            continue
        carried = any(tag in (BE, HAVE) for tag in sentence.tag[max(0, at - 4) : at])
        if sentence.finite[at] or sentence.tag[at] == ING or carried or not any(sentence.finite):
            return True
        if case.first("predicating_words", sentence.word[max(0, at - 6) : at]):
            return True
    return False


def _is_old_or_tried(case: Case) -> bool:
    """Whether a report of a trial tells it, or a date of a week or more: "said so when he was arrested last week"."""
    coarse = (Precision.WEEK, Precision.MONTH, Precision.YEAR)
    dated = any(date.value is not None and date.value.precision in coarse for date in case.dates)
    return dated or bool(court_word(case))


def _tells_of_victims(case: Case, opener: int) -> bool:
    """ "prayed for the pupils killed when a mob burned the school": the clause says only which pupils."""
    sentence = case.sentence
    verb = opener - 1
    if verb < 2 or sentence.tag[verb] != VERB or sentence.group_at[verb - 1] < 0:
        return False
    group = sentence.groups[sentence.group_at[verb - 1]]
    known = sentence.word[group.start] in case.lexicon.words.get("definite", ())
    return known and group.prep >= 0 and any(sentence.finite[: group.start])


def _prior_opener(case: Case) -> str:
    """The opener of a clause that tells since when something is so, or long after what: "a week after he was …"."""
    sentence, start = case.sentence, verb_start(case)
    for at in range(start - 1, max(-1, start - 14), -1):
        word, tag = sentence.word[at], sentence.tag[at]
        if tag == SUB or (tag == TIME and case.has("time_links", word)):
            if case.has("since_words", word) or (case.has("time_openers", word) and _is_old_or_tried(case)):
                return word
            unit = sentence.word[at - 1] if at else ""
            if case.has("time_openers", word) and _tells_of_victims(case, at):
                return word
            long_after = case.has("time_units", unit) and case.has("time_openers", word)
            return unit if long_after or case.has("moment_words", unit) else ""
        if tag in (VERB, COMMA):
            return ""
    return ""
