"""Tests for totals and for what is only recalled: statistics, old dates, descriptions, habits."""

from datetime import timedelta

from tocsin.core.dates.resolver import DateMention
from tocsin.core.lexicon import COMMA, NOUN, REL, SUB, VERB
from tocsin.core.matching.groups import first_of_row
from tocsin.core.matching.tokens import Sentence
from tocsin.core.mentions import Precision, Status
from tocsin.core.status.case import (
    Case,
    Reading,
    court_word,
    is_where,
    left_words,
    report_before,
    report_word,
    verb_start,
)
from tocsin.core.status.told import is_custom, is_fresh, youth_word
from tocsin.core.status.trends import trend_word

OLD_AFTER = timedelta(days=45)
HISTORY_AFTER = timedelta(days=40 * 366)
MANY = 50
_LENGTH = {
    Precision.DAY: timedelta(days=1),
    Precision.WEEK: timedelta(days=7),
    Precision.MONTH: timedelta(days=31),
    Precision.YEAR: timedelta(days=366),
}


def find_aggregate(case: Case) -> Reading | None:
    period = next(
        (d for d in case.dates if d.kind == "period" and not _is_recent(case, d) and not _is_of_another(case, d)), None
    )
    if period is not None and not case.first("short_periods", period.text.lower().split()):
        return Reading(Status.AGGREGATE, "a total over a period", (period.text,))
    found = case.phrase("aggregate_strong")
    if found and not (_is_short(case, found) or _is_apart(case, found) or _is_measure(case, found)):
        return Reading(Status.AGGREGATE, "a statistic", (found,))
    counted = case.topic.statistics if case.topic is not None else ()
    if counted and not any(d.value is not None and d.value.precision is Precision.DAY for d in case.dates):
        return Reading(Status.AGGREGATE, "an article of figures", counted)
    trend = trend_word(case)
    if trend:
        return Reading(Status.AGGREGATE, "a trend, not a report", (trend,))
    verbs = case.frame.verbs
    several = any(group.count is not None and group.count > 1 for group in case.sentence.groups)
    if verbs is not None and verbs.perfect and not verbs.pluperfect and several:
        since = next((w for w in case.words.get("since_words", ()) if w in case.sentence.word), "")
        if since:
            return Reading(Status.AGGREGATE, "a total since then", (since,))
    heading = case.first("count_headings", case.sentence.word[:4])
    if heading and (case.count is not None or case.frame.number > 0) and ":" in case.sentence.word[:6]:
        return Reading(Status.AGGREGATE, "a statistic", (heading,))
    month = next((d for d in case.dates if d.value is not None and d.value.precision is Precision.MONTH), None)
    if month is not None and case.count is not None and case.count >= MANY:
        return Reading(Status.AGGREGATE, "a total over a month", (month.text,))
    year = next((d for d in case.dates if d.value is not None and d.value.precision is Precision.YEAR), None)
    if year is not None and case.count is not None and case.count > 1 and not case.frame.relative:
        return Reading(Status.AGGREGATE, "a total over a year", (year.text,))
    return None


def _is_short(case: Case, phrase: str) -> bool:
    """ "over the past 48 hours" is news, not a statistic."""
    after = case.line[case.line.index(f" {phrase} ") + len(phrase) + 2 :].split()
    return bool(case.first("short_periods", after[:2]))


def _is_apart(case: Case, phrase: str) -> bool:
    """Whether a vague period is another's: "…, the scene of raids in recent months", "the latest of five in a year"."""
    if not case.has("aggregate_near", phrase):
        return False
    at, end, tags = _place_of(case, phrase), case.frame.end, case.sentence.tag
    if at < case.frame.start:  # "in the worst unrest in recent weeks, gunmen attacked"
        return COMMA in tags[at : case.frame.start] and NOUN in tags[:at]
    between = case.sentence.word[end:at]
    return end < at and (COMMA in tags[end:at] or bool(case.first("collecting_nouns", between)))


def _is_measure(case: Case, phrase: str) -> bool:
    """Whether a word of figures counts no events: "70 percent of the town", "came down from the hill", "toll rose"."""
    at, words = _place_of(case, phrase), case.sentence.word
    end = at + phrase.count(" ") + 1
    after = words[end : end + 2]
    if case.has("share_words", phrase):
        return case.frame.end <= at and after[:1] != [] and after[0] in case.lexicon.words.get("of_prepositions", ())
    if case.has("compared_words", phrase):
        return not any(word[:1].isdigit() for word in after)
    if case.has("toll_words", phrase):
        between = case.sentence.tag[min(at, case.frame.end) : max(at, case.frame.start)]
        return any(tag in (COMMA, SUB) for tag in between)
    return False


