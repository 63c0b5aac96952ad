"""Ages are transparent: they neither count persons nor end a noun group."""

from operator import itemgetter

from tocsin.core.lexicon import ADJ, ADV, COMMA, CONJ, NOUN, NUM, Lexicon
from tocsin.core.matching.tokens import Sentence


def mark_ages(sentence: Sentence, lexicon: Lexicon) -> None:
    """Ages are transparent: "Haldar, 20, was", "brothers aged 17, 19 and 24 were", "boys aged between 9 and 14"."""
    tags, size = sentence.tag, len(sentence.tag)
    openers = lexicon.words.get("age_openers", frozenset())
    for at, number in sorted(sentence.numbers.items(), key=itemgetter(0)):
        if not 0 < at < size - 1 or tags[at - 1] == ADV:
            continue
        opener = at - 2 if at > 1 and sentence.word[at - 2] in openers else at - 1
        aged = sentence.word[opener] in openers
        named = at > 1 and (tags[at - 2] in (NOUN, ADJ) or (tags[at - 2] == NUM and sentence.word[at - 2].isalpha()))
        inserted = tags[at - 1] == COMMA and named
        if number.kind == "age" and tags[at] in (NOUN, ADJ, NUM) and "-" not in sentence.word[at]:
            tags[at] = ADV
        if not (aged or inserted):
            continue
        last = _row_of_numbers(sentence, at)
        closed = last + 1 >= size or tags[last + 1] == COMMA
        if aged or (closed and all(_is_age(sentence, i) for i in range(at, last + 1))):
            first = opener if aged else at
            tags[first : last + 1] = [ADV] * (last + 1 - first)


def _row_of_numbers(sentence: Sentence, at: int) -> int:
    last, size = at, len(sentence.tag)
    end = sentence.numbers[at].span.end
    while last + 1 < size and sentence.start[last + 1] < end:
        last += 1
    while last + 2 < size and sentence.tag[last + 1] in (COMMA, CONJ) and last + 2 in sentence.numbers:
        last += 2
    return last


def _is_age(sentence: Sentence, at: int) -> bool:
    number = sentence.numbers.get(at)
    if number is None:
        return sentence.tag[at] in (COMMA, CONJ)
    return number.value is not None and number.value <= 110 and sentence.word[at].isdigit()
