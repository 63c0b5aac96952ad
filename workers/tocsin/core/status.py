"""How a mention stands to the facts: ordered tests, each with its reason and the words that decided it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tocsin.core.dates import DateMention
from tocsin.core.lexicon import (
    BE, COMMA, DET, DO, HAVE, ING, MODAL, NEG, NOUN, PRON, PUNCT, QUOTE, REL, SUB, VERB, Lexicon,
)  # fmt: skip
from tocsin.core.matching.frames import Frame
from tocsin.core.matching.tokens import Sentence
from tocsin.core.mentions import Precision, Status

OLD_AFTER = timedelta(days=45)
NEAR = 12
MANY = 50
_LENGTH = {
    Precision.DAY: timedelta(days=1),
    Precision.WEEK: timedelta(days=7),
    Precision.MONTH: timedelta(days=31),
    Precision.YEAR: timedelta(days=366),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A status, why, and the words that said so."""

    status: Status
    reason: str
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Case:
    """What the tests look at: the frame, its sentence, the date attached, and the words of the language."""

    frame: Frame
    lexicon: Lexicon
    words: Mapping[str, frozenset[str]]
    dates: tuple[DateMention, ...] = ()
    reference_on: date | None = None
    back: bool = False
    count: int | None = None
    line: str = ""
    generic: bool = False
    ahead: str = ""
    filled: bool = False
    placed: bool = False

    @property
    def sentence(self) -> Sentence:
        """The frame's sentence."""
        return self.frame.sentence

    def has(self, name: str, word: str) -> bool:
        """Whether a word is on one of the status lists."""
        return word in self.words.get(name, ())

    def phrase(self, name: str) -> str:
        """The first phrase of a list that stands in the sentence; an empty string for none."""
        line = self.line
        for phrase in self.words.get(name, ()):
            if f" {phrase} " in line:
                return phrase
        return ""


def judge(case: Case) -> Reading:
    """The first test that answers decides; without an answer the mention is asserted."""
    case.line = f" {' '.join(case.sentence.word)} "
    for test in _TESTS:
        reading = test(case)
        if reading is not None:
            return reading
    return Reading(Status.ASSERTED, "stated as fact")


def _left_words(case: Case, start: int, reach: int = NEAR) -> list[str]:
    return case.sentence.word[max(0, start - reach) : start]


def _clause_start(sentence: Sentence, at: int) -> int:
    """The first token of the clause that holds `at`: after the last subordinator, semicolon or relative."""
    while at > 0:
        tag = sentence.tag[at - 1]
        if tag in (SUB, REL) or (tag == PUNCT and sentence.word[at - 1] in (";", ":")):
            return at
        at -= 1
    return 0


def _verb_start(case: Case) -> int:
    verbs = case.frame.verbs
    return min(verbs.start, case.frame.start) if verbs else case.frame.start


def _exercise(case: Case) -> Reading | None:
    found = case.phrase("drill_words")
    if found:
        return Reading(Status.HYPOTHETICAL, "an exercise or simulation", (found,))
    return None


def _negation(case: Case) -> str:
    """The word that negates the frame: on its verb, on what is affected, or before an event noun."""
    frame, sentence = case.frame, case.sentence
    if frame.negated >= 0:
        return sentence.word[frame.negated]
    negative = case.lexicon.words.get("negative_determiners", frozenset())
    for index in frame.all_groups():
        if index not in frame.slots.get("object", ()) and index not in frame.slots.get("subject", ()):
            continue
        start = sentence.groups[index].start
        for at in (start, start - 1):
            if at >= 0 and (
                sentence.word[at] in negative or sentence.word[at] in case.lexicon.words.get("negative_pronouns", ())
            ):
                return sentence.word[at]
    before = _verb_start(case) - 1
    if before >= 0 and sentence.word[before] in case.lexicon.words.get("negating_prepositions", ()):
        return sentence.word[before]
    return ""


