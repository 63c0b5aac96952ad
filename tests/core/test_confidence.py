"""How sure a mention is: every doubt lowers the figure, none raises it."""

import pytest
from detection_builders import only

DOUBTS = {
    "a report with a source": (
        "Police in Tangier arrested six men on Tuesday.",
        "Police in Tangier arrested six men on Tuesday, a spokesman said.",
    ),
    "reserve": (
        "Police in Tangier arrested six men on Tuesday, a spokesman said.",
        "Police in Tangier reportedly arrested six men on Tuesday.",
    ),
    "nobody who did it": (
        "Six men were arrested by police in Tangier on Tuesday.",
        "Six men were arrested in Tangier on Tuesday.",
    ),
    "neither time nor place": (
        "Police in Tangier arrested six men on Tuesday.",
        "Police arrested six men.",
    ),
    "a noun instead of a verb": (
        "Police in Tangier arrested six men on Tuesday.",
        "The arrest of six men by police in Tangier on Tuesday surprised the town.",
    ),
    "a word with other meanings": (
        "Police in Tangier arrested six men on Tuesday.",
        "Police in Tangier held six suspects on Tuesday.",
    ),
}


@pytest.mark.parametrize(("surer", "less_sure"), DOUBTS.values(), ids=list(DOUBTS))
def test_each_doubt_lowers_confidence(surer: str, less_sure: str) -> None:
    assert 0 < only(less_sure, type_="arrest").confidence < only(surer, type_="arrest").confidence <= 1


def test_nothing_in_doubt_is_certain() -> None:
    assert only("Police in Tangier arrested six men on Tuesday.", type_="arrest").confidence == 1
