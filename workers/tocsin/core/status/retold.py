"""Tests for what an article tells again: its plot, its past, or what a court was told; nothing of it is new."""

from tocsin.core.lexicon import ING, SUB, VERB
from tocsin.core.mentions import Status
from tocsin.core.status.case import Case, Reading, verb_start
from tocsin.core.status.told import is_fresh

REACH = 25


def find_retold(case: Case) -> Reading | None:
    """A plot, an obituary or a chronicle, or the charges of a trial."""
    topic, frame = case.topic, case.frame
    if topic is None:
        return None
    if topic.genre:
        return Reading(Status.BACKGROUND, "told again, not reported", (topic.genre,))
    if topic.story and _is_plot(case):
        return Reading(Status.HYPOTHETICAL, "told as a story", topic.story)
    said = _addressed(case)
    if said:
        return Reading(Status.HYPOTHETICAL, "about anyone, nobody in particular", (said,))
    if is_fresh(case):
        return None
    heard = _heard_in_court(case)
    if heard:
        return Reading(Status.BACKGROUND, "what a court was told", (heard,))
    looks_back = topic.explains or ("" if frame.headline or case.opening or case.lawful else topic.recalls)
    if looks_back and not _is_court_deed(case):
        return Reading(Status.BACKGROUND, "told again, not reported", (looks_back,))
    if topic.trial and frame.verbs is not None and (frame.verbs.pluperfect or _is_pleaded(case)):
        return Reading(Status.BACKGROUND, "what a court was told", topic.trial)
    return None


def _is_plot(case: Case) -> bool:
    """A sentence after the headline that tells a deed in the present: what happens in a film or a book."""
    verbs = case.frame.verbs
    if case.opening or case.frame.headline or verbs is None or case.frame.shape not in ("active", "passive"):
        return False
    return verbs.present and not verbs.perfect and not verbs.progressive


def _addressed(case: Case) -> str:
    """ "you capture bridges": what anybody does who plays or reads."""
    frame, sentence = case.frame, case.sentence
    if frame.shape != "active":
        return ""
    heads = [sentence.word[sentence.groups[index].head] for index in frame.slots.get("subject", ())]
    return next((word for word in heads if case.has("addressed_pronouns", word)), "")


def _heard_in_court(case: Case) -> str:
    """The verb of "the jury heard that …", "told a court in Bern that …", on which the clause depends; or empty."""
    sentence, start = case.sentence, verb_start(case)
    if case.frame.shape == "nominal":
        return ""
    court = case.lexicon.serving("court")
    for at in range(start - 1, max(0, start - REACH), -1):
        word = sentence.word[at]
        if sentence.tag[at] != VERB or not case.has("court_hearing_verbs", word):
            continue
        if not case.first("content_openers", sentence.word[at:start]):
            return ""
        beside = at + 1 if case.has("addressing_verbs", word) else at - 1
        index = sentence.group_at[beside] if beside < len(sentence) else -1
        return word if index >= 0 and sentence.groups[index].mask & court else ""
    return ""


def _is_court_deed(case: Case) -> bool:
    """Whether it is what courts and the police do to an accused."""
    return case.has("court_deeds", case.lexicon.lemmas.get(case.sentence.word[case.frame.start], ""))


def _is_pleaded(case: Case) -> bool:
    """Whether a court, a lawyer or an accused says it of what the trial is about; who is jailed is no such thing."""
    sentence = case.sentence
    if _is_court_deed(case):
        return False
    start = verb_start(case)
    for at in range(start - 1, max(-1, start - REACH), -1):
        word = sentence.word[at]
        if sentence.tag[at] not in (VERB, ING) or not (
            case.has("report_verbs", word) or case.has("finding_verbs", word)
        ):
            continue
        before = at - 1
        while before > 0 and sentence.group_at[before] < 0 and sentence.tag[before] != SUB:
            before -= 1
        index = sentence.group_at[before] if before >= 0 else -1
        return index >= 0 and bool(sentence.groups[index].mask & case.lexicon.serving("pleader"))
    return False
