"""What "they", "the group" or "the suspects" stand for: the nearest fitting noun group before."""

from collections.abc import Collection

from tocsin.core.lexicon import DET, NUM, PRON, VERB
from tocsin.core.matching.compiled import STATE
from tocsin.core.matching.described import armed_allies_of
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.read import Document
from tocsin.core.matching.subjects import find_subject
from tocsin.core.matching.tokens import Group, Sentence
from tocsin.core.matching.verbs import read_verb_group

REACH = 3


def resolve(
    document: Document, sentence: Sentence, group: Group, accepts: int, barred: Collection[int] = ()
) -> tuple[Sentence, Group] | None:
    """The antecedent of a pronoun, a bare number or a definite group noun; None for anything else, or when none fits.

    `barred` are groups of the same sentence that it cannot be: the subject of a verb is not its object too.
    """
    words = document.language.lexicon.words
    word = sentence.word[group.head]
    if not may_refer(sentence, group):
        return None
    if is_bare_number(sentence, group):
        persons = accepts & sentence.lexicon.serving("person")
        return None if persons else _search(document, sentence, group, accepts, plural=True, barred=barred)
    if sentence.tag[group.start] == PRON or word in words.get("whose", ()):
        if word in words.get("indefinite_pronouns", ()):
            return None
        if word in words.get("speaker_pronouns", ()):
            return _speaker(sentence, accepts)
        plural = word in words.get("plural_pronouns", ())
        return _search(document, sentence, group, accepts, plural=plural, barred=barred)
    return _named_group(document, sentence, group)


def may_refer(sentence: Sentence, group: Group) -> bool:
    """Whether a group may stand for another at all: a pronoun, the "its" of "its control", or "the group"."""
    if group.actor or group.actors:
        return False
    tag = sentence.tag[group.start]
    if is_bare_number(sentence, group):
        return True
    words = sentence.lexicon.words
    if tag == PRON or sentence.word[group.start] in words.get("whose", ()):
        return group.end - group.start == 1
    definite = tag == DET and sentence.word[group.start] in words.get("definite", ())
    return definite and sentence.word[group.head] in words.get("group_nouns", ())


def is_bare_number(sentence: Sentence, group: Group) -> bool:
    """Whether a group is a number of what was named before: "found six mines and defused four", "all three"."""
    return group.of < 0 and sentence.tag[group.head] == NUM and group.head == group.end - 1


def _speaker(sentence: Sentence, accepts: int) -> tuple[Sentence, Group] | None:
    """ ""We arrested nine," the police said": who speaks of themselves."""
    lexicon = sentence.lexicon
    reporting = lexicon.words.get("reporting", ())
    for at, word in enumerate(sentence.word):
        if sentence.tag[at] != VERB or lexicon.lemmas.get(word) not in reporting:
            continue
        verbs = read_verb_group(sentence, lexicon, at, lexicon.verbs.get(word, 0))
        found = find_subject(sentence, lexicon, verbs.start, Frame(sentence, at, at + 1, "active", verbs=verbs))
        for index in found:
            if sentence.groups[index].mask & accepts:
                return sentence, sentence.groups[index]
    return None


def _search(
    document: Document, sentence: Sentence, group: Group, accepts: int, *, plural: bool, barred: Collection[int]
) -> tuple[Sentence, Group] | None:
    person = sentence.lexicon.serving("person")
    human = sentence.word[group.head] in sentence.lexicon.words.get("singular_persons", ())
    single = sentence.word[group.head] in document.language.lexicon.words.get("singular_pronouns", ())
    tolls = sentence.lexicon.words.get("toll_nouns", frozenset())
    for candidate_sentence, candidate in _backwards(document, sentence, group):
        if candidate_sentence is sentence and candidate.index in barred:
            continue
        if single and not human and _is_speaking_state(sentence, candidate_sentence, candidate, accepts):
            return candidate_sentence, candidate
        allied = armed_allies_of(candidate_sentence, candidate, accepts)
        if candidate_sentence.tag[candidate.start] == PRON or not (candidate.mask & accepts or allied):
            continue
        if _ends_name(candidate_sentence, candidate):
            continue
        if candidate_sentence.word[candidate.head] in tolls:
            continue  # "suffered injuries when men fired on them": nobody fires on injuries
        if candidate.place or (human and not candidate.mask & person):
            continue
        if single and _is_plural(candidate_sentence, candidate):
            continue
        if plural and (candidate.count == 1 or _is_one(candidate_sentence, candidate)):
            continue
        return candidate_sentence, candidate
    return None


def _ends_name(sentence: Sentence, group: Group) -> bool:
    """ "the Lions of Mercy": what ends a name with a preposition is nobody by itself."""
    at = group.prep - 1
    if at < 0 or sentence.caseless or group.start != group.head or group.place:
        return False
    of = sentence.word[group.prep] in sentence.lexicon.words.get("of_prepositions", ())
    return of and sentence.cap[at] and sentence.cap[group.head] and not sentence.mask[group.head]


def _is_one(sentence: Sentence, group: Group) -> bool:
    """Whether a common noun says that it is a single person, or only portions out hours and days."""
    lexicon, words = sentence.lexicon, sentence.lexicon.words
    if group.of >= 0 and sentence.word[sentence.groups[group.of].head] in words.get("measures", ()):
        return True
    if group.actor or sentence.tag[group.head] == NUM or group.count is not None:
        return False
    definite = sentence.tag[group.start] == DET or group.owner >= 0
    known = sentence.mask[group.head] & lexicon.serving("person") and not group.mask & lexicon.serving("group")
    return bool(known) and definite and not _is_plural(sentence, group)


def _is_speaking_state(sentence: Sentence, other: Sentence, candidate: Group, accepts: int) -> bool:
    """ "Ukraine says it shot down …": a country that is the subject of its sentence."""
    lexicon = sentence.lexicon
    if other is not sentence or not candidate.mask & lexicon.bit(STATE) or candidate.prep >= 0:
        return False
    verb = sentence.word[candidate.end] if candidate.end < len(sentence) else ""
    reports = lexicon.lemmas.get(verb) in lexicon.words.get("reporting", ())
    return reports and bool(accepts & lexicon.serving("stately"))


def _is_plural(sentence: Sentence, group: Group) -> bool:
    """Whether a common noun says that there are several."""
    lexicon, word = sentence.lexicon, sentence.word[group.head]
    if group.count is not None and group.count > 1:
        return True
    if group.actor and group.mask & lexicon.serving("single_body"):
        return False  # "Hamas said it"
    return bool(sentence.mask[group.head]) and lexicon.is_plural(word)


def _named_group(document: Document, sentence: Sentence, group: Group) -> tuple[Sentence, Group] | None:
    lexicon = document.language.lexicon
    armed = lexicon.serving("named_group")
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