def _denied(case: Case) -> Reading | None:
    sentence = case.sentence
    start = _verb_start(case)
    for at in range(start - 1, max(-1, start - 22), -1):
        word = sentence.word[at]
        if case.has("deny_verbs", word) or case.has("deny_nouns", word):
            after = sentence.word[at + 1 : at + 5]
            objects = case.words.get("deny_objects", frozenset())
            between = sentence.tag[at + 1 : start]
            if any(w in objects for w in after) or ING in sentence.tag[at + 1 : at + 4] or len(between) <= 3:
                return Reading(Status.DENIED, "somebody denies it", (word,))
    tail = sentence.word[case.frame.end :]
    for offset, word in enumerate(tail[:40]):
        if case.has("deny_verbs", word) and any(case.has("deny_objects", w) for w in tail[offset + 1 : offset + 5]):
            return Reading(Status.DENIED, "somebody denies it", (word,))
    negated = _negation(case)
    if negated:
        found = case.phrase("deny_phrases")
        if found:
            return Reading(Status.DENIED, "the speaker rejects the report", (negated, found))
    else:
        found = next((p for p in case.words.get("deny_phrases", ()) if f" {p} " in case.line), "")
        if found and (
            " claim " in case.line
            or " claims " in case.line
            or " reports " in case.line
            or " report " in case.line
            or " allegations " in case.line
        ):
            return Reading(Status.DENIED, "the report is called false", (found,))
    return None


def _negated(case: Case) -> Reading | None:
    frame, sentence = case.frame, case.sentence
    negation = _negation(case)
    if negation:
        return Reading(Status.NEGATED, "negated", (negation,))
    verbs = frame.verbs
    if (
        verbs is not None
        and verbs.modal
        and verbs.start > 1
        and any(case.has("before_words", w) for w in sentence.word[max(0, verbs.start - 3) : verbs.start])
    ):
        return Reading(Status.NEGATED, "stopped before it happened", (verbs.modal,))
    around = f" {sentence.words(max(0, _verb_start(case) - 5), min(len(sentence), frame.end + 6))} "
    if frame.shape == "nominal" or (verbs is not None and verbs.infinitive):
        called_off = next((p for p in case.words.get("cancelled", ()) if f" {p} " in around), "")
        if called_off:
            return Reading(Status.NEGATED, "called off or prevented", (called_off,))
    start = _verb_start(case)
    before = sentence.word[max(0, start - 4) : start]
    for word in reversed(before):
        if case.has("negative_governors", word):
            return Reading(Status.NEGATED, "said not to have happened", (word,))
    if frame.shape in ("nominal", "gerund"):
        group_start = (
            sentence.groups[sentence.group_at[frame.start]].start
            if sentence.group_at[frame.start] >= 0
            else frame.start
        )
        for word in sentence.word[max(0, group_start - 3) : group_start]:
            if word in case.lexicon.words.get("negating_prepositions", ()) or case.has("negative_support", word):
                return Reading(Status.NEGATED, "did not happen", (word,))
    return None


def _planned(case: Case) -> Reading | None:
    frame, sentence = case.frame, case.sentence
    verbs = frame.verbs
    if case.ahead:
        return Reading(Status.PLANNED, "announced for the future", (case.ahead,))
    if frame.shape == "nominal" and (verbs is None or frame.support < 0):
        following = sentence.word[frame.end : frame.end + 12]
        if (
            "planned" in following
            or "scheduled" in following
            or (frame.start and sentence.word[frame.start - 1] in ("planned", "scheduled"))
        ):
            return Reading(Status.PLANNED, "planned", ("planned",))
    if verbs is None:
        return None
    if verbs.modal and case.has("future_modals", verbs.modal):
        return Reading(Status.PLANNED, "announced for the future", (verbs.modal,))
    conditional = verbs.modal and case.has("conditional_modals", verbs.modal) and not verbs.perfect
    if conditional and _report_before(case) and not any(case.has("condition_openers", w) for w in sentence.word):
        return Reading(Status.PLANNED, "said to come", (verbs.modal,))
    if verbs.infinitive:
        for at in range(verbs.start - 1, max(-1, verbs.start - 6), -1):
            word = sentence.word[at]
            if case.has("planned_sure", word):
                return Reading(Status.PLANNED, "planned", (word,))
            if case.has("hypothetical_verbs", word) or case.has("hypothetical_nouns", word):
                return Reading(Status.HYPOTHETICAL, "wished, threatened or feared", (word,))
        if sentence.tag[verbs.start - 1 if verbs.start else 0] == BE:
            return Reading(Status.PLANNED, "is to happen", (sentence.word[verbs.start - 1],))
    if verbs.progressive and case.phrase("planned_phrases"):
        return Reading(Status.PLANNED, "announced for the future", ("next",))
    return None


