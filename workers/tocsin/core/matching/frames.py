"""The frame finder: what stands where around a trigger, before any rule decides who does what.

Slots are grammatical (`subject`, `object`, `by`, `of`, `on` …); `roles.py` maps them to roles. One pass to the left
for the subject, one to the right for the object and prepositional phrases, both bounded.
"""

from dataclasses import dataclass, field

from tocsin.core.lexicon import (
    ADJ, ADV, BE, COMMA, CONJ, DET, DO, HAVE, ING, MODAL, NEG, NOUN, NUM, PREP, PRON, PUNCT, QUOTE, REL, SUB, TIME, TO, VERB,
    Lexicon,
)  # fmt: skip
from tocsin.core.matching.groups import chain_back, chain_forward, first_owner, np_end, owned_head
from tocsin.core.matching.tokens import Sentence
from tocsin.core.matching.verbs import VerbGroup, read_verb_group

REACH = 45


@dataclass(slots=True)
class Frame:
    """A trigger in its clause. `slots` map a grammatical place to noun groups of the sentence."""

    sentence: Sentence
    start: int
    end: int
    shape: str
    slots: dict[str, list[int]] = field(default_factory=dict)
    verbs: VerbGroup | None = None
    relative: bool = False
    headline: bool = False
    definite: bool = False
    dated: bool = False
    negated: int = -1
    support: int = -1
    support_verbs: VerbGroup | None = None
    helper: bool = False
    governor: int = -1
    subject_verb: int = -1
    number: int = -1

    def all_groups(self) -> set[int]:
        """Every group in any slot."""
        return {index for indices in self.slots.values() for index in indices}


def verb_frame(sentence: Sentence, lexicon: Lexicon, start: int, end: int, bits: int, intransitive: bool) -> Frame:
    """The frame of a verb trigger at tokens `start` to `end`."""
    verbs = read_verb_group(sentence, lexicon, start, bits)
    frame = Frame(sentence, start, end, "active", verbs=verbs, negated=verbs.negated)
    objects = find_object(sentence, end)
    if verbs.passive:
        frame.shape = "passive"
        frame.slots["object"] = find_subject(sentence, lexicon, verbs.start, frame)
        if objects:
            frame.slots["second"] = objects
    elif verbs.gerund:
        frame.shape = "gerund"
        frame.slots["object"] = objects
        frame.slots["subject"] = _controller(sentence, lexicon, verbs.start, frame)
    elif verbs.infinitive:
        frame.shape = "infinitive"
        frame.slots["object"] = objects
        frame.slots["subject"] = _infinitive_subject(sentence, lexicon, verbs, frame)
    elif verbs.participle and not objects and not intransitive:
        _reduced(sentence, lexicon, frame)
    else:
        frame.slots["object"] = objects
        frame.slots["subject"] = find_subject(sentence, lexicon, verbs.start, frame)
    position = np_end(sentence, objects[-1]) if objects else end
    if objects and any(index == objects[-1] for index in objects) and sentence.groups[objects[-1]].of >= 0:
        frame.slots["object_of"] = [sentence.groups[objects[-1]].of]
    _phrases(sentence, lexicon, frame, position)
    if not verbs.passive and frame.shape != "reduced" and intransitive and "by" not in frame.slots:
        frame.shape = "active" if frame.shape == "reduced" else frame.shape
    return frame


def find_object(sentence: Sentence, at: int) -> list[int]:
    """The noun groups right after a verb, past adverbs, particles and a date."""
    tags = sentence.tag
    size = len(tags)
    for _ in range(6):
        if at >= size:
            return []
        if tags[at] in (ADV, NEG, TIME) or (tags[at] == QUOTE and at + 1 < size and tags[at + 1] in (NOUN, ADJ)):
            at += 1
        elif tags[at] == PREP and at + 1 < size and tags[at + 1] == TIME:
            at += 2
        elif tags[at] in (CONJ, COMMA) and at + 1 < size and tags[at + 1] == VERB:
            at += 2
        else:
            break
    if at >= size or tags[at] in (PREP, REL, TIME):
        return []
    index = sentence.group_at[at]
    if index < 0:
        return []
    row = chain_forward(sentence, owned_head(sentence, index))
    return _with_split(sentence, row)


