"""How a mention stands to the facts: ordered tests, each with its reason and the words that decided it."""

from collections.abc import Callable

from tocsin.core.mentions import Status
from tocsin.core.status.case import Case, Reading, left_words, report_word
from tocsin.core.status.past import find_aggregate, find_background
from tocsin.core.status.presupposed import find_presupposed
from tocsin.core.status.retold import find_retold
from tocsin.core.status.staged import find_exercise, find_fiction, find_figure
from tocsin.core.status.unreal import find_denied, find_hypothetical, find_negated, find_planned


def _hedged(case: Case) -> Reading | None:
    sentence = case.sentence
    frame = case.frame
    last = frame.end + 3
    if frame.shape == "nominal" and frame.verbs is not None:
        last = max(last, min(frame.verbs.verb + 3, frame.end + 20))
    for word in (*left_words(case, frame.start, 8), *sentence.word[frame.end : last]):
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
    word = support if case.has("report_verbs", support) else report_word(case)
    if word and case.has("doubting_verbs", word):
        return Reading(Status.HEDGED, "somebody supposes so", (word,))
    if word:
        return Reading(Status.ATTRIBUTED, "somebody says so", (word,))
    return None


def judge(case: Case) -> Reading:
    """The first test that answers decides; without an answer the mention is asserted."""
    if case.frame.shape == "adjective":
        word = case.sentence.word[case.frame.start]
        return Reading(Status.BACKGROUND, "recalled in a description", (word,))
    case.line = f" {' '.join(case.sentence.word)} "
    for test in _TESTS:
        reading = test(case)
        if reading is not None:
            return reading
    return Reading(Status.ASSERTED, "stated as fact")


_TESTS: tuple[Callable[[Case], Reading | None], ...] = (
    find_exercise,
    find_fiction,
    find_retold,
    find_denied,
    find_negated,
    find_planned,
    find_hypothetical,
    find_aggregate,
    find_background,
    find_presupposed,
    find_figure,
    _hedged,
    _attributed,
)
