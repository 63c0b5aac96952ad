"""Who takes part in an event noun's event by what other verbs of its sentence say.

"A raid in which police freed four", "a bridge destroyed by air strikes", "a raid by police led to the arrest of four",
"soldiers killed two rebels in a clash".
"""

from collections.abc import Callable

from tocsin.core.lexicon import ADV, BE, PREP, REL, TIME, VERB, Lexicon
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.frames import find_phrases, verb_frame
from tocsin.core.matching.groups import chain_forward, np_end, owned_head
from tocsin.core.matching.objects import find_object
from tocsin.core.matching.subjects import doers_of, find_subject
from tocsin.core.matching.tokens import Group, Sentence
from tocsin.core.matching.verbs import VerbGroup, read_verb_group

NEAR = 12


def add_parties(sentence: Sentence, lexicon: Lexicon, frame: Frame, group: Group) -> None:
    """Fill the slots of an event noun's frame that nothing nearer has filled."""
    _find_blamed(sentence, lexicon, frame, group)
    blamed = _charged(sentence, lexicon, group) or _authors(sentence, lexicon, frame, group)
    if blamed and not frame.slots.get("by"):
        frame.slots["by"] = blamed
    for find in (_in_relative, _as_means, _as_result, _as_occasion):
        _keep(frame, find, sentence, lexicon, group)


def _keep(
    frame: Frame,
    find: Callable[[Sentence, Lexicon, Group], dict[str, list[int]]],
    sentence: Sentence,
    lexicon: Lexicon,
    group: Group,
) -> None:
    for slot, found in find(sentence, lexicon, group).items():
        if found and not frame.slots.get(slot):
            frame.slots[slot] = found


def _verbs_at(sentence: Sentence, lexicon: Lexicon, at: int) -> VerbGroup:
    return read_verb_group(sentence, lexicon, at, lexicon.verbs.get(sentence.word[at], 0))


def _in_relative(sentence: Sentence, lexicon: Lexicon, group: Group) -> dict[str, list[int]]:
    """ "the raid in which commandos freed the hostages": who does what in the clause."""
    at = group.end
    if at + 2 >= len(sentence) or sentence.tag[at] != PREP or sentence.tag[at + 1] != REL:
        return {}
    index = sentence.group_at[at + 2]
    if index < 0:
        return {}
    row = chain_forward(sentence, owned_head(sentence, index))
    verb = next((i for i in range(np_end(sentence, row[-1]), len(sentence)) if sentence.tag[i] == VERB), -1)
    if verb < 0:
        return {}
    word = sentence.word[verb]
    if _verbs_at(sentence, lexicon, verb).passive or lexicon.lemmas.get(word) in lexicon.words.get("dying", ()):
        return {"victim": row}
    return {"subject": row, "victim": find_object(sentence, verb + 1) if word in lexicon.words["hitting"] else []}


def _as_means(sentence: Sentence, lexicon: Lexicon, group: Group) -> dict[str, list[int]]:
    """ "a bridge destroyed by air strikes": what was destroyed was struck."""
    if group.prep < 1 or sentence.word[group.prep] not in lexicon.words.get("agent_prepositions", ()):
        return {}
    at = group.prep - 1
    while at > 0 and sentence.tag[at] == ADV:
        at -= 1
    word = sentence.word[at]
    if sentence.tag[at] != VERB or word not in lexicon.words.get("hitting", ()):
        return {}
    return {
        "experiencer": verb_frame(sentence, lexicon, at, at + 1, lexicon.verbs.get(word, 0), False).slots.get(
            "object", []
        )
    }


def _as_result(sentence: Sentence, lexicon: Lexicon, group: Group) -> dict[str, list[int]]:
    """ "a raid by police led to the arrest of four": who raided arrested."""
    at = group.prep - 1
    while at > 0 and sentence.tag[at] == TIME:
        at -= 1
    if group.prep < 1 or f"{sentence.word[at]} {sentence.word[group.prep]}" not in lexicon.words["support.result"]:
        return {}
    verbs = _verbs_at(sentence, lexicon, at)
    probe = Frame(sentence, at, at + 1, "active", verbs=verbs)
    return {"by": doers_of(sentence, lexicon, find_subject(sentence, lexicon, verbs.start, probe), verbs.start)}


