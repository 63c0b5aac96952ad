"""Attacks of several acts, told by their first: "stormed the barracks and blew themselves up", "held it briefly"."""

from tocsin.core.matching.draft import Draft
from tocsin.core.mentions import Role

NEAR = 2
REACH = 12


def goes_on_within(draft: Draft, other: Draft) -> bool:
    """Whether the same armed men blew themselves up after they had broken into what armed men held.

    Who is called a bomber from the start came to do it: that is no part of another attack.
    """
    lexicon, agents = draft.frame.sentence.lexicon, draft.filling.groups(Role.AGENT)
    doer = other.rule.constraints.get(Role.AGENT)
    if doer is None or not doer.accepts & lexicon.serving("self_killer"):
        return False
    if draft.frame.shape == "nominal" or other.frame.start < draft.frame.start:
        return False
    if lexicon.lemmas.get(draft.frame.sentence.word[draft.frame.start]) not in lexicon.words.get("storming", ()):
        return False
    defended = any(f.mask & lexicon.serving("defended") for f in draft.filling.groups(Role.RECIPIENT))
    bombers = lexicon.serving("self_killer")
    called = any((f.mask | f.group.inner) & bombers for f in agents)
    return defended and not called and bool(draft.heads(Role.AGENT) & other.heads(Role.AGENT))


def is_fleeting(draft: Draft, other: Draft) -> bool:
    """Whether what is told after a deed did not last: "killed nine troops in a raid and briefly took the town"."""
    frame = other.frame
    if frame.shape == "nominal" or frame.start < draft.frame.start or not other.arguments.get(Role.OBJECT):
        return False
    words, fleeting = frame.sentence.word, frame.sentence.lexicon.words.get("fleeting", ())
    near = words[max(0, frame.start - NEAR) : frame.start] + words[frame.end : frame.end + REACH]
    return any(
        word in fleeting or " ".join(near[at : at + 3]) in fleeting or " ".join(near[at : at + 4]) in fleeting
        for at, word in enumerate(near)
    )
