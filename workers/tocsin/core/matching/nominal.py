"""Frames of event nouns: "the arrest of N by M in P", "carried out strikes against X", "the strike killed five"."""

from tocsin.core.lexicon import (
    ADJ,
    ADV,
    BE,
    COMMA,
    CONJ,
    DET,
    ING,
    MODAL,
    NEG,
    NOUN,
    NUM,
    POSS,
    PRON,
    PUNCT,
    REL,
    SUB,
    TIME,
    VERB,
    Lexicon,
)  # fmt: skip
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.frames import find_phrases
from tocsin.core.matching.groups import np_end
from tocsin.core.matching.nominal_parties import add_parties
from tocsin.core.matching.objects import find_object
from tocsin.core.matching.possession import is_holding, possession_frame
from tocsin.core.matching.subjects import find_subject, infinitive_subject
from tocsin.core.matching.tokens import Group, Sentence
from tocsin.core.matching.transfer import is_only_moved_into, transfer_frame
from tocsin.core.matching.verbs import VerbGroup, read_verb_group

_JOINING = frozenset((CONJ, COMMA, ADV))


def noun_frame(sentence: Sentence, lexicon: Lexicon, start: int, end: int, *, phrase: bool) -> Frame | None:
    """The frame of an event noun at tokens `start` to `end`; None when it only modifies another noun."""
    index = sentence.group_at[end - 1]
    if index < 0:
        if not phrase and sentence.tag[end - 1] not in (NOUN, ADJ, ING):
            return None
        return _loose(sentence, lexicon, start, end)
    moved = transfer_frame(sentence, lexicon, index)
    if moved is not None or is_only_moved_into(lexicon, sentence.word[end - 1]):
        return moved
    group = sentence.groups[index]
    if group.head >= end and not phrase and not _event_head(sentence, lexicon, group):
        return None
    frame = Frame(sentence, start, end, "nominal")
    words = sentence.word
    first = group.start
    frame.dated = bool(first) and tags_possessed(sentence, first)
    frame.definite = group.owner >= 0 or frame.dated or words[first] in lexicon.words.get("definite", ())
    if words[first] in lexicon.words.get("negative_determiners", ()) or (
        first and words[first - 1] in lexicon.words.get("negative_determiners", ())
    ):
        frame.negated = first
    if group.prep >= 0 and words[group.prep] in lexicon.words.get("negating_prepositions", ()):
        frame.negated = group.prep
    if group.owner >= 0:
        frame.slots["owner"] = _owners(sentence, group)
    modifier = _modifier(sentence, group, _past_doers(sentence, lexicon, start, end), lexicon)
    if end - start == 1 and is_holding(lexicon, words[start]):
        return possession_frame(sentence, lexicon, index, modifier)
    if modifier >= 0:
        frame.slots["modifier"] = [modifier]
    frame.number = group.count if group.count is not None and group.exact else -1
    frame.slots["self"] = [index]
    find_phrases(sentence, lexicon, frame, group.end)
    opening = sentence.groups[sentence.group_at[start]] if sentence.group_at[start] >= 0 else group
    _find_support(sentence, lexicon, frame, opening)  # "survived an attempt on his life"
    _follow_verb(sentence, lexicon, frame, index)
    add_parties(sentence, lexicon, frame, group)
    return frame


def tags_possessed(sentence: Sentence, at: int) -> bool:
    """ "last month's demonstration": a date owns the event."""
    return (
        at > 1 and sentence.tag[at - 1] == TIME and sentence.word[at - 1] in sentence.lexicon.words.get("clitics", ())
    ) or (sentence.tag[at - 1] == POSS and sentence.tag[at - 2] == TIME)


def _event_head(sentence: Sentence, lexicon: Lexicon, group: Group) -> bool:
    """ "suicide bombing attack": the head is an event noun itself."""
    return sentence.word[group.head] in lexicon.event_nouns


