"""Event rules against each other, the word classes and the lists of codes."""

from collections import Counter
from collections.abc import Iterator, Mapping

from tocsin.core.rules import GAP, Maturity
from tocsin.rulebook.book import Book
from tocsin.rulebook.expectations import FIELDS, check_expectation
from tocsin.rulebook.models_rules import RuleModel
from tocsin.rulebook.problems import Problem
from tocsin.rulebook.sources import Source
from tocsin.rulebook.suggest import did_you_mean
from tocsin.rulebook.validate import Loc

SHIPPED_EXAMPLES = 5
OPERATOR_EXAMPLES = 1


def check_rule_references(book: Book) -> Iterator[Problem]:
    """Parents, word classes and kinds that rules name exist."""
    for source in book.rules:
        rule = source.model
        if rule.parent is not None:
            yield from book.unknown(source, ("parent",), "event type", rule.parent)
        for loc, name in _class_references(rule):
            yield from book.unknown(source, loc, "word class", name)
        for loc, name in _types(rule):
            yield from book.unknown(source, loc, "event type", name)


def _class_references(rule: RuleModel) -> Iterator[tuple[Loc, str]]:
    yield from (((key, name), name) for key, types in _instead(rule) for name in types)
    for role, limits in rule.roles.items():
        for key, names in (("is", limits.is_), ("never", limits.never)):
            for number, name in enumerate(names):
                yield ("roles", role.value, key, number), name
    for number, name in enumerate(rule.leaves.context):
        yield ("leaves", "context", number), name
    for role, names in rule.leaves.roles.items():
        for number, name in enumerate(names):
            yield ("leaves", "roles", role.value, number), name
    for lang, says in rule.says.items():
        for key, triggers in (("verbs", says.verbs), ("nouns", says.nouns), ("phrases", says.phrases)):
            for number, trigger in enumerate(triggers):
                for index, name in enumerate(trigger.needs):
                    yield ("says", lang, key, number, "needs", index), name
                for role, names in trigger.only.items():
                    for index, name in enumerate(names):
                        yield ("says", lang, key, number, "only", role.value, index), name


def _instead(rule: RuleModel) -> tuple[tuple[str, dict[str, str]], ...]:
    return ("turns", rule.turns), ("amid", rule.amid)


def _types(rule: RuleModel) -> Iterator[tuple[Loc, str]]:
    for key, names in (("yields_to", rule.yields_to), ("outranks", rule.outranks)):
        for number, name in enumerate(names):
            yield (key, number), name
    yield from (((key, name), to) for key, types in _instead(rule) for name, to in types.items())
    for lang, says in rule.says.items():
        for key, triggers in (("verbs", says.verbs), ("nouns", says.nouns), ("phrases", says.phrases)):
            for number, trigger in enumerate(triggers):
                if trigger.abroad is not None:
                    yield ("says", lang, key, number, "abroad"), trigger.abroad


def check_rule_cycles(book: Book) -> Iterator[Problem]:
    """No event type is its own ancestor."""
    parents = {source.model.id: source.model.parent for source in book.rules}
    for source in book.rules:
        if cycle := find_cycle(source.model.id, parents):
            yield source.error(
                ("parent",), "parent-cycle", f"the parents go round in a circle ({cycle})", "delete one of them"
            )


def find_cycle(start: str, parents: Mapping[str, str | None]) -> str | None:
    """`a > b > a` when the chain of parents comes back to its start."""
    path = [start]
    here = parents.get(start)
    while here is not None and here not in path:
        path.append(here)
        here = parents.get(here)
    return " > ".join((*path, start)) if here == start else None


def check_roles(book: Book) -> Iterator[Problem]:
    """A role says what may fill it, and does not refuse what it asks for."""
    for source in book.rules:
        for role, limits in source.model.roles.items():
            if not limits.is_ and not limits.never and not limits.optional:
                message = f"role '{role}' has neither 'is' nor 'never'"
                yield source.warning(("roles", role.value), "empty-role", message, "say what may fill it, or delete it")
            for name in sorted(set(limits.is_) & set(limits.never)):
                loc = ("roles", role.value, "never", limits.never.index(name))
                message = f"role '{role}' both is and never is '{name}'"
                yield source.error(loc, "contradiction", message, "delete one of the two")


def check_triggers(book: Book) -> Iterator[Problem]:
    """A rule can be triggered, and lists each trigger once."""
    parents = {source.model.parent for source in book.rules}
    for source in book.rules:
        rule = source.model
        empty = not any(says.verbs or says.nouns or says.phrases for says in rule.says.values())
        if empty and not rule.append and rule.id not in parents and rule.maturity is not Maturity.DEPRECATED:
            remedy = "add verbs, nouns or phrases under 'says'"
            yield source.error(("id",), "no-trigger", f"rule '{rule.id}' has no word that triggers it", remedy)
        yield from _repeated_triggers(source)
        yield from _misplaced_gaps(source)
        yield from _ignored_forms(source)


