"""What firms announce rings nothing, though it speaks of officers, units, releases and deals. Sentences of our own."""

import pytest
from detection_builders import told


@pytest.mark.parametrize(
    "text",
    [
        "Corvane Releases Backup Manager 6.1",
        "Tallow Systems Appoints Marta Ruiz as Chief Operating Officer",
        "Bellwether Launches New Fleet Management Division",
        "Ostrava Optics Announces Agreement to Acquire Two Units of a Rival",
        "Marlow Capital Announces Departure of Chief Risk Officer",
        "Tallow Biotech Signs Definitive Agreement With Oskarsson, Ltd. of Oslo",
        "Bombardier to Supply Ferries for the Lake of Zug",
        "Aalto Academy Opens Design Academy",
        "Survey Reveals One in Four Experience Cell Phone Loss",
        "Consultants pushed Peru to keep pressure on the smugglers of timber.",
        "The ministry signed off on the declaration of a dividend.",
    ],
)
def test_company_news_stays_silent(text: str) -> None:
    assert told(text) == []


def test_a_decimal_number_is_nobody() -> None:
    assert told("The court released 4.2.") == []
    assert [m.type for m in told("The court released four.")] == ["release"]
