"""Watchlists as files: `rules/actors/<id>.yml`."""

from typing import Literal

from pydantic import Field

from tocsin.core.actors import ActorKind
from tocsin.rulebook.model_types import Country, FileModel, Id, Lang, Overriding, Text, TextOrMapping, Words


class AliasModel(TextOrMapping):
    """One name of an actor."""

    text: Text
    """The name."""
    case: Literal["any", "exact"] = "any"
    """`exact` when the name is an ordinary word in another case."""
    near: Words = ()
    """Words of which one must stand in the article too."""
    country: tuple[Country, ...] = ()
    """Countries whose stories mean this actor by the name, when others share it."""


class ActorExamplesModel(FileModel):
    """Sentences that name the actor, and look-alikes that must not count."""

    match: Words = ()
    """Sentences that name the actor."""
    no_match: Words = ()
    """Sentences that only seem to."""


class ActorModel(Overriding):
    """A party that an operator watches."""

    id: Id
    """The id that rules and subscriptions use."""
    name: Text
    """What subscribers read."""
    kind: ActorKind
    """What the actor is."""
    country: tuple[Country, ...] = ()
    """Where it is at home (ISO 3166)."""
    parent: Id | None = None
    """The actor that it is part of."""
    aliases: dict[Lang, tuple[AliasModel, ...]] = Field(default={})
    """By language, its names."""
    never: Words = ()
    """Phrases that cancel a name they cover or touch."""
    examples: ActorExamplesModel = ActorExamplesModel()
    """Sentences that name it, and look-alikes."""


class WatchlistModel(Overriding):
    """A named set of actors: its own, and those of other watchlists that it includes by id."""

    id: Id
    """The watchlist: the file's name."""
    title: Text
    """What subscribers read."""
    description: str = ""
    """Whom it gathers, and why."""
    requires: Text | None = None
    """The oldest Tocsin that can read this file."""
    include: tuple[Id, ...] = ()
    """Actors of other watchlists, by id."""
    actors: tuple[ActorModel, ...] = ()
    """The actors described here."""
