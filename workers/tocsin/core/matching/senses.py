"""What a noun group is: its classes, the actor that it names, and what it stands for."""

from tocsin.core.lexicon import NUM, PREP, PRON
from tocsin.core.matching.antecedents import is_bare_number, may_refer, resolve
from tocsin.core.matching.compiled import NAME, Constraint
from tocsin.core.matching.described import armed_allies_of, crew_of, followers_of, who_is_named
from tocsin.core.matching.filling import Filler
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.groups import np_end, owned_head
from tocsin.core.matching.read import Document
from tocsin.core.matching.tokens import Group, Sentence


def filler_of(document: Document, frame: Frame, index: int, constraint: Constraint, *, through: bool) -> Filler:
    """The group at an index of a frame's sentence as what may fill a role, its antecedent found if it has one.

    With `through` it stands for the actor that it belongs to, too.
    """
    sentence = frame.sentence
    group = sentence.groups[index]
    known = frame.senses.get((index, through))
    if known is None:
        actor = _actor(sentence, group) or (_actor_within(document, sentence, group) if through else None)
        known = _sense(sentence, group), actor, _referring(sentence, group)
        frame.senses[index, through] = known
    mask, actor, referring = known
    filler = Filler(group, sentence, mask, actor)
    if constraint.accepts & sentence.lexicon.serving("carried"):
        filler.mask |= _contents(sentence, group) & constraint.accepts & ~constraint.excludes
        filler.mask = _hoarded(sentence, group) or filler.mask
    if referring is None:
        return filler
    subject = frame.slots.get("subject", ())
    barred = () if index in subject else subject
    found = resolve(document, sentence, referring, constraint.accepts, barred)
    if found is not None:
        other_sentence, other = found
        filler.antecedent = Filler(other, other_sentence, _sense(other_sentence, other), _actor(other_sentence, other))
        bare = is_bare_number(sentence, group)  # nobody, but so many of the things before
        filler.mask = filler.antecedent.mask | (0 if bare else filler.mask)
        filler.actor = filler.actor or filler.antecedent.actor
    elif sentence.word[group.head] in sentence.lexicon.words.get("plural_persons", ()):
        filler.mask |= sentence.lexicon.whole("many")  # "They lay down on the rails": whoever they are
    return filler


def _sense(sentence: Sentence, group: Group) -> int:
    """What a group is: its head, and for "members of X", "dozens of X" or "two of the X" what X is too."""
    lexicon = sentence.lexicon
    mask = group.mask or _aged(sentence, group)
    lawless, stately = (
        (group.inner & lexicon.serving("lawless"), lexicon.serving("state_arms")) if group.inner else (0, 0)
    )
    if lawless and mask & stately and not group.inner & stately and not (group.actor or group.actors):
        mask = mask & ~stately | lawless  # "Islamist brigades", "rebel troops"
    if sentence.word[group.head] in lexicon.words.get("members_of", ()):
        told = group.inner & lexicon.serving("armed")
        if told & lexicon.serving("uniformed"):
            mask &= ~lexicon.serving("lawless")  # "a police commander" leads no band
        mask |= told
        for index in (group.of, group.owner):
            mask |= sentence.groups[index].mask if index >= 0 else 0
        mask |= sentence.groups[owned_head(sentence, group.of)].mask if group.of >= 0 else 0
    elif sentence.word[group.head] in lexicon.words.get("holding_nouns", ()):
        mask |= group.inner & lexicon.serving("holding")  # "is back in government hands"
    elif group.of >= 0 and sentence.word[group.head] in lexicon.words.get("parts", ()):
        mask |= sentence.groups[group.of].mask & lexicon.serving("built")  # "the front of a synagogue"
    elif sentence.word[group.head] in lexicon.words.get("shards", ()):
        mask = _whole(sentence, group) or mask
    elif group.of >= 0 and sentence.tag[group.head] == NUM:
        mask |= sentence.groups[owned_head(sentence, group.of)].mask  # "two of the governor's guards"
    mask = armed_allies_of(sentence, group, lexicon.serving("lawless")) or mask
    owners = sentence.groups[group.owner].mask if group.owner >= 0 else 0
    unit = mask & lexicon.serving("military") and not mask & lexicon.serving("plain_police")
    if unit and owners & lexicon.serving("lawless"):
        mask = mask & ~lexicon.serving("state_unit") | owners  # "the Front's northern brigade"
    if group.paren >= 0 and not mask:
        mask |= sentence.groups[group.paren].mask
    if mask == lexicon.bit(NAME):
        mask |= who_is_named(sentence, group)
    led = followers_of(sentence, group, lexicon.serving("armed"))
    mask |= led | (lexicon.whole("militant") if led & lexicon.serving("armed_group") else 0)
    return mask | _belonging(sentence, group, mask)


