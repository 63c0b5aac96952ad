"""One language compiled for matching: closed-class tags, verb forms, word classes as bit masks.

Everything comes from the rulebook's tables and word classes; nothing here knows a language's name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from tocsin.core.inflection import Inflector
from tocsin.core.rules import WordClass
from tocsin.core.text import fold

(
    PUNCT,
    COMMA,
    CONJ,
    DET,
    PREP,
    PRON,
    BE,
    HAVE,
    DO,
    MODAL,
    NEG,
    TO,
    REL,
    ADV,
    NUM,
    POSS,
    NOUN,
    VERB,
    ADJ,
    SUB,
    QUOTE,
    ING,
    TIME,
) = range(23)
TAG_NAMES = (
    "punct comma conj det prep pron be have do modal neg to rel adv num poss noun verb adj sub quote ing time".split()
)
MOST_NAMED = 4_000
BASE, THIRD, PAST, PART, GERUND = 1, 2, 4, 8, 16
_TABLE_TAGS = {
    "neg": NEG, "aux_neg": DO, "be": BE, "have": HAVE, "do": DO, "modal": MODAL, "to": TO, "relative": REL,
    "conjunction": CONJ, "subordinator": SUB, "preposition": PREP, "possessive": POSS, "possessive_pronoun": DET,
    "pronoun": PRON, "determiner": DET, "adverb": ADV,
}  # fmt: skip


@dataclass(slots=True)
class Lexicon:
    """What the tagger and the frame finder look words up in. Built once, read only.

    `multi` holds the class words of several tokens by their last one, `pairs` the same by their last two; `deeds` the
    class words that count only as verbs by their first, with the tokens that follow it. `serves` names the classes
    that serve a function of the detector's.
    """

    tags: dict[str, int] = field(default_factory=dict)
    masks: dict[str, int] = field(default_factory=dict)
    multi: dict[str, tuple[tuple[tuple[str, ...], int], ...]] = field(default_factory=dict)
    pairs: dict[tuple[str, str], list[tuple[tuple[str, ...], int]]] = field(default_factory=dict)
    deeds: dict[str, tuple[tuple[tuple[str, ...], int], ...]] = field(default_factory=dict)
    bits: dict[str, int] = field(default_factory=dict)
    closures: dict[str, int] = field(default_factory=dict)
    sums: dict[tuple[str, ...], int] = field(default_factory=dict)
    serves: dict[str, tuple[str, ...]] = field(default_factory=dict)
    masks_serving: dict[str, int] = field(default_factory=dict)
    wholes: dict[str, int] = field(default_factory=dict)
    makes: dict[str, int] = field(default_factory=dict)
    named: dict[int, tuple[str, ...]] = field(default_factory=dict)
    verbs: dict[str, int] = field(default_factory=dict)
    lemmas: dict[str, str] = field(default_factory=dict)
    words: dict[str, frozenset[str]] = field(default_factory=dict)
    adverbs: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    adjectives: frozenset[str] = frozenset()
    adjective_endings: tuple[str, ...] = ()
    gerund_endings: tuple[str, ...] = ()
    past_endings: tuple[str, ...] = ()
    adverb_endings: tuple[str, ...] = ()
    plural_endings: tuple[str, ...] = ()
    singular_endings: tuple[str, ...] = ()
    negative_endings: tuple[str, ...] = ()
    event_nouns: set[str] = field(default_factory=set)

    def bit(self, name: str) -> int:
        """The bit of a word class; a class nobody has described gets one that no word carries."""
        known = self.bits.get(name)
        if known is None:
            known = self.bits[name] = 1 << len(self.bits)
        return known

    def mask_of(self, names: tuple[str, ...]) -> int:
        """The bits of several classes together."""
        mask = self.sums.get(names)
        if mask is None:
            mask = 0
            for name in names:
                mask |= self.bit(name)
            self.sums[names] = mask
        return mask

    def serving(self, function: str) -> int:
        """The classes that serve a function of the table `functions`; 0 when the language has none."""
        return self.masks_serving.get(function, 0)

    def whole(self, function: str) -> int:
        """The classes that serve a function with everything that they are part of: what a word becomes by it."""
        return self.wholes.get(function, 0)

    def made(self, listed: str) -> int:
        """The classes, with everything that they are part of, that a word of a list gives to its noun."""
        return self.makes.get(listed, 0)

    def is_word(self, word: str) -> bool:
        """Whether the folded word is a function word or a verb form."""
        return word in self.tags or word in self.verbs

    def is_plural(self, word: str) -> bool:
        """Whether a folded noun has the form of a plural, or is one without it: "people"."""
        listed = word in self.words.get("plurals", ())
        return listed or (word.endswith(self.plural_endings) and not word.endswith(self.singular_endings))

    def closure(self, name: str) -> int:
        """A class with everything it is part of."""
        return self.closures.get(name) or self.bit(name)

    def names(self, mask: int) -> tuple[str, ...]:
        """The class ids of a mask, for traces."""
        known = self.named.get(mask)
        if known is None:
            if len(self.named) >= MOST_NAMED:
                self.named.clear()
            known = self.named[mask] = tuple(name for name, bit in self.bits.items() if mask & bit)
        return known


class VerbForms:
    """Inflects verbs and says what each form is."""

    def __init__(self, inflector: Inflector, grammar: Mapping[str, object]) -> None:
        self._inflector = inflector
        self._irregular = {lemma: words_of(forms) for lemma, forms in mapping_of(grammar.get("irregular")).items()}
        self._doubled = frozenset(words_of(grammar.get("doubling"))) - frozenset(words_of(grammar.get("never_doubled")))
        suffixes = mapping_of(grammar.get("suffixes"))
        self._gerund = tuple(words_of(suffixes.get("gerund")))
        self._past = tuple(words_of(suffixes.get("past")))
        self._third = tuple(words_of(suffixes.get("third")))
        self._and = frozenset(words_of(grammar.get("conjunctions_and")))
        self._known: dict[str, dict[str, int]] = {}

    def forms(self, text: str) -> dict[str, int]:
        """Each form of a verb or verb phrase ("round up", "shoot and kill") with its form bits."""
        head, _, rest = text.partition(" ")
        joint, _, second = rest.partition(" ")
        if second and joint in self._and:
            seconds = self.forms(second).items()
            firsts = self._head_forms(head).items()
            return {f"{a} {joint} {b}": bits & more for a, bits in firsts for b, more in seconds if bits & more}
        tail = f" {rest}" if rest else ""
        return {form + tail: bits for form, bits in self._head_forms(head).items()}

    def classify(self, lemma: str, form: str) -> int:
        """The form bits of one inflected word."""
        irregular = self._irregular.get(lemma)
        if irregular and form in irregular:
            bits = (PAST if form in (irregular[0], *irregular[2:]) else 0) | (PART if form in irregular[1:] else 0)
            return bits | (BASE if form == lemma else 0)
        if form == lemma:
            return BASE
        if form.endswith(self._gerund) and len(form) > len(lemma):
            return GERUND
        if form.endswith(self._third) and not form.endswith(self._past) and form[:3] == lemma[:3]:
            return THIRD
        return PAST | PART

    def _head_forms(self, lemma: str) -> dict[str, int]:
        known = self._known.get(lemma)
        if known is None:
            known = self._known[lemma] = self._inflect(lemma)
        return known

    def _inflect(self, lemma: str) -> dict[str, int]:
        forms: dict[str, int] = {}
        irregular = self._irregular.get(lemma, ())
        for form in self._inflector.inflect(lemma, "verbs"):
            bits = self.classify(lemma, form)
            if irregular and bits & (PAST | PART) and form not in irregular:
                continue
            if self._is_misdoubled(lemma, form):
                continue
            forms[form] = forms.get(form, 0) | bits
        for form in irregular:
            forms[form] = forms.get(form, 0) | self.classify(lemma, form)
        if lemma in self._doubled:
            forms.setdefault(lemma + lemma[-1] + self._gerund[0], GERUND)
            if not irregular:
                forms.setdefault(lemma + lemma[-1] + self._past[0], PAST | PART)
        return forms

    def _is_misdoubled(self, lemma: str, form: str) -> bool:
        if lemma not in self._doubled:
            return False
        return any(form == lemma + ending for ending in (*self._gerund, *self._past))


def mapping_of(value: object) -> Mapping[str, object]:
    """A table's mapping; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def words_of(value: object) -> tuple[str, ...]:
    """A table's list of words, folded; a single word counts as a list of one."""
    if isinstance(value, str):
        return (fold(value),)
    if isinstance(value, Iterable) and not isinstance(value, Mapping):
        return tuple(fold(str(word)) for word in value)
    return ()


