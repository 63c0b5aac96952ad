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
    """The word or phrase, in its dictionary form; in a verb, `*` stands for what it is done to (`set * ablaze`)."""
    also: Words = ()
    """Further words, in dictionary form, of which all that this trigger says is true too."""
    forms: Words = ()
    """Of a noun or phrase: its inflected forms, when the usual ones are wrong."""
    roles: dict[Text, Role] = Field(default={})
    """Where this word puts its arguments, when that differs from the rule: `{subject: recipient}`."""
    needs: tuple[Id, ...] = ()
    """Word classes of which one must fill a role or stand in the sentence, for a word with other meanings."""
    requires: tuple[Role, ...] = ()
    """Roles that it cannot do without, though the rule calls them optional."""
    only: dict[Role, tuple[Id, ...]] = Field(default={})
    """Roles that one of these word classes must fill, for an everyday word: `{agent: [soldier, militant]}`."""
    abroad: Id | None = None
    """The event type that it tells of instead when a state's force does it in another state."""


class SaysModel(FileModel):
    """The triggers of one language."""

    verbs: tuple[TriggerModel, ...] = ()
    """Verbs, in dictionary form."""
    nouns: tuple[TriggerModel, ...] = ()
    """Nouns, in dictionary form."""
    phrases: tuple[TriggerModel, ...] = ()
    """Phrases, as they stand in a text."""


class RoleModel(FileModel):
    """What may fill a role, by word classes and actor kinds."""

    is_: tuple[Id, ...] = Field(default=(), alias="is")
    """Word classes and kinds of actor of which it must be one."""
    never: tuple[Id, ...] = ()
    """Word classes and kinds of actor that it must not be."""
    optional: bool = False
    """Whether the event counts without it."""


class LegacyModel(FileModel):
    """What an event leaves to the sentences after it."""

    context: tuple[Id, ...] = ()
    """Word classes that they need not name."""
    roles: dict[Role, tuple[Id, ...]] = Field(default={})
    """Word classes that whoever fills a role is of from then on."""


class RuleExampleModel(TextOrMapping):
    """A text, and what must be found in it."""

    text: Text
    """The text to be read."""
    lang: Lang = "en"
    """Its language."""
    published: IsoDate | None = None
    """When it was published: days of the week are counted from there."""
    expect: dict[Text, Expected] = Field(default={})
    """What must be found, such as status, count, time, place, agent, recipient, linked."""
    why: str = ""
    """What the example is there to show."""


class RuleExamplesModel(FileModel):
    """Texts that must match, and texts that must not."""

    match: tuple[RuleExampleModel, ...] = ()
    """Texts that must match."""
    no_match: tuple[RuleExampleModel, ...] = ()
    """Texts that must not match."""


class RuleModel(Overriding):
    """How one event type is recognised."""

    id: Id
    """The event type: the file's name."""
    title: Text
    """What subscribers read."""
    parent: Id | None = None
    """The event type that this one is a kind of."""
    description: str = ""
    """What counts as such an event."""
    maturity: Maturity = Maturity.STABLE
    """How far the rule is trusted."""
    severity: Severity = Severity.WARNING
    """How loudly it rings."""
    codes: dict[Id, Text] = Field(default={})
    """The type in the ontologies of rules/codes."""
    says: dict[Lang, SaysModel] = Field(default={})
    """By language, the words that express the event."""
    roles: dict[Role, RoleModel] = Field(default={})
    """Who and what may take part."""
    never_when: Words = ()
    """Phrases that cancel a trigger."""
    yields_to: tuple[Id, ...] = ()
    """Event types that tell the same occurrence more exactly."""
    outranks: tuple[Id, ...] = ()
    """Event types that lead to this one, and are not an article's main event beside it."""
    turns: dict[Id, Id] = Field(default={})
    """The event type that it is instead, by the word class of which the next sentence must hold a word."""
    amid: dict[Id, Id] = Field(default={})
    """The event type that it is instead, by the word class that its own sentence or an event just before brings."""
    leaves: LegacyModel = LegacyModel()
    """What the event leaves to the sentences after it."""
    counts: Literal["", "recipient", "object", "agent", "trigger"] = ""
    """Whose number is the event's count."""
    priority: Priority = 0
    """Decides between rules that want the same words: higher first."""
    examples: RuleExamplesModel = RuleExamplesModel()
    """Texts that show what the rule must and must not find."""
    requires: Text | None = None
    """The oldest Tocsin that can read this file."""
    author: str = ""
    """Who wrote the rule."""
    date: IsoDate | None = None
    """When it was written."""
    references: Words = ()
    """Where to read more."""
    tags: Words = ()
    """Words to sort rules by."""
    false_positives: Words = ()
    """What it is known to find wrongly."""
