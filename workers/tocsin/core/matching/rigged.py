"""What is packed, rigged or booby-trapped with explosives is a bomb, whatever it was before."""

from tocsin.core.lexicon import PREP, Lexicon
from tocsin.core.matching.tokens import Group, Sentence

LOADED, TRAPPED = "rigged_with", "rigged_adjectives"


def mark_rigged(sentence: Sentence, lexicon: Lexicon) -> None:
    """Mark "a van crammed with dynamite", "a cart rigged by rebels", "a booby-trapped fridge" as remote devices."""
    rigged, trapped = (lexicon.words.get(name, frozenset()) for name in (LOADED, TRAPPED))
    if rigged.isdisjoint(sentence.word) and trapped.isdisjoint(sentence.word):
        return
    sites = lexicon.serving("never_rigged")
    for group in sentence.groups:
        if group.actor or group.mask & sites:
            continue
        if not trapped.isdisjoint(sentence.word[group.start : group.head]):
            group.mask |= lexicon.made(TRAPPED)
        if _is_loaded(sentence, lexicon, group):
            group.mask |= lexicon.made(LOADED)


def _is_loaded(sentence: Sentence, lexicon: Lexicon, group: Group) -> bool:
    """Whether a participle right after a group says that explosives are in it, or who rigged it."""
    words, at = lexicon.words, group.end
    if at + 2 >= len(sentence) or sentence.word[at] not in words.get(LOADED, ()):
        return False
    if sentence.tag[at + 1] != PREP:
        return False
    if sentence.word[at + 1] in words.get("agent_prepositions", ()):
        return sentence.word[at] in words.get("rigged_by", ()) and bool(group.mask & lexicon.serving("rigged"))
    index = sentence.group_at[at + 2]
    if index < 0:
        return False
    load = sentence.groups[index]
    held = load.mask | (sentence.groups[load.of].mask if load.of >= 0 else 0)  # "with 50 kilos of dynamite"
    return bool(held & lexicon.serving("load"))
