"""Tests for what did not happen, has not happened yet, or is only possible."""

from tocsin.core.lexicon import (
    BE,
    COMMA,
    DET,
    HAVE,
    ING,
    MODAL,
    NEG,
    NOUN,
    NUM,
    PRON,
    PUNCT,
    QUOTE,
    REL,
    SUB,
    TIME,
    TO,
    VERB,
)
from tocsin.core.mentions import Status
from tocsin.core.status.case import (
    Case,
    Reading,
    clause_start,
    court_word,
    negation_word,
    noun_start,
    report_before,
    verb_start,
)
from tocsin.core.status.conditions import find_condition
from tocsin.core.status.demanded import find_demanded
from tocsin.core.status.told import barred_by, is_fresh, is_given


def find_denied(case: Case) -> Reading | None:
    sentence = case.sentence
    start = verb_start(case)
    denials = {*case.words.get("deny_verbs", ()), *case.words.get("deny_nouns", ())}
    for at in range(start - 1, max(-1, start - 22), -1) if denials else ():
        word = sentence.word[at]
        if word in denials:
            after = sentence.word[at + 1 : at + 5]
            objects = case.words.get("deny_objects", frozenset())
            between = sentence.tag[at + 1 : start]
            if any(w in objects for w in after) or ING in sentence.tag[at + 1 : at + 4] or len(between) <= 3:
                return Reading(Status.DENIED, "somebody denies it", (word,))
    tail = sentence.word[case.frame.end :] if denials else []
    for offset, word in enumerate(tail[:40]):
        if case.has("deny_verbs", word) and case.first("deny_objects", tail[offset + 1 : offset + 5]):
            return Reading(Status.DENIED, "somebody denies it", (word,))
    negated = negation_word(case)
    if negated:
        found = case.phrase("deny_phrases")
        if found:
            return Reading(Status.DENIED, "the speaker rejects the report", (negated, found))
    else:
        found = next((p for p in case.words.get("deny_phrases", ()) if f" {p} " in case.line), "")
        if found and case.phrase("deniable"):
            return Reading(Status.DENIED, "the report is called false", (found,))
    return None


def find_negated(case: Case) -> Reading | None:
    frame, sentence = case.frame, case.sentence
    negation = negation_word(case) or _negated_means(case) or _unproved(case)
    if negation:
        return Reading(Status.NEGATED, "negated", (negation,))
    verbs = frame.verbs
    if (
        verbs is not None
        and verbs.modal
        and verbs.start > 1
        and not case.first("conditional_modals", sentence.word[: verbs.start - 1])
        and case.first("before_words", sentence.word[max(0, verbs.start - 3) : verbs.start])
    ):
        return Reading(Status.NEGATED, "stopped before it happened", (verbs.modal,))
    if (not _is_thing(case)) if frame.shape == "nominal" else (verbs is not None and verbs.infinitive):
        called_off = _called_off(case)
        if called_off:
            return Reading(Status.NEGATED, "called off or prevented", (called_off,))
    start = noun_start(case)
    barred = barred_by(case)
    if barred:
        return Reading(Status.NEGATED, "kept from happening", (barred,))
    ceased = _ceasing(case, start)
    if ceased:
        return Reading(Status.NEGATED, "it stops", (ceased,))
    for at in range(start - 1, max(-1, start - 5), -1):
        if sentence.tag[at] in (COMMA, SUB, PUNCT):
            break
        if case.has("negative_governors", sentence.word[at]) and not _is_escaped(case, sentence.word[at]):
            return Reading(Status.NEGATED, "said not to have happened", (sentence.word[at],))
    if frame.shape in ("nominal", "gerund"):
        first = noun_start(case) if frame.shape == "nominal" else frame.start
        for word in sentence.word[max(0, first - 3) : first]:
            if _is_escaped(case, word):
                continue
            if word in case.lexicon.words.get("negating_prepositions", ()) or case.has("negative_support", word):
                return Reading(Status.NEGATED, "did not happen", (word,))
    return None


def _called_off(case: Case) -> str:
    """The word near the event that says it was called off; "the banned party" is another matter."""
    frame, sentence = case.frame, case.sentence
    own, said = sentence.group_at[frame.start], [" "]
    for at in range(max(0, verb_start(case) - 5), min(len(sentence), frame.end + 6)):
        index = sentence.group_at[at]
        inside = frame.start <= at < frame.end
        said.append("|" if inside or (-1 != index != own and at < sentence.groups[index].head) else sentence.word[at])
    around = " ".join([*said, " "])
    return next((phrase for phrase in case.words.get("cancelled", ()) if f" {phrase} " in around), "")


