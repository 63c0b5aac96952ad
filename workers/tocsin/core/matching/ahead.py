"""What puts an event ahead of its report, or makes a habit of it."""

from tocsin.core.dates.resolver import DateMention
from tocsin.core.lexicon import BE, NOUN, PRON, TIME, VERB
from tocsin.core.matching.circumstances import find_date
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.read import Document
from tocsin.core.mentions import Precision


def ahead(frame: Frame, date: DateMention | None, document: Document) -> str:
    """The words that put the event after the report: a later date, or "for Saturday" after an event noun."""
    if date is None or date.value is None:
        return ""
    if document.dated and date.value.on > document.reference.date():
        return date.text
    if frame.shape != "nominal":
        return ""
    at = frame.sentence.token_at(date.span.start)
    words = document.language.status.get("agenda_prepositions", frozenset())
    near = frame.sentence.word[max(0, at - 1) : at + 1]
    return date.text if at > frame.start and any(word in words for word in near) else ""


def forward(frame: Frame, document: Document) -> DateMention | None:
    """The date again, read as one that is still to come."""
    sentence = frame.sentence
    if not sentence.dates:
        return None
    kept = sentence.dates
    sentence.dates = document.language.dates.find_dates(
        document.text, sentence.span.start, sentence.span.end, reference=document.reference, forward=True
    )
    found = find_date(frame, document.language.status)
    sentence.dates = kept
    return found


def is_generic(frame: Frame, document: Document) -> bool:
    """A gerund after "for" or "of" that a word of habit governs: "a reputation for arresting"."""
    if frame.shape != "gerund" or frame.verbs is None:
        return False
    sentence, words = frame.sentence, document.language.status
    low = max(0, frame.verbs.start - 14)
    governors = words.get("generic_governors", frozenset())
    accusing = words.get("accusing_verbs", frozenset())
    day = any(date.value is not None and date.value.precision is Precision.DAY for date in sentence.dates)
    accusers = (NOUN, PRON, TIME, BE) if day else (NOUN, PRON, TIME)  # "is accused of shooting a man on Sunday"
    for at in range(low, frame.verbs.start):
        word = sentence.word[at]
        if word in accusing and sentence.tag[at] == VERB and at and sentence.tag[at - 1] in accusers:
            continue
        if word in governors:
            return True
    return False
