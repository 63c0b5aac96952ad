"""How well a rule fits what stands around a trigger, where several rules want the same words."""

from collections.abc import Sequence

from tocsin.core.lexicon import Lexicon
from tocsin.core.matching.compiled import CompiledRule, Language
from tocsin.core.matching.filling import Filler, Filling
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.refusals import is_somebody
from tocsin.core.matching.scan import Trigger
from tocsin.core.mentions import Role

BARRED = 6
"""How many one counts for whom a rule never takes: a skirmish between protesters and police is no battle."""

GUESSED = 3
"""What a name costs that a rule only guesses to be a place's."""


def evidence_of(
    frame: Frame, trigger: Trigger, rule: CompiledRule, filling: Filling, language: Language, context: int
) -> float:
    """The affected, the agent, what an ambiguous word needs; the rule's priority breaks ties. 0 or less: no fit.

    `context` are the classes that events told before have left.
    """
    lexicon = language.lexicon
    score = 1.0 + rule.rule.priority / 25 - 2 * len(filling.missing) + (0.5 if rule.rule.parent else 0.0)
    if Role.RECIPIENT in filling.roles or Role.OBJECT in filling.roles:
        score += 4
    if Role.AGENT in filling.roles:
        score += 3
    elif Role.AGENT in rule.constraints and "subject" not in trigger.form.roles and _has_agent(frame, lexicon):
        if _has_agent(frame, lexicon, rule.constraints[Role.AGENT].refuses):
            return 0.0
        score -= 8
    score -= 1.5 * _refused_agents(frame, rule, filling, lexicon) + (GUESSED if filling.guessed else 0)
    score += 3 if trigger.tail else 0  # of two verbs that begin alike the longer one says more
    score += 1 if _takes_place(frame, lexicon) else 0
    if needs := trigger.form.needs:
        mask = trigger.need
        fillers = [f for fillers in filling.roles.values() for f in fillers]
        told = any((f.mask | f.group.inner) & mask for f in fillers)
        if frame.sentence.everything & language.manners[needs]:
            # how it was done decides between rules that share a verb
            score += 2.5 + (GUESSED if filling.guessed else 0)
        elif told or _is_among_doers(frame, filling, mask) or _is_toll(frame, mask):
            score += 1.5
        elif mask & context or _is_means(frame, lexicon, mask):
            score += 2.5  # so does what goes on, for those who ask for it, and with what
        elif trigger.kind == "verb":
            score -= 2.0
    return score


def _is_toll(frame: Frame, mask: int) -> bool:
    """ "an ambush on a convoy killed three corporals": whom it killed, where whom it was aimed at says less."""
    groups = frame.sentence.groups
    return any(groups[i].mask & mask for slot in ("victim", "toll") for i in frame.slots.get(slot, ()))


def is_vague(frame: Frame, affected: Sequence[Filler], lexicon: Lexicon) -> bool:
    """ "attacked the village": what was done there is told, if at all, by another verb, and so is who suffered."""
    if frame.shape != "active" or not affected:
        return False
    if lexicon.lemmas.get(frame.sentence.word[frame.start]) not in lexicon.words.get("vague_deeds", ()):
        return False
    if not lexicon.words.get("instrument_prepositions", frozenset()).isdisjoint(frame.slots):
        return False  # "attacked the consulate with stones"
    engaged = lexicon.serving("engaged")
    return not any((filler.mask | filler.group.inner) & engaged for filler in affected)


def _is_means(frame: Frame, lexicon: Lexicon, mask: int) -> bool:
    """Whether something was done with or from one of these classes: "fired at the camp from helicopters"."""
    means, groups = lexicon.words.get("means_prepositions", ()), frame.sentence.groups
    return any(groups[i].mask & mask for slot in frame.slots if slot in means for i in frame.slots[slot])


def _is_among_doers(frame: Frame, filling: Filling, mask: int) -> bool:
    """Whether one of the classes acts beside the agent: "soldiers and allied militiamen took the town"."""
    row = frame.slots.get("subject", ()) if Role.AGENT in filling.roles and frame.shape in ("active", "gerund") else ()
    return any(frame.sentence.groups[index].mask & mask for index in row)


def _refused_agents(frame: Frame, rule: CompiledRule, filling: Filling, lexicon: Lexicon) -> int:
    """How many of a coordinated subject a rule does not take though it takes others."""
    taken = filling.groups(Role.AGENT)
    constraint = rule.constraints.get(Role.AGENT)
    if not taken or constraint is None or not constraint.accepts or frame.shape not in ("active", "gerund", "nominal"):
        return 0
    groups = frame.sentence.groups
    mutual = lexicon.words.get("mutual_prepositions", ())
    slots = ["subject"] if frame.shape != "nominal" else [slot for slot in frame.slots if slot in mutual]
    sites = lexicon.serving("setting")  # "in X town, Y state, the army and …"
    return sum(
        BARRED if frame.shape == "nominal" and groups[index].mask & constraint.refuses else 1
        for slot in slots
        for index in frame.slots.get(slot, ())
        if all(index != filler.group.index for filler in taken)
        and groups[index].mask & ~sites
        and not groups[index].mask & constraint.accepts
        and not groups[index].place
    )


def _takes_place(frame: Frame, lexicon: Lexicon) -> bool:
    """ "The attack took place in Ghazni": it is told that and where it happened, if not to whom."""
    if frame.shape != "nominal" or frame.verbs is None or frame.support >= 0 or not frame.sentence.places:
        return False
    words, at = frame.sentence.word, frame.verbs.verb
    occurring = lexicon.words.get("support.occur", frozenset())
    return words[at] in occurring or " ".join(words[at : at + 2]) in occurring


def _has_agent(frame: Frame, lexicon: Lexicon, kinds: int = -1) -> bool:
    """Whether somebody of a known kind, or of these kinds, stands where the agent stands."""
    slot = {"active": "subject", "passive": "by", "reduced": "by"}.get(frame.shape)
    if slot is None and frame.support >= 0 and not frame.helper:
        slot = "subject"  # "jihadists launched a raid"
    if slot is None:
        return False
    sentence, itself = frame.sentence, frame.slots.get("self", ())  # "the attack took place"
    others = [index for index in frame.slots.get(slot, ()) if index not in itself]
    return any(sentence.groups[i].mask & kinds and is_somebody(sentence, lexicon, i, slot) for i in others)