def _place_of(case: Case, phrase: str) -> int:
    """The token at which a phrase of the sentence begins."""
    return case.line[: case.line.index(f" {phrase} ")].count(" ")


def _is_of_another(case: Case, period: DateMention) -> bool:
    """Whether the period is another verb's: "men held since January were freed", "took it from who had held it"."""
    sentence, frame = case.sentence, case.frame
    before = sentence.token_at(period.span.start) - 1
    if before >= 0 and sentence.tag[before] == VERB and not frame.start <= before < frame.end:
        return True
    if frame.shape == "nominal":
        return False
    while before > 1 and sentence.tag[before] not in (VERB, COMMA):
        before -= 1
    if sentence.tag[before] != VERB or frame.start <= before < frame.end:
        return False
    if sentence.tag[before - 1] == COMMA and not sentence.finite[before]:
        return True
    past = sentence.word[before - 1] in case.lexicon.words.get("past_have", ())
    return past and REL in sentence.tag[max(0, before - 4) : before]


def _is_occasion(case: Case, phrase: str) -> bool:
    """ "marched to mark the anniversary of the revolt": the anniversary is why or when, the march is new."""
    frame, verbs = case.frame, case.frame.verbs
    if frame.shape not in ("active", "passive") or verbs is None or not verbs.finite or frame.relative:
        return False
    return case.sentence.word.index(phrase.partition(" ")[0]) >= frame.end and not verbs.pluperfect


def _is_recent(case: Case, period: DateMention) -> bool:
    if period.value is None or case.reference_on is None:
        return False
    return period.value.precision is Precision.DAY and case.reference_on - period.value.on < timedelta(days=14)


def find_background(case: Case) -> Reading | None:
    frame, sentence = case.frame, case.sentence
    verbs = frame.verbs
    once = _long_past(case) or youth_word(case)
    if case.generic or once:
        return Reading(Status.BACKGROUND, "a habit, not a report" if not once else "long past", (once,) if once else ())
    if is_custom(case):
        return Reading(Status.BACKGROUND, "a custom, not a report", (case.sentence.word[case.frame.start],))
    found = case.phrase("anniversary_words")
    if found and found not in sentence.word[frame.start : frame.end] and not _is_occasion(case, found):
        return Reading(Status.BACKGROUND, "an anniversary", (found,))
    old = _old_date(case)
    if old is not None:
        return Reading(Status.BACKGROUND, "long before the report", (old.text,))
    if frame.shape == "gerund" and _is_presupposed(case):
        return Reading(Status.BACKGROUND, "presupposed, not reported", (sentence.word[frame.start],))
    stative = case.lexicon.lemmas.get(sentence.word[frame.start], "") in case.lexicon.words.get("stative", ())
    if stative and frame.shape in ("reduced", "gerund") and not frame.headline:
        return Reading(Status.BACKGROUND, "a state that lasts, not a new event", (sentence.word[frame.start],))
    grievance = _grievance(case)
    if grievance:
        return Reading(Status.BACKGROUND, "what others protest at or speak of", (grievance,))
    if _is_record(case):
        return Reading(Status.BACKGROUND, "what somebody is known for", (sentence.word[frame.start],))
    if frame.shape == "nominal" and _is_bare(case):
        return Reading(Status.BACKGROUND, "named in passing, nothing is told of it", (sentence.word[frame.start],))
    lasting = _lasting(case)
    if lasting is not None:
        return lasting
    if (
        verbs is not None
        and verbs.pluperfect
        and not report_before(case)
        and not _is_outcome(case)
        and (not report_word(case) or _known_subject(case))
    ):
        return Reading(Status.BACKGROUND, "told as past of the past", (sentence.word[verbs.auxiliary],))
    if (
        frame.relative
        and verbs is not None
        and (verbs.passive or verbs.finite)
        and not is_where(case)
        and court_word(case)
    ):
        return Reading(Status.BACKGROUND, "recalled in a later proceeding")
    if frame.shape in ("nominal", "gerund", "reduced") or frame.relative:
        return _recalled(case)
    return None


def _lasting(case: Case) -> Reading | None:
    """What goes on, "have been attacking", and what is a habit, "are increasingly being held"."""
    frame, words = case.frame, case.sentence.word
    verbs = frame.verbs
    if verbs is None:
        return None
    if verbs.progressive and frame.helper != verbs.perfect:
        return Reading(Status.BACKGROUND, "goes on for some time", (words[frame.start],))
    inner = words[verbs.start : frame.start] if frame.shape != "nominal" else ()
    habit = case.first("habit_adverbs", inner)
    return Reading(Status.BACKGROUND, "a habit, not a report", (habit,)) if habit else None


