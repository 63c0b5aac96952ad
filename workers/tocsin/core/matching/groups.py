"""Noun groups: where they start, what they are about, how many they count, what governs them."""

from tocsin.core.lexicon import (
    ADJ,
    ADV,
    BE,
    COMMA,
    CONJ,
    DET,
    HAVE,
    ING,
    MODAL,
    NOUN,
    NUM,
    POSS,
    PREP,
    PRON,
    QUOTE,
    SUB,
    TIME,
    VERB,
    Lexicon,
)  # fmt: skip
from tocsin.core.matching.tokens import Group, Sentence

MAX_GROUPS = 60
_INSIDE = frozenset((DET, ADJ, NOUN, NUM))
_OPENS = frozenset((DET, ADJ, NOUN, NUM, PRON))


def find_groups(sentence: Sentence, lexicon: Lexicon) -> None:
    """Fill `sentence.groups` and `sentence.group_at` (token to group index, -1 outside any)."""
    tags = sentence.tag
    size = len(tags)
    groups: list[Group] = []
    sentence.group_at = [-1] * size
    at = 0
    owner = -1
    while at < size and len(groups) < MAX_GROUPS:
        if tags[at] not in _OPENS:
            if tags[at] != POSS:
                owner = -1
            at += 1
            continue
        end = _group_end(sentence, at)
        group = _make(sentence, lexicon, len(groups), at, end)
        group.owner = owner
        group.prep = groups[owner].prep if owner >= 0 else _governor(sentence, lexicon, at)
        groups.append(group)
        for inner in range(at, end):
            sentence.group_at[inner] = group.index
        owner = group.index if end < size and tags[end] == POSS else -1
        at = end
    sentence.groups = list(groups)
    _attach(sentence, lexicon, groups)


def _group_end(sentence: Sentence, at: int) -> int:
    tags = sentence.tag
    size = len(tags)
    if tags[at] == PRON:
        return at + 1
    end = at + 1
    nominal = tags[at] != DET
    while end < size:
        tag = tags[end]
        if tag == DET and nominal and not _goes_on(sentence, end):
            break
        if tag == NUM and nominal and tags[end - 1] == NOUN and not sentence.cap[end - 1]:
            return end + 1 if _is_its_number(sentence, end) else end
        if tag in (ADJ, NOUN) and tags[end - 1] == NOUN and _stands_after(sentence, at, end):
            break
        if tag not in _INSIDE:
            if tag == QUOTE and end + 1 < size and tags[end + 1] in _INSIDE and tags[end - 1] != NOUN:
                end += 1
                continue
            counted = tags[end - 1] == NUM and end + 1 < size and tags[end + 1] == ADJ  # "300 locally made pistols"
            if tag == ADV and (counted or (not nominal and end + 1 < size and tags[end + 1] in _INSIDE)):
                end += 1
                continue
            tight = sentence.end[end - 1] == sentence.start[end]  # "kill a clerk - sources" has a dash
            if sentence.word[end] == "-" and tight and end + 1 < size and tags[end + 1] in _INSIDE:
                end += 1
                continue
            break
        nominal = nominal or tag != DET
        end += 1
    return end


def _is_its_number(sentence: Sentence, at: int) -> bool:
    """ "brigade 2": a number that names what stands before it."""
    return sentence.tag[at] == NUM and sentence.word[at - 1] in sentence.lexicon.words.get("numbered_nouns", ())


def _is_bearing(sentence: Sentence, at: int) -> bool:
    """ "an outpost south of Bria": where it lies from elsewhere, behind what it is."""
    lexicon, after = sentence.lexicon, sentence.word[at + 1 : at + 2]
    led = bool(after) and after[0] in lexicon.words.get("of_prepositions", ())
    return led and sentence.tag[at - 1] == NOUN and sentence.word[at] in lexicon.words.get("bearings", ())


def _first_part(lexicon: Lexicon, word: str) -> int:
    """ "rebel-held": what the first word of a compound is."""
    return lexicon.masks.get(word.partition("-")[0], 0) if "-" in word else 0


def _goes_on(sentence: Sentence, at: int) -> bool:
    """ "300 more troops": a determiner after a number is inside the group."""
    return sentence.tag[at - 1] == NUM and sentence.word[at] in sentence.lexicon.words.get("inner_determiners", ())


