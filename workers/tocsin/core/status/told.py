"""What a clause takes for granted or tells as a custom, whatever its mood: neither planned nor possible, nor new."""

from datetime import timedelta

from tocsin.core.lexicon import BE, COMMA, HAVE, MODAL, NEG, NOUN, NUM, PRON, VERB
from tocsin.core.mentions import Precision
from tocsin.core.status.case import Case, noun_start, verb_start

KNOWN_AFTER = timedelta(days=14)


def is_given(case: Case) -> bool:
    """ "will be affected by the murder of the mayor", "to protest the killing of two monks": it has happened."""
    frame, sentence = case.frame, case.sentence
    if frame.shape != "nominal" or not case.affected or frame.support >= 0:
        return False
    index = sentence.group_at[frame.start]
    if index < 0:
        return False
    group = sentence.groups[index]
    if group.prep >= 0:
        word = sentence.word[group.prep]
        return case.has("given_after", word) or (frame.definite and case.has("given_prepositions", word))
    verb = frame.governor
    if verb < 0 or (frame.verbs is not None and frame.verbs.negated >= 0):
        return False
    return case.has("factive_verbs", case.lexicon.lemmas.get(sentence.word[verb], ""))


def is_custom(case: Case) -> bool:
    """ "those who murder working people": a present tense in a relative clause tells what somebody does."""
    frame = case.frame
    verbs = frame.verbs
    if verbs is None or frame.shape != "active" or not frame.relative or frame.headline:
        return False
    return verbs.present and not verbs.progressive and not verbs.perfect


def youth_word(case: Case) -> str:
    """The age in "when she was nine", "when he was a boy": what is told of then is long past; empty for none."""
    words, tags = case.sentence.word, case.sentence.tag
    for at in range(len(words) - 3):
        if not case.has("time_openers", words[at]) or tags[at + 1] != PRON or tags[at + 2] != BE:
            continue
        age = case.first("young_words", words[at + 3 : at + 6])
        counted = tags[at + 3] == NUM and (at + 4 == len(words) or tags[at + 4] not in (NOUN, VERB))
        if age or counted:
            return age or words[at + 3]
    return ""


def barred_by(case: Case) -> str:
    """The verb that keeps the event from happening: "to protect judges from being murdered"; empty for none."""
    sentence = case.sentence
    start = verb_start(case)
    if not start or not case.has("barring_prepositions", sentence.word[start - 1]):
        return ""
    for at in range(start - 2, max(-1, start - 9), -1):
        if sentence.tag[at] == NEG:
            return ""
        if case.has("negative_support", sentence.word[at]) or case.has("protecting_verbs", sentence.word[at]):
            return sentence.word[at]
    return ""


def is_fresh(case: Case) -> bool:
    """Whether the event has a date of its own, not long before the report: whatever its clause, it is told."""
    sentence, frame = case.sentence, case.frame
    for mention in case.dates:
        at = sentence.token_at(mention.span.start)
        if at < noun_start(case) - 3 or (VERB in sentence.tag[frame.end : at] and not _is_participle(case, at)):
            continue
        if case.first("fresh_words", mention.text.lower().split()):
            return True
        value, today = mention.value, case.reference_on
        if value is not None and today is not None and value.precision is Precision.DAY:
            return today - value.on <= KNOWN_AFTER
    return False


def _is_participle(case: Case, end: int) -> bool:
    """ "the murder of the mayor, carried out this morning": the verb before a date only goes on with the noun."""
    frame, sentence = case.frame, case.sentence
    verbs = [at for at in range(frame.end, end) if sentence.tag[at] in (VERB, BE, MODAL, HAVE)]
    if frame.shape != "nominal" or len(verbs) != 1:
        return False
    return sentence.tag[verbs[0] - 1] == COMMA or not sentence.finite[verbs[0]]
