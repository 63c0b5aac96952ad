"""What is packed, rigged or booby-trapped with explosives is a bomb, whatever it was before."""

from tocsin.core.lexicon import PREP, Lexicon
from tocsin.core.matching.tokens import Group, Sentence

_APART = (
    "person", "building", "infrastructure", "place", "territory", "route", "finance", "abstract_object", "statement",
    "law",
)  # fmt: skip
_LOADS = ("explosive", "charge", "artillery", "ammunition")
_MOVED = ("vehicle", "vessel", "parcel", "goods", "animal")


def mark_rigged(sentence: Sentence, lexicon: Lexicon) -> None:
    """Mark "a van crammed with dynamite", "a cart rigged by rebels", "a booby-trapped fridge" as remote devices."""
    rigged, trapped = (lexicon.words.get(name, frozenset()) for name in ("rigged_with", "rigged_adjectives"))
    if rigged.isdisjoint(sentence.word) and trapped.isdisjoint(sentence.word):
        return
    sites = lexicon.mask_of(_APART)
    for group in sentence.groups:
        if group.actor or group.mask & sites:
            continue
        if not trapped.isdisjoint(sentence.word[group.start : group.head]) or _is_loaded(sentence, lexicon, group):
            group.mask |= lexicon.closure("remote_device")


def _is_loaded(sentence: Sentence, lexicon: Lexicon, group: Group) -> bool:
    """Whether a participle right after a group says that explosives are in it, or who rigged it."""
    words, at = lexicon.words, group.end
    if at + 2 >= len(sentence) or sentence.word[at] not in words.get("rigged_with", ()):
        return False
    if sentence.tag[at + 1] != PREP:
        return False
    if sentence.word[at + 1] in words.get("agent_prepositions", ()):
        return sentence.word[at] in words.get("rigged_by", ()) and bool(group.mask & lexicon.mask_of(_MOVED))
    index = sentence.group_at[at + 2]
    if index < 0:
        return False
    load = sentence.groups[index]
    held = load.mask | (sentence.groups[load.of].mask if load.of >= 0 else 0)  # "with 50 kilos of dynamite"
    return bool(held & lexicon.mask_of(_LOADS))
