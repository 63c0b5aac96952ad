"""How sure a mention is of what it tells: from its status, its roles and its trigger.

A figure of order, not a probability: of two mentions the surer one has the higher figure. It starts from the status and
is multiplied by one factor for each thing that leaves doubt, so each doubt lowers it and none raises it.
"""

from collections.abc import Mapping

from tocsin.core.matching.draft import Draft
from tocsin.core.mentions import Role, Status

_STATUS: Mapping[Status, float] = {Status.ASSERTED: 1.0, Status.ATTRIBUTED: 0.95, Status.HEDGED: 0.6}
OTHER_STATUS = 0.8
NO_DOER = 0.9
NO_AFFECTED = 0.85
AMBIGUOUS = 0.9
NOUN_ALONE = 0.9
UNPLACED = 0.95
_AFFECTED = (Role.RECIPIENT, Role.OBJECT)


def confidence_of(draft: Draft) -> float:
    """In 0..1. Lower for each of: hearsay and doubt, an empty role that the rule knows, a trigger that also means other
    things, an event noun that nothing is said of, and neither time nor place."""
    figure = _STATUS.get(draft.status, OTHER_STATUS)
    knows = draft.rule.constraints
    filled = {role for role in draft.arguments if draft.fills(role)}
    if Role.AGENT in knows and Role.AGENT not in filled:
        figure *= NO_DOER
    if any(role in knows for role in _AFFECTED) and not any(role in filled for role in _AFFECTED):
        figure *= NO_AFFECTED
    if draft.trigger.form.needs:
        figure *= AMBIGUOUS
    if draft.frame.shape == "nominal" and draft.frame.support < 0:
        figure *= NOUN_ALONE
    if draft.date is None and not draft.places:
        figure *= UNPLACED
    return round(figure, 3)
