"""The English tables and the gazetteer as they are shipped, read once."""

from functools import cache
from pathlib import Path

import yaml

from tocsin.core.dates.resolver import DateResolver
from tocsin.core.numbers.finder import NumberWords
from tocsin.core.places.finder import PlaceFinder
from tocsin.core.places.gazetteer import Gazetteer

RULES = Path(__file__).parents[1] / "rules"


def table(name: str) -> dict[str, object]:
    """A table of the English lexicon; scalars are text, as the rulebook loads them."""
    text = (RULES / "lexicon" / "en" / "tables" / f"{name}.yml").read_text(encoding="utf-8")
    loaded = yaml.load(text, Loader=yaml.BaseLoader)
    assert isinstance(loaded, dict)
    return loaded


@cache
def dates() -> DateResolver:
    return DateResolver(table("dates"))


@cache
def numbers() -> NumberWords:
    return NumberWords(table("numbers"))


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer.parse((RULES / "places" / "places.tsv").read_text(encoding="utf-8"))


@cache
def places() -> PlaceFinder:
    return PlaceFinder(gazetteer(), table("places"))
