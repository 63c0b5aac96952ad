"""What an event does when it is counted rather than told: it rises, it is one of so many cases, there are two a day."""

from tocsin.core.lexicon import BE, NOUN, NUM
from tocsin.core.mentions import Precision
from tocsin.core.status.case import Case


def trend_word(case: Case) -> str:
    """The word that makes a statistic of an event; empty for none."""
    return _trend(case) or _case_noun(case) or _rate(case) or _fewer(case) or _for_long(case)


def _trend(case: Case) -> str:
    """What an event noun does when it is counted: "kidnappings fell"; but shells fall on a town."""
    frame, words = case.frame, case.sentence.word
    if frame.shape != "nominal" or frame.verbs is None or frame.support >= 0 or frame.verbs.verb < frame.end:
        return ""
    verb = frame.verbs.verb
    if case.sentence.tag[verb] == BE:
        return case.first("frequency_words", words[verb + 1 : verb + 4])
    if not case.has("trend_verbs", words[verb]):
        return ""
    return "" if case.first("falling_prepositions", words[verb + 1 : verb + 4]) else words[verb]


def _case_noun(case: Case) -> str:
    """ "17 kidnap cases in March": what is counted by cases over a month or a year."""
    frame, sentence = case.frame, case.sentence
    index = sentence.group_at[frame.end - 1]
    long = any(d.value and d.value.precision in (Precision.MONTH, Precision.YEAR) for d in sentence.dates)
    if frame.shape != "nominal" or index < 0 or not long:
        return ""
    group = sentence.groups[index]
    near = [sentence.word[group.head], *(sentence.word[group.prep - 1 : group.prep] if group.prep > 0 else ())]
    return case.first("case_nouns", near)


def _rate(case: Case) -> str:
    """ "maim two a day", "one bomb every week", not "two a day after"."""
    words, tags = case.sentence.word, case.sentence.tag
    for at in range(case.frame.start + 1, min(len(words) - 1, case.frame.end + 8)):
        if not (case.has("rate_articles", words[at]) and case.has("rate_units", words[at + 1])):
            continue
        after = words[at + 2] if at + 2 < len(words) else ""
        counted = tags[at - 1] in (NUM, NOUN) and NUM in tags[case.frame.end : at]
        if counted and not case.has("rate_endings", after):
            return words[at + 1]
    return ""


def _fewer(case: Case) -> str:
    """ "less bombing", "fewer arrests": what is compared is no single event."""
    frame, sentence = case.frame, case.sentence
    index = sentence.group_at[frame.start] if frame.shape == "nominal" else -1
    first = sentence.word[sentence.groups[index].start] if index >= 0 else ""
    return first if case.has("fewer_words", first) else ""


def _for_long(case: Case) -> str:
    """ "have picked off tanks for three weeks": what has gone on that long, told in the perfect."""
    verbs, words = case.frame.verbs, case.sentence.word
    if verbs is None or not verbs.perfect or verbs.pluperfect:
        return ""
    last = min(len(words) - 2, case.frame.end + 12)
    for at in range(case.frame.end, last):
        unit = case.first("time_units", words[at + 1 : at + 4]) if case.has("agenda_prepositions", words[at]) else ""
        if unit:
            return unit
    return ""
