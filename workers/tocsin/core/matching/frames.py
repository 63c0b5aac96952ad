"""The frame finder: what stands where around a trigger, before any rule decides who does what.

Slots are grammatical (`subject`, `object`, `by`, `of`, `on` …); `roles.py` maps them to roles. One pass to the left
for the subject, one to the right for the object and prepositional phrases, both bounded.
"""

from tocsin.core.lexicon import (
    ADJ,
    ADV,
    BE,
    COMMA,
    CONJ,
    DET,
    DO,
    HAVE,
    MODAL,
    NEG,
    NOUN,
    NUM,
    PREP,
    PRON,
    PUNCT,
    QUOTE,
    REL,
    SUB,
    TIME,
    TO,
    VERB,
    Lexicon,
)
from tocsin.core.matching.frame import REACH, Frame
from tocsin.core.matching.groups import chain_back, chain_forward, np_end, owned_head
from tocsin.core.matching.relatives import relative_antecedent
from tocsin.core.matching.subjects import (
    doers_of,
    find_controller,
    find_subject,
    infinitive_subject,
    nearest_subject,
    shared_subject,
    subject_after_comma,
)
from tocsin.core.matching.tokens import Group, Sentence
from tocsin.core.matching.verbs import VerbGroup, read_verb_group

MOST_INSERTED = 15


def verb_frame(sentence: Sentence, lexicon: Lexicon, start: int, end: int, bits: int, intransitive: bool) -> Frame:
    """The frame of a verb trigger at tokens `start` to `end`."""
    verbs = read_verb_group(sentence, lexicon, start, bits)
    frame = Frame(sentence, start, end, "active", verbs=verbs, negated=verbs.negated)
    objects = find_object(sentence, end)
    if verbs.passive:
        frame.shape = "passive"
        sufferers = _passive_subject(sentence, lexicon, frame, verbs)
        frame.slots["object"] = [*sufferers, *(_split_of_passive(sentence, end) if sufferers else ())]
        if objects:
            frame.slots["second"] = objects
    elif verbs.gerund:
        frame.shape = "gerund"
        frame.slots["object"] = objects
        frame.slots["subject"] = find_controller(sentence, lexicon, verbs.start, frame)
    elif verbs.infinitive:
        frame.shape = "infinitive"
        frame.slots["object"] = objects
        frame.slots["subject"] = infinitive_subject(sentence, lexicon, verbs, frame)
    elif verbs.participle and not objects and (not intransitive or _is_done_by(sentence, lexicon, start, end)):
        _reduced(sentence, lexicon, frame)
    else:
        frame.slots["object"] = objects
        frame.slots["subject"] = find_subject(sentence, lexicon, verbs.start, frame)
    if frame.shape == "active" and frame.slots.get("subject"):
        frame.slots["doer"] = doers_of(sentence, lexicon, frame.slots["subject"], verbs.start)
    position = np_end(sentence, objects[-1]) if objects else end
    if objects and any(index == objects[-1] for index in objects) and sentence.groups[objects[-1]].of >= 0:
        frame.slots["object_of"] = [sentence.groups[objects[-1]].of]
    find_phrases(sentence, lexicon, frame, position)
    if not verbs.passive and frame.shape != "reduced" and intransitive and "by" not in frame.slots:
        frame.shape = "active" if frame.shape == "reduced" else frame.shape
    return frame


def _is_done_by(sentence: Sentence, lexicon: Lexicon, start: int, end: int) -> bool:
    """Whether somebody follows who did what a bare participle says: "the truce signed by both sides"."""
    if sentence.finite[start] or end - start > 1 or end + 1 >= len(sentence):
        return False
    doer = sentence.group_at[end + 1] if sentence.word[end] in lexicon.words.get("agent_prepositions", ()) else -1
    return doer >= 0 and not sentence.groups[doer].place and bool(sentence.groups[doer].mask)


def has_tail(frame: Frame, tail: str) -> bool:
    """Whether the rest of a verb that stands apart follows its object or a date: "handed the airport over"."""
    objects = frame.slots.get("object")
    sentence, words = frame.sentence, tail.split()
    dated = _past_dates(sentence, frame.end)
    if dated > frame.end and sentence.word[dated : dated + len(words)] == words:
        return True  # "agreed on Friday to stop", "were freed on Friday in exchange for"
    if not objects or frame.shape in ("passive", "reduced"):
        return False
    first, last = sentence.groups[objects[-1]].head + 1, np_end(sentence, objects[-1])
    if last < len(sentence) and sentence.tag[last] == COMMA and COMMA in sentence.tag[last + 1 : last + MOST_INSERTED]:
        last = sentence.tag.index(COMMA, last + 1) + 1  # "picked X, a cleric, to lead"
    ends = [*range(first, last + 1), _past_dates(sentence, last)]
    return any(sentence.word[at : at + len(words)] == words for at in ends)


