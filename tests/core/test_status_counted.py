"""What is counted, what is often so and what is to end tells of no event. Every sentence is our own."""

import pytest
from detection_builders import found, told

from tocsin.core.mentions import Status

SILENT = {
    # how often it happens
    "Attacks on lorries are common in northern Mali.": Status.AGGREGATE,
    "Bomb attacks on cinemas in Karachi are less frequent.": Status.AGGREGATE,
    # cases that somebody counts
    "According to the bureau 17 kidnap cases were reported in September.": Status.AGGREGATE,
    "Inspectors dealt with 12 cases of kidnapping in Enugu in March.": Status.AGGREGATE,
    # what is to end, with all that is done of it
    "The bishop hopes that the guerrillas stop all terrorist attacks against farmers.": Status.NEGATED,
    # what has gone on for long, what is compared, what befell somebody long ago
    "The guerrillas have shelled the town of Ardel for five weeks.": Status.AGGREGATE,
    "There is less bombing in Ardel.": Status.AGGREGATE,
    "Her uncle was kidnapped by bandits when she was nine.": Status.BACKGROUND,
    # a means that is not used
    "They were to be talked out of the depot, not by shooting at them.": Status.NEGATED,
    # who had a hand in what is known
    "The colonel was involved in the assassination of the bishop.": Status.BACKGROUND,
    "The gangs had participated in many murders of bus drivers.": Status.BACKGROUND,
}

TOLD = {
    "Attacks on two lorries killed nine drivers in northern Mali.": "armed_attack",
    "Police in Enugu dealt with a case of kidnapping on Monday: gunmen kidnapped two nuns.": "abduction",
    "The guerrillas have shelled the town of Ardel for the third time.": "shelling",
    "Two watchmen were both shot dead by gunmen in Lima.": "armed_attack",
    "Thirteen villagers were either killed or wounded by bandits near Gusau.": "armed_attack",
}


@pytest.mark.parametrize(("text", "status"), SILENT.items(), ids=list(SILENT))
def test_it_stays_silent(text: str, status: Status) -> None:
    statuses = {mention.status for mention in found(text).mentions}

    assert status in statuses
    assert not told(text)


@pytest.mark.parametrize(("text", "type_"), TOLD.items(), ids=list(TOLD))
def test_what_happened_once_is_told(text: str, type_: str) -> None:
    assert type_ in {mention.type for mention in told(text)}
