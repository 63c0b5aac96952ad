"""A file's nodes against its model: a value, or every mistake at its own place and in our own words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tocsin.rulebook.codes import Code
from tocsin.rulebook.model_types import inner_types, value_types
from tocsin.rulebook.nodes import MAX_PROBLEMS, Listing, Node, Position, Scalar, find_node, key_position, to_plain
from tocsin.rulebook.problems import Level, Problem
from tocsin.rulebook.salvage import Remains, salvage
from tocsin.rulebook.suggest import did_you_mean, listed

M = TypeVar("M", bound=BaseModel)
Loc = tuple[int | str, ...]

_KEY_STEP = "[key]"


@dataclass(frozen=True, slots=True)
class Words:
    """What is wrong and what to do, before it has a place."""

    code: Code
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """One of pydantic's errors, with the node it is about."""

    error: ErrorDetails
    loc: Loc
    node: Node
    model: type[BaseModel]

    @property
    def key(self) -> str:
        """The nearest key by name."""
        return next((step for step in reversed(self.loc) if isinstance(step, str) and step != _KEY_STEP), "")

    @property
    def named(self) -> str:
        """What the operator calls this value."""
        if not self.key:
            return "the file"
        return f"an item of '{self.key}'" if isinstance(self.loc[-1], int) else f"'{self.key}'"

    @property
    def context(self) -> Mapping[str, Any]:
        """The error's own values (limits, permitted words)."""
        return self.error.get("ctx", {})


def validate(model: type[M], node: Node, path: str, stem: str) -> tuple[Remains[M] | None, tuple[Problem, ...]]:
    """The model's value, and every mistake found. Never raises.

    No mistake hides another: the value is then that of the file without its mistakes, or None when too little is left.
    `stem` is the file's name, which stands in for an id or a title that is wrong.
    """
    plain = to_plain(node)
    try:
        return Remains(model.model_validate(plain), node, ()), ()
    except ValidationError as failed:
        errors = failed.errors(include_url=False, include_input=False)[:MAX_PROBLEMS]
        problems = tuple(_problem(model, node, path, error) for error in errors)
        return salvage(model, node, errors, stem), problems
    except RecursionError:
        return None, (_place(path, node.at, Words("too-deep", "the file is nested too deeply", "flatten it")),)


def _problem(model: type[BaseModel], root: Node, path: str, error: ErrorDetails) -> Problem:
    loc: Loc = error["loc"]
    about_key = error["type"] == "extra_forbidden" or (bool(loc) and loc[-1] == _KEY_STEP)
    plain_loc = tuple(step for step in loc if step != _KEY_STEP)
    at = key_position(root, plain_loc) if about_key else find_node(root, loc)[0]
    mistake = Mistake(error, loc, find_node(root, loc)[1], model)
    describe = _DESCRIBED.get(error["type"], _other)
    return _place(path, at, describe(mistake))


def _place(path: str, at: Position, words: Words) -> Problem:
    return Problem(
        path=path,
        line=at.line,
        column=at.column,
        level=Level.ERROR,
        code=words.code,
        message=words.message,
        remedy=words.remedy,
    )


def _unknown_key(mistake: Mistake) -> Words:
    keys = _keys_at(mistake.model, mistake.loc[:-1])
    return Words("unknown-key", f"unknown key '{mistake.key}'", did_you_mean(mistake.key, keys))


def _missing_key(mistake: Mistake) -> Words:
    return Words("missing-key", f"key '{mistake.key}' is missing", "add it")


def _own_words(mistake: Mistake) -> Words:
    return Words("bad-value", str(mistake.context["message"]), str(mistake.context["remedy"]))


def _not_one_of(mistake: Mistake) -> Words:
    named = str(mistake.context.get("expected", "")).replace(" or ", ", ").split(",")
    permitted = [word for name in named if (word := name.strip(" '"))]
    value = mistake.key if mistake.loc[-1] == _KEY_STEP else _shown(mistake.node)
    what = "key" if mistake.loc[-1] == _KEY_STEP else "value"
    is_text = isinstance(mistake.node, Scalar) and not mistake.node.is_null
    if not is_text and what == "value":
        return Words("wrong-kind", f"{mistake.named} is {_kind(mistake.node)}", f"use one of {listed(permitted)}")
    message = f"'{value}' is no {_singular(_holder(mistake))}"
    return Words("not-one-of", message, did_you_mean(value, permitted))


