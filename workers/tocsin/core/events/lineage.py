"""Who belongs to whom: event types below a parent type, actors below a parent actor."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tocsin.core.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """A forest by its child -> parent links. An id without a parent, known or not, is its own root."""

    parents: Mapping[str, str] = field(default_factory=dict)

    def line(self, member: str) -> tuple[str, ...]:
        """The member, its parent, its parent's parent … each once, even if the links form a ring."""
        found = [member]
        while (parent := self.parents.get(found[-1])) is not None and parent not in found:
            found.append(parent)
        return tuple(found)

    def root(self, member: str) -> str:
        """The last of the line."""
        return self.line(member)[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinship:
    """The two forests that identity and subscriptions ask: of event types and of actors."""

    types: Lineage = Lineage()
    actors: Lineage = Lineage()


def make_kinship(rulebook: Rulebook) -> Kinship:
    """The forests of a rulebook."""
    return Kinship(
        types=Lineage(parents={rule.id: rule.parent for rule in rulebook.rules if rule.parent}),
        actors=Lineage(parents={actor.id: actor.parent for actor in rulebook.actors.values() if actor.parent}),
    )