def _is_thing(case: Case) -> bool:
    """Whether the word names what is fired or dropped, and no deed that could be called off: "dropped mortar bombs"."""
    things = case.lexicon.serving("munition")
    return bool(case.sentence.mask[case.frame.end - 1] & things)


def _is_escaped(case: Case, word: str) -> bool:
    """ "survived an attack": what somebody escaped took place, but who "escaped arrest" was not arrested."""
    frame, sentence = case.frame, case.sentence
    told = frame.shape == "nominal" and (sentence.tag[noun_start(case)] == DET or frame.definite)
    return told and case.has("escaping", word)


def _unproved(case: Case) -> str:
    """What denies it in "no evidence that she had been taken", "without a hint that …"; empty for nothing."""
    sentence = case.sentence
    at = clause_start(sentence, verb_start(case)) - 2
    if at < 1 or sentence.group_at[at + 2] < 0 or not case.has("proof_nouns", sentence.word[at]):
        return ""
    return case.first("disproving_words", sentence.word[max(0, at - 5) : at])


def _negated_means(case: Case) -> str:
    """ "not by shooting at them"."""
    sentence, start = case.sentence, verb_start(case)
    index = sentence.group_at[start] if case.frame.shape == "nominal" else -1
    at = sentence.groups[index].prep if index >= 0 else start - 1
    if case.frame.shape not in ("gerund", "nominal") or at < 1 or not case.has("means_prepositions", sentence.word[at]):
        return ""
    return sentence.word[at - 1] if sentence.tag[at - 1] == NEG else ""


def _ceasing(case: Case, start: int) -> str:
    """The verb that ends what is done, or all of what is done: "stop firing", "stopped all attacks", not "the raid"."""
    frame, sentence = case.frame, case.sentence
    if frame.shape not in ("gerund", "nominal"):
        return ""
    at = start - 1
    index = sentence.group_at[frame.start]
    if frame.shape == "nominal" and index >= 0 and frame.number < 0 and not frame.definite:
        first = sentence.groups[index].start
        whole = case.has("whole_words", sentence.word[first]) or sentence.tag[first] not in (DET, NUM)
        at = first - 1 if whole else at
    return sentence.word[at] if at >= 0 and case.has("ceasing_verbs", sentence.word[at]) else ""


def _scheduled(case: Case) -> str:
    """The word that schedules an event noun, or the verb whose object it is as a plan: "were planning an attack"."""
    frame, words = case.frame, case.sentence.word
    if frame.shape != "nominal" or (frame.verbs is not None and frame.support >= 0):
        return ""
    near = [*words[frame.start - 1 : frame.start], *words[frame.end : frame.end + 12]]
    governor = words[frame.governor] if frame.governor >= 0 else ""
    planned = governor if case.has("planning_verbs", governor) else ""
    return planned or case.first("scheduled_after", near)


def find_planned(case: Case) -> Reading | None:
    frame, sentence = case.frame, case.sentence
    verbs = frame.verbs
    if case.ahead:
        return Reading(Status.PLANNED, "announced for the future", (case.ahead,))
    said = _scheduled(case)
    if said:
        return Reading(Status.PLANNED, "planned", (said,))
    if verbs is None or is_given(case):
        return None
    if verbs.modal and case.has("future_modals", verbs.modal):
        return Reading(Status.PLANNED, "announced for the future", (verbs.modal,))
    conditional = verbs.modal and case.has("conditional_modals", verbs.modal) and not verbs.perfect
    if conditional and report_before(case) and not case.first("condition_openers", sentence.word):
        return Reading(Status.PLANNED, "said to come", (verbs.modal,))
    if verbs.infinitive and not any(sentence.finite) and VERB not in sentence.tag[: verbs.start]:
        return Reading(Status.PLANNED, "a headline's future", (sentence.word[verbs.start],))
    if verbs.infinitive and not _is_attempt(case):
        for at in range(verbs.start - 1, max(-1, verbs.start - 6), -1):
            word = sentence.word[at]
            if case.has("planned_sure", word):
                return Reading(Status.PLANNED, "planned", (word,))
            if case.has("hypothetical_verbs", word) or case.has("hypothetical_nouns", word):
                return Reading(Status.HYPOTHETICAL, "wished, threatened or feared", (word,))
        if sentence.tag[verbs.start - 1 if verbs.start else 0] == BE:
            return Reading(Status.PLANNED, "is to happen", (sentence.word[verbs.start - 1],))
    soon = case.phrase("planned_phrases") if verbs.progressive else ""
    if soon:
        return Reading(Status.PLANNED, "announced for the future", (soon,))
    return None


