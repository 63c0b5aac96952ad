"""A rulebook prepared for matching: rules with constraint masks, one scanner and lexicon a language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from tocsin.core.dates.resolver import DateResolver
from tocsin.core.lexicon import ADV, Lexicon, VerbForms, add_verb, compile_lexicon, mapping_of, words_of
from tocsin.core.matching.gate import Gate
from tocsin.core.matching.scan import Scanner, Trigger, telling_word
from tocsin.core.matching.topic import TopicFinder
from tocsin.core.mentions import Role
from tocsin.core.numbers.finder import NumberWords
from tocsin.core.places.finder import PlaceFinder
from tocsin.core.places.gazetteer import Gazetteer
from tocsin.core.rulebook import Rulebook
from tocsin.core.rules import GAP, Maturity, Rule, TriggerForm
from tocsin.core.status_signs import SignFinder

STATE = "state"
NAME = "name"
PLACE_NAME = "place_name"


@dataclass(frozen=True, slots=True)
class Constraint:
    """A role's constraint as masks. `accepts` is 0 when anything may fill it.

    `excludes` are the refused classes that are part of an accepted one: "a person, but no protester".
    """

    accepts: int
    refuses: int
    optional: bool
    excludes: int = 0


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its constraints, and what it leaves, as masks of one language's classes.

    `required` are the roles that must be filled.
    """

    index: int
    rule: Rule
    constraints: Mapping[Role, Constraint]
    leaves: int = 0
    leaves_roles: Mapping[Role, int] = field(default_factory=dict)
    required: tuple[Role, ...] = ()

    @property
    def leaves_all(self) -> int:
        """Every class that an event of the rule may bring to a later sentence."""
        return reduce(or_, self.leaves_roles.values(), self.leaves)


@dataclass(slots=True)
class Language:
    """Everything needed to read one language.

    `manners` are those of the classes that a trigger needs which say how something is done.
    """

    lexicon: Lexicon
    scanner: Scanner
    rules: tuple[CompiledRule, ...]
    dates: DateResolver
    numbers: NumberWords
    places: PlaceFinder
    gate: Gate
    signs: SignFinder
    topics: TopicFinder
    status: Mapping[str, frozenset[str]] = field(default_factory=dict)
    manners: dict[tuple[str, ...], int] = field(default_factory=dict)


def compile_language(rulebook: Rulebook, lang: str, gazetteer: Gazetteer) -> Language:
    """One language of the rulebook. Deprecated rules are left out."""
    tables = rulebook.tables.get(lang, {})
    lexicon, verbs = compile_lexicon(rulebook.classes.get(lang, ()), tables)
    rules = tuple(
        _compiled(index, rule, lexicon)
        for index, rule in enumerate(r for r in rulebook.rules if r.maturity is not Maturity.DEPRECATED)
    )
    forms = _Forms(lexicon, verbs)
    triggers = [trigger for rule in rules for trigger in forms.triggers(rule, lang)]
    status = {name: words_of(words) for name, words in mapping_of(tables.get("status")).items()}
    numbers = NumberWords(mapping_of(tables.get("numbers")))
    places = PlaceFinder(gazetteer, mapping_of(tables.get("places")))
    state, public, many = lexicon.bit(STATE), lexicon.serving("public"), lexicon.serving("many")
    late, states = lexicon.mask_of((NAME, PLACE_NAME)) | state | many, (state | public, places.country_words())
    gate = Gate(lexicon, numbers, late, states, (many, public, places.people_words()), forms.wanted)
    language = Language(
        lexicon=lexicon,
        scanner=Scanner(triggers, {rule.index: rule.rule.never_when for rule in rules}, gate.patterns),
        rules=rules,
        dates=DateResolver(mapping_of(tables.get("dates"))),
        numbers=numbers,
        places=places,
        gate=gate,
        signs=SignFinder(status),
        topics=TopicFinder(lexicon),
        status={name: frozenset(listed) for name, listed in status.items()},
    )
    manner = lexicon.serving("manner")
    for needs in {trigger.form.needs for trigger in triggers}:
        language.manners[needs] = lexicon.mask_of(tuple(name for name in needs if lexicon.closure(name) & manner))
    return language


def _compiled(index: int, rule: Rule, lexicon: Lexicon) -> CompiledRule:
    required = tuple(role for role, limits in rule.roles.items() if not limits.optional)
    return CompiledRule(index, rule, _constraints(rule, lexicon), *_legacy(rule, lexicon), required)


def _constraints(rule: Rule, lexicon: Lexicon) -> dict[Role, Constraint]:
    found: dict[Role, Constraint] = {}
    for role, limits in rule.roles.items():
        accepts = lexicon.mask_of(limits.is_)
        parts = tuple(name for name in limits.never if lexicon.closure(name) & accepts)
        found[role] = Constraint(accepts, lexicon.mask_of(limits.never), limits.optional, lexicon.mask_of(parts))
    return found


