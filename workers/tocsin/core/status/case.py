"""What the tests of a status look at: the frame in its clause, and the words that negate, report or try."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tocsin.core.dates.resolver import DateMention
from tocsin.core.lexicon import COMMA, ING, NEG, NOUN, PRON, PUNCT, QUOTE, REL, SUB, VERB, Lexicon
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.tokens import Sentence
from tocsin.core.matching.topic import Topic
from tocsin.core.mentions import Status

NEAR = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """A status, why, and the words that said so."""

    status: Status
    reason: str
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Case:
    """What the tests look at: the frame, its dates, and those words of the status lists that stand in its sentence.

    `opening`: the sentence is the article's first, a headline more often than not. `lawful`: the police or a court
    do it. `reference_on` is the day of the report, None if the article has no date; `today` is then the day it was
    fetched.
    """

    frame: Frame
    lexicon: Lexicon
    words: Mapping[str, Collection[str]]
    today: date
    dates: tuple[DateMention, ...] = ()
    reference_on: date | None = None
    back: bool = False
    count: int | None = None
    line: str = ""
    generic: bool = False
    ahead: str = ""
    filled: bool = False
    affected: bool = False
    placed: bool = False
    opening: bool = False
    lawful: bool = False
    topic: Topic | None = None
    negation: str | None = None

    @property
    def sentence(self) -> Sentence:
        """The frame's sentence."""
        return self.frame.sentence

    def has(self, name: str, word: str) -> bool:
        """Whether a word is on one of the status lists."""
        return word in self.words.get(name, ())

    def first(self, name: str, words: Iterable[str]) -> str:
        """The first of these words that is on one of the status lists; an empty string for none."""
        listed = self.words.get(name)
        if listed:
            for word in words:
                if word in listed:
                    return word
        return ""

    def phrase(self, name: str) -> str:
        """The first phrase of a list that stands in the sentence; an empty string for none."""
        for phrase in self.words.get(name, ()):
            if f" {phrase} " in self.line:
                return phrase
        return ""


def left_words(case: Case, start: int, reach: int = NEAR) -> list[str]:
    return case.sentence.word[max(0, start - reach) : start]


def clause_start(sentence: Sentence, at: int) -> int:
    """The first token of the clause that holds `at`: after the last subordinator, semicolon or relative."""
    while at > 0:
        tag = sentence.tag[at - 1]
        if tag in (SUB, REL) or (tag == PUNCT and sentence.word[at - 1] in (";", ":")):
            return at
        at -= 1
    return 0


def verb_start(case: Case) -> int:
    verbs = case.frame.verbs
    return min(verbs.start, case.frame.start) if verbs else case.frame.start


def noun_start(case: Case) -> int:
    """Where an event noun's group, or the verb group, begins."""
    frame = case.frame
    index = case.sentence.group_at[frame.end - 1] if frame.shape == "nominal" else -1
    if index >= 0:
        return case.sentence.groups[index].start
    return frame.start if frame.shape == "nominal" else verb_start(case)


def negation_word(case: Case) -> str:
    """The word that negates the frame: on its verb, on what is affected, or before an event noun."""
    if case.negation is None:
        case.negation = _find_negation(case)
    return case.negation


def _find_negation(case: Case) -> str:
    frame, sentence = case.frame, case.sentence
    if frame.negated >= 0:
        return sentence.word[frame.negated]
    negative = case.lexicon.words.get("negative_determiners", frozenset())
    nobody = case.lexicon.words.get("negative_pronouns", frozenset())
    for index in frame.all_groups():
        if index not in frame.slots.get("object", ()) and index not in frame.slots.get("subject", ()):
            continue
        start = sentence.groups[index].start
        for at in (start, start - 1):
            word = sentence.word[at] if at >= 0 else ""
            if (word in negative or word in nobody) and not _is_amount(case, at):
                return word
        if start and sentence.tag[start - 1] == NEG and frame.shape != "nominal":
            return sentence.word[start - 1]  # "not one soldier"
    before = verb_start(case) - 1
    if before >= 0 and sentence.word[before] in case.lexicon.words.get("negating_prepositions", ()):
        return sentence.word[before]
    return ""


def _is_amount(case: Case, at: int) -> bool:
    """ "no fewer than 40 men": a number, nothing is negated."""
    return case.sentence.words(at, at + 3) in case.lexicon.words.get("number_modifiers", ())


def report_before(case: Case) -> str:
    """The verb of saying or finding that governs the clause from before it."""
    sentence = case.sentence
    start = case.frame.start if case.frame.shape == "nominal" else verb_start(case)
    for at in range(start - 1, max(-1, start - 25), -1):
        word = sentence.word[at]
        if sentence.tag[at] in (VERB, ING) and (case.has("report_verbs", word) or case.has("finding_verbs", word)):
            return word
    return ""


def report_word(case: Case) -> str:
    """The reporting verb that the clause depends on, if any."""
    sentence = case.sentence
    start = case.frame.start if case.frame.shape == "nominal" else verb_start(case)
    reports = case.words.get("report_verbs", ())
    for at in range(start - 1, max(-1, start - 25), -1) if reports else ():
        if sentence.word[at] in reports and sentence.tag[at] in (VERB, ING):
            return sentence.word[at]
    for at in range(case.frame.end, min(len(sentence), case.frame.end + 60)) if reports else ():
        if sentence.word[at] not in reports or sentence.tag[at] != VERB:
            continue
        between = sentence.tag[case.frame.end : at]
        if sentence.tag[at - 1] in (NOUN, PRON, COMMA, QUOTE) and (COMMA in between or QUOTE in between):
            return sentence.word[at]
    return case.phrase("report_phrases")


def court_word(case: Case) -> str:
    return case.phrase("court_words")


def is_where(case: Case) -> bool:
    """ "…, where troops shot two of them": the story goes on, nothing is recalled."""
    sentence, start = case.sentence, verb_start(case)
    relatives = [at for at in range(max(0, start - 12), start) if sentence.tag[at] == REL]
    return bool(relatives) and sentence.word[relatives[-1]] in case.lexicon.words.get("relative_places", ())
