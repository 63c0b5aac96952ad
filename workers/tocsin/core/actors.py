"""Actors and watchlists: the parties an operator cares about, with their names in several languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ActorKind(StrEnum):
    """What an actor is. The values are word classes too, so a rule's `is:` may name either."""

    POLICE = "police"
    MILITARY = "military"
    INTELLIGENCE = "intelligence"
    JUDICIARY = "judiciary"
    GOVERNMENT = "government"
    ARMED_GROUP = "armed_group"
    CRIMINAL_GROUP = "criminal_group"
    COALITION = "coalition"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """One name of an actor.

    `exact`: matches only in this case (an alias that is also an ordinary word). `near`: counts only when one of
    these words, or another alias of the same actor, stands in the article. `country`: narrows a name that several
    actors share to stories of these countries.
    """

    text: str
    exact: bool = False
    near: tuple[str, ...] = ()
    country: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorExample:
    """A sentence, and where in the operator's files it stands (`path:line:column`)."""

    text: str
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorExamples:
    """Sentences that name the actor, and sentences with a look-alike that must not count."""

    match: tuple[ActorExample, ...] = ()
    no_match: tuple[ActorExample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A party. `aliases` are keyed by language; `never` are phrases that cancel an alias they cover or touch."""

    id: str
    name: str
    kind: ActorKind
    country: tuple[str, ...] = ()
    parent: str | None = None
    aliases: Mapping[str, tuple[Alias, ...]] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    examples: ActorExamples = ActorExamples()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchlist:
    """A named set of actors: one file of `rules/actors/`."""

    id: str
    title: str
    actors: tuple[Actor, ...]
