"""Rulebooks to measure with: the shipped one, with many aliases, with many live rules."""

import random
from dataclasses import replace

from bench.budget import BenchError
from tocsin.core.actors import Actor, ActorKind, Alias, Watchlist
from tocsin.core.rulebook import Rulebook
from tocsin.rulebook.files import load_rulebook, shipped_rules

ALIASES = 20_000
LIVE_RULES = 200

_SYLLABLES = "ba de fi go ku la mi no pe ra si to ul va wen xa yor zim cher dra".split()


def load_shipped() -> Rulebook:
    """The rulebook that comes with Tocsin. Raises `BenchError` with its problems when it is not whole."""
    result = load_rulebook(shipped_rules())
    if result.rulebook is None:
        raise BenchError("\n".join(problem.render() for problem in result.problems))
    return result.rulebook


def with_aliases(rulebook: Rulebook, total: int = ALIASES) -> Rulebook:
    """With made-up actors of three names each, until the watchlists hold so many aliases."""
    source = random.Random(3)
    missing = total - count_aliases(rulebook)
    actors = []
    while missing > 0:
        names = tuple(Alias(text=_name(source)) for _ in range(min(3, missing)))
        missing -= len(names)
        number = len(actors)
        actors.append(
            Actor(
                id=f"made_up_{number}", name=names[0].text, kind=source.choice(list(ActorKind)), aliases={"en": names}
            )
        )
    made_up = Watchlist(id="made_up", title="Made up", actors=tuple(actors))
    return replace(rulebook, watchlists=(*rulebook.watchlists, made_up))


def with_rules(rulebook: Rulebook, total: int = LIVE_RULES) -> Rulebook:
    """With copies of the rules under other ids, until so many are live: every trigger is shared by several."""
    copies = []
    while len(rulebook.rules) + len(copies) < total:
        round_, at = divmod(len(copies), len(rulebook.rules))
        rule = rulebook.rules[at]
        copies.append(replace(rule, id=f"{rule.id}_{round_ + 2}"))
    return replace(rulebook, rules=(*rulebook.rules, *copies))


def count_aliases(rulebook: Rulebook) -> int:
    """How many names the watchlists hold, in all languages."""
    return sum(len(listed) for actor in rulebook.actors.values() for listed in actor.aliases.values())


def _name(source: random.Random) -> str:
    words = ("".join(source.choices(_SYLLABLES, k=source.randint(2, 4))).capitalize() for _ in range(2))
    return " ".join(words)
