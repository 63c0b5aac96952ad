"""What stands in a text where actors are named: candidates, the phrases that cancel them, and countries."""

from dataclasses import dataclass, field

from tocsin.core.actors import Actor, Alias

ACRONYM = 6
"""Letters of the longest single word in capitals that counts as an acronym."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One alias of one actor. `langs` are the languages that list it, `words` its words in their own case.

    `inset` is how many characters at its beginning and end name the country and no more: it stays a place.
    """

    actor: Actor
    alias: Alias
    langs: frozenset[str]
    words: str
    inset: tuple[int, int] = (0, 0)

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries whose stories mean this actor by the name."""
        return self.alias.country or self.actor.country

    @property
    def is_acronym(self) -> bool:
        """Whether it is one short word in capitals."""
        text = self.words
        return len(text) <= ACRONYM and " " not in text and (self.alias.exact or text.isupper())


@dataclass(frozen=True, slots=True)
class NameHit:
    """Words that may name actors: one `Name` for each alias of each."""

    start: int
    end: int
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class CountryHit:
    """A country named by itself, or by its people; `rules` when one of its authorities follows ("Spanish police")."""

    start: int
    end: int
    country: str
    people: bool
    rules: bool = False


@dataclass(slots=True)
class Found:
    """What stands in a text. `barred` are the places of never-phrases, each with the id of the actor it cancels.

    `words` is the folded text with a blank for all that is no word, one more before and one after it.
    """

    words: str = ""
    names: list[NameHit] = field(default_factory=list)
    barred: list[tuple[int, int, str]] = field(default_factory=list)
    countries: list[CountryHit] = field(default_factory=list)
