"""A rulebook prepared for matching: rules with constraint masks, one scanner and lexicon a language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tocsin.core.dates.resolver import DateResolver
from tocsin.core.lexicon import Lexicon, VerbForms, add_verb, compile_lexicon, mapping_of, words_of
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
STATELY = ("government", "military", "police", "state_force", "intelligence", "judiciary", "coalition")
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
    """A rule with its constraints as masks of one language's classes."""

    index: int
    rule: Rule
    constraints: Mapping[Role, Constraint]


@dataclass(slots=True)
class Language:
    """Everything needed to read one language."""

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
    needs: dict[tuple[str, ...], int] = field(default_factory=dict)


def compile_language(rulebook: Rulebook, lang: str, gazetteer: Gazetteer) -> Language:
    """One language of the rulebook. Deprecated rules are left out."""
    tables = rulebook.tables.get(lang, {})
    lexicon, verbs = compile_lexicon(rulebook.classes.get(lang, ()), tables)
    rules = tuple(
        CompiledRule(index, rule, _constraints(rule, lexicon))
        for index, rule in enumerate(r for r in rulebook.rules if r.maturity is not Maturity.DEPRECATED)
    )
    plans: dict[tuple[object, ...], int] = {}
    triggers = [
        replace(
            trigger,
            need=lexicon.mask_of(trigger.form.needs),
            only=_only(trigger.form, lexicon),
            plan=plans.setdefault(_asks(trigger, rule), len(plans)),
        )
        for rule in rules
        for trigger in _triggers(rule, lang, lexicon, verbs)
    ]
    scanner = Scanner(triggers, {rule.index: rule.rule.never_when for rule in rules})
    status = {name: words_of(words) for name, words in mapping_of(tables.get("status")).items()}
    numbers = NumberWords(mapping_of(tables.get("numbers")))
    language = Language(
        lexicon=lexicon,
        scanner=scanner,
        rules=rules,
        dates=DateResolver(mapping_of(tables.get("dates"))),
        numbers=numbers,
        places=PlaceFinder(gazetteer, mapping_of(tables.get("places"))),
        gate=Gate(lexicon, numbers, (NAME, PLACE_NAME, STATE)),
        signs=SignFinder(status),
        topics=TopicFinder(lexicon),
        status={name: frozenset(listed) for name, listed in status.items()},
    )
    for trigger in triggers:
        if trigger.form.needs:
            language.needs.setdefault(trigger.form.needs, lexicon.mask_of(trigger.form.needs))
    return language


def _only(form: TriggerForm, lexicon: Lexicon) -> tuple[tuple[Role, int], ...]:
    """What each role is held to; who stands for a state is a state by its bare name too ("Chad sent troops")."""
    stately, state = lexicon.mask_of(STATELY), lexicon.bit(STATE)
    masks = {role: lexicon.mask_of(classes) for role, classes in form.only.items()}
    return tuple((role, mask | state if mask & stately else mask) for role, mask in masks.items())


def _asks(trigger: Trigger, rule: CompiledRule) -> tuple[object, ...]:
    """All that the filling of roles depends on besides the frame."""
    form = trigger.form
    return (
        trigger.text,
        trigger.tail,
        trigger.kind,
        tuple(form.roles.items()),
        bool(form.needs),
        tuple(rule.constraints.items()),
    )


def _constraints(rule: Rule, lexicon: Lexicon) -> dict[Role, Constraint]:
    found: dict[Role, Constraint] = {}
    for role, limits in rule.roles.items():
        accepts = lexicon.mask_of(limits.is_)
        parts = tuple(name for name in limits.never if lexicon.closure(name) & accepts)
        found[role] = Constraint(accepts, lexicon.mask_of(limits.never), limits.optional, lexicon.mask_of(parts))
    return found


def _triggers(rule: CompiledRule, lang: str, lexicon: Lexicon, verbs: VerbForms) -> list[Trigger]:
    says = rule.rule.says.get(lang)
    if says is None:
        return []
    found: list[Trigger] = []
    for form in says.verbs:
        add_verb(lexicon, verbs, form.text)
        found.extend(_verb(rule.index, form, lexicon, verbs))
    for form in says.nouns:
        for text in dict.fromkeys((form.text.lower(), *form.forms)):
            found.append(Trigger(rule=rule.index, kind="noun", form=form, text=text))
            last = text.rpartition(" ")[2]
            if last not in lexicon.words.get("holding_nouns", ()):
                lexicon.event_nouns.add(last)
    for form in says.phrases:
        found.extend(_phrase(rule.index, form, lexicon, verbs))
    return found


def _verb(rule: int, form: TriggerForm, lexicon: Lexicon, verbs: VerbForms) -> Iterator[Trigger]:
    """A verb in one piece, and around what it is done to when it can be parted: "set * ablaze", "hand over"."""
    head, _, tail = form.text.partition(GAP)
    if not tail:
        head, _, last = form.text.partition(" ")
        tail = last if last in lexicon.words.get("separable", ()) else ""
    whole = f"{head} {tail}" if tail else form.text
    for text, bits in verbs.forms(whole).items():
        yield Trigger(rule=rule, kind="verb", form=form, text=text, bits=bits)
    for text, bits in verbs.forms(head).items() if tail else ():
        yield Trigger(rule=rule, kind="verb", form=form, text=text, bits=bits, tail=tail, ahead=telling_word(tail))


def _phrase(rule: int, form: TriggerForm, lexicon: Lexicon, verbs: VerbForms) -> list[Trigger]:
    """A phrase that begins with a verb is inflected and read as a verb; any other stands as it is."""
    head = form.text.partition(" ")[0].lower()
    if lexicon.verbs.get(head, 0) & 1 and " " in form.text:
        return [
            Trigger(rule=rule, kind="verb", form=form, text=text, bits=bits)
            for text, bits in verbs.forms(form.text.lower()).items()
        ]
    bits = lexicon.verbs.get(head, 0)
    kind = "verb" if bits and not lexicon.masks.get(head) else "phrase"
    return [
        Trigger(rule=rule, kind=kind, form=form, text=text, bits=bits if kind == "verb" else 0)
        for text in dict.fromkeys((form.text.lower(), *form.forms))
    ]
