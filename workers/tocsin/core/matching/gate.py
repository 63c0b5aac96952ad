"""Which trigger hits cannot count, told from the words of their article and sentence before it is read.

Most ambiguous triggers stand in articles and sentences that hold nothing of what they need; to read these in full is
most of what an article could cost. The gate looks every word up once. It errs on one side only: what it drops, the
full reading would have refused.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from operator import itemgetter, or_
from typing import TypeAlias

from tocsin.core.actors import ActorKind
from tocsin.core.article import Span
from tocsin.core.lexicon import PRON, Lexicon
from tocsin.core.matching.names import NameHit
from tocsin.core.matching.patterns import PatternHit
from tocsin.core.matching.scan import Trigger, TriggerHit
from tocsin.core.matching.tokens import MAX_TOKENS
from tocsin.core.numbers.finder import NumberWords
from tocsin.core.text import fold, plain

Opened: TypeAlias = tuple[Span, list[TriggerHit], bool]
"""A sentence with its hits; whether any counts by itself, or all only if a sentence before leaves something."""

NOWHERE = -1
"""Where a noun stands that no trigger covers."""

PARAGRAPHS = 3
"""How far back somebody is looked for for whom a pronoun stands, its own paragraph counted."""

Mark: TypeAlias = tuple[int, int, int]
"""Where something that a word may be begins and ends, and its classes."""


class Gate:
    """Compiled from one language's lexicon; `late` are the classes that only a full reading gives to words.

    `person` is the class that a number may count, written with digits or as one of `numbers`; `named` are the classes
    that a name may bring, `always` those that any article may hold. `state` are the classes that only a name with
    one of the words `states` brings, `many` the one that only several of the class `public` bring, one of the words
    `peoples`, or a number; `recalling` are the words that may stand for somebody of an earlier sentence, `definite`
    those that do so at its end. Only words of the classes `wanted` are looked at; `patterns` are to be looked for in an
    article.
    """

    __slots__ = (
        "_beside",
        "_closures",
        "_known",
        "_masks",
        "_pairs",
        "always",
        "definite",
        "late",
        "many",
        "named",
        "numbers",
        "patterns",
        "peoples",
        "person",
        "public",
        "recalling",
        "state",
        "states",
    )

    def __init__(
        self,
        lexicon: Lexicon,
        numbers: NumberWords,
        late: int,
        states: tuple[int, Iterable[str]],
        many: tuple[int, int, Iterable[str]] = (0, 0, ()),
        wanted: int = -1,
    ) -> None:
        self._closures = {kind: lexicon.closure(kind.value) for kind in ActorKind}
        self.late = late
        self.numbers = frozenset(part for key in numbers.keys for part in plain(fold(key)).split())
        self.person = lexicon.whole("person")
        self.always = self.late | self.person
        self.named = self.kinds_mask(ActorKind)
        self.state, self.states = states[0], _first_words(states[1])
        self.many, self.public = many[:2]
        self.peoples = _first_words(many[2])
        vague = lexicon.words.get("indefinite_pronouns", frozenset())
        pronouns = (word for word, tag in lexicon.tags.items() if tag == PRON and word not in vague)
        self.recalling = _first_words((*pronouns, *lexicon.words.get("group_nouns", ())))
        self.definite = _first_words(lexicon.words.get("definite", ()))
        words, pairs, made = _tables(lexicon, wanted | self.public)
        # Marks between two words leave more than one blank: then the word before is looked up by hand.
        parted = dict.fromkeys(last for _, last in pairs)
        self._known = len(words) + len(pairs)
        self._masks = [*words.values(), *pairs.values(), *(0 for _ in parted)]
        self._pairs = pairs
        self._beside = frozenset(at for at, text in enumerate((*words, *map(" ".join, pairs))) if text in made)
        self.patterns = (
            *(f" {word} " for word in words),
            *(f" {before} {last} " for before, last in pairs),
            *(f"  {last} " for last in parted),
        )

    def kinds_mask(self, kinds: Iterable[ActorKind]) -> int:
        """The classes of actors of these kinds."""
        mask = 0
        for kind in kinds:
            mask |= self._closures[kind]
        return mask

    def may_number(self, words: Sequence[str]) -> bool:
        """Whether any of the words may be a number, or be written with one."""
        return not self.numbers.isdisjoint(words) or not all(map(str.isalpha, words))

    def look(self, words: str, found: Sequence[PatternHit]) -> "Marks":
        """What the spaced words of an article may be, by themselves or with the one before.

        `found` is where the `patterns` stand in them, by where they end.
        """
        table, known = self._masks, self._known
        masks, apart = [table[index] for index, _, _ in found], dict[int, int]()
        for at in [at for at, hit in enumerate(found) if hit[0] >= known]:
            _, start, stop = found[at]
            apart[at], masks[at] = self._with_before(words, start, stop)
        return Marks(words, found, masks, apart, self._beside)

    def _with_before(self, words: str, start: int, stop: int) -> tuple[int, int]:
        """Where the word begins from which marks part one, and what they may be together."""
        last = start
        while last and words[last - 1] == " ":
            last -= 1
        first = words.rfind(" ", 0, last) + 1
        return first - 1, self._pairs.get((words[first:last], words[start + 2 : stop - 1]), 0)


class Opening:
    """The sentences of one article that are `opened`, looked at in text order.

    `names` are those that it may name. `since` tells where somebody may be named for whom a pronoun stands, or an
    event told that leaves something.
    """

    __slots__ = ("_gate", "_left", "_marks", "_named", "_since", "opened")

    def __init__(self, gate: Gate, marks: "Marks", names: Sequence[NameHit], since: Callable[[int], int]) -> None:
        self._gate, self._marks, self._since = gate, marks, since
        self._named = _Named(names, gate)
        self._left: list[tuple[int, int]] = []
        self.opened: list[Opened] = []

    def reach(self, span: Span) -> int:
        """The classes of all that a paragraph or sentence may hold, and of what is left to it."""
        return self._gate.always | self._told(span) | self._named.within(span) | self._marks.all_within(span)

    def add(self, span: Span, hits: Sequence[TriggerHit]) -> None:
        """Open a sentence with those of its hits, and of these those triggers, that may count.

        Their needs may be met, the roles that they narrow filled, and the tail of a verb that stands apart may follow.
        """
        reach = self.reach(span)
        if not [hit for hit in hits if hit.want & reach]:
            return  # most sentences hold nothing of what any of their triggers needs
        told = self._told(span)
        reader = _Reader(self._gate, self._marks, span, self._named, self._since)
        passed = alone = reader.passed(hits)
        if told:
            passed = reader.passed(hits, told)
        own = reduce(or_, (trigger.leaves for hit in passed for trigger in hit.triggers), 0)
        if own & ~told:
            passed = reader.passed(hits, told | own)
        if passed:
            self.opened.append((span, passed, bool(alone)))
            if own:
                self._left.append((span.start, own))

    def _told(self, span: Span) -> int:
        """What the sentences before leave to this one."""
        if not self._left:
            return 0
        first = self._since(span.start)
        return reduce(or_, [mask for start, mask in self._left if start >= first], 0)


def _first_words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(words[0] for text in texts if (words := plain(fold(text)).split()))


def _tables(lexicon: Lexicon, wanted: int) -> tuple[dict[str, int], dict[tuple[str, str], int], frozenset[str]]:
    """What of the wanted classes a word may be, and what after another; of several words only the last two count.

    Last come those that make something of a noun beside them.
    """
    words: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    makers = [(word, mask) for name, mask in lexicon.makes.items() for word in lexicon.words.get(name, ())]
    listed = [
        *lexicon.masks.items(),
        *((" ".join((*before, last)), mask) for last, rows in lexicon.multi.items() for before, mask in rows),
        *((" ".join((word, *rest)), mask) for word, rows in lexicon.deeds.items() for rest, mask in rows),
    ]
    scene, member = lexicon.serving("scene"), lexicon.whole("at_scene")
    for text, told in (*listed, *makers):
        mask = told | (member if told & scene else 0)
        if not mask & wanted:
            continue
        parts = [text] if text.isalpha() else plain(text).split()
        if len(parts) == 1:
            words[parts[0]] = words.get(parts[0], 0) | mask
        elif parts:
            pair = parts[-2], parts[-1]
            pairs[pair] = pairs.get(pair, 0) | mask
    return words, pairs, frozenset(" ".join(plain(word).split()[-2:]) for word, _ in makers)


class Marks:
    """What the words of one article may be, and where they stand."""

    __slots__ = ("_apart", "_beside", "_found", "_masks", "_stops", "words")

    def __init__(
        self,
        words: str,
        found: Sequence[PatternHit],
        masks: Sequence[int],
        apart: Mapping[int, int],
        beside: frozenset[int] = frozenset(),
    ) -> None:
        """`found` is in the order in which the hits end, `masks` what they may be.

        `apart` tells by number where those begin that stand apart from the word before, `beside` which of the gate's
        patterns make something of a noun.
        """
        self.words = words
        self._found, self._masks, self._apart, self._beside = found, masks, apart, beside
        self._stops = [stop for _, _, stop in found]

    def all_within(self, span: Span) -> int:
        """The classes of all in the span, some that begin before it among them."""
        first = bisect_right(self._stops, span.start + 2)
        return reduce(or_, self._masks[first : bisect_right(self._stops, span.end + 2, first)], 0)

    def within(self, span: Span) -> list[Mark]:
        """Those in the span. A word that makes something of a noun beside it stands for that: before any trigger."""
        begin, first = span.start, bisect_right(self._stops, span.start + 2)
        last = bisect_right(self._stops, span.end + 2, first)
        found, masks, apart, beside = self._found, self._masks, self._apart, self._beside
        marks = [(apart.get(at, found[at][1]), at) for at in range(first, last) if masks[at]]
        return [
            (NOWHERE if found[at][0] in beside else start, found[at][2] - 2, masks[at])
            for start, at in marks
            if start >= begin
        ]


class _Reader:
    """One sentence, looked at trigger by trigger."""

    __slots__ = ("_article", "_filling", "_gate", "_left", "_marks", "_named", "_number", "_other", "_since", "_span")

    def __init__(self, gate: Gate, article: Marks, span: Span, named: "_Named", since: Callable[[int], int]) -> None:
        self._left = 0
        self._gate, self._article, self._span, self._named, self._since = gate, article, span, named, since
        self._marks = article.within(span)
        self._other: int | None = None
        self._number: int | None = None
        self._filling: int | None = None

    def passed(self, hits: Iterable[TriggerHit], left: int = 0) -> list[TriggerHit]:
        """Those that may count; `left` are the classes that other events leave to the sentence."""
        self._left = left
        self._other = self._filling = None
        return [hit for hit in map(self._passed, hits) if hit is not None]

    def _passed(self, hit: TriggerHit) -> TriggerHit | None:
        """The hit with the triggers that may count, None when there is none."""
        reach = self._reach(hit)
        if hit.want & reach == 0:
            return None
        words, end = self._article.words, self._span.end + 2
        kept = [
            trigger
            for trigger in hit.triggers
            if (not trigger.need or trigger.need & reach)
            and (not trigger.ahead or words.find(trigger.ahead, hit.end, end) >= 0)
            and (not trigger.only or self._may_fill(trigger))
        ]
        if len(kept) == len(hit.triggers):
            return hit
        return hit._replace(triggers=tuple(kept)) if kept else None

    def _may_fill(self, trigger: Trigger) -> bool:
        """Whether each of the roles that the trigger narrows finds something that may fill it."""
        if self._filling is None:
            self._filling = self._fillers()
        for _, mask in trigger.only:  # noqa: SIM110 - a generator takes twice the time
            if not mask & self._filling:
                return False
        return True

    def _fillers(self) -> int:
        """What may fill a role: words of the sentence, and of those before where one stands for somebody there."""
        gate, span, marks = self._gate, self._span, self._marks
        stretch = self._article.words[span.start + 1 : span.end + 1]
        words = stretch.split()
        # A sentence with as many words and marks may be read in part, and end where it would not.
        ends = words[-1:] if len(words) + stretch.count(" ") < MAX_TOKENS else words
        if not (gate.recalling.isdisjoint(words) and gate.definite.isdisjoint(ends)):
            span = Span(start=min(self._since(span.start), span.start), end=span.end)
            words = self._article.words[span.start + 1 : span.end + 1].split()
            marks = self._article.within(span)
        found = gate.always & ~(gate.state | gate.many) | self._left | self._named.within(span)
        for _, _, mask in marks:
            found |= mask
        if not gate.states.isdisjoint(words):
            found |= gate.state
        several = found & gate.public or gate.may_number(words) or not gate.peoples.isdisjoint(words)
        return found | gate.many if several else found

    def _reach(self, hit: TriggerHit) -> int:
        """What words outside the hit may be, by themselves or to a full reading."""
        if self._other is None:
            self._other = self._gate.late | self._left | self._named.within(self._span)
        reach = self._other
        for start, end, mask in self._marks:
            if start < hit.start or end > hit.end:
                reach |= mask
        if hit.want & ~reach & self._gate.person:
            reach |= self._numbered()
        return reach

    def _numbered(self) -> int:
        """What a number may count."""
        if self._number is None:
            words = self._article.words[self._span.start + 1 : self._span.end + 1].split()
            self._number = self._gate.person if self._gate.may_number(words) else 0
        return self._number


class _Named:
    """The kinds of everybody whom an article may name, by place."""

    __slots__ = ("_gate", "_hits", "_longest", "_names", "_starts")

    def __init__(self, names: Sequence[NameHit], gate: Gate) -> None:
        self._names, self._gate = names, gate
        self._hits: list[tuple[int, int, int]] = []
        self._starts: list[int] = []
        self._longest = 0

    def within(self, span: Span) -> int:
        """The kinds of those whose names touch the span."""
        if not self._names:
            return 0
        if not self._hits:
            self._sort()
        found = 0
        for at in range(bisect_left(self._starts, span.start - self._longest), len(self._hits)):
            start, end, kinds = self._hits[at]
            if start >= span.end:
                break
            if end > span.start:
                found |= kinds
        return found

    def _sort(self) -> None:
        self._hits = sorted(((hit.start, hit.end, self._kinds(hit)) for hit in self._names), key=itemgetter(0))
        self._starts = [start for start, _, _ in self._hits]
        self._longest = max(end - start for start, end, _ in self._hits)

    def _kinds(self, hit: NameHit) -> int:
        return self._gate.kinds_mask(name.actor.kind for name in hit.names)
