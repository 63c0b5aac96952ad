"""The codes that rules carry, against the committed lists of each ontology."""

import re

import pytest
import yaml

from tocsin.core.rules import Maturity, Rule
from tocsin.rulebook.files import load_rulebook, shipped_rules

# How many codes each ontology has, and one that it must hold.
LISTS = {"ace": (33, "Justice.Arrest-Jail"), "acled": (25, "Air/drone strike"), "plover": (83, "COERCE/arrest")}
RULES = load_rulebook(shipped_rules())


def _codes(ontology: str) -> dict[str, str]:
    loaded = yaml.load((shipped_rules() / "codes" / f"{ontology}.yml").read_bytes(), Loader=yaml.CBaseLoader)
    return dict(loaded["codes"])


def _rules() -> list[Rule]:
    rulebook = RULES.rulebook
    assert rulebook is not None, RULES.problems
    return [rule for rule in rulebook.rules if rule.maturity is not Maturity.DEPRECATED]


@pytest.mark.parametrize("ontology", LISTS)
def test_a_list_is_whole(ontology: str) -> None:
    size, sample = LISTS[ontology]
    codes = _codes(ontology)

    assert len(codes) == size
    assert sample in codes


def test_cameo_codes_are_two_to_four_digits_below_a_listed_root() -> None:
    codes = _codes("cameo")

    assert {code for code in codes if len(code) == 2} == {f"{root:02}" for root in range(1, 21)}
    assert [code for code in codes if not re.fullmatch(r"\d{2,4}", code) or code[:2] not in codes] == []
    assert [code for code in codes if len(code) == 4 and code[:3] not in codes] == []


def test_every_plover_mode_belongs_to_a_listed_event() -> None:
    codes = _codes("plover")

    assert [code for code in codes if code.partition("/")[0] not in codes] == []


def test_every_code_of_a_shipped_rule_is_listed() -> None:
    lists = {ontology: _codes(ontology) for ontology in ("plover", "cameo", "acled", "ace")}

    unknown = [(rule.id, key, code) for rule in _rules() for key, code in rule.codes.items() if code not in lists[key]]

    assert unknown == []


def test_every_shipped_rule_speaks_plover_and_cameo() -> None:
    poor = [rule.id for rule in _rules() if not {"plover", "cameo"} <= set(rule.codes)]

    assert poor == []


def test_every_acled_sub_event_that_names_an_act_has_a_rule() -> None:
    coded = {rule.codes.get("acled") for rule in _rules()}

    assert set(_codes("acled")) - coded == set()
