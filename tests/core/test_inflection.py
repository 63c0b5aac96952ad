"""Inflected forms from a language's tables."""

import pytest

from tocsin.core.inflection import Inflector

FORMS = {
    "verbs": {"strike": ["strikes", "struck", "striking"], "round": ["rounds", "rounded", "rounding"]},
    "nouns": {"man": ["men"], "police": [], "mother-in-law": ["mothers-in-law"]},
}
RULES = {"verbs": {"": ["s", "ed", "ing"], "e": ["es", "ed", "ing"]}, "nouns": {"": ["s"], "y": ["ies"], "ey": ["eys"]}}


@pytest.mark.parametrize(
    ("text", "kind", "forms"),
    [
        # a listed word has its listed forms
        ("strike", "verbs", ("strike", "strikes", "struck", "striking")),
        ("police", "nouns", ("police",)),
        ("mother-in-law", "nouns", ("mother-in-law", "mothers-in-law")),
        # any other follows the longest suffix
        ("detain", "verbs", ("detain", "detains", "detained", "detaining")),
        ("seize", "verbs", ("seize", "seizes", "seized", "seizing")),
        ("city", "nouns", ("city", "cities")),
        ("attorney", "nouns", ("attorney", "attorneys")),
        # of several words the head alone changes
        ("round up", "verbs", ("round up", "rounds up", "rounded up", "rounding up")),
        ("armed man", "nouns", ("armed man", "armed men")),
        # a kind without rules has no forms but its own
        ("armed", "adjectives", ("armed",)),
    ],
)
def test_forms_come_from_the_tables(text: str, kind: str, forms: tuple[str, ...]) -> None:
    assert Inflector(FORMS, RULES).inflect(text, kind) == forms  # type: ignore[arg-type]


def test_a_language_may_inflect_the_first_noun() -> None:
    rules = {"heads": {"nouns": "first"}, "nouns": {"": ["es"], "e": ["es"]}}

    assert Inflector({}, rules).inflect("agente de policía", "nouns") == ("agente de policía", "agentes de policía")


def test_malformed_tables_cost_nothing_but_the_forms() -> None:
    tables = {"verbs": ["not", "a", "mapping"], "nouns": {"man": {"plural": "men"}}, "heads": "last"}

    assert Inflector(tables, tables).inflect("man", "nouns") == ("man",)
