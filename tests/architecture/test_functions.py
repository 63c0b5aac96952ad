"""The detector names what it asks of a word; which word classes serve that stands in the rulebook alone."""

import ast
from collections.abc import Iterator
from itertools import chain

from architecture.source_tree import PACKAGE, modules, parse, relative
from english import table

from tocsin.core.actors import ActorKind
from tocsin.core.matching.topic import LISTS
from tocsin.rulebook.files import load_rulebook, shipped_rules

ASKING = ("serving", "whole")
GIVING = ("made",)
MASKS = ("bit", "mask_of", "closure")


def _asked(names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Where the core calls one of these methods with a text, or a tuple of them, and the text."""
    for path in modules(PACKAGE / "core"):
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
                for inner in chain.from_iterable(
                    arg.elts if isinstance(arg, ast.Tuple) else [arg] for arg in node.args
                ):
                    if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                        yield f"{relative(path)}:{node.lineno}", inner.value


def _table(name: str) -> dict[str, list[str]]:
    found = table("functions")[name]
    assert isinstance(found, dict)
    return found


def test_every_function_that_is_asked_for_is_served_and_no_other() -> None:
    serves = _table("serves")
    used = {name for _, name in _asked(ASKING)} | {f"{name}_topic" for name in LISTS} | {"topics", "story_topics"}
    within = {name for names in serves.values() for name in names}

    assert [(where, name) for where, name in _asked(ASKING) if name not in serves] == []
    assert serves.keys() - used - within == set()


def test_a_list_makes_something_only_where_the_detector_says_so() -> None:
    named = {name for _, name in _asked(GIVING)} | {"rigged_with", "rigged_adjectives", "worn_by", "worn_on", "drivers"}

    assert named == _table("makes").keys()


def test_no_word_class_is_named_in_code() -> None:
    rulebook = load_rulebook(shipped_rules()).rulebook
    assert rulebook is not None
    classes = {word_class.id for word_class in rulebook.classes["en"]} | {kind.value for kind in ActorKind}

    assert [(where, name) for where, name in _asked(MASKS) if name in classes] == []