def _stands_after(sentence: Sentence, start: int, at: int) -> bool:
    """ "beat a photographer unconscious", "holds two men captive": what no noun follows is none of the group."""
    words = sentence.lexicon.words
    if sentence.word[at] in words.get("never_attributive", ()):
        return True
    if sentence.word[at] not in words.get("predicative", ()):
        return False
    if sentence.tag[at] != ADJ and (start == 0 or sentence.tag[start - 1] not in (VERB, ING)):
        return False  # a noun says so only of what a verb is done to: "an army captive" is one group
    return at + 1 >= len(sentence.tag) or sentence.tag[at + 1] not in (ADJ, NOUN, NUM)


def first_of_row(sentence: Sentence, index: int) -> int:
    """The group that this one is coordinated with, "the arrests" of "the arrests and violence"; else itself."""
    at = sentence.groups[index].start - 1
    before = sentence.group_at[at - 1] if at > 0 and sentence.tag[at] == CONJ else -1
    return before if before >= 0 and not sentence.finite[at - 1] else index


def _is_decimal(word: str) -> bool:
    """Whether a number is written with a point that groups no thousands."""
    whole, point, rest = word.rpartition(".")
    return bool(point) and whole.isdigit() and len(rest) != 3


def _make(sentence: Sentence, lexicon: Lexicon, index: int, start: int, end: int) -> Group:
    tags = sentence.tag
    head = end - 1
    while head > start and (tags[head] == QUOTE or _is_its_number(sentence, head) or _is_bearing(sentence, head)):
        head -= 1
    group = Group(index, start, end, head)
    mask = sentence.mask[head]
    word = sentence.word[head]
    if not mask and "-" in word:
        mask = lexicon.masks.get(word.rpartition("-")[2], 0)
    group.mask = mask
    if tags[head] == NUM and not _is_figure(sentence, start, head):
        group.mask |= lexicon.whole("person")  # "dozens" are a group, and people
    for at in range(start, head):
        group.inner |= sentence.mask[at] or _first_part(lexicon, sentence.word[at])
    if tags[start] == PRON and (word in lexicon.words.get("person_pronouns", ())):
        group.mask |= lexicon.made("person_pronouns")
    return group


def _is_figure(sentence: Sentence, start: int, head: int) -> bool:
    """Whether a number counts nobody: "4.2" is a version, "a 68" a score, "a two-run" a measure; "four" are people."""
    word, number = sentence.word[head], sentence.numbers.get(head)
    if _is_decimal(word) or (number is not None and number.kind in ("measure", "money")):
        return True
    first, words = sentence.word[start], sentence.lexicon.words
    article = first in words.get("articles", ()) and first not in words.get("elliptic_heads", ())  # "another 130"
    return article and word[:1].isdigit()


def _governor(sentence: Sentence, lexicon: Lexicon, start: int) -> int:
    at = start - 1
    tags = sentence.tag
    while at >= 0 and tags[at] in (ADV, QUOTE):
        at -= 1
    if at > 0 and sentence.word[at] in lexicon.words.get("clitics", ()) and (tags[at] == TIME or tags[at - 1] == TIME):
        at -= 1
        while at >= 0 and tags[at] == TIME:
            at -= 1
    return at if at >= 0 and tags[at] == PREP else -1


def _attach(sentence: Sentence, lexicon: Lexicon, groups: list[Group]) -> None:
    of_words = lexicon.words.get("of_prepositions", frozenset())
    for group in groups:
        if group.prep >= 0 and group.owner < 0 and sentence.word[group.prep] in of_words:
            before = sentence.group_at[group.prep - 1] if group.prep else -1
            if before >= 0 and groups[before].end == group.prep:
                groups[before].of = group.index
    for group in groups:
        at = group.start - 1
        if at > 0 and sentence.word[at] == "(":
            before = sentence.group_at[at - 1]
            closes = group.end < len(sentence.word) and sentence.word[group.end] == ")"
            if before >= 0 and closes and group.end - group.start <= 4:
                groups[before].paren = group.index


