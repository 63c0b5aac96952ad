"""What "they", "the group" or "the suspects" stand for: the nearest fitting noun group before."""

from tocsin.core.lexicon import DET, PRON
from tocsin.core.matching.read import Document
from tocsin.core.matching.tokens import Group, Sentence

REACH = 3


def resolve(document: Document, sentence: Sentence, group: Group, accepts: int) -> tuple[Sentence, Group] | None:
    """The antecedent of a pronoun or of a definite group noun; None for anything else, or when none fits."""
    words = document.language.lexicon.words
    word = sentence.word[group.head]
    if group.actor or group.actors:
        return None
    pronoun = sentence.tag[group.start] == PRON and group.end - group.start == 1
    if pronoun:
        if word in words.get("indefinite_pronouns", ()):
            return None
        plural = word in words.get("plural_pronouns", ())
        return _search(document, sentence, group, accepts, plural=plural)
    definite = sentence.tag[group.start] == DET and sentence.word[group.start] in words.get("definite", ())
    if definite and word in words.get("group_nouns", ()):
        return _named_group(document, sentence, group)
    return None


def _search(
    document: Document, sentence: Sentence, group: Group, accepts: int, *, plural: bool
) -> tuple[Sentence, Group] | None:
    person = sentence.lexicon.bit("person")
    human = sentence.word[group.head] in sentence.lexicon.words.get("singular_persons", ())
    single = sentence.word[group.head] in document.language.lexicon.words.get("singular_pronouns", ())
    for candidate_sentence, candidate in _backwards(document, sentence, group):
        if candidate_sentence.tag[candidate.start] == PRON or not candidate.mask & accepts:
            continue
        if candidate.place or (human and not candidate.mask & person):
            continue
        one = candidate.count == 1
        if single and _is_plural(candidate_sentence, candidate):
            continue
        if plural and one:
            continue
        return candidate_sentence, candidate
    return None


def _is_plural(sentence: Sentence, group: Group) -> bool:
    """Whether a common noun says that there are several."""
    lexicon, word = sentence.lexicon, sentence.word[group.head]
    if group.count is not None and group.count > 1:
        return True
    known = bool(sentence.mask[group.head])
    return known and (
        word in lexicon.words.get("plurals", ())
        or (word.endswith(lexicon.plural_endings) and not word.endswith(lexicon.singular_endings))
    )


def _named_group(document: Document, sentence: Sentence, group: Group) -> tuple[Sentence, Group] | None:
    lexicon = document.language.lexicon
    armed = lexicon.mask_of(("armed_group", "criminal_group", "organisation"))
    for candidate_sentence, candidate in _backwards(document, sentence, group, reach=12):
        if candidate.actor and candidate.mask & armed:
            return candidate_sentence, candidate
    return None


def _backwards(
    document: Document, sentence: Sentence, group: Group, reach: int = REACH
) -> list[tuple[Sentence, Group]]:
    found = [(sentence, g) for g in reversed(sentence.groups) if g.end <= group.start]
    for other in document.before(sentence, reach):
        found.extend((other, g) for g in reversed(other.groups))
    return found