def _loose(sentence: Sentence, lexicon: Lexicon, start: int, end: int) -> Frame:
    frame = Frame(sentence, start, end, "nominal")
    frame.verbs = _copula(sentence, lexicon, start)
    if frame.verbs is not None:
        frame.shape, frame.negated = "active", frame.verbs.negated
    elif not any(sentence.finite) and start and sentence.tag[start - 1] in (NOUN, ADV):
        frame.shape, frame.headline = "active", True
    frame.slots["subject"] = find_subject(sentence, lexicon, frame.verbs.start if frame.verbs else start, frame)
    frame.slots["object"] = find_object(sentence, end)
    find_phrases(sentence, lexicon, frame, end)
    return frame


def _copula(sentence: Sentence, lexicon: Lexicon, start: int) -> VerbGroup | None:
    """The "is" that a phrase completes: "are now in control of"."""
    at = start - 1
    while at > 0 and sentence.tag[at] in (ADV, TIME, NEG):
        at -= 1
    if at < 0 or sentence.tag[at] != BE:
        return None
    verbs = read_verb_group(sentence, lexicon, at, 0)
    if NEG in sentence.tag[at:start]:
        verbs.negated = sentence.tag.index(NEG, at)
    return verbs


def _owners(sentence: Sentence, group: Group) -> list[int]:
    owner = sentence.groups[group.owner]
    return [owner.index]


def _past_doers(sentence: Sentence, lexicon: Lexicon, start: int, end: int) -> int:
    """ "rebel attack", "coalition air raid": where the words of a trigger end that say who does it."""
    doers = lexicon.serving("attacker")
    while start < end - 1 and sentence.tag[start] == NOUN and sentence.mask[start] & doers:
        start += 1
    return start


def _modifier(sentence: Sentence, group: Group, start: int, lexicon: Lexicon) -> int:
    """The nouns before the trigger in its own group, as a group of their own ("US-led coalition" airstrikes)."""
    first = group.start
    tags = sentence.tag
    while first < start and tags[first] in (DET, NUM):
        first += 1
    head = start - 1
    while (
        head >= first
        and not sentence.cap[head]
        and (sentence.word[head] in lexicon.adjectives or (tags[head] == ADJ and not sentence.mask[head]))
    ):
        head -= 1
    if head < first or (sentence.caseless and not _is_known(sentence, group, first, head)):
        return -1
    made = Group(len(sentence.groups), first, head + 1, head)
    made.mask = sentence.mask[head]
    for at in range(first, head):
        made.inner |= sentence.mask[at]
    made.prep = group.prep
    sentence.groups.append(made)
    return made.index


def _is_known(sentence: Sentence, group: Group, first: int, head: int) -> bool:
    """Whether words before an event noun name somebody: without capitals "nationwide" and "Fenastras" look alike."""
    return bool(group.actor or group.actors or any(sentence.mask[first : head + 1]))


def _find_support(sentence: Sentence, lexicon: Lexicon, frame: Frame, group: Group) -> None:
    """The verb that the event noun is the object of, when it says that the event takes place."""
    at = group.start - 1
    tags, words = sentence.tag, sentence.word
    if group.prep >= 0:
        at = group.prep
    while at >= 0 and not _supports(sentence, lexicon, at) and tags[at] in (ADV, NUM, TIME) and group.prep < 0:
        at -= 2 if tags[at] == TIME and at and tags[at - 1] == DET else 1
    if at < 0:
        return
    for kind in ("agent", "recipient", "helper"):
        forms = lexicon.words.get(f"support.{kind}", frozenset())
        for length in (3, 2, 1):
            first = at - length + 1
            if first < 0:
                continue
            if " ".join(words[first : at + 1]) in forms and tags[first] in (VERB, ING, BE):
                _set_support(sentence, lexicon, frame, first, kind)
                return
    if group.prep > 0 and sentence.group_at[at - 1] >= 0:
        verb = sentence.groups[sentence.group_at[at - 1]].start - 1
        if verb >= 0 and words[verb] in lexicon.words.get("support.helper", ()) and tags[verb] in (VERB, ING):
            _set_support(sentence, lexicon, frame, verb, "helper")
            return
    if tags[at] in (VERB, BE, ING) and group.prep < 0 and not _opens_clause(lexicon, words[at]):
        frame.governor = at
        frame.verbs = read_verb_group(sentence, lexicon, at, lexicon.verbs.get(words[at], 0))


