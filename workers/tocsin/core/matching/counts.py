"""How many: counts of coordinated groups added up, splits by place added on."""

from collections.abc import Sequence

from tocsin.core.lexicon import DET, PRON, Lexicon
from tocsin.core.matching.compiled import NAME
from tocsin.core.matching.roles import Filler
from tocsin.core.matching.tokens import Group, Sentence


def count_of(fillers: Sequence[Filler], lexicon: Lexicon) -> int | None:
    """The number of persons or things in a role; None as soon as one part is not known."""
    total = 0
    for filler in fillers:
        number = size_of(filler.sentence, filler.group, lexicon)
        if number is None and filler.antecedent is not None:
            number = size_of(filler.antecedent.sentence, filler.antecedent.group, lexicon)
        if number is None:
            return None
        total += number
    if not fillers:
        return None
    return total


def size_of(sentence: Sentence, group: Group, lexicon: Lexicon) -> int | None:
    """How many a noun group counts: its number, one for a single person or thing, None for a bare plural."""
    words = lexicon.words
    if not group.exact:
        return None
    head = sentence.word[group.head]
    if group.count is not None and not (group.count == 1 and head in words.get("collective", ())):
        return group.count
    if sentence.tag[group.start] == PRON:
        return 1 if head in words.get("singular_pronouns", ()) else None
    if head in words.get("collective", ()):
        return None
    first = sentence.word[group.start]
    plural = _is_plural(head, lexicon)
    if plural:
        return None
    if group.mask & lexicon.bit(NAME) and sentence.tag[group.start] != DET:
        return 1
    person = lexicon.bit("person")
    if first in words.get("definite", ()) or group.owner >= 0 or group.actors or group.mask & person:
        return 1 if group.mask & (person | lexicon.bit(NAME)) else None
    if group.actor:
        return None
    return None


def _is_plural(word: str, lexicon: Lexicon) -> bool:
    if word in lexicon.words.get("plurals", ()):
        return True
    return word.endswith(lexicon.plural_endings) and not word.endswith(lexicon.singular_endings)
