"""An operator's files over the shipped ones: new ids are added, a shipped id is replaced or appended to on request.

What an appended file gives as a list or mapping is added to the shipped value; what it gives as a single value takes
the shipped one's place. The same id twice without `replace` or `append` is lint's to report; the later one wins here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from tocsin.core.actors import Actor, ActorExamples
from tocsin.core.rules import Legacy, Rule, Says, WordClass

T = TypeVar("T")


def append_rule(base: Rule, more: Rule, given: Iterable[str]) -> Rule:
    """The shipped rule with the operator's additions; `given` names the keys that the operator's file has."""
    keys = frozenset(given)
    return replace(
        base,
        title=more.title,
        parent=more.parent if "parent" in keys else base.parent,
        description=more.description if "description" in keys else base.description,
        maturity=more.maturity if "maturity" in keys else base.maturity,
        severity=more.severity if "severity" in keys else base.severity,
        priority=more.priority if "priority" in keys else base.priority,
        codes={**base.codes, **more.codes},
        says=_joined_says(base.says, more.says),
        roles={**base.roles, **more.roles},
        never_when=_joined(base.never_when, more.never_when),
        counts=more.counts if "counts" in keys else base.counts,
        yields_to=_joined(base.yields_to, more.yields_to),
        outranks=_joined(base.outranks, more.outranks),
        turns={**base.turns, **more.turns},
        amid={**base.amid, **more.amid},
        leaves=Legacy(
            context=_joined(base.leaves.context, more.leaves.context),
            roles={**base.leaves.roles, **more.leaves.roles},
        ),
        match=base.match + more.match,
        no_match=base.no_match + more.no_match,
    )


def append_actor(base: Actor, more: Actor, given: Iterable[str]) -> Actor:
    """The shipped actor with the operator's additions; `given` names the keys that the operator's file has."""
    keys = frozenset(given)
    languages = dict.fromkeys((*base.aliases, *more.aliases))
    return replace(
        base,
        name=more.name,
        kind=more.kind,
        parent=more.parent if "parent" in keys else base.parent,
        country=_joined(base.country, more.country),
        aliases={lang: _joined(base.aliases.get(lang, ()), more.aliases.get(lang, ())) for lang in languages},
        never=_joined(base.never, more.never),
        examples=ActorExamples(
            match=_joined(base.examples.match, more.examples.match),
            no_match=_joined(base.examples.no_match, more.examples.no_match),
        ),
    )


def append_class(base: WordClass, more: WordClass) -> WordClass:
    """The shipped word class with the operator's additions."""
    return replace(
        base,
        words=_joined(base.words, more.words),
        parents=_joined(base.parents, more.parents),
        verbs=_joined(base.verbs, more.verbs),
    )


def _joined_says(base: Mapping[str, Says], more: Mapping[str, Says]) -> Mapping[str, Says]:
    joined = dict(base)
    for lang, says in more.items():
        first = joined.get(lang, Says())
        joined[lang] = Says(
            verbs=first.verbs + says.verbs, nouns=first.nouns + says.nouns, phrases=first.phrases + says.phrases
        )
    return joined


def _joined(base: tuple[T, ...], more: tuple[T, ...]) -> tuple[T, ...]:
    # Aliases hold tuples and strings only, so equality is enough; there are few.
    return base + tuple(item for item in more if item not in base)