def _legacy(rule: Rule, lexicon: Lexicon) -> tuple[int, dict[Role, int]]:
    """What a rule's events leave: the classes with everything that they are part of."""

    def whole(names: tuple[str, ...]) -> int:
        return reduce(or_, map(lexicon.closure, names), 0)

    return whole(rule.leaves.context), {role: whole(names) for role, names in rule.leaves.roles.items()}


class _Forms:
    """Makes the triggers of one language; what many of them share is reckoned once.

    `wanted` are the classes that those made so far need or hold their roles to.
    """

    def __init__(self, lexicon: Lexicon, verbs: VerbForms) -> None:
        self._lexicon = lexicon
        self._verbs = verbs
        self._plans: dict[tuple[object, ...], int] = {}
        self._held: dict[tuple[tuple[Role, tuple[str, ...]], ...], tuple[tuple[Role, int], ...]] = {}
        self._asked: dict[tuple[tuple[Role, Constraint], ...], int] = {}
        self._placed: dict[tuple[object, ...], int] = {}
        self._added: set[str] = set()
        self.wanted = 0

    def triggers(self, rule: CompiledRule, lang: str) -> Iterator[Trigger]:
        """Every form of a rule's triggers."""
        says = rule.rule.says.get(lang)
        if says is None:
            return
        asked = self._asked.setdefault(tuple(rule.constraints.items()), len(self._asked))
        leaves, make = rule.leaves_all, tuple.__new__
        for kind, forms in (("verb", says.verbs), ("noun", says.nouns), ("phrase", says.phrases)):
            for form in forms:
                need, only = self._lexicon.mask_of(form.needs), self._only(form)
                self.wanted = reduce(or_, [mask for _, mask in only], self.wanted | need)
                key = (tuple(form.roles.items()), bool(form.needs), asked)
                placed = self._placed.setdefault(key, len(self._placed))
                for text, tail, bits, said in self._texts(form, kind):
                    plan = self._plans.setdefault((text, tail, said, placed), len(self._plans))
                    ahead = telling_word(tail) if tail else ""
                    # in the order of its fields: calling the type takes twice as long, and there are tens of thousands
                    yield make(Trigger, (rule.index, said, form, text, bits, need, plan, leaves, tail, ahead, only))

    def _only(self, form: TriggerForm) -> tuple[tuple[Role, int], ...]:
        """What each role is held to, with bare names: of a state that acts ("Chad sent troops"), and of a place.

        Nobody moves or founds a state, though: "pushed Pakistan to act" moves no army.
        """
        key = tuple(form.only.items())
        known = self._held.get(key)
        if known is None:
            known = self._held[key] = tuple((role, self._with_names(role, classes)) for role, classes in key)
        return known

    def _with_names(self, role: Role, classes: tuple[str, ...]) -> int:
        mask, lexicon = self._lexicon.mask_of(classes), self._lexicon
        mask |= lexicon.bit(STATE) if mask & lexicon.serving("stately") and role is not Role.OBJECT else 0
        if not mask & lexicon.serving("locality"):
            return mask
        return mask | lexicon.bit(PLACE_NAME) | (lexicon.bit(NAME) if role is Role.OBJECT else 0)

    def _texts(self, form: TriggerForm, kind: str) -> Iterator[tuple[str, str, int, str]]:
        """Each text of a form with its tail, its verb form and its kind."""
        if kind == "verb":
            if (head := form.text.partition(" ")[0]) not in self._added:
                self._added.add(head)
                add_verb(self._lexicon, self._verbs, head)
            yield from self._verb(form.text)
        elif kind == "noun":
            for text in dict.fromkeys((form.text.lower(), *form.forms)):
                yield text, "", 0, kind
                last = text.rpartition(" ")[2]
                if last not in self._lexicon.words.get("holding_nouns", ()):
                    self._lexicon.event_nouns.add(last)
        else:
            yield from self._phrase(form)

    def _verb(self, said: str) -> Iterator[tuple[str, str, int, str]]:
        """A verb in one piece, and around what it is done to when it can be parted: "set * ablaze", "hand over"."""
        head, _, tail = said.partition(GAP)
        if not tail:
            head, _, last = said.partition(" ")
            tail = last if last in self._lexicon.words.get("separable", ()) else ""
        whole = f"{head} {tail}" if tail else said
        for text, bits in self._verbs.forms(whole).items():
            yield text, "", bits, "verb"
        for text, bits in self._verbs.forms(head).items() if tail else ():
            yield text, tail, bits, "verb"

    def _phrase(self, form: TriggerForm) -> Iterator[tuple[str, str, int, str]]:
        """A phrase that begins with a verb is inflected and read as a verb; any other ("back in") stands as it is."""
        head = form.text.partition(" ")[0].lower()
        bits = self._lexicon.verbs.get(head, 0)
        if bits & 1 and " " in form.text and self._lexicon.tags.get(head) != ADV:
            for text, form_bits in self._verbs.forms(form.text.lower()).items():
                yield text, "", form_bits, "verb"
            return
        adverb = self._lexicon.tags.get(head) == ADV
        said = "verb" if bits and not adverb and not self._lexicon.masks.get(head) else "phrase"
        for text in dict.fromkeys((form.text.lower(), *form.forms)):
            yield text, "", bits if said == "verb" else 0, said
