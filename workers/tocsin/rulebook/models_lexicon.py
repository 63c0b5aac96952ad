"""Word classes, what they serve, and code lists as files.

`rules/lexicon/<lang>/<id>.yml`, `rules/lexicon/<lang>/tables/functions.yml`, `rules/codes/<id>.yml`.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from tocsin.rulebook.model_types import FileModel, Id, Overriding, Text, Words


def _keys(value: Any) -> Any:
    return list(value) if isinstance(value, dict) else value


Codes = Annotated[
    Words,
    BeforeValidator(_keys),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {"type": "string"}},
                {"type": "object", "additionalProperties": {"type": "string"}},
            ]
        }
    ),
]


class WordClassModel(Overriding):
    """A named set of words in one language, in their dictionary forms."""

    id: Id
    """The class: the file's name."""
    title: Text
    """What it gathers."""
    description: str = ""
    """What belongs to it, and what does not."""
    requires: Text | None = None
    """The oldest Tocsin that can read this file."""
    parents: tuple[Id, ...] = ()
    """The classes that it is part of."""
    nouns: Words = ()
    """Nouns in dictionary form; of several words the head is inflected."""
    names: Words = ()
    """Names, kept as they are."""
    adjectives: Words = ()
    """Adjectives, in dictionary form."""
    verbs: Words = ()
    """Verbs, in dictionary form."""


class FunctionsModel(FileModel):
    """What the detector asks of a word in one language, and which word classes serve it."""

    requires: Text | None = None
    """The oldest Tocsin that can read this file."""
    serves: dict[Id, tuple[Id, ...]] = Field(default={})
    """By function, word classes, kinds of actor, and functions listed before it."""
    makes: dict[Id, tuple[Id, ...]] = Field(default={})
    """By word list of the grammar table, the classes that its words give to the noun that they are or stand beside."""


class CodesModel(FileModel):
    """The codes of one ontology: a list, or a mapping from code to its title."""

    id: Id
    """The ontology: the file's name."""
    title: Text
    """Its full name."""
    description: str = ""
    """What it is used for."""
    source: str = ""
    """Where the list comes from."""
    codes: Codes
    """Its codes, with or without titles."""