def check_slots(book: Book) -> Iterator[Problem]:
    """A trigger takes its arguments from its subject, its object, or after a preposition of its language."""
    for source in book.rules:
        for lang, says in source.model.says.items():
            known = ("subject", "object", *book.prepositions(lang))
            for key, triggers in (("verbs", says.verbs), ("nouns", says.nouns), ("phrases", says.phrases)):
                for number, trigger in enumerate(triggers):
                    for slot in trigger.roles:
                        if slot not in known and len(known) > len(("subject", "object")):
                            loc = ("says", lang, key, number, "roles", slot)
                            message = f"'{slot}' is neither subject nor object nor a preposition"
                            yield source.error(loc, "unknown-slot", message, did_you_mean(slot, known))


def _misplaced_gaps(source: Source[RuleModel]) -> Iterator[Problem]:
    for lang, says in source.model.says.items():
        for key, triggers in (("verbs", says.verbs), ("nouns", says.nouns), ("phrases", says.phrases)):
            for number, trigger in enumerate(triggers):
                for text in (trigger.text, *trigger.also):
                    head, _, tail = text.partition(GAP)
                    if "*" in text and (key != "verbs" or not tail or "*" in head + tail):
                        yield source.error(
                            ("says", lang, key, number),
                            "misplaced-gap",
                            f"'*' cannot stand here in '{text}'",
                            "only a verb may have a gap, once, between its words: 'set * ablaze'",
                        )


def _ignored_forms(source: Source[RuleModel]) -> Iterator[Problem]:
    """Verbs are inflected by their language's tables alone: forms that a trigger gives would say nothing."""
    for lang, says in source.model.says.items():
        for number, trigger in enumerate(says.verbs):
            if trigger.forms:
                message = f"the forms of the verb '{trigger.text}' are not read"
                remedy = "delete them; list a phrase under 'phrases' if it is found in these forms only"
                yield source.warning(("says", lang, "verbs", number, "forms"), "ignored-forms", message, remedy)


def _repeated_triggers(source: Source[RuleModel]) -> Iterator[Problem]:
    for lang, says in source.model.says.items():
        for key, triggers in (("verbs", says.verbs), ("nouns", says.nouns), ("phrases", says.phrases)):
            texts = Counter(trigger.text for trigger in triggers)
            seen: dict[str, int] = {}
            for number, trigger in [(n, t) for n, t in enumerate(triggers) if texts[t.text] > 1]:
                # The same word may stand twice when it needs, requires or places something else.
                first = seen.setdefault(trigger.model_dump_json(), number)
                if first != number:
                    at = source.at("says", lang, key, first)
                    message = f"trigger '{trigger.text}' is already listed at {at.line}:{at.column}"
                    yield source.warning(
                        ("says", lang, key, number), "duplicate-trigger", message, "keep one of the two"
                    )


def check_codes(book: Book) -> Iterator[Problem]:
    """Codes belong to an ontology whose list is in rules/codes, and stand in that list."""
    lists = {source.model.id: frozenset(source.model.codes) for source in book.codes}
    if any("codes" in tree.unread for tree in book.trees):
        return
    for source in book.rules:
        for ontology, code in source.model.codes.items():
            loc = ("codes", ontology)
            if lists and ontology not in lists:
                remedy = did_you_mean(ontology, lists)
                yield source.error(loc, "unknown-ontology", f"there is no list of codes '{ontology}'", remedy)
            elif code not in lists.get(ontology, {code}):
                remedy = did_you_mean(code, lists[ontology], f"see rules/codes/{ontology}.yml")
                yield source.error(loc, "unknown-code", f"'{code}' is no code of {ontology}", remedy)


def check_examples(book: Book) -> Iterator[Problem]:
    """Enough examples each way, and every expectation about something that can be checked."""
    for source in book.rules:
        rule = source.model
        least = SHIPPED_EXAMPLES if source.shipped else OPERATOR_EXAMPLES
        if rule.maturity is not Maturity.DEPRECATED and not rule.append:
            for side, examples in (("match", rule.examples.match), ("no_match", rule.examples.no_match)):
                if len(examples) < least:
                    message = f"rule '{rule.id}' has too few '{side}' examples ({len(examples)})"
                    yield source.warning(("examples", side), "few-examples", message, f"write at least {least}")
        for side, examples in (("match", rule.examples.match), ("no_match", rule.examples.no_match)):
            for number, example in enumerate(examples):
                for key, value in example.expect.items():
                    loc = ("examples", side, number, "expect", key)
                    if key not in FIELDS:
                        message = f"'{key}' cannot be expected of an event"
                        yield source.error(loc, "unknown-expectation", message, did_you_mean(key, FIELDS))
                    elif wrong := check_expectation(key, value):
                        yield source.error(loc, "bad-expectation", *wrong)