def _find_blamed(sentence: Sentence, lexicon: Lexicon, frame: Frame, group: Group) -> None:
    """ "blamed the attack on rebels", "an attack attributed to them": who stands there did it and did not suffer it."""
    words = lexicon.words
    blaming = words.get("blaming", frozenset())
    near = [frame.governor, *range(group.end, min(len(sentence), group.end + NEAR))]
    verb = next((i for i in near if i >= 0 and lexicon.lemmas.get(sentence.word[i]) in blaming), -1)
    if verb < 0 or sentence.tag[verb] != VERB:
        return
    said = Frame(sentence, verb, verb + 1, "passive")
    find_phrases(sentence, lexicon, said, max(verb + 1, group.end))
    for slot in [slot for slot in said.slots if slot in words.get("blaming_prepositions", ())]:
        last = max(sentence.groups[i].prep for i in said.slots[slot])
        blamed = [i for i in said.slots[slot] if sentence.groups[i].prep == last]
        frame.slots["by"] = blamed
        frame.slots[slot] = [i for i in frame.slots.get(slot, ()) if i not in blamed]
        return


def _charged(sentence: Sentence, lexicon: Lexicon, group: Group) -> list[int]:
    """ "blamed rebels for the attack", "rebels are suspected of it", "attributed to rebels the attack"."""
    words, lemmas = lexicon.words, lexicon.lemmas
    ruled = group.prep >= 0 and sentence.word[group.prep] in words.get("charging_prepositions", ())
    if not ruled and group.prep >= 0:
        return []
    wanted = words.get("charging" if ruled else "blaming", frozenset())
    before = group.prep if ruled else group.start
    verb = next((at for at in range(before - 1, max(-1, before - NEAR), -1) if sentence.tag[at] == VERB), -1)
    if verb < 0 or lemmas.get(sentence.word[verb]) not in wanted:
        return []
    if not ruled:
        at = verb + 1
        index = sentence.group_at[at + 1] if sentence.word[at] in words.get("blaming_prepositions", ()) else -1
        row = chain_forward(sentence, owned_head(sentence, index)) if index >= 0 else []
        return row if row and np_end(sentence, row[-1]) == group.start else []
    verbs = _verbs_at(sentence, lexicon, verb)
    if not verbs.passive and not (verbs.participle and not sentence.finite[verb]):
        return find_object(sentence, verb + 1)
    return verb_frame(sentence, lexicon, verb, verb + 1, lexicon.verbs.get(sentence.word[verb], 0), False).slots.get(
        "object", []
    )


def _authors(sentence: Sentence, lexicon: Lexicon, frame: Frame, group: Group) -> list[int]:
    """ "The attack was the work of rebels"."""
    at = frame.verbs.verb if frame.verbs is not None else -1
    if at < group.end or sentence.tag[at] != BE:
        return []
    index = next((i for i in sentence.group_at[at + 1 : at + 3] if i >= 0), -1)
    made = sentence.groups[index] if index >= 0 else None
    if made is None or sentence.word[made.head] not in lexicon.words.get("authorship_nouns", ()) or made.of < 0:
        return []
    return chain_forward(sentence, owned_head(sentence, made.of))


def _as_occasion(sentence: Sentence, lexicon: Lexicon, group: Group) -> dict[str, list[int]]:
    """ "soldiers killed two rebels in a clash": who killed and who was killed; "in the clash" may be another's."""
    words = lexicon.words
    if group.prep < 2 or sentence.word[group.prep] not in words.get("occasion_prepositions", ()):
        return {}
    verb = next((at for at in range(group.prep - 1, max(0, group.prep - NEAR), -1) if sentence.tag[at] == VERB), 0)
    if sentence.word[group.start] in words.get("definite", ()) or sentence.word[verb] not in words.get("hitting", ()):
        return {}
    verbs, victims = _verbs_at(sentence, lexicon, verb), find_object(sentence, verb + 1)
    if verbs.passive or not sentence.finite[verb] or not victims or np_end(sentence, victims[-1]) != group.prep:
        return {}
    probe = Frame(sentence, verb, verb + 1, "active", verbs=verbs)
    return {"subject": find_subject(sentence, lexicon, verbs.start, probe), "victim": victims}
