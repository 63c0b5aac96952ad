"""What is done to whom, right of a verb: its objects, past what is inserted and with parts that are told apart."""

from tocsin.core.lexicon import (
    ADJ,
    ADV,
    BE,
    COMMA,
    CONJ,
    DET,
    HAVE,
    MODAL,
    NEG,
    NOUN,
    NUM,
    PREP,
    PRON,
    QUOTE,
    REL,
    TIME,
    VERB,
)
from tocsin.core.matching.groups import chain_forward, np_end, owned_head
from tocsin.core.matching.tokens import Sentence

MOST_INSERTED = 15


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
    at = _past_insertion(sentence, at)
    if at + 2 < size and tags[at] == CONJ and tags[at - 1] == PREP and tags[at + 1] == VERB:
        at += 2  # "shot at and wounded a vet"
    if at >= size or tags[at] in (PREP, REL, TIME):
        return []
    index = sentence.group_at[at]
    if index < 0 or sentence.word[sentence.groups[index].head] in sentence.lexicon.words.get("occasions", ()):
        return []
    alone = sentence.groups[index].start == sentence.groups[index].head
    if alone and sentence.word[at] in sentence.lexicon.words.get("predicative", ()):
        return []  # "were found shot dead"
    row = chain_forward(sentence, owned_head(sentence, index))
    return _with_split(sentence, row)


def _past_insertion(sentence: Sentence, at: int) -> int:
    """ "set off, from a distance, two bombs": where the object begins behind what is inserted; else `at`."""
    tags, size = sentence.tag, len(sentence.tag)
    if at + 1 >= size or tags[at] != COMMA or tags[at + 1] != PREP:
        return at
    closed = next((i for i in range(at + 2, min(size, at + MOST_INSERTED)) if tags[i] == COMMA), 0)
    index = sentence.group_at[closed + 1] if closed and closed + 1 < size else -1
    if index < 0 or sentence.groups[index].prep >= 0 or any(sentence.finite[at:closed]):
        return at
    last = np_end(sentence, index)
    told = last < size and tags[last] in (VERB, BE, MODAL, HAVE, COMMA, CONJ)
    return at if told else closed + 1


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


def split_of_passive(sentence: Sentence, at: int) -> list[int]:
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


def _is_along(sentence: Sentence, at: int) -> bool:
    """Whether "along with" or its like stands here."""
    phrase = " ".join(sentence.word[at : at + 2])
    return at + 2 < len(sentence.word) and phrase in sentence.lexicon.words.get("along_with", ())
