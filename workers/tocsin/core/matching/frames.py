"""The frame finder: what stands where around a trigger, before any rule decides who does what.

Slots are grammatical (`subject`, `object`, `by`, `of`, `on` …); `roles.py` maps them to roles. One pass to the left
for the subject, one to the right for the object and prepositional phrases, both bounded.
"""

from dataclasses import replace

from tocsin.core.lexicon import (
    ADV,
    BE,
    COMMA,
    CONJ,
    DO,
    HAVE,
    MODAL,
    PART,
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
from tocsin.core.matching.groups import chain_back, chain_forward, first_owner, np_end, owned_head
from tocsin.core.matching.objects import MOST_INSERTED, find_object, split_of_passive
from tocsin.core.matching.passive_rows import first_of_passives, shared_doer
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
from tocsin.core.matching.verbs import VerbGroup, is_related, read_verb_group


def verb_frame(sentence: Sentence, lexicon: Lexicon, start: int, end: int, bits: int, intransitive: bool) -> Frame:
    """The frame of a verb trigger at tokens `start` to `end`."""
    verbs = read_verb_group(sentence, lexicon, start, bits)
    row = first_of_passives(sentence, lexicon, start) if verbs.participle and not verbs.passive else None
    frame = Frame(sentence, start, end, "active", verbs=verbs, negated=verbs.negated)
    objects = find_object(sentence, end)
    if row is not None and not objects:
        frame.shape = "passive"
        frame.subject_verb = row.verb
        frame.slots["object"] = _passive_subject(
            sentence, lexicon, Frame(sentence, row.verb, row.verb + 1, "passive", verbs=row), row
        )
    elif verbs.passive:
        frame.shape = "passive"
        sufferers = _passive_subject(sentence, lexicon, frame, verbs)
        frame.slots["object"] = [*sufferers, *(split_of_passive(sentence, end) if sufferers else ())]
        if sufferers and sentence.groups[sufferers[-1]].of >= 0:
            frame.slots["object_of"] = [sentence.groups[sufferers[-1]].of]
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
    elif (
        verbs.participle
        and not objects
        and (not intransitive or _is_done_by(sentence, lexicon, start, end))
        and not (sentence.finite[start] and is_related(sentence, start))
    ):
        _reduced(sentence, lexicon, frame)
    else:
        frame.slots["object"] = objects
        frame.slots["subject"] = find_subject(sentence, lexicon, verbs.start, frame)
    if frame.shape == "active" and not objects and verbs.finite:
        _relate(sentence, frame)
    if frame.shape == "active" and frame.slots.get("subject"):
        frame.slots["doer"] = doers_of(sentence, lexicon, frame.slots["subject"], verbs.start)
    position = np_end(sentence, objects[-1]) if objects else end
    if objects and any(index == objects[-1] for index in objects) and sentence.groups[objects[-1]].of >= 0:
        frame.slots["object_of"] = [sentence.groups[objects[-1]].of]
    find_phrases(sentence, lexicon, frame, position)
    if frame.shape == "passive" and "by" not in frame.slots and (doers := shared_doer(sentence, lexicon, end)):
        frame.slots["by"] = doers
    if not verbs.passive and frame.shape != "reduced" and intransitive and "by" not in frame.slots:
        frame.shape = "active" if frame.shape == "reduced" else frame.shape
    return frame


def _relate(sentence: Sentence, frame: Frame) -> None:
    """ "the truce that both sides signed": the object of a clause whose subject follows "that" or "which"."""
    subject = frame.slots.get("subject")
    before = sentence.groups[first_owner(sentence, subject[0])].start - 1 if subject else 0
    relating = sentence.lexicon.words.get("relative_persons", ())
    if before > 0 and not frame.relative and sentence.tag[before] == REL and sentence.word[before] in relating:
        frame.slots["antecedent"] = relative_antecedent(sentence, before)


def object_before(frame: Frame, bits: int) -> Frame | None:
    """A verb without the object that it wants before its preposition: "men hooded and bundled into vans".

    None where that is no passive, as in "farms that they took from the rebels": what follows is not what was taken.
    """
    sentence, subject = frame.sentence, frame.slots.get("subject")
    before = sentence.groups[first_owner(sentence, subject[0])].start - 1 if subject else -1
    if not subject or not bits & PART or (before >= 0 and sentence.tag[before] == REL):
        return None
    slots = {**frame.slots, "object": subject, "subject": [], "adjacent": _adjacent(sentence, frame.start - 1, subject)}
    return replace(frame, shape="reduced", slots=slots, plans={}, senses={})


def _adjacent(sentence: Sentence, at: int, subject: list[int]) -> list[int]:
    """What stands before the comma at `at`, if not the subject: "hold X and Y, taken from the rebels"."""
    index = sentence.group_at[at - 1] if at > 0 and sentence.tag[at] == COMMA else -1
    return chain_back(sentence, index) if index >= 0 and index not in subject else []


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
    last += last < len(sentence) and sentence.tag[last] == ADV  # "left X badly hurt"
    ends = [*range(first, last + 1), _past_dates(sentence, last), _past_place(sentence, last)]
    return any(sentence.word[at : at + len(words)] == words for at in ends)


def _past_place(sentence: Sentence, at: int) -> int:
    """The token after a place that a preposition leads at `at`, else `at`: "set two mills in Chasiv Yar ablaze"."""
    index = sentence.group_at[at + 1] if at + 1 < len(sentence) and sentence.tag[at] == PREP else -1
    return sentence.groups[index].end if index >= 0 and sentence.groups[index].place else at


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


def _is_owned(sentence: Sentence, lexicon: Lexicon, frame: Frame, group: Group) -> bool:
    """ "a blast at a station owned by two clerks": what somebody did to another noun than the event's."""
    verb = group.prep - 1
    if frame.start <= verb < frame.end:
        return False  # "members of a family killed by gunmen"
    before = sentence.group_at[verb - 1] if verb > 0 else -1
    if before < 0 or sentence.tag[verb] != VERB or sentence.finite[verb] or sentence.groups[before].prep < 0:
        return False
    return lexicon.lemmas.get(sentence.word[verb]) not in lexicon.words.get("claiming", ())


def _is_hands(sentence: Sentence, lexicon: Lexicon, group: Group) -> bool:
    """ "was murdered at the hands of a gang": whose hands they are did it."""
    return group.of >= 0 and sentence.words(group.prep, group.end) in lexicon.words.get("agent_phrases", ())


def _is_setting(sentence: Sentence, lexicon: Lexicon, frame: Frame, group: Group) -> bool:
    """ "was gutted by a bomb left by rebels": who set what did it."""
    first = frame.slots.get("by")
    if not first or not sentence.groups[first[-1]].mask & lexicon.serving("planted"):
        return False
    verb = group.prep - 1
    placed = sentence.tag[verb] == VERB and not sentence.finite[verb]
    return placed and lexicon.lemmas.get(sentence.word[verb]) in lexicon.words.get("claiming", ())


def _reduced(sentence: Sentence, lexicon: Lexicon, frame: Frame) -> None:
    """A bare participle without object: a headline's passive, or a reduced relative."""
    at = frame.verbs.start - 1 if frame.verbs else frame.start - 1
    tags = sentence.tag
    while at >= 0 and tags[at] in (ADV, TIME, QUOTE):
        at -= 1
    if at > 2 and (tags[at], tags[at - 1], tags[at - 2]) == (COMMA, ADV, COMMA):
        at -= 3  # "a baker, 41, killed by gunmen"
    if _is_as_found(sentence, lexicon, frame, at):
        return
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
        frame.slots["object"] = _named_last(sentence, lexicon, at) or nearest_subject(sentence, at - 1)
        frame.slots["adjacent"] = _adjacent(sentence, at, frame.slots["object"])
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
        target = index if tags[at] == PRON else _described(sentence, lexicon, index)
        frame.slots["object"] = chain_back(sentence, _whole_of(sentence, lexicon, target))
        frame.slots["shower"] = _shower(sentence, lexicon, frame)


def _named_last(sentence: Sentence, lexicon: Lexicon, comma: int) -> list[int]:
    """ "prayed for the nurse, shot dead at a roadblock": the person whom a preposition brings right before a comma."""
    index = sentence.group_at[comma - 1]
    group = sentence.groups[index] if index >= 0 else None
    if group is None or group.prep < 0 or not group.mask & lexicon.serving("person"):
        return []
    of = sentence.word[group.prep] in lexicon.words.get("of_prepositions", ())
    above = sentence.tag[group.prep - 1] if group.prep else VERB
    return [] if of and above != VERB else chain_back(sentence, index)


def _is_as_found(sentence: Sentence, lexicon: Lexicon, frame: Frame, at: int) -> bool:
    """ "The pilgrims were found hacked to death": whether the verb before, at `at`, tells whom they were found."""
    if at < 1 or sentence.tag[at] != VERB or lexicon.lemmas.get(sentence.word[at]) not in lexicon.words["finding"]:
        return False
    outer = verb_frame(sentence, lexicon, at, at + 1, lexicon.verbs.get(sentence.word[at], 0), False)
    if outer.shape not in ("passive", "reduced"):
        return False
    frame.shape, frame.slots["object"] = "passive", outer.slots.get("object", [])
    return True


def _described(sentence: Sentence, lexicon: Lexicon, index: int) -> int:
    """ "the bridge at Kalay blown up", "members of a family killed": the noun that a participle says it of."""
    group = sentence.groups[index]
    previous = sentence.group_at[group.prep - 1] if group.prep > 0 else -1
    if previous < 0:
        return index
    outer = sentence.groups[previous]
    counted = bool(outer.mask & lexicon.serving("person")) and sentence.word[outer.head] in lexicon.words["members_of"]
    return previous if group.place or counted or not group.mask else index


def _is_firing(sentence: Sentence, lexicon: Lexicon, frame: Frame, index: int) -> bool:
    """ "Russian forces shelled near Nizhyn.": a force before a verb of firing fires, if nobody else does."""
    by = lexicon.words.get("agent_prepositions", frozenset())
    forces = lexicon.serving("firing_force")
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
                if not inner and _is_hands(sentence, lexicon, group) and "by" not in frame.slots:
                    frame.slots["by"] = chain_forward(sentence, owned_head(sentence, group.of))
                elif word in agents and _is_setting(sentence, lexicon, frame, group):
                    frame.slots["by"] = [*frame.slots["by"], *row]
                elif (
                    word in agents
                    and "by" not in frame.slots
                    and not inner
                    and not _is_owned(sentence, lexicon, frame, group)
                ):
                    frame.slots["by"] = row
                elif word not in agents:
                    frame.slots.setdefault(word, []).extend(i for i in row if i not in frame.slots.get(word, ()))
                at = groups[row[-1]].end
                continue
            at = group.end
            continue
        at += 1
