"""What an event told leaves to the sentences after it: classes that they need not name, and who takes part in it."""

from collections.abc import Iterable

from tocsin.core.article import Span
from tocsin.core.lexicon import PRON
from tocsin.core.matching.draft import Draft, sets_scene
from tocsin.core.matching.filling import Filler, Filling
from tocsin.core.matching.read import Document
from tocsin.core.matching.scan import Trigger
from tocsin.core.matching.tokens import Group, Sentence
from tocsin.core.mentions import OPENING, Role

REACH = 3
"""For how many sentences an event goes on by itself."""


class Carry:
    """The events of one document that leave something, in text order."""

    __slots__ = ("_document", "_known", "_told", "context")

    def __init__(self, document: Document) -> None:
        self._document = document
        self._told: list[Draft] = []
        self._known: set[int] = set()
        self.context = 0
        """The classes that the sentence entered last need not name."""

    def reaches(self, span: Span) -> bool:
        """Whether any event leaves something to a sentence, told without reading it."""
        if not self._told:
            return False
        near = {before.start for before in self._document.spans_before(span, REACH)}
        return any(draft.frame.sentence.span.start in near for draft in self._told)

    def enter(self, sentence: Sentence) -> None:
        """Before a sentence is read for events: who took part in what was told is known again."""
        self.context = 0
        if not self._told:
            return
        near = [span.start for span in self._document.spans_before(sentence.span, REACH)]
        for draft in self._told:
            start = draft.frame.sentence.span.start
            if start not in near:
                continue
            self.context |= draft.rule.leaves
            for mask, fillers in _parties(draft):
                heads = {f.sentence.word[group.head] for f in fillers for group in _with_members(f.sentence, f.group)}
                close = near[0] == start or near[0] in self._known
                for group in sentence.groups:
                    if self._is_same(sentence, group, heads, close=close):
                        self._mark(sentence, group, mask)

    def learn(self, drafts: Iterable[Draft]) -> bool:
        """What the events of a sentence leave; whether it sheds new light on the sentence itself."""
        new = False
        for draft in drafts:
            if not draft.rule.leaves_all or not (draft.status in OPENING or sets_scene(draft)):
                continue
            self._told.append(draft)
            for mask, fillers in _parties(draft):
                for filler in fillers:
                    new |= self._mark(filler.sentence, filler.group, mask)
        return new

    def fits(self, trigger: Trigger, filling: Filling) -> bool:
        """Not when only what went before makes it an event, and it is done to one of whom that spoke.

        "Thousands marched for the editor. He was arrested a year ago."
        """
        if not trigger.need & self.context:
            return True
        words = self._document.language.lexicon.words.get("singular_pronouns", ())
        return not any(f.sentence.word[f.group.head] in words for f in filling.groups(Role.RECIPIENT))

    def _mark(self, sentence: Sentence, group: Group, mask: int) -> bool:
        if not mask & ~group.mask:
            return False
        group.mask |= mask
        sentence.everything |= mask
        self._known.add(sentence.span.start)
        return True

    def _is_same(self, sentence: Sentence, group: Group, heads: set[str], *, close: bool) -> bool:
        """Whether a group speaks of somebody who took part: by the same word, "the group", or "they" right after."""
        words, head = sentence.lexicon.words, sentence.word[group.head]
        if sentence.tag[group.start] == PRON and group.end - group.start == 1:
            return close and head in words.get("plural_pronouns", ())
        if group.actor or group.place:
            return False
        definite = sentence.word[group.start] in words.get("definite", ())
        if definite and head in words.get("group_nouns", ()):
            return True
        return head in heads and not any(
            word in words.get("other_words", ()) for word in sentence.word[group.start : group.head]
        )


def _parties(draft: Draft) -> list[tuple[int, list[Filler]]]:
    """Who took part, with the classes that this puts them in; for a pronoun, for whom it stands."""
    found: list[tuple[int, list[Filler]]] = []
    for role, mask in draft.rule.leaves_roles.items():
        # "the director was blocked in his office": no agent of what is done to him
        done_to = role is Role.AGENT and draft.frame.shape in ("passive", "reduced")
        fillers = [filler.antecedent or filler for filler in draft.filling.groups(role)]
        found.append((mask, [f for f in fillers if not f.group.place and not (done_to and f.group.prep < 0)]))
    return found


def _with_members(sentence: Sentence, group: Group) -> list[Group]:
    """A group and whom it consists of: "a crowd of tenants"."""
    return [group, sentence.groups[group.of]] if group.of >= 0 else [group]