def _grievance(case: Case) -> str:
    """ "marched in protest over the shooting of …", "to decry the arrests": the event is what it is about."""
    frame, sentence = case.frame, case.sentence
    index = sentence.group_at[frame.end - 1]
    if frame.shape != "nominal" or index < 0 or frame.support >= 0:
        return ""
    group = sentence.groups[first_of_row(sentence, index)]
    if group.prep > 0 and case.has("grievance_prepositions", sentence.word[group.prep]):
        angry = case.first("grievance_words", reversed(left_words(case, group.prep, 8)))
        if angry:
            return angry
    if group.prep > 0 and case.has("charge_prepositions", sentence.word[group.prep]):
        reach = 7 if case.has("charge_reasons", sentence.word[group.prep]) else 3
        return case.first("charge_words", left_words(case, group.prep, reach))
    if case.affected and is_fresh(case):
        return ""  # "condemned the murder this morning of the mayor"
    return case.first("grievance_verbs", left_words(case, group.start, 2))


def _is_presupposed(case: Case) -> bool:
    """ "a reaction to Daesh consolidating its fighters": the clause hangs on a noun."""
    frame, sentence = case.frame, case.sentence
    before = frame.start - 1
    index = sentence.group_at[before] if before >= 0 else -1
    if index < 0 or frame.slots.get("subject", [-1])[-1:] != [index]:
        return False
    group = sentence.groups[index]
    if group.prep <= 0:
        return False
    return sentence.word[group.prep] not in case.lexicon.words.get("absolute_prepositions", ())


def _is_bare(case: Case) -> bool:
    """An event noun that nobody does and nobody suffers, and that the sentence is not about."""
    frame, sentence = case.frame, case.sentence
    if case.affected or frame.support >= 0 or frame.number > 1 or _is_breaking(case):
        return False
    if _is_general(case):
        return True
    if case.filled:
        return False
    if case.first("harm_words", sentence.word if _is_one_of(case) else sentence.word[: frame.start]):
        return False
    if frame.dated or not case.placed:
        return True
    index = sentence.group_at[frame.end - 1]
    if index < 0 or not any(sentence.finite):
        return False
    group = sentence.groups[first_of_row(sentence, index)]
    if group.prep < 0 and group.start > 1 and sentence.tag[group.start - 1] == SUB:
        return frame.verbs is None
    prep = group.prep
    return prep >= 0 and not case.has("bare_exempt", sentence.word[prep])


def _is_breaking(case: Case) -> bool:
    """ "Gunfight erupts in the south": what breaks out is the news, wherever it is."""
    frame, sentence = case.frame, case.sentence
    if frame.verbs is None or frame.definite or frame.verbs.verb < 0:
        return False
    return case.lexicon.lemmas.get(sentence.word[frame.verbs.verb]) in case.lexicon.words.get("breaking_verbs", ())


def _is_outcome(case: Case) -> bool:
    """ "When the shooting stopped, 16 men had been killed": what had come of it by then is the news."""
    frame, verbs = case.frame, case.frame.verbs
    if verbs is None or frame.shape != "passive" or case.count is None:
        return False
    return bool(case.first("outcome_openers", case.sentence.word[: verbs.start]))


def _is_record(case: Case) -> bool:
    """ "The group has carried out bombings": several that nothing is told of, at no time, in the perfect."""
    frame, verbs = case.frame, case.frame.verbs
    if frame.shape != "nominal" or frame.support < 0 or verbs is None or not verbs.perfect or verbs.pluperfect:
        return False
    return not case.affected and frame.number < 0 and _is_general(case)


def _is_general(case: Case) -> bool:
    """ "The bombings and the arrests", "rebel attacks": several, on nobody in particular, at no time."""
    frame, sentence = case.frame, case.sentence
    index = sentence.group_at[frame.end - 1]
    if index < 0 or case.dates or (sentence.places and case.placed and _is_located(case)):
        return False
    if case.first("harm_words", sentence.word):
        return False
    word = sentence.word[sentence.groups[index].head]
    return word.endswith(case.lexicon.plural_endings) and not word.endswith(case.lexicon.singular_endings)


