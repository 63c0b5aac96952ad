"""Roles filled: which noun group stands in which role, from which slot, and how each candidate was judged."""

from dataclasses import dataclass, field

from tocsin.core.matching.compiled import STATE
from tocsin.core.matching.tokens import Group, Sentence
from tocsin.core.mentions import Role, TraceStep


@dataclass(slots=True)
class Filler:
    """A noun group in a role. `group` is its own; `sense` is what it stands for when it is a pronoun."""

    group: Group
    sentence: Sentence
    mask: int
    actor: str | None = None
    antecedent: "Filler | None" = None


@dataclass(slots=True)
class Filling:
    """The roles of one frame under one rule, from which slot each was filled, and how each candidate was judged."""

    roles: dict[Role, list[Filler]] = field(default_factory=dict)
    slots: dict[Role, str] = field(default_factory=dict)
    steps: list[TraceStep] = field(default_factory=list)
    missing: tuple[Role, ...] = ()
    guessed: bool = False

    def groups(self, role: Role) -> list[Filler]:
        """The fillers of a role, in text order."""
        return self.roles.get(role, [])


def is_bare_place(filler: Filler) -> bool:
    """Whether the name of a town or province stands where somebody should; a country can be a party."""
    sentence, group = filler.sentence, filler.group
    if group.place:
        return not filler.mask & sentence.lexicon.bit(STATE)
    if group.head == group.start or sentence.word[group.head] not in sentence.lexicon.words.get("region_nouns", ()):
        return False
    return any(place.span.end == sentence.end[group.head - 1] for place in sentence.places)