def _hypothetical(case: Case) -> Reading | None:
    frame, sentence = case.frame, case.sentence
    verbs = frame.verbs
    if sentence.word and sentence.word[-1] == "?":
        return Reading(Status.HYPOTHETICAL, "a question", ("?",))
    if verbs is not None and verbs.modal and case.has("possible_modals", verbs.modal):
        if verbs.perfect and case.has("hedge_modals", verbs.modal):
            return Reading(Status.HEDGED, "may have happened", (verbs.modal, "have"))
        return Reading(Status.HYPOTHETICAL, "possible, not reported", (verbs.modal,))
    start = _clause_start(sentence, _verb_start(case))
    opener = sentence.word[start - 1] if start else ""
    if case.has("doubt_openers", opener) and not (verbs is not None and (verbs.infinitive or verbs.modal)):
        return Reading(Status.HEDGED, "whether it happened is open", (opener,))
    if case.has("condition_openers", opener) or case.has("doubt_openers", opener):
        return Reading(Status.HYPOTHETICAL, "a condition", (opener,))
    first = sentence.word[0]
    if sentence.tag[0] == HAVE and any(case.has("conditional_modals", w) for w in sentence.word[frame.end :]):
        return Reading(Status.HYPOTHETICAL, "what did not happen", (first,))
    if sentence.tag[0] in (MODAL, BE) and case.has("condition_openers", first) and COMMA in sentence.tag[frame.end :]:
        return Reading(Status.HYPOTHETICAL, "a condition", (first,))
    for index in (*frame.slots.get("object", ()), *frame.slots.get("subject", ())):
        word = sentence.word[sentence.groups[index].start]
        if case.has("any_words", word) and frame.shape in ("reduced", "passive"):
            return Reading(Status.HYPOTHETICAL, "about anyone, nobody in particular", (word,))
    if verbs is not None and verbs.infinitive and frame.support < 0:
        return _infinitive(case)
    if frame.shape in ("nominal", "gerund"):
        return _wished(case) or _under_modal(case)
    return None


def _infinitive(case: Case) -> Reading | None:
    verbs, sentence = case.frame.verbs, case.sentence
    if verbs is None:
        return None
    governor = sentence.word[verbs.start - 1] if verbs.start else ""
    if verbs.perfect or case.has("aspect_verbs", governor) or case.has("hearsay_verbs", governor):
        return None
    return Reading(Status.HYPOTHETICAL, "a purpose, not a report", (governor, "to"))


def _under_modal(case: Case) -> Reading | None:
    """An event noun in a clause that is itself only possible: "would pay for information leading to the arrest"."""
    frame, sentence = case.frame, case.sentence
    if frame.shape == "nominal" and frame.verbs is not None:
        return None
    for at in range(frame.start - 1, max(-1, frame.start - 18), -1):
        tag = sentence.tag[at]
        if tag in (SUB, PUNCT, QUOTE) or sentence.finite[at] and tag not in (MODAL, BE, HAVE):
            return None
        if tag == MODAL:
            return Reading(Status.HYPOTHETICAL, "possible, not reported", (sentence.word[at],))
    return None


def _wished(case: Case) -> Reading | None:
    frame, sentence = case.frame, case.sentence
    at = frame.start
    index = sentence.group_at[at]
    start = sentence.groups[index].start if index >= 0 else at
    low = max(0, start - 5)
    for position in range(start - 1, low - 1, -1):
        word = sentence.word[position]
        if sentence.tag[position] in (COMMA, PUNCT, SUB):
            break
        if case.has("hypothetical_verbs", word) or case.has("hypothetical_nouns", word):
            return Reading(Status.HYPOTHETICAL, "wished, threatened or feared", (word,))
        if frame.shape == "gerund" and case.has("generic_governors", word):
            return Reading(Status.BACKGROUND, "a habit or an accusation, not a report", (word,))
    for word in sentence.word[frame.end : frame.end + 1]:
        if case.has("warrant_words", word) or case.has("hypothetical_nouns", word):
            return Reading(Status.HYPOTHETICAL, "not the event itself", (word,))
    return None


