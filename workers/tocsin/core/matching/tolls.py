"""Who was killed or hurt: tolls that add to what was told, and what became of those who did it."""

from tocsin.core.matching.draft import Draft
from tocsin.core.mentions import Role


def hurts_somebody(draft: Draft) -> bool:
    """Whether an event was done to persons or forces, not only to things."""
    hurt = draft.frame.sentence.lexicon.serving("hurt")
    return any(filler.mask & hurt for filler in draft.filling.groups(Role.RECIPIENT))


def is_toll(draft: Draft) -> bool:
    """Who died or was hurt, and nothing of who did it: "ten people were killed"."""
    return not draft.arguments.get(Role.AGENT) and draft.frame.shape in ("passive", "reduced")


def is_toll_of_known(draft: Draft) -> bool:
    """ "two were hurt in the attack": who suffered in what the article told before."""
    frame = draft.frame
    if frame.shape not in ("passive", "reduced"):
        return False
    sentence, words = frame.sentence, frame.sentence.lexicon.words
    for index in frame.slots.get("in", ()):
        group = sentence.groups[index]
        definite = sentence.word[group.start] in words.get("definite", ())
        if definite and sentence.word[group.head] in words.get("vague_events", ()):
            return True
    return False


def is_fate(draft: Draft) -> bool:
    """ "the attacker was shot": what became of somebody known is not what he did."""
    if not is_toll(draft):
        return False
    for filler in draft.filling.groups(Role.RECIPIENT):
        word, words = filler.sentence.word, filler.sentence.lexicon.words
        if word[filler.group.start] in words.get("definite", ()) and word[filler.group.head] in words.get(
            "back_nouns", ()
        ):
            return True
    return False
