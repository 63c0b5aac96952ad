"""Tests for what somebody wants done: a demand tells what is not so yet.

The mandative subjunctive is told by the verb's plain form (Quirk et al., A Comprehensive Grammar of the English
Language, 1985, 3.58 to 3.60): "demanded that the minister be held", "asked that police hold him".
"""

from tocsin.core.lexicon import ADV, BASE, BE, NEG, REL, SUB, VERB
from tocsin.core.mentions import Status
from tocsin.core.status.case import Case, Reading, clause_start

# How far before the clause's opener its verb stands: "asked of the two governments that".
_GOVERNS = 6


def find_demanded(case: Case) -> Reading | None:
    """A verb in its plain form with a subject: after a demand, or a plain "be", which nothing else explains."""
    verbs, sentence = case.frame.verbs, case.sentence
    if verbs is None or verbs.infinitive or verbs.modal:
        return None
    at = verbs.start
    while at < verbs.verb and sentence.tag[at] in (ADV, NEG):
        at += 1
    plain = sentence.word[at]
    if sentence.tag[at] == BE and plain in case.lexicon.words.get("be_plain", ()):
        demand = _demand(case)
        return Reading(Status.HYPOTHETICAL, "demanded, not told" if demand else "not told as done", (demand or plain,))
    if verbs.present and case.lexicon.verbs.get(sentence.word[verbs.verb], 0) & BASE:
        demand = _demand(case)
        return Reading(Status.HYPOTHETICAL, "demanded, not told", (demand,)) if demand else None
    return None


def _demand(case: Case) -> str:
    """The word of demand before the "that" of the clause; empty for none."""
    sentence = case.sentence
    opener = clause_start(sentence, case.frame.verbs.start if case.frame.verbs else case.frame.start) - 1
    if opener < 1 or sentence.tag[opener] not in (SUB, REL) or case.frame.start - opener < 2:
        return ""
    for at in range(opener - 1, max(-1, opener - 1 - _GOVERNS), -1):
        if case.has("demanding_words", sentence.word[at]):
            return sentence.word[at]
        if sentence.tag[at] == VERB and sentence.finite[at]:
            return ""
    return ""
