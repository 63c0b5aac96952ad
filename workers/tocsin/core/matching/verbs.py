"""The verb group around a verb: voice, tense, negation, modality, aspect, and what it is subordinate to."""

from tocsin.core.lexicon import (
    ADV,
    BASE,
    BE,
    COMMA,
    CONJ,
    DO,
    GERUND,
    HAVE,
    MODAL,
    NEG,
    NOUN,
    PART,
    PAST,
    PREP,
    PRON,
    QUOTE,
    REL,
    SUB,
    THIRD,
    TIME,
    TO,
    VERB,
    Lexicon,
)  # fmt: skip
from tocsin.core.matching.tokens import Sentence


class VerbGroup:
    """`start` is its first token, `verb` the trigger. The rest says how the verb stands."""

    __slots__ = (
        "auxiliary",
        "being",
        "finite",
        "gerund",
        "going",
        "governor",
        "infinitive",
        "modal",
        "negated",
        "participle",
        "passive",
        "perfect",
        "pluperfect",
        "present",
        "progressive",
        "start",
        "verb",
    )

    def __init__(self, verb: int) -> None:
        self.verb = self.start = verb
        self.passive = self.perfect = self.pluperfect = self.progressive = self.being = False
        self.infinitive = self.gerund = self.participle = self.finite = self.present = False
        self.modal = ""
        self.negated = -1
        self.governor = -1
        self.auxiliary = -1
        self.going = False


JOINED = 25
_CARRIERS = frozenset((VERB, BE, HAVE, MODAL, DO))
_LEFT = frozenset((ADV, BE, HAVE, DO, MODAL, NEG, TO, QUOTE))


def read_verb_group(sentence: Sentence, lexicon: Lexicon, verb: int, bits: int) -> VerbGroup:
    """Read leftwards from the verb over adverbs, auxiliaries, negation and "to"."""
    group = VerbGroup(verb)
    tags, words = sentence.tag, sentence.word
    at = verb - 1
    forms: list[int] = []
    while at >= 0 and verb - at < 9:
        at = _past_date(tags, at)
        tag = tags[at]
        if tag not in _LEFT:
            break
        if tag == QUOTE and not _is_within(tags, at):
            break
        if tag == BE:
            _read_be(group, lexicon, words[at], forms)
            group.auxiliary = at
        elif tag == HAVE:
            group.perfect = True
            group.pluperfect = words[at] in lexicon.words.get("past_have", ())
            forms.append(HAVE)
            group.auxiliary = at
        elif tag == MODAL:
            group.modal = words[at]
            group.auxiliary = at
        elif tag == NEG:
            group.negated = at
        elif tag == DO:
            forms.append(DO)
            group.auxiliary = at
            if words[at] in lexicon.words.get("aux_neg_forms", ()) or words[at].endswith(lexicon.negative_endings):
                group.negated = at
        elif tag == TO:
            group.infinitive = True
            group.governor = at - 1
            group.start = at
            break
        group.start = at
        at -= 1
    _skip_leading_adverbs(group, tags)
    before = group.start - 1
    if before > 0 and group.start == verb and words[before] in lexicon.words.get("object_pronouns", ()):
        group.infinitive = bool(bits & BASE) and tags[before - 1] == VERB
    _classify(group, bits, forms)
    return group


def _is_within(tags: list[int], at: int) -> bool:
    """ "had "very likely" landed": whether a quotation mark stands between an auxiliary and its verb."""
    while at > 0 and tags[at] in (QUOTE, ADV):
        at -= 1
    return tags[at] in (BE, HAVE, MODAL)


def joins_passive(sentence: Sentence, lexicon: Lexicon, at: int) -> bool:
    """Whether a participle goes on with the passive before it: "were brought to court and later sent to jail"."""
    tags, before = sentence.tag, at - 1
    if not lexicon.verbs.get(sentence.word[at], 0) & PART:
        return False
    while before > 0 and tags[before] in (ADV, TIME):
        before -= 1
    if before <= 0 or tags[before] != CONJ:
        return False
    for verb in range(before - 1, max(-1, before - JOINED), -1):
        if tags[verb] == REL:
            return False
        if tags[verb] == VERB:
            return read_verb_group(sentence, lexicon, verb, lexicon.verbs.get(sentence.word[verb], 0)).passive
    return False