def _aggregate(case: Case) -> Reading | None:
    period = next((d for d in case.dates if d.kind == "period" and not _is_recent(case, d)), None)
    if period is not None and not any(case.has("short_periods", word) for word in period.text.lower().split()):
        return Reading(Status.AGGREGATE, "a total over a period", (period.text,))
    found = case.phrase("aggregate_strong")
    if found:
        return Reading(Status.AGGREGATE, "a statistic", (found,))
    verbs = case.frame.verbs
    several = any(group.count is not None and group.count > 1 for group in case.sentence.groups)
    if verbs is not None and verbs.perfect and not verbs.pluperfect and several:
        since = next((w for w in case.words.get("since_words", ()) if w in case.sentence.word), "")
        if since:
            return Reading(Status.AGGREGATE, "a total since then", (since,))
    heading = next((w for w in case.sentence.word[:4] if case.has("count_headings", w)), "")
    if heading and case.count is not None and ":" in case.sentence.word[:6]:
        return Reading(Status.AGGREGATE, "a statistic", (heading,))
    month = next((d for d in case.dates if d.value is not None and d.value.precision is Precision.MONTH), None)
    if month is not None and case.count is not None and case.count >= MANY:
        return Reading(Status.AGGREGATE, "a total over a month", (month.text,))
    year = next((d for d in case.dates if d.value is not None and d.value.precision is Precision.YEAR), None)
    if year is not None and case.count is not None and case.count > 1 and not case.frame.relative:
        return Reading(Status.AGGREGATE, "a total over a year", (year.text,))
    return None


def _background(case: Case) -> Reading | None:
    frame, sentence = case.frame, case.sentence
    verbs = frame.verbs
    if case.generic:
        return Reading(Status.BACKGROUND, "a habit, not a report")
    found = case.phrase("anniversary_words")
    if found:
        return Reading(Status.BACKGROUND, "an anniversary", (found,))
    old = _old_date(case)
    if old is not None:
        return Reading(Status.BACKGROUND, "long before the report", (old.text,))
    if frame.shape == "gerund" and _is_presupposed(case):
        return Reading(Status.BACKGROUND, "presupposed, not reported", (sentence.word[frame.start],))
    stative = case.lexicon.lemmas.get(sentence.word[frame.start], "") in case.lexicon.words.get("stative", ())
    if stative and frame.shape in ("reduced", "gerund") and not frame.headline:
        return Reading(Status.BACKGROUND, "a state that lasts, not a new event", (sentence.word[frame.start],))
    if frame.shape == "adjective":
        return Reading(Status.BACKGROUND, "recalled in a description", (sentence.word[frame.start],))
    if frame.shape == "nominal" and _is_bare(case):
        return Reading(Status.BACKGROUND, "named in passing, nothing is told of it", (sentence.word[frame.start],))
    if frame.helper and verbs is not None and verbs.progressive and not verbs.perfect:
        return Reading(Status.BACKGROUND, "goes on for some time", (sentence.word[frame.start],))
    if (
        verbs is not None
        and verbs.pluperfect
        and not _report_before(case)
        and (not _reported(case) or _known_subject(case))
    ):
        return Reading(Status.BACKGROUND, "told as past of the past", (sentence.word[verbs.auxiliary],))
    if frame.relative and verbs is not None and (verbs.passive or verbs.finite) and _court(case):
        return Reading(Status.BACKGROUND, "recalled in a later proceeding")
    if frame.shape in ("nominal", "gerund", "reduced") or frame.relative:
        return _recalled(case)
    return None


def _is_presupposed(case: Case) -> bool:
    """ "a reaction to Daesh consolidating its fighters": the clause hangs on a noun; "with rebels advancing" does not."""
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
    if case.filled or frame.support >= 0 or frame.number > 1:
        return False
    if frame.dated or not case.placed:
        return True
    index = sentence.group_at[frame.end - 1]
    if index < 0 or not any(sentence.finite):
        return False
    return sentence.groups[index].prep >= 0


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


def _old_date(case: Case) -> DateMention | None:
    reference = case.reference_on
    if reference is None:
        return None
    for mention in case.dates:
        if mention.value is None or mention.kind not in ("explicit", "relative"):
            continue
        if mention.value.on + _LENGTH[mention.value.precision] + OLD_AFTER < reference:
            return mention
    return None