def find_hypothetical(case: Case) -> Reading | None:
    frame, sentence = case.frame, case.sentence
    verbs = frame.verbs
    if sentence.word and sentence.word[-1] == "?":
        return Reading(Status.HYPOTHETICAL, "a question", ("?",))
    if is_given(case):
        return None
    if verbs is not None and verbs.modal and case.has("possible_modals", verbs.modal):
        if verbs.perfect and case.has("hedge_modals", verbs.modal):
            return Reading(Status.HEDGED, "may have happened", (verbs.modal, "have"))
        return Reading(Status.HYPOTHETICAL, "possible, not reported", (verbs.modal,))
    start = clause_start(sentence, verb_start(case))
    opener = sentence.word[start - 1] if start else ""
    if case.has("doubt_openers", opener) and not (verbs is not None and (verbs.infinitive or verbs.modal)):
        return Reading(Status.HEDGED, "whether it happened is open", (opener,))
    feigned = case.first("pretending_verbs", _governors(case, start))
    if feigned:
        return Reading(Status.HYPOTHETICAL, "only pretended", (feigned,))
    unreal = find_condition(case, opener) or find_demanded(case)
    if unreal is not None:
        return unreal
    for index in (*frame.slots.get("object", ()), *frame.slots.get("subject", ())):
        word = sentence.word[sentence.groups[index].start]
        if case.has("any_words", word) and frame.shape in ("reduced", "passive"):
            return Reading(Status.HYPOTHETICAL, "about anyone, nobody in particular", (word,))
    if verbs is not None and verbs.infinitive and (frame.support < 0 or _is_for_purpose(case)):
        return _infinitive(case)
    idea = _permitted(case) or _idea(case)
    if idea:
        return Reading(Status.HYPOTHETICAL, "spoken of as an idea", (idea,))
    if frame.shape in ("nominal", "gerund"):
        return _wished(case) or _under_modal(case)
    return None


def _governors(case: Case, start: int) -> list[str]:
    """The verb whose clause this is, with its "that" or without: "pretending that they …", "pretending they …"."""
    sentence, subjects = case.sentence, case.frame.slots.get("subject", ())
    if case.frame.shape in ("passive", "reduced"):
        subjects = case.frame.slots.get("object", ())
    bare = sentence.groups[subjects[0]].start if subjects else 0
    return [sentence.word[at] for at in (start - 2, bare - 1) if at >= 0 and sentence.tag[at] in (VERB, ING)]


def _is_for_purpose(case: Case) -> bool:
    """ "recruits to carry out attacks": the infinitive hangs on a noun."""
    verbs, sentence = case.frame.verbs, case.sentence
    return verbs is not None and verbs.start > 0 and sentence.tag[verbs.start - 1] == NOUN


def _permitted(case: Case) -> str:
    """ "a flaw that lets raiders storm in", "would let the police hold them": nobody has done it."""
    frame, sentence = case.frame, case.sentence
    subjects = frame.slots.get("subject", ())
    if frame.verbs is None or not (frame.verbs.present or frame.verbs.infinitive):
        return ""
    groups = [sentence.groups[index].start for index in subjects] or [frame.verbs.start]
    for at in range(frame.verbs.start - 1, max(-1, frame.verbs.start - 8), -1):
        word = sentence.word[at]
        if case.has("letting_verbs", word):
            return word
        if case.has("letting_bases", word) and at and sentence.tag[at - 1] in (MODAL, TO):
            return word
        if sentence.finite[at] or (sentence.tag[at] in (COMMA, SUB, PUNCT) and at < min(groups)):
            return ""
    return ""


def _idea(case: Case) -> str:
    """The verb of which a gerund is the subject: "Jailing reporters would be unjust", not "Storming in, they shot"."""
    frame, sentence = case.frame, case.sentence
    if frame.shape != "gerund" or any(sentence.finite[: frame.start]) or COMMA in sentence.tag[: frame.start]:
        return ""
    relative = False
    for at in range(frame.end, len(sentence)):
        if sentence.tag[at] == COMMA:
            return ""
        relative = relative or sentence.tag[at] == REL
        if sentence.finite[at] and sentence.tag[at] == VERB and relative:
            relative = False  # "Jailing a man who lost his arm would be …"
        elif sentence.finite[at]:
            return sentence.word[at] if sentence.tag[at] in (MODAL, BE) else ""
    return ""


