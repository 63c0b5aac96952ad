"""Watchlists as files: `rules/actors/<id>.yml`."""

from typing import Literal

from pydantic import Field

from tocsin.core.actors import ActorKind
from tocsin.rulebook.model_types import Country, FileModel, Id, Lang, Overriding, Text, TextOrMapping, Words


class AliasModel(TextOrMapping):
    """One name of an actor."""

    text: Text
    case: Literal["any", "exact"] = "any"
    near: Words = ()
    country: tuple[Country, ...] = ()


class ActorExamplesModel(FileModel):
    """Sentences that name the actor, and look-alikes that must not count."""

    match: Words = ()
    no_match: Words = ()


class ActorModel(Overriding):
    """A party that an operator watches."""

    id: Id
    name: Text
    kind: ActorKind
    country: tuple[Country, ...] = ()
    parent: Id | None = None
    aliases: dict[Lang, tuple[AliasModel, ...]] = Field(default={})
    never: Words = ()
    examples: ActorExamplesModel = ActorExamplesModel()


class WatchlistModel(Overriding):
    """A named set of actors: its own, and those of other watchlists that it includes by id."""

    id: Id
    title: Text
    description: str = ""
    requires: Text | None = None
    include: tuple[Id, ...] = ()
    actors: tuple[ActorModel, ...] = ()
