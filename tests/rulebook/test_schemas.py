"""The JSON Schemas that editors complete from."""

import json
import os
from pathlib import Path

import jsonschema
import pytest
import yaml

from tocsin.rulebook.files import shipped_rules
from tocsin.rulebook.schemas import make_schemas

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"
PLACES = {"event": "events", "watchlist": "actors", "word-class": "lexicon/en", "codes": "codes"}


MADE = make_schemas()


@pytest.mark.parametrize("name", MADE)
def test_the_committed_schema_is_the_models_own(name: str) -> None:
    path = SCHEMAS / name
    if os.environ.get("TOCSIN_GOLDEN") == "write":
        path.write_text(json.dumps(MADE[name], indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    assert json.loads(path.read_text(encoding="utf-8")) == MADE[name]


@pytest.mark.parametrize(("name", "folder"), PLACES.items())
def test_the_shipped_files_satisfy_their_schema(name: str, folder: str) -> None:
    validator = jsonschema.Draft202012Validator(MADE[f"{name}.json"])
    files = sorted((shipped_rules() / folder).glob("*.yml"))

    # An editor reads YAML 1.2, where NO and 2026-03-09 are text; so does this loader, which knows text only.
    texts = [yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader) for path in files]
    found = [error.message for text in map(_typed, texts) for error in validator.iter_errors(text)]

    assert files
    assert found == []


def _typed(value: object) -> object:
    if isinstance(value, dict):
        return {key: int(item) if key == "priority" else _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    known: dict[object, object] = {"true": True, "false": False, "null": None, "": None}
    return known.get(value, value)
