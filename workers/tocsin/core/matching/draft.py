"""A mention in the making, before the article's mentions are merged and ranked."""

from dataclasses import dataclass, field

from tocsin.core.article import Span
from tocsin.core.matching.compiled import CompiledRule
from tocsin.core.matching.filling import Filling, is_bare_place
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.scan import Trigger
from tocsin.core.mentions import Argument, EventDate, PlaceMention, Role, Status


@dataclass(slots=True)
class Draft:
    """One rule satisfied in one sentence. Mutable: merging adds what other sentences say of the same event.

    `goes_on` says that an event before it left something to its sentence, `since` where the event was told first,
    `stead` is the frame of what gave way to it and is as much its own: a march that became a riot.
    `hurts` says that it was done to persons or forces, here or where another sentence tells of it, not only to things.
    `part` says that it was done within an attack that its sentence told before.
    """

    rule: CompiledRule
    trigger: Trigger
    frame: Frame
    filling: Filling
    status: Status
    reason: str
    status_words: tuple[str, ...]
    span: Span
    trigger_span: Span
    arguments: dict[Role, tuple[Argument, ...]] = field(default_factory=dict)
    places: tuple[PlaceMention, ...] = ()
    countries: tuple[str, ...] = ()
    date: EventDate | None = None
    dated: bool = False
    count: int | None = None
    back: bool = False
    split: bool = False
    in_title: bool = False
    vague: bool = False
    goes_on: bool = False
    since: int = -1
    stead: Frame | None = None
    hurts: bool = False
    part: bool = False
    score: float = 0.0
    primary: bool = False

    @property
    def type(self) -> str:
        """The event type."""
        return self.rule.rule.id

    def fills(self, role: Role) -> bool:
        """Whether somebody or something stands in a role, be it only the name of a town."""
        places = role is Role.RECIPIENT and any(is_bare_place(filler) for filler in self.filling.groups(role))
        return places or bool(self.arguments.get(role))

    @property
    def told_since(self) -> int:
        """Where the sentence begins that told the event first."""
        return self.span.start if self.since < 0 else self.since

    def heads(self, role: Role) -> set[str]:
        """What fills a role, by actor where one is known, else by head word."""
        return {a.actor or a.head or a.text.lower() for a in self.arguments.get(role, ())}


def sets_scene(draft: Draft) -> bool:
    """Whether it went on, or had just come about, when what the article tells happened.

    "The women had gathered to mourn a poet", "teachers who had been sleeping outside the ministry".
    """
    verbs = draft.frame.verbs
    if draft.status is not Status.BACKGROUND or verbs is None or draft.frame.shape not in ("active", "passive"):
        return False
    return verbs.progressive or (verbs.pluperfect and not draft.frame.relative and draft.date is None)