def np_end(sentence: Sentence, index: int) -> int:
    """The token after a noun group with its of-phrases and a short parenthesis."""
    groups = sentence.groups
    group = groups[index]
    for _ in range(4):
        if group.paren >= 0:
            return groups[group.paren].end + 1
        if group.of < 0:
            break
        group = groups[group.of]
        while group.end < len(sentence.tag) and sentence.tag[group.end] == POSS:
            following = sentence.group_at[group.end + 1] if group.end + 1 < len(sentence.tag) else -1
            if following < 0:
                break
            group = groups[following]
    return group.end


def owned_head(sentence: Sentence, index: int) -> int:
    """The group that a possessor leads to: "coast guard" from "Yemen" in "Yemen's coast guard"."""
    groups = sentence.groups
    while index + 1 < len(groups) and groups[index + 1].owner == index:
        index += 1
    return index


def first_owner(sentence: Sentence, index: int) -> int:
    """The outermost possessor of a group, itself when there is none."""
    groups = sentence.groups
    while groups[index].owner >= 0:
        index = groups[index].owner
    return index


def chain_forward(sentence: Sentence, index: int) -> list[int]:
    """The groups coordinated with this one, itself first: "a poet, two actors and three activists".

    A comma alone joins only when an "and" follows in the row; a group that is the subject of a following verb is
    not joined.
    """
    found = [index]
    joined = 1
    position = np_end(sentence, index)
    tags = sentence.tag
    size = len(tags)
    while len(found) < 12:
        at = _skip_post(sentence, position)
        if at >= size or tags[at] not in (COMMA, CONJ):
            break
        conj = tags[at] == CONJ
        at += 1
        if at < size and tags[at] == CONJ:
            conj = True
            at += 1
        while at < size and tags[at] == ADV:
            at += 1
        following = sentence.group_at[at] if at < size else -1
        if following < 0 or sentence.groups[following].prep >= 0:
            break
        following = owned_head(sentence, following)
        end = np_end(sentence, following)
        if conj and _heads_clause(sentence, end) and not _plain_subject(sentence, index):
            break
        found.append(following)
        position = end
        if conj:
            joined = len(found)
            if not (
                position < size and tags[_skip_post(sentence, position)] in (COMMA, CONJ)
                if _skip_post(sentence, position) < size
                else False
            ):
                break
    return found[:joined]


def _skip_post(sentence: Sentence, at: int) -> int:
    """Past an age that follows a name: ", 20," before "and"."""
    tags = sentence.tag
    size = len(tags)
    if at < size and tags[at] == ADV:
        while at < size and tags[at] == ADV:
            at += 1
        return at
    if at + 2 < size and tags[at] == COMMA and tags[at + 1] == ADV:
        end = at + 1
        while end < size and tags[end] == ADV:
            end += 1
        return end if end < size and tags[end] in (COMMA, CONJ) else at
    return at


def _heads_clause(sentence: Sentence, at: int) -> bool:
    tags = sentence.tag
    while at < len(tags) and tags[at] in (ADV, TIME):
        at += 1
    return at < len(tags) and sentence.finite[at]


def _plain_subject(sentence: Sentence, index: int) -> bool:
    """Whether no verb stands before the group in its clause, so that what follows it may be its verb too."""
    start = sentence.groups[index].start
    if start > 1 and sentence.tag[start - 1] == CONJ and sentence.tag[start - 2] == COMMA:
        return True  # "… was held, and two rifles and a radio were found"
    if start and sentence.tag[start - 1] == VERB and not sentence.groups[index].actor:
        lexicon = sentence.lexicon
        if lexicon.lemmas.get(sentence.word[start - 1]) in lexicon.words.get("reporting", ()):
            return True  # "the army says its soldiers and the rebels clashed"
    clause = next((at + 1 for at in range(start - 1, -1, -1) if sentence.tag[at] == SUB), 0)
    return not any(tag in (VERB, BE, HAVE, MODAL) for tag in sentence.tag[max(clause, start - 25) : start])


def chain_back(sentence: Sentence, index: int) -> list[int]:
    """The row of coordinated groups that ends with this one, in text order."""
    best = [index]
    groups = sentence.groups
    for candidate in range(index - 1, max(-1, index - 10), -1):
        if groups[candidate].prep >= 0 and groups[candidate].prep != groups[index].prep:
            continue
        chain = chain_forward(sentence, candidate)
        if index in chain and len(chain) > len(best):
            best = chain[: chain.index(index) + 1]
    return best