def _is_recent(case: Case, period: DateMention) -> bool:
    if period.value is None or case.reference_on is None:
        return False
    return period.value.precision is Precision.DAY and case.reference_on - period.value.on < timedelta(days=14)


def _court(case: Case) -> str:
    return case.phrase("court_words")


def _recalled(case: Case) -> Reading | None:
    frame, sentence = case.frame, case.sentence
    index = sentence.group_at[frame.start]
    start = sentence.groups[index].start if index >= 0 and frame.shape == "nominal" else _verb_start(case)
    first = sentence.word[start] if start < len(sentence) else ""
    for at in range(max(0, start - 5), start):
        if case.has("time_units", sentence.word[at]) and any(
            case.has("time_links", w) for w in sentence.word[at + 1 : at + 3]
        ):
            return Reading(Status.BACKGROUND, "long after the event", (sentence.word[at],))
    if frame.shape == "reduced" and start and case.has("recalled_adverbs", sentence.word[start - 1]):
        return Reading(Status.BACKGROUND, "recalled", (sentence.word[start - 1],))
    court = _court(case)
    if court and frame.shape != "nominal":
        return Reading(Status.BACKGROUND, "recalled in a later proceeding", (court,))
    if frame.shape != "nominal":
        return None
    inner = sentence.word[start : frame.start]
    for word in inner:
        if case.has("background_adjectives", word):
            return Reading(Status.BACKGROUND, "an earlier event", (word,))
    if first in case.lexicon.words.get("possessives", ()):
        return Reading(Status.BACKGROUND, "refers back to a known event", (first,))
    if court:
        return Reading(Status.BACKGROUND, "recalled in a later proceeding", (court,))
    return None


def _report_before(case: Case) -> str:
    """The verb of saying or finding that governs the clause from before it."""
    sentence = case.sentence
    start = case.frame.start if case.frame.shape == "nominal" else _verb_start(case)
    for at in range(start - 1, max(-1, start - 25), -1):
        word = sentence.word[at]
        if sentence.tag[at] in (VERB, ING) and (case.has("report_verbs", word) or case.has("finding_verbs", word)):
            return word
    return ""


def _reported(case: Case) -> str:
    """The reporting verb that the clause depends on, if any."""
    sentence = case.sentence
    start = case.frame.start if case.frame.shape == "nominal" else _verb_start(case)
    for at in range(start - 1, max(-1, start - 25), -1):
        if case.has("report_verbs", sentence.word[at]) and sentence.tag[at] in (VERB, ING):
            return sentence.word[at]
    for at in range(case.frame.end, min(len(sentence), case.frame.end + 60)):
        if case.has("report_verbs", sentence.word[at]) and sentence.tag[at] == VERB:
            before = sentence.tag[at - 1] if at else PUNCT
            if before in (NOUN, PRON, COMMA, QUOTE):
                return sentence.word[at]
    return case.phrase("report_phrases")


def _hedged(case: Case) -> Reading | None:
    sentence = case.sentence
    frame = case.frame
    last = frame.end + 3
    if frame.shape == "nominal" and frame.verbs is not None:
        last = max(last, min(frame.verbs.verb + 1, frame.end + 20))
    for word in (*_left_words(case, frame.start, 8), *sentence.word[frame.end : last]):
        if case.has("hedge_adverbs", word):
            return Reading(Status.HEDGED, "reported with reserve", (word,))
    after = sentence.word[frame.end] if frame.end < len(sentence) else ""
    if frame.shape == "nominal" and case.has("hedge_participles", after):
        return Reading(Status.HEDGED, "reported with reserve", (after,))
    found = case.phrase("hedge_phrases")
    if found:
        return Reading(Status.HEDGED, "reported with reserve", (found,))
    return None


def _attributed(case: Case) -> Reading | None:
    support = case.sentence.word[case.frame.support] if case.frame.support >= 0 else ""
    word = support if case.has("report_verbs", support) else _reported(case)
    if word:
        return Reading(Status.ATTRIBUTED, "somebody says so", (word,))
    return None


_TESTS: tuple[Callable[[Case], Reading | None], ...] = (
    _exercise, _denied, _negated, _planned, _hypothetical, _aggregate, _background, _hedged, _attributed,
)  # fmt: skip
