"""What stands in a role as a value: whose words they are, and who of those who fill it are parties at all."""

from collections.abc import Sequence

from tocsin.core.article import Span
from tocsin.core.lexicon import DET, NUM, PRON, QUOTE
from tocsin.core.matching.filling import Filler, is_bare_place
from tocsin.core.matching.groups import np_end, owned_head
from tocsin.core.matching.read import Document
from tocsin.core.matching.tokens import Group, Sentence
from tocsin.core.mentions import Argument, Role


def arguments_of(document: Document, role: Role, fillers: Sequence[Filler]) -> tuple[Argument, ...]:
    """The parties in a role, in text order.

    "None of the five" are the five and "nobody" is no one. A town is where it happened, not to whom. Of "ten people,
    four in X and six in Y" the ten are told, and a spokesman who does something does it for others.
    """
    parties = [party for party in map(_party, fillers) if party is not None] if fillers else []
    if not parties:
        return ()
    if role is Role.RECIPIENT:
        parties = [party for party in parties if party.sentence.caseless or not is_bare_place(party)]
        if any(not _is_town(party) for party in parties):
            parties = [party for party in parties if not _is_town(party)]
    if any(not _is_number(party) for party in parties):
        parties = [party for party in parties if not _is_number(party)]
    if role is Role.AGENT:
        parties = [_principal(party) for party in parties]
    return tuple(argument(document, role, party) for party in parties)


def _party(filler: Filler) -> Filler | None:
    if not is_nobody(filler):
        return filler
    sentence, group = filler.sentence, filler.group
    if group.of < 0:
        return None
    inner = sentence.groups[owned_head(sentence, group.of)]
    return Filler(inner, sentence, filler.mask, inner.actor or filler.actor)


def _is_number(filler: Filler) -> bool:
    group = filler.group
    return filler.antecedent is None and filler.sentence.tag[group.head] == NUM and group.of < 0


def _is_town(filler: Filler) -> bool:
    """ "in a market in the town of X": the town is no second target beside the market."""
    sentence, group = filler.sentence, filler.group
    town = filler.mask & sentence.lexicon.serving("locality")
    return bool(town) and group.of >= 0 and sentence.groups[group.of].place


def _principal(filler: Filler) -> Filler:
    """For whom a spokesman speaks: "a spokesman for the rebels", "the rebels' spokesman", "a rebel spokesman"."""
    sentence, group = filler.sentence, filler.group
    words = sentence.lexicon.words
    if group.index < 0 or sentence.word[group.head] not in words.get("spokespersons", ()):
        return filler
    following = sentence.groups[group.index + 1] if group.index + 1 < len(sentence.groups) else None
    if following is not None and following.prep == group.end and _belongs(sentence, following):
        inner = sentence.groups[owned_head(sentence, following.index)]
        return Filler(inner, sentence, inner.mask, inner.actor or filler.actor)
    first = group.start + (sentence.tag[group.start] == DET)
    if first == group.head and group.owner < 0:
        return filler
    if first == group.head:
        owner = sentence.groups[group.owner]
        return Filler(owner, sentence, owner.mask, owner.actor or filler.actor)
    made = Group(-1, group.start, group.head, group.head - 1)
    made.owner, made.mask = group.owner, sentence.mask[group.head - 1]
    return Filler(made, sentence, made.mask, filler.actor)


def _belongs(sentence: Sentence, group: Group) -> bool:
    return sentence.word[group.prep] in sentence.lexicon.words.get("belonging", ())


def _is_pronoun(filler: Filler) -> bool:
    group = filler.group
    return group.end - group.start == 1 and filler.sentence.tag[group.start] == PRON


def is_nobody(filler: Filler) -> bool:
    """ "no one", "nobody": who fills the place of somebody and is none."""
    words, sentence, group = filler.sentence.lexicon.words, filler.sentence, filler.group
    head, before = sentence.word[group.head], sentence.word[max(0, group.head - 1)]
    if head in words.get("negative_pronouns", ()):
        return True
    nobody = head in words.get("indefinite_pronouns", ()) or head in words.get("singular", ())
    return nobody and before in words.get("negative_determiners", ())


def argument(document: Document, role: Role, filler: Filler) -> Argument:
    """A filler as a value: its words without determiner, where they stand, the actor it names."""
    if filler.antecedent is not None and _is_pronoun(filler):
        resolved = filler.antecedent
        resolved.actor = resolved.actor or filler.actor
        return argument(document, role, resolved)
    sentence, group = filler.sentence, filler.group
    first = group.start
    while first < group.head and sentence.tag[first] in (DET, QUOTE):
        first += 1
    last = min(np_end(sentence, group.index), len(sentence)) if group.of >= 0 else group.end
    if group.index >= 0 and sentence.groups[group.index] is not group:
        last = group.end
    owner = group
    while owner.owner >= 0:
        owner = sentence.groups[owner.owner]
        first = owner.start
    while first < group.head and sentence.tag[first] == DET:
        first += 1
    span = Span(start=sentence.start[first], end=sentence.end[max(last, first + 1) - 1])
    return Argument(
        role=role,
        text=document.text[span.start : span.end],
        span=span,
        actor=filler.actor,
        head=sentence.word[group.head],
    )