def _past_date(tags: list[int], at: int) -> int:
    """ "were on Monday arrested": a date inside a verb group is no end of it."""
    before = at
    while before > 0 and tags[before] == TIME:
        before -= 1
    return before if tags[before] in (BE, HAVE, MODAL) else at


def _read_be(group: VerbGroup, lexicon: Lexicon, word: str, forms: list[int]) -> None:
    forms.append(BE)
    if word in lexicon.words.get("be_being", ()):
        group.being = True
    elif word in lexicon.words.get("be_present", ()):
        group.present = True


def _skip_leading_adverbs(group: VerbGroup, tags: list[int]) -> None:
    while group.start < group.verb and tags[group.start] in (ADV, QUOTE):
        group.start += 1


def _classify(group: VerbGroup, bits: int, forms: list[int]) -> None:
    has_be = BE in forms
    if bits & GERUND:
        group.progressive = has_be
        group.gerund = not has_be
    elif has_be and bits & PART:
        group.passive = True
        group.progressive = group.being
    elif bits & (PAST | PART) and not group.perfect and not forms and not group.modal and not group.infinitive:
        group.participle = bool(bits & PART)
        group.finite = bool(bits & PAST)
    if bits & (BASE | THIRD) and not forms and not group.modal and not group.infinitive:
        group.present = not bits & PAST
        group.finite = True
    if forms or group.modal:
        group.finite = not group.infinitive and not (forms == [BE] and group.being)
    if group.gerund or group.infinitive:
        group.finite = False


def mark_finite(sentence: Sentence, lexicon: Lexicon) -> None:
    """Fill `sentence.finite`: the tokens that carry a clause. Needs tags and groups."""
    sentence.finite = [tag in _CARRIERS and is_finite(sentence, lexicon, at) for at, tag in enumerate(sentence.tag)]


def is_finite(sentence: Sentence, lexicon: Lexicon, at: int) -> bool:
    """Whether the token is a verb that can carry a clause: no bare participle, no infinitive."""
    tag = sentence.tag[at]
    if tag in (MODAL, DO, HAVE):
        return True
    if tag == BE:
        word = sentence.word[at]
        before = sentence.tag[at - 1] if at else -1
        return word not in lexicon.words.get("be_nonfinite", ()) and before not in (TO, MODAL, HAVE)
    if tag != VERB:
        return False
    forms = lexicon.verbs.get(sentence.word[at], 0)
    before = at - 1
    while before >= 0 and sentence.tag[before] == ADV:
        before -= 1
    previous = sentence.tag[before] if before >= 0 else -1
    if previous in (TO, BE, HAVE, MODAL, DO, NEG):
        return False
    if forms & (THIRD | BASE) and not forms & PART:
        return True
    if forms and not forms & PART:
        return True
    return not looks_reduced(sentence, lexicon, at)


def looks_reduced(sentence: Sentence, lexicon: Lexicon, at: int) -> bool:
    """Whether a past form without auxiliary reads as a participle: nothing that could be its object follows."""
    tags = sentence.tag
    following = at + 1
    while following < len(tags) and tags[following] == ADV:
        following += 1
    if following + 1 < len(tags) and sentence.word[following] in lexicon.words.get("predicative", ()):
        following += tags[following + 1] in (PREP, TIME, COMMA)  # "a guard held hostage in the raid"
    if following >= len(tags):
        return True
    tag = tags[following]
    if tag == TO and at and tags[at - 1] == NOUN:
        return sentence.word[at] in lexicon.words.get("hearsay_participles", ())
    if tag in (PREP, TIME, COMMA, CONJ) or (
        tag not in (SUB, PRON, REL, QUOTE, NEG, TO) and sentence.group_at and sentence.group_at[following] < 0
    ):
        lemma = lexicon.lemmas.get(sentence.word[at], "")
        if lemma in lexicon.words.get("intransitive", ()):
            return False
        before = tags[at - 1] if at else -1
        return before in (NOUN, PRON, COMMA, CONJ, TIME, -1) and not is_related(sentence, at)
    return False


def is_related(sentence: Sentence, at: int) -> bool:
    """ "shells that the rebels fired from the hills": the verb of a relative clause whose subject stands before it."""
    index = sentence.group_at[at - 1] if at and sentence.group_at else -1
    if index < 0:
        return False
    while sentence.groups[index].owner >= 0:
        index = sentence.groups[index].owner
    first = sentence.groups[index].start
    return first > 0 and sentence.tag[first - 1] == REL
