"""What somebody only demands: the plain form of the verb tells that it has not been done."""

import pytest
from detection_builders import found


@pytest.mark.parametrize(
    "text",
    [
        "The unions demanded that the foreman be arrested.",
        "Villagers insist the two poachers be detained.",
        "Relatives asked the governor that the kidnappers be hanged.",
        "The council urged that police arrest the moneylenders.",
        "The demand that Israel free all prisoners was rejected.",
        "Will the two men be arrested, a mayor asked.",
    ],
)
def test_what_is_demanded_is_hypothetical(text: str) -> None:
    assert {str(mention.status) for mention in found(text).mentions} == {"hypothetical"}


@pytest.mark.parametrize(
    "text",
    [
        "The ministry insists that police arrested the men on Monday.",
        "The army said its jets bomb rebel positions near the Orlu pass.",
        "Police arrest two men in Lagos",
    ],
)
def test_what_is_said_or_headlined_is_told(text: str) -> None:
    assert {mention.opens for mention in found(text).mentions} == {True}