def _is_one_of(case: Case) -> bool:
    """ "In one of the deadliest attacks …, 250 people died"."""
    index = case.sentence.group_at[case.frame.end - 1]
    if index < 0:
        return False
    prep = case.sentence.groups[index].prep
    partitives = case.lexicon.words.get("partitives", frozenset())
    return prep > 0 and case.sentence.word[prep - 1] in partitives


def _is_located(case: Case) -> bool:
    """Whether a place stands right with the event noun: "bombings in Aden", but not "…, the bombings, …"."""
    frame, sentence = case.frame, case.sentence
    index = sentence.group_at[frame.end - 1]
    at = sentence.groups[index].end if index >= 0 else frame.end
    if at >= len(sentence) or sentence.word[at] not in case.lexicon.words.get("place_prepositions", ()):
        return frame.verbs is not None and frame.governor < 0
    return True


def _known_subject(case: Case) -> bool:
    """ "The jihadists had …": somebody already told of, and what was before."""
    frame, sentence, words = case.frame, case.sentence, case.lexicon.words
    for index in (*frame.slots.get("subject", ()), *frame.slots.get("object", ())):
        group = sentence.groups[index]
        if sentence.word[group.head] in words.get("back_nouns", ()) and sentence.word[group.start] in words.get(
            "definite", ()
        ):
            return True
    return False


def _long_past(case: Case) -> str:
    """What puts an event long ago: a decade, or an adverb ("gangs which once held hospitals hostage")."""
    decade = next((w for w in case.words.get("decades", ()) if _is_said(case.sentence, w)), "")
    if decade:
        return decade
    verbs, governor = case.frame.verbs, case.frame.governor
    if case.frame.shape == "nominal" and governor > 0:  # "who once flew bombing raids"
        return _past_adverb(case, max(0, governor - 2), governor)
    if verbs is None or verbs.perfect:
        return ""
    return _past_adverb(case, verbs.start - 1, case.frame.start)


def _past_adverb(case: Case, start: int, end: int) -> str:
    """An adverb of the past between two tokens; "once more" is now."""
    words = case.sentence.word
    found = (at for at in range(start, end) if case.has("past_adverbs", words[at]))
    return next((words[at] for at in found if not case.first("repeat_words", words[at + 1 : at + 2])), "")


def _is_said(sentence: Sentence, decade: str) -> bool:
    """Whether a decade is named, and no type of aircraft: "Mirage 2000s"."""
    at = sentence.word.index(decade) if decade in sentence.word else -1
    return at >= 0 and (sentence.titled or not (at and sentence.cap[at - 1]))


def _old_date(case: Case) -> DateMention | None:
    for mention in case.dates:
        if mention.value is None or mention.kind not in ("explicit", "relative"):
            continue
        reference = case.reference_on
        if reference is None and mention.kind == "explicit":
            if mention.value.precision is Precision.YEAR:
                return mention  # of an undated article too a year by itself is not this week's
            if mention.value.on + HISTORY_AFTER < case.today:
                return mention
            continue
        if mention.value.on + _LENGTH[mention.value.precision] + OLD_AFTER < (reference or case.today):
            return mention
    return None


def _recalled(case: Case) -> Reading | None:
    frame, sentence = case.frame, case.sentence
    index = sentence.group_at[frame.start]
    start = sentence.groups[index].start if index >= 0 and frame.shape == "nominal" else verb_start(case)
    first = sentence.word[start] if start < len(sentence) else ""
    for word in reversed(left_words(case, frame.start, 8)):
        if case.has("recollecting_verbs", word):
            return Reading(Status.BACKGROUND, "recalled by somebody", (word,))
    for at in range(max(0, start - 5), start):
        if case.has("time_units", sentence.word[at]) and case.first("time_links", sentence.word[at + 1 : at + 3]):
            return Reading(Status.BACKGROUND, "long after the event", (sentence.word[at],))
    if frame.shape == "reduced" and start and case.has("recalled_adverbs", sentence.word[start - 1]):
        return Reading(Status.BACKGROUND, "recalled", (sentence.word[start - 1],))
    court = court_word(case)
    if court and frame.shape != "nominal":
        return Reading(Status.BACKGROUND, "recalled in a later proceeding", (court,))
    if frame.shape != "nominal":
        return None
    inner = sentence.word[start : frame.start]
    for word in inner:
        if case.has("background_adjectives", word):
            return Reading(Status.BACKGROUND, "an earlier event", (word,))
    if first in case.lexicon.words.get("possessives", ()) and frame.support < 0:
        return Reading(Status.BACKGROUND, "refers back to a known event", (first,))
    if court:
        return Reading(Status.BACKGROUND, "recalled in a later proceeding", (court,))
    return None
