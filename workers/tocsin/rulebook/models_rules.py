"""Event rules as files: `rules/events/<id>.yml`."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from tocsin.core.mentions import Role
from tocsin.core.rules import Maturity, Severity
from tocsin.rulebook.model_types import (
    FileModel,
    Id,
    IsoDate,
    Lang,
    Overriding,
    Text,
    TextOrMapping,
    Words,
    refusal,
)


def _expected(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise refusal("an expected value is neither text nor a list of texts", "write one value, or [a list, of them]")


Priority = Annotated[int, Field(ge=-100, le=100)]
Expected = Annotated[
    str | tuple[str, ...] | None,
    BeforeValidator(_expected),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["string", "number", "boolean", "null"]},
                {"type": "array", "items": {"type": ["string", "number"]}},
            ]
        }
    ),
]


class TriggerModel(TextOrMapping):
    """A word or phrase that expresses the event, in its dictionary form."""

    text: Text
    forms: Words = ()
    roles: dict[Text, Role] = Field(default={})
    needs: tuple[Id, ...] = ()


class SaysModel(FileModel):
    """The triggers of one language."""

    verbs: tuple[TriggerModel, ...] = ()
    nouns: tuple[TriggerModel, ...] = ()
    phrases: tuple[TriggerModel, ...] = ()


class RoleModel(FileModel):
    """What may fill a role, by word classes and actor kinds."""

    is_: tuple[Id, ...] = Field(default=(), alias="is")
    never: tuple[Id, ...] = ()
    optional: bool = False


class RuleExampleModel(TextOrMapping):
    """A text, and what must be found in it."""

    text: Text
    lang: Lang = "en"
    published: IsoDate | None = None
    expect: dict[Text, Expected] = Field(default={})
    why: str = ""


class RuleExamplesModel(FileModel):
    """Texts that must match, and texts that must not."""

    match: tuple[RuleExampleModel, ...] = ()
    no_match: tuple[RuleExampleModel, ...] = ()


class RuleModel(Overriding):
    """How one event type is recognised."""

    id: Id
    title: Text
    parent: Id | None = None
    description: str = ""
    maturity: Maturity = Maturity.STABLE
    severity: Severity = Severity.WARNING
    codes: dict[Id, Text] = Field(default={})
    says: dict[Lang, SaysModel] = Field(default={})
    roles: dict[Role, RoleModel] = Field(default={})
    never_when: Words = ()
    counts: Literal["", "recipient", "object", "agent", "trigger"] = ""
    priority: Priority = 0
    examples: RuleExamplesModel = RuleExamplesModel()
    requires: Text | None = None
    author: str = ""
    date: IsoDate | None = None
    references: Words = ()
    tags: Words = ()
    false_positives: Words = ()