def compile_lexicon(classes: Iterable[WordClass], tables: Mapping[str, object]) -> tuple[Lexicon, VerbForms]:
    """One language of the rulebook, ready to match. Missing tables leave their part empty."""
    grammar = mapping_of(tables.get("grammar"))
    inflector = Inflector(mapping_of(tables.get("forms")), mapping_of(tables.get("inflection")))
    lexicon = Lexicon()
    for name, tag in _TABLE_TAGS.items():
        for word in words_of(mapping_of(grammar.get("tags")).get(name)):
            lexicon.tags.setdefault(word, tag)
    _add_classes(lexicon, tuple(classes))
    _add_functions(lexicon, mapping_of(tables.get("functions")))
    verbs = VerbForms(inflector, grammar)
    for lemma in words_of(grammar.get("verbs")):
        add_verb(lexicon, verbs, lemma)
    for phrase in words_of(grammar.get("adverb_phrases")):
        first, *rest = phrase.split()
        lexicon.adverbs[first] = (*lexicon.adverbs.get(first, ()), tuple(rest))
    suffixes = mapping_of(grammar.get("suffixes"))
    lexicon.adjectives = frozenset(words_of(grammar.get("adjectives")))
    lexicon.adjective_endings = words_of(suffixes.get("adjective"))
    lexicon.gerund_endings = words_of(suffixes.get("gerund"))
    lexicon.past_endings = words_of(suffixes.get("past"))
    lexicon.adverb_endings = words_of(suffixes.get("adverb"))
    lexicon.plural_endings = words_of(suffixes.get("plural"))
    lexicon.negative_endings = words_of(suffixes.get("negative"))
    lexicon.singular_endings = words_of(suffixes.get("not_plural"))
    for name, value in grammar.items():
        if not isinstance(value, Mapping):
            lexicon.words[name] = frozenset(words_of(value))
    for name, value in mapping_of(grammar.get("support")).items():
        lexicon.words[f"support.{name}"] = frozenset(form for phrase in words_of(value) for form in verbs.forms(phrase))
    return lexicon, verbs


