"""Whose verb it is: subjects, antecedents of relative clauses, and who controls a clause without a subject."""

from tocsin.core.lexicon import (
    ADJ,
    ADV,
    BASE,
    BE,
    COMMA,
    CONJ,
    DET,
    DO,
    HAVE,
    ING,
    MODAL,
    NEG,
    NOUN,
    NUM,
    PAST,
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
from tocsin.core.matching.compiled import NAME, STATE
from tocsin.core.matching.frame import REACH, Frame
from tocsin.core.matching.groups import chain_back, chain_forward, first_of_row, first_owner, owned_head
from tocsin.core.matching.relatives import before_relative, past_relative, relative_antecedent
from tocsin.core.matching.tokens import Group, Sentence
from tocsin.core.matching.verbs import VerbGroup, read_verb_group

_BRACKETS = {")": 1, "(": -1}


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
        return relative_antecedent(sentence, before)
    if before >= 0 and tags[before] == CONJ:
        shared = shared_subject(sentence, lexicon, before, frame)
        if shared:
            return shared
    told = past_relative(sentence, before) if frame.verbs is not None and frame.verbs.finite else -1
    found = nearest_subject(sentence, told if told >= 0 else before)
    if not found and before > 0 and tags[before] == COMMA and frame.verbs is not None and frame.verbs.finite:
        return shared_subject(sentence, lexicon, before, frame)  # "threw up roadblocks, attacked a soldier and …"
    return found


def shared_subject(sentence: Sentence, lexicon: Lexicon, at: int, frame: Frame) -> list[int]:
    """The subject of the verb that this one is coordinated with ("arrested four and seized …")."""
    if at > 0 and sentence.group_at[at - 1] >= 0 and sentence.tag[at - 1] != PRON and not _verb_before(sentence, at):
        return []
    firm = frame.verbs is not None and frame.verbs.auxiliary >= 0 and frame.verbs.finite
    firm = firm or _is_past(sentence, lexicon, frame)
    for verb in range(at - 1, max(-1, at - REACH), -1):
        tag = sentence.tag[verb]
        if tag == PUNCT and sentence.word[verb] in (";", ":"):
            return []
        if tag == VERB:
            bits = lexicon.verbs.get(sentence.word[verb], 0)
            group = read_verb_group(sentence, lexicon, verb, bits)
            if verb + 1 < at and group.participle and not sentence.finite[verb] and _verb_before(sentence, verb):
                continue  # "arrested five men linked to X and seized …"
            if firm and group.infinitive:
                continue
            frame.subject_verb = verb
            _inherit_mood(frame, group)
            if (
                sentence.tag[group.start - 1 if group.start else 0] == CONJ
                and group.start - 1 != at
                and group.start > 0
            ):
                deeper = shared_subject(sentence, lexicon, group.start - 1, frame)
                if deeper:
                    return deeper
            probe = Frame(sentence, verb, verb + 1, "active", verbs=group)
            found = find_subject(sentence, lexicon, group.start, probe)
            frame.relative = frame.relative or probe.relative
            return found
        if tag == ING and not firm and (verb == 0 or sentence.tag[verb - 1] not in (DET, PREP)):
            return find_controller(sentence, lexicon, verb, frame)
    return []


def _is_past(sentence: Sentence, lexicon: Lexicon, frame: Frame) -> bool:
    """Whether a verb can only be a past with an object: it goes on with no infinitive and no "-ing"."""
    bits = lexicon.verbs.get(sentence.word[frame.verbs.verb], 0) if frame.verbs is not None else 0
    return bool(bits & PAST) and not bits & BASE and bool(frame.slots.get("object"))


def _inherit_mood(frame: Frame, first: VerbGroup) -> None:
    """ "will arrest and deport": a bare second verb stands under the first one's modal, "to" and negation."""
    verbs = frame.verbs
    if verbs is None or verbs.modal or verbs.infinitive or verbs.auxiliary >= 0 or not verbs.present:
        return
    verbs.modal, verbs.infinitive = first.modal, first.infinitive
    if first.infinitive or first.modal:
        verbs.start = first.start
        verbs.finite = False


def _verb_before(sentence: Sentence, at: int) -> bool:
    return any(sentence.tag[i] in (VERB, BE, ING) for i in range(max(0, at - REACH), at))


def nearest_subject(sentence: Sentence, at: int) -> list[int]:
    """Walk left over prepositional phrases and inserted commas to a group that nothing governs."""
    tags, groups = sentence.tag, sentence.groups
    commas = 0
    joined = -1
    low = max(-1, at - REACH)
    while at > low:
        at = _past_inserted(sentence, at)
        tag = tags[at]
        index = sentence.group_at[at]
        if index >= 0:
            if tags[at] == PRON and at + 1 < len(tags) and tags[at + 1] == REL:
                return [index]
            outer = groups[first_owner(sentence, index)]
            nearer = _past_clause(sentence, outer)
            if nearer >= 0:
                at = nearer
                continue
            if commas and _is_object(sentence, outer):
                return []  # "raided the hamlet, near the river, burned a mill": the row goes on past the insertion
            governed = _row_governor(sentence, outer) if outer.prep < 0 and joined < 0 else -1
            if outer.prep < 0 and governed < 0:
                return chain_back(sentence, index)
            if outer.prep < 0:
                joined = index
            at = (outer.prep if outer.prep >= 0 else governed) - 1
            continue
        if tag == COMMA:
            commas += 1
            opened = _insertion_start(sentence, at)
            if (opened < 0 and commas < 2) or (opened >= 0 and _is_predicate(sentence, opened + 1)):
                return []
            at = opened - 1 if opened >= 0 else at - 1
            if at > 1 and tags[at] == ADV and tags[at - 1] == COMMA:
                at -= 2  # an age between name and apposition
            continue
        if tag == SUB or (tag == PUNCT and sentence.word[at] in (";", ":", "-", "—", "–")):
            break
        finite = tag in (MODAL, BE, HAVE) or (tag == VERB and sentence.finite[at])
        at = before_relative(sentence, at) if finite else at - 1
    return chain_back(sentence, joined) if joined >= 0 else []


def _past_clause(sentence: Sentence, group: Group) -> int:
    """The noun before a purpose, a participle clause or a relative clause that ends with this group; -1 for none."""
    found = _purpose(sentence, group) if group.prep < 0 else -1
    if found < 0:
        found = _complemented(sentence, group)
    if found < 0:
        found = _described(sentence, group.start)
    if found < 0 and not group.mask & sentence.lexicon.serving("acting"):
        found = _described(
            sentence, sentence.groups[first_of_row(sentence, group.index)].start
        )  # "carrying clubs and bars"
    if found < 0 and _is_object(sentence, group):
        found = before_relative(sentence, group.start - 1)
    return found


def _complemented(sentence: Sentence, group: Group) -> int:
    """ "a clerk held hostage for a week was freed": what stands before a participle and its complement, else -1."""
    verb = group.start - 1
    if verb < 1 or sentence.tag[verb] != VERB or sentence.finite[verb]:
        return -1
    return verb - 1 if sentence.word[group.head] in sentence.lexicon.words.get("predicative", ()) else -1


def _is_object(sentence: Sentence, group: Group) -> bool:
    """Whether a verb that reports no speech stands right before a group."""
    at = group.start - 1
    while at > 0 and sentence.tag[at] == ADV:
        at -= 1
    if group.prep >= 0 or at < 0 or sentence.tag[at] != VERB:
        return False
    lexicon = sentence.lexicon
    return lexicon.lemmas.get(sentence.word[at]) not in lexicon.words.get("reporting", ())


def _past_inserted(sentence: Sentence, at: int) -> int:
    """What stands before a bracket that closes here, or before an adjective behind its noun.

    "members of the directorate (NDS) were killed", "soldiers loyal to the state", "the guns are due to fall silent".
    """
    if sentence.word[at] == ")":
        opened = next((i for i in range(at - 1, max(0, at - 8), -1) if sentence.word[i] == "("), 0)
        return opened - 1 if opened else at
    index = sentence.group_at[at]
    if index < 0 or at == 0 or sentence.tag[at] != ADJ or sentence.groups[index].start != at:
        return at
    follows = sentence.group_at[at - 1] >= 0 or sentence.tag[at - 1] == BE
    behind = follows and sentence.word[at] in sentence.lexicon.words.get("predicative", ())
    return at - 1 if behind else at


def _row_governor(sentence: Sentence, group: Group) -> int:
    """The preposition over the row that ends with this group, -1 for none.

    "Troops backed by artillery and jets", "protesters in Larle, Gounghin and Zogona".
    """
    groups = sentence.groups
    before = sentence.group_at[group.start - 2] if group.start > 1 and sentence.tag[group.start - 1] == CONJ else -1
    if before >= 0 and groups[before].prep >= 0:
        return groups[before].prep
    lexicon = sentence.lexicon
    if group.mask & ~lexicon.mask_of(("name", "place_name", "state")):
        return -1
    for index in range(group.index - 1, max(-1, group.index - 6), -1):
        if groups[index].prep >= 0 and group.index in chain_forward(sentence, index):
            return groups[index].prep
    return -1


def _purpose(sentence: Sentence, group: Group) -> int:
    """ "a march to demand the release of their leader turned ugly": what stands before a purpose, else -1."""
    tags, verb = sentence.tag, group.start - 1
    return verb - 2 if verb > 1 and tags[verb] == VERB and tags[verb - 1] == TO else -1


def _described(sentence: Sentence, start: int) -> int:
    """ "soldiers searching a house": where the noun ends that a participle before this group describes, else -1."""
    tags = sentence.tag
    if tags[start] == PRON:
        return -1
    if start > 2 and sentence.word[start - 1] in sentence.lexicon.words.get("reflexive", ()):
        start -= 1  # "an outfit calling itself X"
    if start < 2 or tags[start - 1] != ING:
        return -1
    noun = start - 2
    if tags[noun] == PREP:
        noun -= 1  # "a man suspected of spreading rumours"
    if noun > 0 and tags[noun] == VERB and not sentence.finite[noun]:
        noun -= 1  # "a man found carrying a gun"
    elif noun < start - 2:
        return -1
    return noun if noun >= 0 and tags[noun] in (NOUN, PRON) and sentence.group_at[noun] >= 0 else -1


def _insertion_start(sentence: Sentence, comma: int) -> int:
    """The comma that opens an insertion closed at `comma`, none inside brackets; -1 when there is none."""
    tags = sentence.tag
    low, depth = max(-1, comma - 30), 0
    for at in range(comma - 1, low, -1):
        depth += _BRACKETS.get(sentence.word[at], 0)
        if tags[at] == COMMA and depth <= 0:
            return at
        if tags[at] == PUNCT and sentence.word[at] in (";", ":"):
            return -1
    return -1


def _is_predicate(sentence: Sentence, at: int) -> bool:
    """Whether a verb with its object, perhaps after a pronoun, begins here: the next one of a row, no insertion.

    "stormed the village, fired shots in the air, burned a shop", but not "the man, shot in the leg, fled".
    """
    lexicon, tags = sentence.lexicon, sentence.tag
    at += 1 if tags[at] == PRON and at + 1 < len(tags) else 0
    if tags[at] != VERB or lexicon.lemmas.get(sentence.word[at]) in lexicon.words.get("reporting", ()):
        return False
    after = at + 1
    while after < len(tags) and tags[after] in (DET, ADJ, NUM):
        after += 1
    index = sentence.group_at[after] if after < len(tags) else -1
    return index >= 0 and sentence.groups[index].prep < 0


def find_controller(sentence: Sentence, lexicon: Lexicon, at: int, frame: Frame) -> list[int]:
    """Who does what an "-ing" clause says: the noun it follows, else the subject of the main clause."""
    tags = sentence.tag
    before = at - 1
    while before >= 0 and tags[before] == ADV:
        before -= 1
    if before < 0 or (before >= 0 and tags[before] == PUNCT):
        return subject_after_comma(sentence, at)
    if tags[before] in (PREP, SUB, TO):
        frame.governor = before
    nearest = sentence.group_at[before] if tags[before] in (NOUN, PRON) else -1
    if nearest >= 0 and not _is_result(sentence, lexicon, at, nearest):
        return chain_back(sentence, nearest)
    if before > 1 and sentence.word[before] in lexicon.words.get("object_control", ()):
        index = sentence.group_at[before - 1]
        if index >= 0 and tags[sentence.groups[index].start - 1] == VERB:
            return chain_back(sentence, index)
        described = sentence.group_at[before - 2]
        if described >= 0 and tags[before - 1] == VERB and not sentence.finite[before - 1]:
            return chain_back(sentence, described)  # "a man suspected of throwing"
    only = nearest >= 0 and not any(sentence.finite)  # "the army fired with cannons killing four"
    for verb in range(before, max(-1, before - REACH), -1):
        if tags[verb] in (VERB, BE, MODAL, HAVE) and (sentence.finite[verb] or only):
            if verb + 1 == before and tags[before] == COMMA and _is_inserted_report(sentence, lexicon, verb):
                continue
            frame.subject_verb = verb
            start = verb
            while start > 0 and tags[start - 1] in (BE, HAVE, MODAL, ADV, NEG, DO):
                start -= 1
            probe = Frame(sentence, verb, verb + 1, "active")
            found = find_subject(sentence, lexicon, start, probe)
            return found or (chain_back(sentence, nearest) if nearest >= 0 else [])
    return chain_back(sentence, nearest) if nearest >= 0 else subject_after_comma(sentence, at)


def _is_inserted_report(sentence: Sentence, lexicon: Lexicon, verb: int) -> bool:
    """Whether a clause between commas only says who tells it: "took the hill, an agency said, wounding six"."""
    if lexicon.lemmas.get(sentence.word[verb]) not in lexicon.words.get("reporting", ()):
        return False
    opened = next((at for at in range(verb - 1, -1, -1) if sentence.tag[at] == COMMA), -1)
    return opened > 0 and not any(sentence.finite[opened:verb]) and any(sentence.finite[:opened])


def _is_result(sentence: Sentence, lexicon: Lexicon, at: int, nearest: int) -> bool:
    """Whether a clause tells what came of the main one: "fired with cannons killing four", "hit a bus wounding six"."""
    group = sentence.groups[first_owner(sentence, nearest)]
    if group.prep >= 0 and sentence.word[group.prep] in lexicon.words.get("instrument_prepositions", ()):
        return True
    ruled = group.prep >= 0 or (group.start > 0 and sentence.tag[group.start - 1] == VERB)
    return ruled and sentence.word[at] in lexicon.words.get("hitting", ())


def subject_after_comma(sentence: Sentence, at: int) -> list[int]:
    tags = sentence.tag
    for comma in range(at, min(len(tags), at + REACH)):
        if tags[comma] == COMMA:
            index = sentence.group_at[comma + 1] if comma + 1 < len(tags) else -1
            if index >= 0 and sentence.groups[index].prep < 0:
                return chain_forward(sentence, owned_head(sentence, index))
    return []


def infinitive_subject(sentence: Sentence, lexicon: Lexicon, verbs: VerbGroup, frame: Frame) -> list[int]:
    """The subject of the verb that governs an infinitive; its object when that verb has one ("ordered troops to")."""
    at = verbs.start - 1
    frame.governor = at
    if at < 0:
        return []
    index = sentence.group_at[at]
    used = _used(sentence, lexicon, index) if index >= 0 and sentence.tag[at] == NOUN else -1
    if index >= 0 and used < 0 and sentence.tag[at] in (NOUN, PRON):
        return chain_back(sentence, index)
    at = used if used >= 0 else at
    if sentence.tag[at] == VERB:
        group = read_verb_group(sentence, lexicon, at, lexicon.verbs.get(sentence.word[at], 0))
        frame.subject_verb = at
        return find_subject(sentence, lexicon, group.start, frame)
    return find_controller(sentence, lexicon, verbs.start, frame)


def _used(sentence: Sentence, lexicon: Lexicon, index: int) -> int:
    """The verb before a thing that does nothing itself, -1 for none: "occupied a school in Mekit to use it"."""
    group = sentence.groups[index]
    within = group.prep > 0 and sentence.word[group.prep] in lexicon.words.get("area_prepositions", ())
    if within and sentence.group_at[group.prep - 1] >= 0:
        group = sentence.groups[sentence.group_at[group.prep - 1]]
    doers = lexicon.serving("agentive") | lexicon.mask_of((NAME, STATE))
    thing = bool(group.mask) and not group.mask & doers and not group.actor
    verb = group.start - 1
    while verb > 0 and (sentence.tag[verb] == ADV or sentence.word[verb] in lexicon.words.get("particles", ())):
        verb -= 1
    return verb if thing and verb >= 0 and sentence.tag[verb] == VERB else -1


def doers_of(sentence: Sentence, lexicon: Lexicon, cause: list[int], end: int) -> list[int]:
    """Who did what is the subject of a verb at `end`: "a raid by soldiers left three dead"."""
    operations = lexicon.words.get("operations", ())
    head = sentence.word[sentence.groups[cause[0]].head] if cause else ""
    if head not in lexicon.event_nouns and head not in operations:
        return []
    agents = lexicon.words.get("agent_prepositions", ())
    for other in sentence.groups[cause[0] + 1 :]:
        if other.prep >= end or VERB in sentence.tag[sentence.groups[cause[0]].end : other.start]:
            break
        if other.prep >= 0 and sentence.word[other.prep] in agents:
            return chain_forward(sentence, owned_head(sentence, other.index))
    return []