def _past_dates(sentence: Sentence, at: int) -> int:
    """The token after the dates, with their adverbs and prepositions, that stand at `at`."""
    tags, size = sentence.tag, len(sentence)
    end = at
    while at < size and tags[at] in (ADV, PREP, TIME):
        at += 1
        end = at if tags[at - 1] == TIME else end
    return end


def _passive_subject(sentence: Sentence, lexicon: Lexicon, frame: Frame, verbs: VerbGroup) -> list[int]:
    """Whom a passive is about; of "to be freed" and "without being arrested" it is the main clause that says so."""
    if verbs.infinitive:
        found = infinitive_subject(sentence, lexicon, verbs, frame)
    elif verbs.being and not verbs.finite:
        found = find_controller(sentence, lexicon, verbs.start, frame)
    else:
        found = []
    return found or find_subject(sentence, lexicon, verbs.start, frame)


def find_object(sentence: Sentence, at: int) -> list[int]:
    """The noun groups right after a verb, past adverbs, particles and a date."""
    tags = sentence.tag
    size = len(tags)
    for _ in range(6):
        if at >= size:
            return []
        if tags[at] in (ADV, NEG, TIME) or (tags[at] == QUOTE and at + 1 < size and tags[at + 1] in (NOUN, ADJ)):
            at += 1
        elif (tags[at] == PREP and at + 1 < size and tags[at + 1] == TIME) or (
            tags[at] in (CONJ, COMMA) and at + 1 < size and tags[at + 1] == VERB
        ):
            at += 2
        else:
            break
    if at >= size or tags[at] in (PREP, REL, TIME):
        return []
    index = sentence.group_at[at]
    if index < 0 or sentence.word[sentence.groups[index].head] in sentence.lexicon.words.get("occasions", ()):
        return []
    row = chain_forward(sentence, owned_head(sentence, index))
    return _with_split(sentence, row)


def _with_split(sentence: Sentence, row: list[int]) -> list[int]:
    """Parts told place by place: "seven in Johor and two Filipinos in Sabah", "…, along with five bodyguards"."""
    tags, size = sentence.tag, len(sentence.tag)
    for _ in range(4):
        at = np_end(sentence, row[-1])
        steps = 0
        while at < size and steps < 6 and tags[at] in (PREP, TIME, COMMA) and not _is_along(sentence, at):
            if tags[at] == COMMA and steps == 0 and not _is_along(sentence, at + 1):
                break
            inner = sentence.group_at[at + 1] if at + 1 < size else -1
            at = np_end(sentence, inner) if tags[at] == PREP and inner >= 0 else at + 1
            steps += 1
        if _is_along(sentence, at) and sentence.group_at[at + 2] >= 0:
            row = [*row, *chain_forward(sentence, owned_head(sentence, sentence.group_at[at + 2]))]
            continue
        if steps == 0 or at >= size or (tags[at - 1] == COMMA and tags[at] not in (CONJ, DET, NUM, PRON)):
            return row
        if tags[at] == CONJ or tags[at] == COMMA:
            at += 1
        following = sentence.group_at[at] if at < size else -1
        if following < 0 or following in row or sentence.groups[following].start != at:
            return row
        group = sentence.groups[following]
        after = np_end(sentence, following)
        owned = sentence.word[at] in sentence.lexicon.words.get("possessives", ())
        kind = sentence.groups[row[0]].mask
        if group.prep >= 0 or after >= size or tags[after] != PREP or (group.mask and kind and not group.mask & kind):
            return row
        if group.count is None and tags[at] != PRON and not owned:
            return row
        row = [*row, following]
    return row


def _split_of_passive(sentence: Sentence, at: int) -> list[int]:
    """ "Eight men were arrested in Calabria and a ninth in Bern": the parts told after the verb."""
    tags, size = sentence.tag, len(sentence.tag)
    found: list[int] = []
    for _ in range(3):
        steps = 0
        while at < size and steps < 6 and tags[at] in (PREP, TIME):
            inner = sentence.group_at[at + 1] if at + 1 < size else -1
            at = np_end(sentence, inner) if tags[at] == PREP and inner >= 0 else at + 1
            steps += 1
        following = sentence.group_at[at + 1] if steps and at + 1 < size and tags[at] == CONJ else -1
        if following < 0:
            break
        group = sentence.groups[following]
        elliptic = sentence.word[group.head] in sentence.lexicon.words.get("elliptic_heads", ())
        after = np_end(sentence, following)
        if not (elliptic or (group.start == group.head and tags[group.head] == NUM)):
            break
        if after >= size or tags[after] != PREP:
            break
        found.append(following)
        at = after
    return found


def _is_owned(sentence: Sentence, lexicon: Lexicon, group: Group) -> bool:
    """ "a blast at a station owned by two clerks": what somebody did to another noun than the event's."""
    verb = group.prep - 1
    before = sentence.group_at[verb - 1] if verb > 0 else -1
    if before < 0 or sentence.tag[verb] != VERB or sentence.finite[verb] or sentence.groups[before].prep < 0:
        return False
    return lexicon.lemmas.get(sentence.word[verb]) not in lexicon.words.get("claiming", ())


