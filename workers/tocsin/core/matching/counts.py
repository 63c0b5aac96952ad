"""How many: counts of coordinated groups added up, splits by place added on."""

from collections.abc import Sequence

from tocsin.core.lexicon import DET, NUM, PREP, PRON, Lexicon
from tocsin.core.matching.compiled import NAME, PLACE_NAME, CompiledRule
from tocsin.core.matching.filling import Filler, Filling
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.tokens import Group, Sentence
from tocsin.core.mentions import Role

_SIZES = ((2, "pairs"), (3, "triples"))


def event_count(frame: Frame, filling: Filling, rule: CompiledRule, lexicon: Lexicon) -> int | None:
    """The event's count: that of the role which the rule counts, or of the events and shots themselves."""
    counts = rule.rule.counts
    if not counts:
        return None
    if counts == "trigger":
        told = _told(frame, lexicon)
        tools = [f for f in filling.groups(Role.INSTRUMENT) if f.group.count is not None]
        if told is None and tools and frame.shape != "nominal":
            told = count_of(tools, lexicon)
            return told if told != 1 or _is_numeral(frame.sentence, tools[0].group.start, lexicon) else None
        return told
    fillers = filling.groups(Role(counts))
    if not fillers:
        return _told(frame, lexicon) if frame.shape == "nominal" else None
    if counts == "object" and _is_mixed(fillers, lexicon):
        return None
    total = count_of(fillers, lexicon)
    return None if total == 1 and _is_site(fillers[0], lexicon) else total


def _told(frame: Frame, lexicon: Lexicon) -> int | None:
    """The number of an event noun itself, if a numeral tells it: not that of "a strike", but in a list's line."""
    if frame.number < 1:
        return None
    sentence = frame.sentence
    index = sentence.group_at[frame.end - 1]
    start = sentence.groups[index].start if index >= 0 else frame.start
    listed = sentence.tag[0] == PREP and not sentence.dates
    return frame.number if frame.number > 1 or listed or _is_numeral(sentence, start, lexicon) else None


def _is_numeral(sentence: Sentence, at: int, lexicon: Lexicon) -> bool:
    return sentence.word[at] not in lexicon.words.get("articles", ())


def count_of(fillers: Sequence[Filler], lexicon: Lexicon) -> int | None:
    """The number of persons or things in a role; None as soon as one part is not known.

    A numeral counts the bare plurals that follow it in the row too: "29 officers and soldiers".
    """
    sizes = [_known_size(filler, lexicon) for filler in fillers]
    first = sizes[0] if sizes else None
    rest = sizes[1:]
    if first is not None and first > 1 and rest:
        if all(_is_bare(filler, lexicon) for filler in fillers[1:]):
            return first
        if len(rest) > 1 and None not in rest and sum(size or 0 for size in rest) == first:
            return first
    if not sizes or any(size is None for size in sizes):
        return None
    return sum(size or 0 for size in sizes)


def _is_mixed(fillers: Sequence[Filler], lexicon: Lexicon) -> bool:
    """Whether things of several kinds stand in the role: no number tells how many they are."""
    kinds = {_stem(filler.sentence.word[filler.group.head]) for filler in fillers}
    places = lexicon.serving("locality") | lexicon.bit(PLACE_NAME)
    return len(kinds) > 1 and not all(filler.mask & places or filler.group.place for filler in fillers)


def _is_site(filler: Filler, lexicon: Lexicon) -> bool:
    """Whether it is a single building or place: where something was done, which nobody counts."""
    sites = lexicon.serving("site") | lexicon.bit(PLACE_NAME)
    return bool(filler.mask & sites) and not filler.mask & lexicon.serving("person")


def _known_size(filler: Filler, lexicon: Lexicon) -> int | None:
    number = size_of(filler.sentence, filler.group, lexicon)
    if number is None and filler.antecedent is not None:
        number = size_of(filler.antecedent.sentence, filler.antecedent.group, lexicon)
    return number


def _is_bare(filler: Filler, lexicon: Lexicon) -> bool:
    """A plural with neither determiner nor number."""
    sentence, group = filler.sentence, filler.group
    return sentence.tag[group.start] not in (DET, NUM, PRON) and lexicon.is_plural(sentence.word[group.head])


def _stem(word: str) -> str:
    return word.removesuffix("s")


def size_of(sentence: Sentence, group: Group, lexicon: Lexicon) -> int | None:
    """How many a noun group counts: its number, one for a single person or thing, None for a bare plural."""
    words = lexicon.words
    if not group.exact:
        return None
    head, first = sentence.word[group.head], sentence.word[group.start]
    if first in words.get("uncounted_determiners", ()) and sentence.tag[group.start] != NUM:
        return None
    collective = head in words.get("collective", ())
    if group.count is not None and not (group.count == 1 and collective):
        return group.count
    if sentence.tag[group.start] == PRON:
        return 1 if head in words.get("singular_pronouns", ()) else None
    if collective:
        return _size_of_group(sentence, group, lexicon)
    if lexicon.is_plural(head):
        return None
    if group.mask & lexicon.bit(NAME) and sentence.tag[group.start] != DET:
        return 1
    person = lexicon.serving("person")
    if first in words.get("definite", ()) or group.owner >= 0 or group.actors or group.mask & person:
        single = lexicon.serving("single") | lexicon.bit(NAME)
        agentive = not group.mask and head.endswith(tuple(words.get("agentive_endings", ())))
        return 1 if group.mask & single or agentive else None
    return None


def _size_of_group(sentence: Sentence, group: Group, lexicon: Lexicon) -> int | None:
    """ "a cell of seven", "a salvo of 20 rockets", "a couple"."""
    if group.of >= 0:
        inner = sentence.groups[group.of]
        return inner.count if inner.exact and inner.count != 1 else None
    head = sentence.word[group.head]
    return next((size for size, names in _SIZES if head in lexicon.words.get(names, ())), None)
