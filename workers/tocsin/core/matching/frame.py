"""A trigger in its clause, as grammar sees it."""

from dataclasses import dataclass, field

from tocsin.core.matching.tokens import Group, Sentence
from tocsin.core.matching.verbs import VerbGroup
from tocsin.core.mentions import Role

REACH = 45


@dataclass(slots=True)
class Frame:
    """A trigger in its clause. `slots` map a grammatical place to noun groups of the sentence.

    `plans` keeps in which order roles look for fillers, `senses` what the groups are that do: rules share both.
    """

    sentence: Sentence
    start: int
    end: int
    shape: str
    slots: dict[str, list[int]] = field(default_factory=dict)
    verbs: VerbGroup | None = None
    relative: bool = False
    headline: bool = False
    definite: bool = False
    dated: bool = False
    negated: int = -1
    support: int = -1
    support_verbs: VerbGroup | None = None
    helper: bool = False
    governor: int = -1
    subject_verb: int = -1
    number: int = -1
    plans: dict[tuple[object, ...], list[tuple[Role, list[str]]]] = field(default_factory=dict)
    senses: dict[tuple[int, bool], tuple[int, str | None, Group | None]] = field(default_factory=dict)

    def all_groups(self) -> set[int]:
        """Every group in any slot."""
        return {index for indices in self.slots.values() for index in indices}
