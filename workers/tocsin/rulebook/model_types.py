"""The field types that the models of the rulebook's files share, and what their errors say.

Validators raise `PydanticCustomError("tocsin", message, {"remedy": …})`; every other error of pydantic is put into
our own words in `validate.py`.
"""

import re
from datetime import datetime
from types import UnionType
from typing import Annotated, Any, ClassVar, Self, Union, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import CoreSchema

_DURATION = re.compile(r"(\d{1,6})(s|m|h|d|w)")
_UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


class FileModel(BaseModel):
    """Base of every model: unknown keys are refused, values are read-only, hostile input is not echoed in errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)


class TextOrMapping(FileModel):
    """A model that may be written as plain text for its field `text_field` alone."""

    text_field: ClassVar[str] = "text"

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return {cls.text_field: value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        whole = handler.resolve_ref_schema(handler(core_schema))
        return {"anyOf": [{"type": "string", "minLength": 1}, whole]}


class Overriding(FileModel):
    """A file or actor that may change a shipped one of the same id: wholly, or by adding to it, never both."""

    replace: bool = False
    """Take the place of the shipped one of the same id."""
    append: bool = False
    """Add to the shipped one of the same id."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.replace and self.append:
            raise refusal("'replace' and 'append' are both set", "keep one of them")
        return self


def refusal(message: str, remedy: str) -> PydanticCustomError:
    """An error in our own words, raised inside a validator."""
    return PydanticCustomError("tocsin", "{message}", {"message": message, "remedy": remedy})


def parse_duration(value: object) -> int:
    """Seconds of `90s`, `5m`, `24h`, `7d` or `2w`."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        shown = value if isinstance(value, str) else "this"
        raise refusal(f"'{shown}' is not a length of time", "write a number and a unit: 90s, 5m, 24h, 7d")
    return int(found[1]) * _UNIT_S[found[2]]


Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Words = tuple[Text, ...]
Duration = Annotated[
    int,
    BeforeValidator(parse_duration),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,6}(s|m|h|d|w)$", "examples": ["5m", "24h", "7d"]}),
]


def _matching(pattern: str, what: str, remedy: str) -> BeforeValidator:
    compiled = re.compile(pattern)

    def check(value: Any) -> Any:
        if isinstance(value, str) and not compiled.fullmatch(value):
            raise refusal(f"'{value[:80]}' is not {what}", remedy)
        return value

    return BeforeValidator(check, json_schema_input_type=str)


_ID = r"[a-z][a-z0-9_-]{0,63}"
_COUNTRY = r"[A-Z]{2}"
_LANG = r"[a-z]{2,3}"

Id = Annotated[
    str,
    _matching(_ID, "an id", "use small letters, digits, '_' and '-', a letter first"),
    WithJsonSchema({"type": "string", "pattern": f"^{_ID}$"}),
]
Country = Annotated[
    str,
    _matching(_COUNTRY, "a country code", "use two capital letters of ISO 3166, such as ES"),
    WithJsonSchema({"type": "string", "pattern": f"^{_COUNTRY}$"}),
]
Lang = Annotated[
    str,
    _matching(_LANG, "a language code", "use small letters of ISO 639, such as en"),
    WithJsonSchema({"type": "string", "pattern": f"^{_LANG}$"}),
]


def _check_date(value: Any) -> Any:
    if isinstance(value, str):
        try:
            datetime.fromisoformat(value)
        except ValueError:
            message = f"'{value[:80]}' is not a date"
            raise refusal(message, "write 2026-03-09 or 2026-03-09T14:30:00Z") from None
    return value


IsoDate = Annotated[
    str,
    BeforeValidator(_check_date, json_schema_input_type=str),
    WithJsonSchema({"type": "string", "examples": ["2026-03-09", "2026-03-09T14:30:00Z"]}),
]


def inner_types(annotation: Any, step: int | str) -> Any:
    """The type of what a value of this type has under a key or at an index; None when it has nothing there."""
    for part in value_types(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            for name, field in part.model_fields.items():
                if step == (field.alias or name):
                    return field.annotation
        elif get_origin(part) is tuple:
            return get_args(part)[0]
        elif get_origin(part) is dict:
            return get_args(part)[1]
    return None


def value_types(annotation: Any) -> tuple[Any, ...]:
    """The types that a value of this annotation can have, without their constraints."""
    if get_origin(annotation) is Annotated:
        return value_types(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return tuple(part for option in get_args(annotation) for part in value_types(option))
    return (annotation,)