def _belonging(sentence: Sentence, group: Group, mask: int) -> int:
    """Of which force a vehicle, a building or a worker is: "a navy boat", "cartel men", "army engineers"."""
    lexicon, found = sentence.lexicon, 0
    if mask & lexicon.serving("conveyance"):
        found |= crew_of(sentence, group) & lexicon.serving("armed")
    if mask & lexicon.serving("worker"):
        found |= group.inner & lexicon.serving("service")
    if (mask | found) & lexicon.serving("owned") or sentence.word[group.head] in lexicon.words.get("bare_persons", ()):
        found |= group.inner & lexicon.serving("armed")
    return found


def _whole(sentence: Sentence, group: Group) -> int:
    """What a part is broken from: "splinters from a grenade", "a fragment of a shell"."""
    after = sentence.groups[group.index + 1] if group.index + 1 < len(sentence.groups) else None
    if after is None or after.prep != group.end:
        return 0
    return after.mask & sentence.lexicon.serving("carried") and after.mask


def _aged(sentence: Sentence, group: Group) -> int:
    """Who is told by an age alone is a person: "a 31-year-old"."""
    lexicon = sentence.lexicon
    aged = sentence.word[group.head].endswith(tuple(lexicon.words.get("age_endings", ())))
    return lexicon.serving("person") if aged else 0


def _contents(sentence: Sentence, group: Group) -> int:
    """What a group holds: "a drum full of pistols", "shells containing sarin", "a car loaded with two bombs"."""
    lexicon, at = sentence.lexicon, group.end
    if at + 1 >= len(sentence) or sentence.word[at] not in lexicon.words.get("holding", ()):
        return 0
    inner = sentence.group_at[at + 1 + (sentence.tag[at + 1] == PREP)] if at + 2 < len(sentence) else -1
    return _sense(sentence, sentence.groups[inner]) & lexicon.serving("carried") if inner >= 0 else 0


def _hoarded(sentence: Sentence, group: Group) -> int:
    """What "a store of shells" or "a den of theirs with two rifles" is: arms; 0 when it is none of what is carried."""
    words = sentence.lexicon.words
    if sentence.word[group.head] not in words.get("containers", ()):
        return 0
    carried = sentence.lexicon.serving("carried")
    told = _sense(sentence, sentence.groups[group.of]) & carried if group.of >= 0 else 0
    end = np_end(sentence, group.index)
    inside = sentence.group_at[end + 1] if end + 1 < len(sentence) else -1
    if told or inside < 0 or sentence.word[end] not in words.get("instrument_prepositions", ()):
        return told
    return _sense(sentence, sentence.groups[inside]) & carried


def _actor(sentence: Sentence, group: Group) -> str | None:
    if group.actor:
        return group.actor
    if group.paren >= 0 and sentence.groups[group.paren].actor:
        return sentence.groups[group.paren].actor
    return None


def _actor_within(document: Document, sentence: Sentence, group: Group) -> str | None:
    """The actor a group belongs to: "an Islamic State camp", "a camp for fighters of the organisation"."""
    for _ in range(4):
        if group.actors:
            return group.actors[0]
        following = group.index + 1
        if not 0 <= following < len(sentence.groups):
            return None
        after = sentence.groups[following]
        if after.prep != group.end or sentence.word[after.prep] not in sentence.lexicon.words.get("belonging", ()):
            return None
        group = after
        if group.actor:
            return group.actor
        found = resolve(document, sentence, group, 0)
        if found is not None:
            return found[1].actor
    return None


def _referring(sentence: Sentence, group: Group) -> Group | None:
    """The group that stands for another: a pronoun, "the group", or the pronoun in "two of them"."""
    if may_refer(sentence, group):
        return group
    part = sentence.groups[group.of] if group.of >= 0 and sentence.tag[group.head] == NUM else None
    return part if part is not None and sentence.tag[part.start] == PRON and may_refer(sentence, part) else None
