"""Rules and word classes: how each event type is recognised, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tocsin.core.mentions import Role


class Maturity(StrEnum):
    """How far a rule is trusted. Only `stable` and `experimental` ones detect; only `stable` ones ring by default."""

    EXPERIMENTAL = "experimental"
    STABLE = "stable"
    DEPRECATED = "deprecated"


class Severity(StrEnum):
    """How loudly an event of this type rings."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


GAP = " * "


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerForm:
    """A word or phrase that expresses the event, by its dictionary form.

    `text` may hold several words ("round up", "open fire on"); the first verb is inflected. A verb may have one gap
    for what it is done to ("set * ablaze"), and stands in one piece too ("was set ablaze"). `forms` lists the forms of
    a noun or phrase as matched; those of a verb come from its language's tables. `roles` says where this trigger puts
    its arguments when that differs from the rule's ("surrender": the subject is the recipient). `needs` names word
    classes of which one must fill a role or stand in the sentence for an ambiguous word ("strike", "operation") to
    count. `requires` names roles that this trigger cannot do without, though the rule calls them optional ("kill" is a
    clash only when somebody armed is killed). `only` narrows roles for an everyday word: it counts only when these
    roles are filled by one of these classes ("leave" tells of a withdrawal only when troops leave). `abroad` names the
    type that it tells of instead when a state's force does it in another state: who captures a town of its own country
    takes it back.
    """

    text: str
    forms: tuple[str, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    requires: tuple[Role, ...] = ()
    only: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    abroad: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """The trigger forms of a rule in one language."""

    verbs: tuple[TriggerForm, ...] = ()
    nouns: tuple[TriggerForm, ...] = ()
    phrases: tuple[TriggerForm, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleConstraint:
    """What may fill a role: word classes or actor kinds it must be one of, and those it must never be."""

    is_: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleExample:
    """A text with what must be found in it: `expect` maps a field of the mention to its value."""

    text: str
    lang: str = "en"
    published: str | None = None
    expect: Mapping[str, object] = field(default_factory=dict)
    why: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Legacy:
    """What an event leaves to the sentences after it.

    `context` names word classes that they need not name, `roles` those that whoever fills a role is of from then on.
    """

    context: tuple[str, ...] = ()
    roles: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one event type is recognised. `id` is the type and the file's name.

    `counts` names the role whose members a mention's count numbers (`recipient`, `object`, `agent`), or `trigger`
    for the events themselves ("three airstrikes"); empty for a rule whose mentions carry no count.
    `yields_to` names the types that tell the same occurrence more exactly: a mention gives way to one of theirs in
    the same sentence, and joins one when it only points back ("the attack"). One whose `leaves` has a context joins
    theirs in the sentences after it too.
    `outranks` names the types that lead to this one: of a clash and the capture in which it ends the capture is the
    article's main event. `turns` names the type that it is instead when the next sentence says so by a word of a
    class, or, for how it was done, when those who held a place had left it: a town is handed over when it was taken and
    "there was no fighting", or "after the army withdrew". `amid` names the type that it is instead when its own
    sentence or an event just before brings a class, and who did it may do the other: what marchers burn is a riot.
    """

    id: str
    title: str
    parent: str | None = None
    description: str = ""
    maturity: Maturity = Maturity.STABLE
    severity: Severity = Severity.WARNING
    codes: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, Says] = field(default_factory=dict)
    roles: Mapping[Role, RoleConstraint] = field(default_factory=dict)
    never_when: tuple[str, ...] = ()
    counts: str = ""
    yields_to: tuple[str, ...] = ()
    outranks: tuple[str, ...] = ()
    turns: Mapping[str, str] = field(default_factory=dict)
    amid: Mapping[str, str] = field(default_factory=dict)
    leaves: Legacy = Legacy()
    priority: int = 0
    match: tuple[RuleExample, ...] = ()
    no_match: tuple[RuleExample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WordClass:
    """A named set of words in one language: `rules/lexicon/<lang>/<id>.yml`. `words` are forms as matched.

    `verbs` are such forms too, and count only where they are verbs.
    """

    id: str
    lang: str
    words: tuple[str, ...]
    parents: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