def _is_along(sentence: Sentence, at: int) -> bool:
    """Whether "along with" or its like stands here."""
    phrase = " ".join(sentence.word[at : at + 2])
    return at + 2 < len(sentence.word) and phrase in sentence.lexicon.words.get("along_with", ())


def _reduced(sentence: Sentence, lexicon: Lexicon, frame: Frame) -> None:
    """A bare participle without object: a headline's passive, or a reduced relative."""
    at = frame.verbs.start - 1 if frame.verbs else frame.start - 1
    tags = sentence.tag
    while at >= 0 and tags[at] in (ADV, TIME):
        at -= 1
    reporting = lexicon.words.get("reporting", frozenset())
    inner = sentence.group_at[at] if at >= 0 else -1
    said = sentence.groups[inner].start - 1 if inner >= 0 else -1  # "Tunisia says eight soldiers killed"
    others = [
        i
        for i, tag in enumerate(tags)
        if i != frame.start
        and tag in (VERB, BE, MODAL, HAVE, DO)
        and sentence.finite[i]
        and not ((i > frame.end or i == said) and lexicon.lemmas.get(sentence.word[i]) in reporting)
    ]
    if at < 0:
        frame.shape = "reduced"
        frame.slots["object"] = subject_after_comma(sentence, frame.end)
        return
    if tags[at] == REL:
        frame.shape = "active"
        frame.relative = True
        frame.slots["subject"] = relative_antecedent(sentence, at)
        return
    if tags[at] == CONJ:
        shared = shared_subject(sentence, lexicon, at, frame)
        frame.slots["object"] = shared or nearest_subject(sentence, at - 1)
        frame.shape = "passive" if frame.subject_verb >= 0 else "reduced"
        frame.headline = not others
        return
    index = sentence.group_at[at]
    if index < 0 and tags[at] == COMMA:
        frame.slots["object"] = nearest_subject(sentence, at - 1)
        frame.shape = "reduced"
        frame.headline = not others
        return
    if not others and index >= 0 and _is_firing(sentence, lexicon, frame, index):
        frame.shape = "active"
        frame.slots["subject"] = nearest_subject(sentence, at)
        return
    if not others:
        frame.shape = "passive"
        frame.headline = True
        frame.slots["object"] = nearest_subject(sentence, at)
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


def _is_firing(sentence: Sentence, lexicon: Lexicon, frame: Frame, index: int) -> bool:
    """ "Russian forces shelled near Nizhyn.": a force before a verb of firing fires, if nobody else does."""
    by = lexicon.words.get("agent_prepositions", frozenset())
    forces = lexicon.mask_of(("military", "state_force", "armed_group", "artillery_unit"))
    fires = lexicon.lemmas.get(sentence.word[frame.start]) in lexicon.words.get("firing", ())
    return fires and bool(sentence.groups[index].mask & forces) and by.isdisjoint(sentence.word[frame.end :])


def _whole_of(sentence: Sentence, lexicon: Lexicon, index: int) -> int:
    """ "the cell, one of a number recently dismantled": what the part in apposition is a part of."""
    groups = sentence.groups
    group = groups[index]
    of_words = lexicon.words.get("of_prepositions", frozenset())
    partitives = lexicon.words.get("partitives", frozenset())
    for _ in range(4):
        comma = group.start - 1
        if sentence.word[group.head] in partitives and comma > 0 and sentence.tag[comma] == COMMA:
            whole = sentence.group_at[comma - 1]
            return whole if whole >= 0 else index
        if group.prep <= 0 or sentence.word[group.prep] not in of_words:
            return index
        above = sentence.group_at[group.prep - 1]
        if above < 0 or sentence.word[groups[above].head] not in partitives:
            return index
        group = groups[above]
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


def find_phrases(sentence: Sentence, lexicon: Lexicon, frame: Frame, at: int) -> None:
    """Prepositional phrases to the right, up to the end of the clause."""
    tags, groups = sentence.tag, sentence.groups
    limit = min(len(tags), at + REACH)
    agents = lexicon.words.get("agent_prepositions", frozenset())
    of_words = lexicon.words.get("of_prepositions", frozenset())
    attributing = lexicon.words.get("attributing", frozenset())
    position = at
    while position < len(tags) and tags[position] == ADV:
        position += 1
    inner = False
    while at < limit:
        tag = tags[at]
        if tag in (SUB, REL) or sentence.word[at] in attributing:
            break
        inner = inner or (tag == VERB and frame.shape != "nominal" and tags[at - 1] != TO)
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
                    if frame.shape != "nominal":  # "cleared the road to Uige of mines"
                        frame.slots.setdefault(word, []).extend(row)
                    at = group.end
                    continue
                if word in agents and "by" not in frame.slots and not inner and not _is_owned(sentence, lexicon, group):
                    frame.slots["by"] = row
                elif word not in agents:
                    frame.slots.setdefault(word, []).extend(i for i in row if i not in frame.slots.get(word, ()))
                at = groups[row[-1]].end
                continue
            at = group.end
            continue
        at += 1