def _with_split(sentence: Sentence, row: list[int]) -> list[int]:
    """Parts told place by place: "seven in Johor and two Filipinos in Sabah", "…, along with five bodyguards"."""
    tags, size = sentence.tag, len(sentence.tag)
    for _ in range(4):
        at = np_end(sentence, row[-1])
        steps = 0
        while at < size and steps < 3 and (tags[at] in (PREP, TIME, COMMA)):
            if tags[at] == COMMA and steps == 0:
                break
            inner = sentence.group_at[at + 1] if at + 1 < size else -1
            if tags[at] == PREP and inner >= 0:
                at = np_end(sentence, inner)
            else:
                at += 1
            steps += 1
        along = at + 2 < size and " ".join(sentence.word[at : at + 2]) in sentence.lexicon.words.get("along_with", ())
        if along and sentence.group_at[at + 2] >= 0:
            row = [*row, *chain_forward(sentence, owned_head(sentence, sentence.group_at[at + 2]))]
            continue
        if steps == 0 or at >= size or tags[at - 1] == COMMA and tags[at] not in (CONJ, DET, NUM, PRON):
            return row
        if tags[at] == CONJ or tags[at] == COMMA:
            at += 1
        following = sentence.group_at[at] if at < size else -1
        if following < 0 or following in row or sentence.groups[following].start != at:
            return row
        group = sentence.groups[following]
        after = np_end(sentence, following)
        if group.prep >= 0 or after >= size or tags[after] != PREP or (group.count is None and tags[at] != PRON):
            return row
        row = [*row, following]
    return row


def find_subject(sentence: Sentence, lexicon: Lexicon, at: int, frame: Frame) -> list[int]:
    """The groups that are the subject of the verb group starting at `at`."""
    tags = sentence.tag
    before = at - 1
    while before >= 0 and tags[before] in (ADV, TIME, QUOTE):
        before -= 1
    if before < 0:
        return []
    if tags[before] == PREP and before + 1 < at and tags[before + 1] == TIME:
        before -= 1
        while before >= 0 and tags[before] in (ADV, TIME):
            before -= 1
    if before >= 0 and tags[before] == REL:
        frame.relative = True
        return _antecedent(sentence, before)
    if before >= 0 and tags[before] == CONJ:
        shared = _shared_subject(sentence, lexicon, before, frame)
        if shared:
            return shared
    return _nearest_subject(sentence, lexicon, before)


def _antecedent(sentence: Sentence, at: int) -> list[int]:
    before = at - 1
    if before >= 0 and sentence.tag[before] == COMMA:
        before -= 1
    while before >= 0 and sentence.tag[before] in (PREP, TIME):
        before -= 1
    index = sentence.group_at[before] if before >= 0 else -1
    if index < 0:
        return []
    groups = sentence.groups
    group = groups[index]
    steps = 0
    while group.prep > 0 and steps < 3 and not (group.mask and _is_personal(sentence, index)):
        previous = sentence.group_at[group.prep - 1]
        if previous < 0:
            break
        index, group = previous, groups[previous]
        steps += 1
    return chain_back(sentence, index)


def _is_personal(sentence: Sentence, index: int) -> bool:
    group = sentence.groups[index]
    return not group.place and bool(group.mask)


def _shared_subject(sentence: Sentence, lexicon: Lexicon, at: int, frame: Frame) -> list[int]:
    """The subject of the verb that this one is coordinated with ("arrested four and seized …")."""
    if (
        at > 0
        and sentence.group_at[at - 1] >= 0
        and sentence.tag[at - 1] != PRON
        and not _verb_before(sentence, lexicon, at)
    ):
        return []
    for verb in range(at - 1, max(-1, at - REACH), -1):
        tag = sentence.tag[verb]
        if tag in (PUNCT,) and sentence.word[verb] in (";", ":"):
            return []
        if tag == VERB:
            bits = lexicon.verbs.get(sentence.word[verb], 0)
            group = read_verb_group(sentence, lexicon, verb, bits)
            frame.subject_verb = verb
            _inherit_mood(frame, group)
            if (
                sentence.tag[group.start - 1 if group.start else 0] == CONJ
                and group.start - 1 != at
                and group.start > 0
            ):
                deeper = _shared_subject(sentence, lexicon, group.start - 1, frame)
                if deeper:
                    return deeper
            probe = Frame(sentence, verb, verb + 1, "active")
            found = find_subject(sentence, lexicon, group.start, probe)
            frame.relative = frame.relative or probe.relative
            return found
        if tag == ING and (verb == 0 or sentence.tag[verb - 1] not in (DET, PREP)):
            return _controller(sentence, lexicon, verb, frame)
    return []


def _inherit_mood(frame: Frame, first: VerbGroup) -> None:
    """ "will arrest and deport": a bare second verb stands under the first one's modal, "to" and negation."""
    verbs = frame.verbs
    if verbs is None or verbs.modal or verbs.infinitive or verbs.auxiliary >= 0 or not verbs.present:
        return
    verbs.modal, verbs.infinitive = first.modal, first.infinitive
    if first.infinitive or first.modal:
        verbs.start = first.start
        verbs.finite = False


