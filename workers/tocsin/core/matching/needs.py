"""Whether a sentence holds what an ambiguous trigger needs: a word of the classes, outside the trigger."""

from collections.abc import Sequence

from tocsin.core.lexicon import Lexicon
from tocsin.core.matching.filling import Filling
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.scan import Trigger
from tocsin.core.matching.tokens import Sentence


def is_met(
    sentence: Sentence, trigger: Trigger, start: int, end: int, cancelled: Sequence[tuple[int, int, int]]
) -> bool:
    """`start` to `end` are the trigger's tokens, `cancelled` the phrases of the rules' never_when.

    A word inside such a phrase meets no need of its rule: the attack of "shark attack" makes no killing an attack.
    """
    mask = trigger.need
    if not sentence.everything & mask:
        return False
    barred = {i for a, b, rule in cancelled if rule == trigger.rule for i in _tokens(sentence, a, b)}
    if any(not start <= i < end and i not in barred for i, m in enumerate(sentence.mask) if m & mask):
        return True
    return any(
        (g.mask if g.start < end and start < g.end and not g.actors else g.mask | g.inner) & mask
        for g in sentence.groups
        if not start <= g.head < end and (g.actor or not barred)
    )


def is_filled(filling: Filling, trigger: Trigger) -> bool:
    """Whether the roles that a trigger narrows are filled by one of the classes that it names."""
    return all(any(filler.mask & mask for filler in filling.groups(role)) for role, mask in trigger.only)


def whole_objects(frame: Frame, trigger: Trigger, lexicon: Lexicon) -> list[int]:
    """The objects of a verb, and what they are parts of or rid of: "a section of the pipeline", "a road of mines"."""
    objects, sentence = frame.slots.get("object", []), frame.sentence
    rid_of = trigger.form.roles.keys() & lexicon.words.get("of_prepositions", frozenset())
    is_part = bool(objects) and sentence.word[sentence.groups[objects[-1]].head] in lexicon.words.get("parts", ())
    within = frame.slots.get("object_of", ()) if is_part or rid_of else ()
    return [*objects, *within, *(index for slot in rid_of for index in frame.slots.get(slot, ()))]


def _tokens(sentence: Sentence, start: int, end: int) -> range:
    """The tokens between two offsets; none outside the sentence."""
    if end <= sentence.span.start or start >= sentence.span.end:
        return range(0)
    return range(sentence.token_at(start), sentence.token_at(end - 1) + 1)
