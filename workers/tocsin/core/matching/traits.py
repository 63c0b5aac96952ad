"""What people are by what is said of them: "porters demanding pay", "people who had gathered to protest"."""

from tocsin.core.lexicon import ADV, BE, COMMA, HAVE, ING, PREP, REL, TIME, TO, VERB, Lexicon
from tocsin.core.matching.compiled import PLACE_NAME
from tocsin.core.matching.groups import np_end
from tocsin.core.matching.tokens import Group, Sentence

_STEPS = 8


def mark_traits(sentence: Sentence, lexicon: Lexicon) -> None:
    """Mark those whom a participle, a relative clause or a phrase with "at" or "in" says such a thing of."""
    if not sentence.everything & (lexicon.serving("trait") | lexicon.serving("scene")):
        return
    people, never = lexicon.serving("described"), lexicon.serving("never_described") | lexicon.bit(PLACE_NAME)
    for group in sentence.groups:
        if not group.mask & people or group.mask & never or group.actor:
            continue
        told = _told_of(sentence, lexicon, group) & ~group.mask
        if told:
            group.mask |= told
            sentence.everything |= told


def _told_of(sentence: Sentence, lexicon: Lexicon, group: Group) -> int:
    """The traits that what follows a group tells of it, 0 for none."""
    tags, trait, at = sentence.tag, lexicon.serving("trait"), np_end(sentence, group.index)
    joining = lexicon.words.get("joining_prepositions", ())
    described = False
    for _ in range(_STEPS):
        if at >= len(sentence):
            break
        mask, tag = sentence.mask[at], tags[at]
        if mask & trait and (tag == ING or (tag == VERB and described)):
            return mask
        if tag == PREP and not described:
            index = sentence.group_at[at + 1] if at + 1 < len(sentence) else -1
            if index < 0:
                break
            inner = sentence.groups[index]
            at_scene = lexicon.serving("scene") | lexicon.serving("at_scene")
            if inner.mask & at_scene and sentence.word[at] in joining:
                return lexicon.whole("at_scene")
            at = np_end(sentence, index)
            continue
        if tag == REL or (tag == VERB and not sentence.finite[at] and not described):
            described = True
        elif not _goes_on(sentence, at, described=described):
            break
        at += 1
    return 0


def _goes_on(sentence: Sentence, at: int, *, described: bool) -> bool:
    """Whether what describes a group may still come: over adverbs, dates, auxiliaries and a comma before it."""
    tags = sentence.tag
    if tags[at] == COMMA:
        return at + 1 < len(sentence) and tags[at + 1] in (REL, ING)
    return tags[at] in (ADV, TIME, HAVE, BE, TO) or (described and tags[at] in (VERB, ING))
