"""Tests for what a clause only supposes: conditions, what did not happen, and what goes on under a modal."""

from tocsin.core.lexicon import ADV, BE, COMMA, CONJ, HAVE, MODAL, PUNCT, QUOTE, SUB, VERB
from tocsin.core.mentions import Status
from tocsin.core.status.case import Case, Reading


def find_condition(case: Case, opener: str) -> Reading | None:
    """ "if …", "until they are arrested", "had he been detained there would have been peace"."""
    frame, sentence = case.frame, case.sentence
    verbs, first = frame.verbs, sentence.word[0]
    waits = verbs is not None and verbs.present and case.has("awaiting_openers", opener)
    if waits or case.has("condition_openers", opener) or case.has("doubt_openers", opener):
        return Reading(Status.HYPOTHETICAL, "a condition", (opener,))
    if case.first("conditional_modals", sentence.word[frame.end :]) and (sentence.tag[0] == HAVE or _is_inverted(case)):
        return Reading(Status.HYPOTHETICAL, "what did not happen", (first,))
    if sentence.tag[0] in (MODAL, BE) and case.has("condition_openers", first) and COMMA in sentence.tag[frame.end :]:
        return Reading(Status.HYPOTHETICAL, "a condition", (first,))
    joined = _joined_modal(case)
    return Reading(Status.HYPOTHETICAL, "possible, not reported", (joined,)) if joined else None


def _is_inverted(case: Case) -> bool:
    """ "… that had the preacher been detained": the auxiliary stands before whom it is about."""
    frame, sentence = case.frame, case.sentence
    if frame.shape != "passive" or not frame.slots.get("object"):
        return False
    at = sentence.groups[frame.slots["object"][0]].start - 1
    return at > 0 and sentence.tag[at] == HAVE and sentence.tag[at - 1] in (SUB, COMMA, PUNCT, QUOTE)


def _joined_modal(case: Case) -> str:
    """The modal of the verb that this one goes on with: "must be arrested and booked"."""
    verbs, tags, words = case.frame.verbs, case.sentence.tag, case.sentence.word
    if verbs is None or verbs.start != verbs.verb or verbs.verb < 3 or tags[verbs.verb - 1] != CONJ:
        return ""
    for at in range(verbs.verb - 2, max(-1, verbs.verb - 8), -1):
        if tags[at] == MODAL:
            return words[at] if case.has("possible_modals", words[at]) else ""
        if tags[at] not in (VERB, ADV, BE):
            return ""
    return ""
