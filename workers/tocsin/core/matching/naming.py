"""Which actor a name means: by its case, by the words and names around it, by the countries of the story.

A name that several actors share is decided by the signs of the article; where they do not agree it stays ambiguous: no
actor is named, but what the sharers are is kept, so that rules still match.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.core.actors import ActorKind
from tocsin.core.matching.name_index import NameIndex
from tocsin.core.matching.names import Found, Name, NameHit
from tocsin.core.matching.story import Story, Weights
from tocsin.core.text import fold, plain

LEAST = 3.0
"""What a country must weigh before a shared name is taken for its actor's."""
CLEAR = 1.5
"""How many times the runner-up's weight the winner's must be."""
NAMED = 12.0
"""What another name of the same actor in the article weighs, in the terms of `story`."""
ELSEWHERE = 6.0
"""From which weight on, and three times that of every country in question, the story plays elsewhere."""
LONG = 10
"""Letters from which an exact name of several words is looked for in lower-case text too."""
_SURE, _DOUBTFUL, _NO = 2, 1, 0


@dataclass(frozen=True, slots=True)
class ActorHit:
    """Where an actor is named. `actor` is None when the name is ambiguous between `others`, or means somebody else.

    `kinds` are the actor's kind or, when nobody is named, those of all who share the name. `reason` says why.
    """

    start: int
    end: int
    actor: str | None
    others: tuple[str, ...] = ()
    kinds: tuple[ActorKind, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Meant:
    hit: NameHit
    sure: tuple[Name, ...]
    doubtful: tuple[Name, ...]

    @property
    def place(self) -> tuple[int, int]:
        return self.hit.start, self.hit.end


def _no_word(_: str) -> bool:
    return False


def name_actors(
    text: str,
    folded: str,
    found: Found,
    story: Story,
    index: NameIndex,
    *,
    lang: str | None = None,
    is_word: Callable[[str], bool] = _no_word,
) -> list[ActorHit]:
    """Every actor that the article names, in text order, never overlapping; the longest name wins.

    `lang` is the article's language (None: every name is at home), `is_word` tells its ordinary words. The result
    depends on nothing but the arguments.
    """
    return _Reader(text, folded, found, story, index, lang, is_word).read()


class _Reader:
    """One article while its names are read."""

    def __init__(
        self,
        text: str,
        folded: str,
        found: Found,
        story: Story,
        index: NameIndex,
        lang: str | None,
        is_word: Callable[[str], bool],
    ) -> None:
        self._text, self._folded = text, folded
        self._found, self._story, self._index = found, story, index
        self._lang, self._is_word = lang, is_word
        self._ordinary = index.ordinary.get(lang or "", frozenset())
        self._near: dict[tuple[str, ...], bool] = {}
        self._counted: dict[int, tuple[int, int]] = {}
        self._barred: dict[str, list[tuple[int, int]]] = {}
        for start, end, actor in sorted(found.barred):
            self._barred.setdefault(actor, []).append((start, end))
        self._longest_barred = max((end - start for start, end, _ in found.barred), default=0)

    def read(self) -> list[ActorHit]:
        read = [self._meaning(hit) for hit in self._found.names if not self._is_against(hit)]
        sure = _longest([one for one in read if one.sure])
        closed = [one for one in sure if not _is_open(one.sure)]
        self._story.tell_actors((one.hit.start, one.sure[0].actor) for one in closed)
        anchors = {one.sure[0].actor.id for one in closed}
        decided = {one.place: self._decide(one.hit, one.sure, anchors) for one in sure}
        doubtful = [one for one in read if one.doubtful]
        if doubtful:
            named: dict[str, list[int]] = {}
            for hit in sorted(decided.values(), key=lambda hit: hit.start):
                if hit.actor:
                    named.setdefault(hit.actor, []).append(hit.start)
            accepted = [(one, self._supported(one, named)) for one in doubtful]
            settled = {one.place: _Meant(one.hit, (*one.sure, *more), ()) for one, more in accepted if more}
            if settled:
                anchors = anchors | named.keys()
                kept = _longest([*(one for one in sure if one.place not in settled), *settled.values()])
                decided = {
                    one.place: self._decide(one.hit, one.sure, anchors) if one.place in settled else decided[one.place]
                    for one in kept
                }
        return sorted(decided.values(), key=lambda hit: hit.start)

    def _is_against(self, hit: NameHit) -> bool:
        """ "anti-Taliban": those who fight them."""
        return self._folded.endswith(self._index.against, 0, hit.start) if self._index.against else False

    def _meaning(self, hit: NameHit) -> _Meant:
        best: dict[str, tuple[int, Name]] = {}
        for name in hit.names:
            standing = self._standing(name, hit)
            if standing and not self._is_barred(name, hit) and standing > best.get(name.actor.id, (0,))[0]:
                best[name.actor.id] = standing, name
        return _Meant(
            hit,
            tuple(name for standing, name in best.values() if standing == _SURE),
            tuple(name for standing, name in best.values() if standing == _DOUBTFUL),
        )

    def _is_barred(self, name: Name, hit: NameHit) -> bool:
        """A never-phrase cancels what it covers or touches."""
        barred = self._barred.get(name.actor.id)
        if not barred:
            return False
        first = bisect_left(barred, (hit.start - self._longest_barred - 1, 0))
        for start, end in barred[first:]:
            if start > hit.end + 1:
                return False
            before, after = self._text[end : hit.start], self._text[hit.end : start]
            if end + 1 >= hit.start and not before.strip(" -") and not after.strip(" -"):
                return True
        return False

    def _standing(self, name: Name, hit: NameHit) -> int:
        """Whether the words may be this name by themselves, only with support, or not at all."""
        standing = self._case(name, hit) if name.alias.exact else _SURE
        if standing == _NO or (name.alias.near and not self._is_near(name.alias.near)):
            return min(standing, _DOUBTFUL)
        if self._lang and self._lang not in name.langs:
            lone = " " not in name.words
            if name.is_acronym or (lone and self._is_ordinary(fold(name.words))):
                return _DOUBTFUL
        return standing

    def _case(self, name: Name, hit: NameHit) -> int:
        shown = plain(self._text[hit.start : hit.end])
        if shown.isupper() and shown == name.words.upper():
            words = shown != name.words and " " in name.words
            if (words or self._is_ordinary(fold(shown))) and self._is_loud(hit):
                return _DOUBTFUL
            return _SURE if shown == name.words or self._is_loud(hit) else _NO
        if shown == name.words:
            return _SURE
        is_long = " " in name.words and len(name.words) >= LONG
        return _DOUBTFUL if is_long and shown.islower() and self._is_quiet(hit) else _NO

    def _is_ordinary(self, word: str) -> bool:
        return word in self._ordinary or self._is_word(word)

    def _is_near(self, words: tuple[str, ...]) -> bool:
        known = self._near.get(words)
        if known is None:
            known = self._near[words] = any(self._index.stands(word, self._found.words) for word in words)
        return known

    def _is_loud(self, hit: NameHit) -> bool:
        """Whether the sentence is written in capitals."""
        beside = self._text[max(0, hit.start - 12) : hit.start] + self._text[hit.end : hit.end + 12]
        if sum(map(str.islower, beside)) > 2:
            return False
        lower, upper = self._cases(hit)
        return lower * 10 < upper

    def _is_quiet(self, hit: NameHit) -> bool:
        """Whether the sentence has no capitals."""
        return not self._cases(hit)[1]

    def _cases(self, hit: NameHit) -> tuple[int, int]:
        """How many small letters and capitals the sentence has."""
        span = self._story.sentence(hit.start)
        start, end = (span.start, span.end) if span else (hit.start, hit.end)
        known = self._counted.get(start)
        if known is None:
            sentence = self._text[start:end]
            known = self._counted[start] = sum(map(str.islower, sentence)), sum(map(str.isupper, sentence))
        return known

    def _supported(self, one: _Meant, named: Mapping[str, Sequence[int]]) -> tuple[Name, ...]:
        """The doubtful names that the rest of the article bears out."""
        start, end = one.place
        kept = [
            name
            for name in one.doubtful
            if (starts := named.get(name.actor.id)) and (starts[0] < start or starts[-1] >= end)
        ]
        foreign = [name for name in one.doubtful if name not in kept and self._needs_country(name, one.hit)]
        if foreign:
            weights = self._story.weigh(one.hit.start).total
            kept.extend(name for name in foreign if any(weights.get(c, 0.0) for c in name.actor.country))
        return tuple(kept)

    def _needs_country(self, name: Name, hit: NameHit) -> bool:
        """Whether all that is in doubt is an acronym of another language."""
        alias = name.alias
        if not self._lang or self._lang in name.langs or not name.is_acronym or self._is_ordinary(fold(name.words)):
            return False
        return not (alias.near and not self._is_near(alias.near)) and (
            not alias.exact or self._case(name, hit) == _SURE
        )

    def _decide(self, hit: NameHit, names: Sequence[Name], anchors: set[str]) -> ActorHit:
        if not _is_open(names):
            return _named(hit, names[0])
        beside = self._story.beside(hit.start, hit.end, self._folded)
        if beside:
            names_there = [name for name in names if beside in name.countries]
            if len(names_there) == 1:
                return _named(hit, names_there[0], f"of {beside}")
            if not names_there:
                return _nobody(hit, names, f"of {beside}, which none of them is")
            names = names_there
        decision = _judge(hit, names, anchors, self._story.weigh(hit.start))
        return decision if decision.actor else _judge(hit, names, anchors, self._story.weigh(hit.start, deep=True))


def _judge(hit: NameHit, names: Sequence[Name], anchors: set[str], weights: Weights) -> ActorHit:
    """The decision by weight."""
    scores = sorted(
        (
            (
                max((weights.total.get(country, 0.0) for country in name.countries), default=0.0)
                + (NAMED if name.actor.id in anchors else 0.0),
                number,
            )
            for number, name in enumerate(names)
        ),
        key=lambda score: (-score[0], score[1]),
    )
    best, number = scores[0]
    runner_up = scores[1][0] if len(scores) > 1 else 0.0
    ours = {country for name in names for country in name.countries}
    strange = max(((w, c) for c, w in weights.where.items() if c not in ours), default=(0.0, ""))
    if strange[0] >= ELSEWHERE and strange[0] >= 3 * best:
        return _nobody(hit, names, f"the story plays in {strange[1]}")
    if best >= LEAST and best >= CLEAR * runner_up and best > strange[0]:
        why = "another name of it" if names[number].actor.id in anchors else "the countries of the story"
        return _named(hit, names[number], why)
    if len(names) == 1:
        return _named(hit, names[0])
    return _nobody(hit, names)


def _is_open(names: Sequence[Name]) -> bool:
    """Whether the story must tell whom the name means."""
    return len(names) > 1 or bool(names[0].alias.country)


def _named(hit: NameHit, name: Name, reason: str = "") -> ActorHit:
    before, after = name.inset
    return ActorHit(hit.start + before, hit.end - after, name.actor.id, (), (name.actor.kind,), reason)


def _nobody(hit: NameHit, names: Sequence[Name], reason: str = "") -> ActorHit:
    """Nobody in particular: for a reason, or because it may be any of them."""
    ids = tuple(dict.fromkeys(name.actor.id for name in names))
    kinds = tuple(dict.fromkeys(name.actor.kind for name in names))
    others = () if reason else ids
    return ActorHit(hit.start, hit.end, None, others, kinds, reason or f"ambiguous: {', '.join(ids)}")


def _longest(read: Iterable[_Meant]) -> list[_Meant]:
    """Those that no longer name overlaps, in text order."""
    kept: list[_Meant] = []
    most = list(read)
    taken = bytearray(max((one.hit.end for one in most), default=0))
    for one in sorted(most, key=lambda m: (m.hit.start - m.hit.end, m.hit.start)):
        start, end = one.place
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            kept.append(one)
    return sorted(kept, key=lambda m: m.hit.start)
