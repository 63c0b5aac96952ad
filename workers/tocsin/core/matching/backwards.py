"""Whether a mention speaks of what was told before, or of a part of it."""

import re
from collections.abc import Sequence
from datetime import timedelta

from tocsin.core.dates.resolver import DateMention
from tocsin.core.lexicon import BE, HAVE, Lexicon
from tocsin.core.matching.filling import Filler
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.read import Document
from tocsin.core.matching.tokens import Sentence
from tocsin.core.mentions import Precision

LONG = timedelta(days=366 + 45)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")


def points_back(frame: Frame, affected: Sequence[Filler], lexicon: Lexicon) -> bool:
    """Whether the words presuppose an event already told: "the women arrested in Spain", "the arrests"."""
    sentence, words = frame.sentence, lexicon.words
    if frame.shape == "reduced" or frame.relative:
        reached = {sentence.groups[index].head for index in frame.slots.get("object", frame.slots.get("subject", ()))}
        for filler in affected:
            if filler.sentence is sentence and filler.group.head not in reached:
                continue
            first = sentence.word[filler.group.start]
            if first in words.get("definite", ()) or first in words.get("plural_pronouns", ()):
                return True
        return False
    if frame.shape == "nominal":
        return frame.definite and not affected
    return False


def is_split(frame: Frame, lexicon: Lexicon) -> bool:
    """ "Four of the arrests", "the remaining six detentions": a part of what was told."""
    if frame.shape != "nominal":
        return False
    sentence = frame.sentence
    index = sentence.group_at[frame.end - 1]
    if index < 0:
        return False
    group = sentence.groups[index]
    words = lexicon.words
    if any(sentence.word[at] in words.get("back_adjectives", ()) for at in range(group.start, group.head)):
        return True
    governor = sentence.word[group.prep] if group.prep >= 0 else ""
    if governor in words.get("of_prepositions", ()) and group.prep > 0:
        before = sentence.group_at[group.prep - 1]
        return before >= 0 and (sentence.groups[before].count is not None)
    return False


def goes_on(frame: Frame, document: Document) -> str:
    """The old year of the sentence before, if this one goes on from there: "In 1937 … . He was shot days later."

    It has no date of its own, tells in the plain past, and so did the sentence before it.
    """
    sentence, verbs = frame.sentence, frame.verbs
    if verbs is None or verbs.perfect or verbs.present or verbs.modal or verbs.infinitive or frame.headline:
        return ""
    if frame.shape not in ("active", "passive") or any(_is_own(date, sentence) for date in sentence.dates):
        return ""
    before = document.spans_before(sentence.span, 1)
    if not before or not _YEAR.search(document.text, before[0].start, before[0].end):
        return ""
    other = document.read(before[0])
    if HAVE in other.tag or any(tag == BE and _is_present(other, at) for at, tag in enumerate(other.tag)):
        return ""
    dates = [date for date in other.dates if date.value is not None and date.kind == "explicit"]
    if len(dates) != len(other.dates) or not dates or not all(_is_old(date, other, document) for date in dates):
        return ""
    return dates[0].text


def _is_own(date: DateMention, sentence: Sentence) -> bool:
    """Whether a date is more than "four days later"."""
    after = sentence.word[sentence.token_at(date.span.end - 1) :][:2]
    return not any(word in sentence.lexicon.words.get("later_words", ()) for word in after)


def _is_present(sentence: Sentence, at: int) -> bool:
    return sentence.word[at] in sentence.lexicon.words.get("be_present", ())


def _is_old(date: DateMention, sentence: Sentence, document: Document) -> bool:
    """Whether something happened then, more than a year before the report: "in 2004", not "since 2004"."""
    value, at = date.value, sentence.token_at(date.span.start)
    if value is None or value.precision not in (Precision.DAY, Precision.MONTH, Precision.YEAR):
        return False
    if not document.dated and value.precision is not Precision.YEAR:
        return False  # of an article without a date it may be its own day
    near = sentence.word[max(0, at - 1) : at + 1]
    within = at == 0 or any(word in sentence.lexicon.words.get("dating_prepositions", ()) for word in near)
    return within and value.on + LONG < document.reference.date()