def _infinitive(case: Case) -> Reading | None:
    verbs, sentence = case.frame.verbs, case.sentence
    if verbs is None or _is_attempt(case):
        return None
    governor = sentence.word[verbs.start - 1] if verbs.start else ""
    if verbs.perfect or case.has("aspect_verbs", governor) or case.has("hearsay_verbs", governor):
        return None
    if _is_achieved(case, governor):
        return None
    return Reading(Status.HYPOTHETICAL, "a purpose, not a report", (governor,))


def _is_attempt(case: Case) -> bool:
    """ "tried to assassinate the governor": an attempt on a life is an attack, whatever came of it."""
    verbs, sentence, tags = case.frame.verbs, case.sentence, case.sentence.tag
    if verbs is None or not case.has("attempted_deeds", case.lexicon.lemmas.get(sentence.word[verbs.verb], "")):
        return False
    for at in range(verbs.start - 1, max(0, verbs.start - 6), -1):
        if case.has("planned_sure", sentence.word[at]) or tags[at] in (COMMA, PUNCT, SUB):
            return False
        if case.has("attempts", sentence.word[at]):
            if any(case.has("planning_verbs", word) for word in sentence.word[max(0, at - 3) : at]):
                return False
            return (tags[at] == NOUN or (sentence.finite[at] and tags[at - 1] != MODAL)) and not court_word(case)
    return False


def _under_modal(case: Case) -> Reading | None:
    """An event noun in a clause that is itself only possible: "would pay for information leading to the arrest"."""
    frame, sentence = case.frame, case.sentence
    if frame.shape == "nominal" and frame.verbs is not None:
        return None
    for at in range(frame.start - 1, max(-1, frame.start - 18), -1):
        tag = sentence.tag[at]
        if tag in (SUB, PUNCT, QUOTE) or (sentence.finite[at] and tag not in (MODAL, BE, HAVE)):
            return None
        if tag == MODAL:
            return Reading(Status.HYPOTHETICAL, "possible, not reported", (sentence.word[at],))
    return None


def _is_accusation(case: Case, verb: int) -> bool:
    """ "residents accuse the army of shooting …"; "the army was accused of it" when it has just happened."""
    before = case.sentence.tag[verb - 1]
    return before in (NOUN, PRON, TIME) or (before == BE and case.affected and is_fresh(case))


def _wished(case: Case) -> Reading | None:
    frame, sentence = case.frame, case.sentence
    at = frame.start
    index = sentence.group_at[at]
    start = sentence.groups[index].start if index >= 0 else at
    low = max(0, start - 5)
    verbs = frame.verbs
    if frame.shape == "nominal" and verbs is not None and verbs.passive and frame.support < 0:
        word = sentence.word[verbs.verb]
        if case.has("wanting_participles", word):
            return Reading(Status.HYPOTHETICAL, "wished, threatened or feared", (word,))
    for position in range(start - 1, low - 1, -1):
        word = sentence.word[position]
        if sentence.tag[position] == SUB and position and case.has("dreading_nouns", sentence.word[position - 1]):
            return Reading(Status.HYPOTHETICAL, "wished, threatened or feared", (sentence.word[position - 1],))
        if sentence.tag[position] in (COMMA, PUNCT, SUB):
            break
        if position == start - 1 and case.has("convening_verbs", word) and sentence.tag[position] == VERB:
            return Reading(Status.PLANNED, "called for a day to come", (word,))
        if case.has("hypothetical_verbs", word) or case.has("hypothetical_nouns", word):
            return Reading(Status.HYPOTHETICAL, "wished, threatened or feared", (word,))
        accused = case.has("accusing_verbs", word) and position and _is_accusation(case, position)
        if frame.shape == "gerund" and case.has("generic_governors", word) and not accused:
            return Reading(Status.BACKGROUND, "a habit or an accusation, not a report", (word,))
    for word in sentence.word[frame.end : frame.end + 1]:
        if case.has("warrant_words", word) or case.has("hypothetical_nouns", word):
            return Reading(Status.HYPOTHETICAL, "not the event itself", (word,))
    return None


def _is_achieved(case: Case, governor: str) -> bool:
    """ "persuaded the rebels to hand it back", "it took the army two days to retake it": what was done to reach it."""
    sentence, start = case.sentence, case.frame.verbs.start if case.frame.verbs else 0
    verb = next((at for at in range(start - 2, -1, -1) if sentence.tag[at] in (VERB, COMMA, SUB)), -1)
    if verb < 0 or not sentence.finite[verb] or (verb and sentence.tag[verb - 1] == NEG):
        return False
    if case.has("achieving_verbs", sentence.word[verb]):
        return True
    return case.has("lasting_verbs", sentence.word[verb]) and case.has("durations", governor)