def _opens_clause(lexicon: Lexicon, word: str) -> bool:
    """Whether what follows a verb is a clause and no object: "said an attack could come"."""
    return lexicon.lemmas.get(word, "") in lexicon.words.get("clausal_verbs", ())


def _supports(sentence: Sentence, lexicon: Lexicon, at: int) -> bool:
    """Whether a support verb ends here, its particles included ("carry out", "claim responsibility for")."""
    phrases = [" ".join(sentence.word[max(0, at - length) : at + 1]) for length in (1, 2)]
    known = [lexicon.words.get(f"support.{kind}", frozenset()) for kind in ("agent", "recipient")]
    return any(phrase in forms for phrase in phrases for forms in known)


def _set_support(sentence: Sentence, lexicon: Lexicon, frame: Frame, verb: int, kind: str) -> None:
    bits = lexicon.verbs.get(sentence.word[verb], 0)
    verbs = read_verb_group(sentence, lexicon, verb, bits)
    frame.support = verb
    frame.verbs = verbs
    frame.helper = kind == "helper"
    after = sentence.word[verb + 1 : verb + 2]
    claimed = any(word in lexicon.words.get("claimed_nouns", ()) for word in after)
    if claimed and _is_negative(sentence, lexicon, verbs):
        frame.support, frame.verbs = -1, None
        return  # that nobody claimed the attack does not undo it
    if verbs.negated >= 0:
        frame.negated = verbs.negated
    if verbs.gerund or verbs.infinitive:
        from_frame = Frame(sentence, verb, verb + 1, "gerund", verbs=verbs)
        find = infinitive_subject(sentence, lexicon, verbs, from_frame) if verbs.infinitive else []
        subject = find or find_subject(sentence, lexicon, verbs.start, from_frame)
        frame.governor = verbs.start - 1
    else:
        subject = find_subject(sentence, lexicon, verbs.start, frame)
    if subject:
        frame.slots["experiencer" if kind == "recipient" else "subject"] = subject


def _is_negative(sentence: Sentence, lexicon: Lexicon, verbs: VerbGroup) -> bool:
    """Whether the verb or its subject is negated: "no group has claimed"."""
    subject = find_subject(sentence, lexicon, verbs.start, Frame(sentence, verbs.verb, verbs.verb + 1, "active"))
    first = sentence.word[sentence.groups[subject[0]].start] if subject else ""
    negative = (*lexicon.words.get("negative_determiners", ()), *lexicon.words.get("negative_pronouns", ()))
    return verbs.negated >= 0 or first in negative


