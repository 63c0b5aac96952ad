"""How a corpus is to be read: what counts as found in it, which types it labels, what its free fields mean.

The public sets have customs of their own that a row does not state. They are known by the file's name; an operator's
own corpus needs none, or says so on the command line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tocsin.core.mentions import Role
from tocsin.core.scoring.found import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """The customs of one corpus.

    `types`: only these are scored, with their children; empty means all. `level`: what counts as found.
    `bare_actors`: the role of an actor given without one. `one_event`: `count`, `place` and `actors` of a row are
    those of its one event. `partial_roles`: an empty role is one that was not annotated, not one that is not there.
    `main_labels`: labels of a map whose mean F1 is told apart. `origin`: which type of ours an event type of the
    origin stands for, by its beginning.
    """

    types: tuple[str, ...] = ()
    level: Level = Level.EVENTS
    bare_actors: Role | None = None
    one_event: bool = False
    partial_roles: bool = False
    main_labels: tuple[str, ...] = ()
    origin: Mapping[str, str] = field(default_factory=dict)


PLAIN = Convention()

KNOWN: Mapping[str, Convention] = {
    "seed": Convention(partial_roles=True),
    # The labels that security desks ask for first; the rest of the set is mostly politics and protest.
    "case2021": Convention(
        main_labels=tuple(
            "ARREST AIR_STRIKE REM_EXPLOS SUIC_BOMB DISR_WEAP ABDUCT_DISSAP ATTACK ARMED_CLASH ART_MISS_ATTACK".split()
        )
    ),
    "newswire_hand": Convention(level=Level.RINGS),
    "indiapolice_sents": Convention(types=("arrest",), level=Level.RECOGNISED),
    "muc4_docs": Convention(types=("bombing", "armed_attack", "abduction")),
    # The origin marks mentions, whatever they claim of the facts: "the bombings of 1974" is one.
    "wikievents_sents": Convention(
        level=Level.RECOGNISED,
        types=("bombing", "armed_attack"),
        origin={"Conflict.Attack.DetonateExplode": "bombing", "Conflict.Attack": "armed_attack"},
    ),
    "centcom_airstrikes": Convention(types=("airstrike",), bare_actors=Role.RECIPIENT, one_event=True),
    "popcorn_fr": Convention(types=("arrest", "bombing")),
    "spanish_cameo": Convention(types=("armed_attack", "abduction")),
}

# The names that annotation schemes give to our two roles.
ROLE_NAMES: Mapping[str, Role] = {
    **dict.fromkeys(("agent", "source", "attacker", "jailer", "perpetrator"), Role.AGENT),
    **dict.fromkeys(("recipient", "target", "detainee"), Role.RECIPIENT),
}