def _holder(mistake: Mistake) -> str:
    names = [step for step in mistake.loc if isinstance(step, str) and step != _KEY_STEP]
    if mistake.loc[-1] == _KEY_STEP:
        names = names[:-1]
    return names[-1] if names else "value"


def _singular(name: str) -> str:
    return {"statuses": "status"}.get(name, name.removesuffix("s") if not name.endswith("ss") else name)


def _expected_text(mistake: Mistake) -> Words:
    return Words("wrong-kind", f"{mistake.named} should be text but is {_kind(mistake.node)}", "write one value")


def _expected_list(mistake: Mistake) -> Words:
    example = f"[{_shown(mistake.node)}]" if isinstance(mistake.node, Scalar) and not mistake.node.is_null else "[a, b]"
    message = f"{mistake.named} should be a list but is {_kind(mistake.node)}"
    return Words("wrong-kind", message, f"write {example}")


def _expected_mapping(mistake: Mistake) -> Words:
    message = f"{mistake.named} should be a mapping but is {_kind(mistake.node)}"
    return Words("wrong-kind", message, "write 'key: value' lines below it")


def _expected_bool(mistake: Mistake) -> Words:
    return Words("bad-value", f"{mistake.named} is {_kind(mistake.node)}", "write true or false")


def _expected_number(mistake: Mistake) -> Words:
    return Words("bad-value", f"{mistake.named} should be a number but is {_kind(mistake.node)}", "write a number")


def _expected_whole(mistake: Mistake) -> Words:
    message = f"{mistake.named} should be a whole number but is {_kind(mistake.node)}"
    return Words("bad-value", message, "write digits only")


def _out_of_range(mistake: Mistake) -> Words:
    limits = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    bounds = [f"{limits[name]} {limit:g}" for name, limit in mistake.context.items() if name in limits]
    bound = " and ".join(bounds) or "another number"
    return Words("out-of-range", f"{mistake.named} is {_kind(mistake.node)}", f"use {bound}")


def _empty_text(mistake: Mistake) -> Words:
    return Words("empty-value", f"{mistake.named} is empty", "fill it in or delete it")


def _too_long(mistake: Mistake) -> Words:
    return Words(
        "too-long", f"{mistake.named} is too long", f"keep it to {mistake.context.get('max_length')} characters"
    )


def _other(mistake: Mistake) -> Words:
    return Words("bad-value", f"{mistake.named} is not valid ({mistake.error['msg'].lower()})", "correct it")


_DESCRIBED: Mapping[str, Callable[[Mistake], Words]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing_key,
    "tocsin": _own_words,
    "enum": _not_one_of,
    "literal_error": _not_one_of,
    "string_type": _expected_text,
    "tuple_type": _expected_list,
    "list_type": _expected_list,
    "dict_type": _expected_mapping,
    "model_type": _expected_mapping,
    "model_attributes_type": _expected_mapping,
    "bool_parsing": _expected_bool,
    "bool_type": _expected_bool,
    "int_parsing": _expected_whole,
    "int_type": _expected_whole,
    "int_from_float": _expected_whole,
    "float_parsing": _expected_number,
    "float_type": _expected_number,
    "finite_number": _expected_number,
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
    "string_too_short": _empty_text,
    "string_too_long": _too_long,
}


def _kind(node: Node) -> str:
    if isinstance(node, Scalar):
        return "empty" if node.is_null else f"'{_shown(node)}'"
    return "a list" if isinstance(node, Listing) else "a mapping"


def _shown(node: Node) -> str:
    return " ".join(node.text.split())[:80] if isinstance(node, Scalar) else ""


def _keys_at(model: type[BaseModel], loc: Loc) -> tuple[str, ...]:
    """The keys that the mapping at `loc` may have."""
    here: Any = model
    for step in loc:
        here = inner_types(here, step)
    found = next((part for part in value_types(here) if isinstance(part, type) and issubclass(part, BaseModel)), None)
    if found is None:
        return ()
    # The keys that a model shares with others come last: they are seldom the ones that were meant.
    own = found.__annotations__
    fields = sorted(found.model_fields.items(), key=lambda item: item[0] not in own)
    return tuple(field.alias or name for name, field in fields)