def _verb_before(sentence: Sentence, lexicon: Lexicon, at: int) -> bool:
    return any(sentence.tag[i] in (VERB, BE, ING) for i in range(max(0, at - REACH), at))


def _nearest_subject(sentence: Sentence, lexicon: Lexicon, at: int) -> list[int]:
    """Walk left over prepositional phrases and inserted commas to a group that nothing governs."""
    tags, groups = sentence.tag, sentence.groups
    commas = 0
    fallback = -1
    low = max(-1, at - REACH)
    while at > low:
        tag = tags[at]
        index = sentence.group_at[at]
        if index >= 0:
            group = groups[index]
            if tags[at] == PRON and at + 1 < len(tags) and tags[at + 1] == REL:
                return [index]
            outer = groups[first_owner(sentence, index)]
            if outer.prep < 0:
                return chain_back(sentence, index)
            if fallback < 0:
                fallback = index
            at = outer.start - 1
            if outer.prep >= 0:
                at = outer.prep - 1
            continue
        if tag == COMMA:
            commas += 1
            opened = _insertion_start(sentence, lexicon, at)
            if opened < 0:
                return []
            at = opened - 1
            continue
        if tag == SUB or (tag == PUNCT and sentence.word[at] in (";", ":", "-", "—", "–")):
            break
        if tag == VERB and sentence.finite[at]:
            return []
        if tag in (MODAL, BE, HAVE):
            return []
        at -= 1
    return []


def _insertion_start(sentence: Sentence, lexicon: Lexicon, comma: int) -> int:
    """The comma (or bracket) that opens an insertion closed at `comma`; -1 when there is none."""
    tags = sentence.tag
    low = max(-1, comma - 30)
    for at in range(comma - 1, low, -1):
        if tags[at] == COMMA:
            return at
        if tags[at] == PUNCT and sentence.word[at] in (";", ":"):
            return -1
    return -1


def _controller(sentence: Sentence, lexicon: Lexicon, at: int, frame: Frame) -> list[int]:
    """Who does what an "-ing" clause says: the noun it follows, else the subject of the main clause."""
    tags = sentence.tag
    before = at - 1
    while before >= 0 and tags[before] == ADV:
        before -= 1
    if before < 0 or (before >= 0 and tags[before] in (PUNCT,)):
        return _subject_after_comma(sentence, at)
    if tags[before] in (PREP, SUB, TO):
        frame.governor = before
    if tags[before] in (NOUN, PRON) and sentence.group_at[before] >= 0:
        return chain_back(sentence, sentence.group_at[before])
    for verb in range(before, max(-1, before - REACH), -1):
        if tags[verb] in (VERB, BE, MODAL, HAVE) and sentence.finite[verb]:
            frame.subject_verb = verb
            start = verb
            while start > 0 and tags[start - 1] in (BE, HAVE, MODAL, ADV, NEG, DO):
                start -= 1
            probe = Frame(sentence, verb, verb + 1, "active")
            return find_subject(sentence, lexicon, start, probe)
    return _subject_after_comma(sentence, at)


def _subject_after_comma(sentence: Sentence, at: int) -> list[int]:
    tags = sentence.tag
    for comma in range(at, min(len(tags), at + REACH)):
        if tags[comma] == COMMA:
            index = sentence.group_at[comma + 1] if comma + 1 < len(tags) else -1
            if index >= 0 and sentence.groups[index].prep < 0:
                return chain_forward(sentence, owned_head(sentence, index))
    return []


def _infinitive_subject(sentence: Sentence, lexicon: Lexicon, verbs: VerbGroup, frame: Frame) -> list[int]:
    """The subject of the verb that governs an infinitive; its object when that verb has one ("ordered troops to")."""
    at = verbs.start - 1
    frame.governor = at
    if at < 0:
        return []
    if sentence.group_at[at] >= 0 and sentence.tag[at] in (NOUN, PRON):
        return chain_back(sentence, sentence.group_at[at])
    if sentence.tag[at] == VERB:
        group = read_verb_group(sentence, lexicon, at, lexicon.verbs.get(sentence.word[at], 0))
        frame.subject_verb = at
        return find_subject(sentence, lexicon, group.start, frame)
    return _controller(sentence, lexicon, verbs.start, frame)


