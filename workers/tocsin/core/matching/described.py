"""What the words near a noun group say of it: who bears a name, whose men they are, who rides in a vehicle."""

from tocsin.core.lexicon import ADV, COMMA, DET, ING
from tocsin.core.matching.groups import np_end
from tocsin.core.matching.tokens import Group, Sentence


def told_after(sentence: Sentence, group: Group) -> int:
    """What stands in apposition to a group: "X, a smuggler", "X, 54, the mayor"; 0 when nothing does."""
    tags, at = sentence.tag, group.end
    if at + 2 < len(tags) and tags[at] == COMMA and tags[at + 1] == ADV and tags[at + 2] == COMMA:
        at += 2  # an age
    told = sentence.group_at[at + 1] if at + 1 < len(tags) and tags[at] == COMMA else -1
    return sentence.groups[told].mask if told >= 0 else 0


def who_is_named(sentence: Sentence, group: Group) -> int:
    """What a name's bearer is by a word before it or after a comma: "Nurse X", "X, a nurse"; 0 when none says so."""
    person = sentence.lexicon.serving("person")
    if group.inner & person:
        return group.inner
    at = group.end
    while at < len(sentence) and sentence.tag[at] in (COMMA, ADV):
        at += 1
    opened = at < len(sentence) and sentence.tag[at] == DET
    told = told_after(sentence, group) if opened else 0
    return told if told & person else 0


def followers_of(sentence: Sentence, group: Group, kinds: int) -> int:
    """What "its men" or "its leader" are by whose they are: whoever of these kinds stands nearest before; else 0."""
    words = sentence.lexicon.words
    if group.end - group.start < 2 or sentence.word[group.start] not in words.get("whose", ()):
        return 0
    head = sentence.word[group.head]
    if head not in words.get("bare_persons", ()) and head not in words.get("members_of", ()):
        return 0
    return next((g.mask & kinds for g in reversed(sentence.groups[: group.index]) if g.mask & kinds), 0)


def armed_allies_of(sentence: Sentence, group: Group, kinds: int) -> int:
    """What "an alliance of rebel brigades" is: of these kinds whatever its members are; 0 when it is none."""
    if group.of < 0 or sentence.word[group.head] not in sentence.lexicon.words.get("alliances", ()):
        return 0
    of = sentence.groups[group.of]
    return (of.mask | of.inner) & kinds


def crew_of(sentence: Sentence, group: Group) -> int:
    """Whose a vehicle is, or who rides in it: "trucks of the army", "the army's trucks", "a bus carrying cadets".

    "Their lorry" is that of the nearest persons before.
    """
    groups, at = sentence.groups, np_end(sentence, group.index)
    found = 0
    for index in (group.of, group.owner):
        found |= groups[index].mask if index >= 0 else 0
    if sentence.word[group.start] in sentence.lexicon.words.get("whose", ()):
        person = sentence.lexicon.serving("person")
        found |= next((g.mask for g in reversed(groups[: group.index]) if g.mask & person), 0)
    riding = at + 1 < len(sentence) and sentence.word[at] in sentence.lexicon.words.get("bearing", ())
    if riding and sentence.tag[at] == ING and sentence.group_at[at + 1] >= 0:
        found |= groups[sentence.group_at[at + 1]].mask
    return found
