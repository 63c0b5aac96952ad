"""Whether a mention speaks of what was told before, or of a part of it."""

from collections.abc import Sequence

from tocsin.core.lexicon import Lexicon
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.roles import Filler


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