def _follow_verb(sentence: Sentence, lexicon: Lexicon, frame: Frame, index: int) -> None:
    """The verb whose subject the event noun is: "the strike killed five", "strikes were carried out by"."""
    relative = _has_relative(sentence, index)
    if frame.support >= 0 and not relative:
        _killing(sentence, lexicon, frame, sentence.groups[index].end)
        return
    tags, words = sentence.tag, sentence.word
    group = sentence.groups[index]
    if (group.prep >= 0 or frame.governor >= 0 or _is_second(sentence, group)) and not relative:
        _killing(sentence, lexicon, frame, group.end)
        return
    for at in range(group.end, min(len(tags), group.end + 25)):
        if tags[at] == SUB or (tags[at] == PUNCT and words[at] in (";", ":")):
            break
        if tags[at] in (MODAL, BE) and VERB not in tags[at + 1 : at + 4]:
            frame.verbs = read_verb_group(sentence, lexicon, at, 0)
            frame.verbs.modal = frame.verbs.modal or (words[at] if tags[at] == MODAL else "")
            break
        if tags[at] != VERB or (sentence.group_at[at] >= 0):
            continue
        verbs = read_verb_group(sentence, lexicon, at, lexicon.verbs.get(words[at], 0))
        if not sentence.finite[at] and not (verbs.passive or verbs.modal or verbs.perfect or verbs.progressive):
            continue
        frame.verbs = verbs
        if verbs.negated >= 0:
            frame.negated = verbs.negated
        if verbs.passive:
            _phrases_of_passive(sentence, lexicon, frame, at)
            break
        if words[at] in lexicon.words.get("support.occur", ()) or at + 1 < len(words):
            happened = " ".join(words[at : at + 2]) in lexicon.words.get("support.occur", ())
            found = [] if happened else find_object(sentence, at + 1)  # "took place between"
            if not found or sentence.tag[sentence.groups[found[0]].start] == PRON:
                _phrases_of_passive(sentence, lexicon, frame, at)
            if found and words[at] in lexicon.words.get("hitting", ()):
                frame.slots["victim"] = [*found, *_more_victims(sentence, lexicon, found[-1])]
        break
    _killing(sentence, lexicon, frame, group.end)


def _more_victims(sentence: Sentence, lexicon: Lexicon, index: int) -> list[int]:
    """What the next verbs of the row did: "killed four and wounded two"."""
    tags, words, size = sentence.tag, sentence.word, len(sentence)
    hitting = lexicon.words.get("hitting", frozenset())
    found: list[int] = []
    at = np_end(sentence, index)
    for _ in range(4):
        while at < size and tags[at] in (COMMA, CONJ, ADV):
            at += 1
        if at >= size or tags[at] not in (VERB, ING) or words[at] not in hitting or tags[at - 1] not in _JOINING:
            break
        objects = find_object(sentence, at + 1)
        if not objects:
            break
        found.extend(objects)
        at = np_end(sentence, objects[-1])
    return found


def _is_second(sentence: Sentence, group: Group) -> bool:
    """ "information leading to the arrest and conviction of …": governed as what it is coordinated with."""
    at = group.start - 1
    first = sentence.group_at[at - 1] if at > 0 and sentence.tag[at] == CONJ else -1
    return first >= 0 and sentence.groups[first].prep >= 0 and not any(sentence.finite[:at])


def _has_relative(sentence: Sentence, index: int) -> bool:
    end = sentence.groups[index].end
    return end < len(sentence.tag) and sentence.tag[end] == REL


def _phrases_of_passive(sentence: Sentence, lexicon: Lexicon, frame: Frame, verb: int) -> None:
    extra = Frame(sentence, verb, verb + 1, "passive")
    find_phrases(sentence, lexicon, extra, verb + 1)
    of_words = lexicon.words.get("of_prepositions", frozenset())
    for name, found in extra.slots.items():
        if name not in of_words:  # "rockets landed in the yard of a school": it says whose yard, not whose rockets
            frame.slots.setdefault(name, found)


def _killing(sentence: Sentence, lexicon: Lexicon, frame: Frame, at: int) -> None:
    """An "-ing" clause that says what the event did: ", killing five people"."""
    if "victim" in frame.slots:
        return
    for i in range(at, min(len(sentence), at + 30)):
        if sentence.tag[i] == ING and sentence.word[i] in sentence.lexicon.words.get("hitting", ()):
            found = find_object(sentence, i + 1)
            if found and i == at and sentence.word[i] not in lexicon.words.get("tolls", ()):
                frame.slots = {sentence.word[i]: found, **frame.slots}  # "air strikes targeting rebels"
                return
            if found:
                frame.slots["toll"] = [*found, *_more_victims(sentence, lexicon, found[-1])]
            return
