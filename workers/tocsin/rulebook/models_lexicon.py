"""Word classes and code lists as files: `rules/lexicon/<lang>/<id>.yml`, `rules/codes/<id>.yml`."""

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

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
    title: Text
    description: str = ""
    requires: Text | None = None
    parents: tuple[Id, ...] = ()
    nouns: Words = ()
    names: Words = ()
    adjectives: Words = ()
    verbs: Words = ()


class CodesModel(FileModel):
    """The codes of one ontology: a list, or a mapping from code to its title."""

    id: Id
    title: Text
    description: str = ""
    source: str = ""
    codes: Codes