def add_verb(lexicon: Lexicon, verbs: VerbForms, lemma: str) -> None:
    """Make a verb's forms known to the tagger (the head word alone, when it is a phrase)."""
    head = lemma.partition(" ")[0]
    for form, bits in verbs.forms(head).items():
        lexicon.verbs[form] = lexicon.verbs.get(form, 0) | bits
        lexicon.lemmas.setdefault(form, head)


def _add_classes(lexicon: Lexicon, classes: tuple[WordClass, ...]) -> None:
    by_id = {word_class.id: word_class for word_class in classes}
    masks = lexicon.masks
    multi: dict[str, dict[tuple[str, ...], int]] = {}
    for word_class in classes:
        mask = lexicon.closures[word_class.id] = _closure(lexicon, word_class.id, by_id, set())
        for word in word_class.words:
            folded = fold(word)
            if folded and " " not in folded:
                masks[folded] = masks.get(folded, 0) | mask
            elif len(parts := tuple(folded.split())) == 1:
                masks[parts[0]] = masks.get(parts[0], 0) | mask
            elif parts:
                found = multi.setdefault(parts[-1], {})
                found[parts[:-1]] = found.get(parts[:-1], 0) | mask
    lexicon.multi = {last: tuple(sorted(found.items(), key=lambda x: -len(x[0]))) for last, found in multi.items()}
    _add_deeds(lexicon, classes)
    for last, rows in lexicon.multi.items():
        for row in rows:
            lexicon.pairs.setdefault((row[0][-1], last), []).append(row)


def _add_functions(lexicon: Lexicon, table: Mapping[str, object]) -> None:
    serves = lexicon.serves
    for function, listed in mapping_of(table.get("serves")).items():
        names = [name for entry in words_of(listed) for name in serves.get(entry, (entry,))]
        serves[function] = tuple(dict.fromkeys(names))
        lexicon.masks_serving[function] = lexicon.mask_of(serves[function])
        lexicon.wholes[function] = reduce(or_, map(lexicon.closure, serves[function]), 0)
    for listed_as, made in mapping_of(table.get("makes")).items():
        lexicon.makes[listed_as] = reduce(or_, map(lexicon.closure, words_of(made)), 0)


def _add_deeds(lexicon: Lexicon, classes: tuple[WordClass, ...]) -> None:
    deeds: dict[str, dict[tuple[str, ...], int]] = {}
    for word_class in classes:
        mask = lexicon.closures[word_class.id]
        for word in word_class.verbs:
            first, *rest = fold(word).split()
            found = deeds.setdefault(first, {})
            found[tuple(rest)] = found.get(tuple(rest), 0) | mask
    lexicon.deeds = {first: tuple(found.items()) for first, found in deeds.items()}


def _closure(lexicon: Lexicon, name: str, by_id: Mapping[str, WordClass], seen: set[str]) -> int:
    mask = lexicon.bit(name)
    seen.add(name)
    for parent in by_id[name].parents if name in by_id else ():
        if parent not in seen:
            mask |= _closure(lexicon, parent, by_id, seen)
    return mask