def _reduced(sentence: Sentence, lexicon: Lexicon, frame: Frame) -> None:
    """A bare participle without object: a headline's passive, or a reduced relative."""
    at = frame.verbs.start - 1 if frame.verbs else frame.start - 1
    tags = sentence.tag
    while at >= 0 and tags[at] in (ADV, TIME):
        at -= 1
    others = [
        i
        for i in range(len(tags))
        if i != frame.start and tags[i] in (VERB, BE, MODAL, HAVE, DO) and sentence.finite[i]
    ]
    if at < 0:
        frame.shape = "reduced"
        frame.slots["object"] = _subject_after_comma(sentence, frame.end)
        return
    if tags[at] == REL:
        frame.shape = "active"
        frame.relative = True
        frame.slots["subject"] = _antecedent(sentence, at)
        return
    if tags[at] == CONJ:
        shared = _shared_subject(sentence, lexicon, at, frame)
        frame.slots["object"] = shared or _nearest_subject(sentence, lexicon, at - 1)
        frame.shape = "passive" if frame.subject_verb >= 0 else "reduced"
        frame.headline = not others
        return
    index = sentence.group_at[at]
    if index < 0 and tags[at] == COMMA:
        frame.slots["object"] = _nearest_subject(sentence, lexicon, at - 1)
        frame.shape = "reduced"
        frame.headline = not others
        return
    if not others:
        frame.shape = "passive"
        frame.headline = True
        frame.slots["object"] = _nearest_subject(sentence, lexicon, at)
        return
    frame.shape = "reduced"
    if index >= 0:
        group = sentence.groups[index]
        target = index
        if group.prep >= 0 and sentence.tag[at] != PRON and not group.mask:
            previous = sentence.group_at[group.prep - 1] if group.prep else -1
            target = previous if previous >= 0 else index
        frame.slots["object"] = chain_back(sentence, _whole_of(sentence, lexicon, target))
        frame.slots["shower"] = _shower(sentence, lexicon, frame)


def _whole_of(sentence: Sentence, lexicon: Lexicon, index: int) -> int:
    """ "the cell, one of a number recently dismantled": what the part in apposition is a part of."""
    groups = sentence.groups
    group = groups[index]
    of_words = lexicon.words.get("of_prepositions", frozenset())
    while group.prep > 0 and sentence.word[group.prep] in of_words:
        above = sentence.group_at[group.prep - 1]
        if above < 0:
            return index
        if sentence.word[groups[above].head] not in lexicon.words.get("partitives", ()):
            return index
        group = groups[above]
        comma = group.start - 1
        if comma > 0 and sentence.tag[comma] == COMMA and sentence.group_at[comma - 1] >= 0:
            return sentence.group_at[comma - 1]
    return index


def _shower(sentence: Sentence, lexicon: Lexicon, frame: Frame) -> list[int]:
    """ "police displayed weapons seized from …": those who show the haul are those who took it."""
    objects = frame.slots.get("object")
    if not objects:
        return []
    verb = sentence.groups[objects[0]].start - 1
    if verb < 0 or sentence.tag[verb] != VERB:
        return []
    if lexicon.lemmas.get(sentence.word[verb], "") not in lexicon.words.get("showing", ()):
        return []
    group = read_verb_group(sentence, lexicon, verb, lexicon.verbs.get(sentence.word[verb], 0))
    return find_subject(sentence, lexicon, group.start, Frame(sentence, verb, verb + 1, "active"))


def _phrases(sentence: Sentence, lexicon: Lexicon, frame: Frame, at: int) -> None:
    """Prepositional phrases to the right, up to the end of the clause."""
    tags, groups = sentence.tag, sentence.groups
    limit = min(len(tags), at + REACH)
    agents = lexicon.words.get("agent_prepositions", frozenset())
    of_words = lexicon.words.get("of_prepositions", frozenset())
    position = at
    while at < limit:
        tag = tags[at]
        if tag == SUB or tag == REL:
            break
        if tag == PUNCT and sentence.word[at] in (";", ":"):
            break
        if tag in (BE, MODAL, HAVE) or (tag == VERB and sentence.finite[at]):
            break
        index = sentence.group_at[at]
        if index >= 0 and groups[index].start == at:
            group = groups[index]
            if group.prep >= 0 and group.prep >= frame.end - 1:
                head = owned_head(sentence, index)
                word = sentence.word[group.prep]
                row = chain_forward(sentence, head)
                if word in of_words and group.prep > position:
                    at = group.end
                    continue
                if word in agents and "by" not in frame.slots:
                    frame.slots["by"] = row
                elif word not in agents:
                    frame.slots.setdefault(word, []).extend(i for i in row if i not in frame.slots.get(word, ()))
                at = groups[row[-1]].end
                continue
            at = group.end
            continue
        at += 1
