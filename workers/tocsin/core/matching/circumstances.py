"""When and where: dates and places attached to a frame by nearness within its clause."""

from collections.abc import Iterable, Mapping, Sequence

from tocsin.core.dates.resolver import DateMention
from tocsin.core.lexicon import COMMA, PUNCT, REL, SUB, VERB
from tocsin.core.matching.compiled import NAME
from tocsin.core.matching.filling import Filler
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.tokens import Sentence
from tocsin.core.mentions import Argument, PlaceMention

CLAUSE = 12


def find_date(frame: Frame, words: Mapping[str, frozenset[str]]) -> DateMention | None:
    """The date expression nearest to the trigger that is not the date of the report."""
    best: DateMention | None = None
    best_cost = 1 << 30
    index = frame.sentence.group_at[frame.start]
    governed = frame.shape == "nominal" and index >= 0 and frame.sentence.groups[index].prep > 0
    for date in frame.sentence.dates:
        if date.value is None or date.kind not in ("explicit", "relative"):
            continue
        cost = _distance(frame, date)
        if governed and date.span.start < frame.sentence.start[frame.start]:
            cost += 8
        if is_report_date(frame, date, words):
            continue
        if cost < best_cost:
            best, best_cost = date, cost
    return best


def near_dates(frame: Frame, best: DateMention | None) -> tuple[DateMention, ...]:
    """The dates and periods in the trigger's own clause; `best` is the one that `find_date` finds."""
    found = [
        date
        for date in frame.sentence.dates
        if date is best or (date.kind in ("period", "vague") and _distance(frame, date) < 40)
    ]
    return tuple(found)


def _distance(frame: Frame, date: DateMention) -> int:
    sentence = frame.sentence
    at = sentence.token_at(date.span.start)
    low, high = (at, frame.start) if at < frame.start else (frame.end, at)
    cost = high - low
    for position in range(low, min(high, len(sentence))):
        tag = sentence.tag[position]
        if tag == COMMA:
            cost += 5
        elif tag in (SUB, REL) or (tag == PUNCT and sentence.word[position] in (";", ":")):
            cost += CLAUSE
    return cost


def is_report_date(frame: Frame, date: DateMention, words: Mapping[str, frozenset[str]]) -> bool:
    """Whether the date belongs to "said on Monday" and not to the event."""
    sentence = frame.sentence
    at = sentence.token_at(date.span.start)
    report = words.get("report_verbs", frozenset())
    before = at - 1
    for _ in range(4):
        if before < 0 or before == frame.end - 1:
            return False
        if sentence.word[before] in report and sentence.tag[before] == VERB:
            return True
        if sentence.tag[before] in (VERB, SUB):
            return False
        before -= 1
    end = sentence.token_at(date.span.end - 1) + 1
    return end < len(sentence) and sentence.word[end] in report and sentence.tag[end] == VERB


def find_places(
    frame: Frame, agents: Sequence[Filler], words: Mapping[str, frozenset[str]], *, moving: bool = False
) -> tuple[PlaceMention, ...]:
    """Where it happened: the places of the frame's clause that are no actor, origin or base.

    Of an event that moves somebody (`moving`) both ends are its places.
    """
    sentence = frame.sentence
    owned = _agent_countries(sentence, agents)
    ends = words.get("travel_prepositions", frozenset())
    spots = sentence.lexicon.serving("site")
    found: list[PlaceMention] = []
    for place in sentence.places:
        at = sentence.token_at(place.span.end - 1)
        index = sentence.group_at[at] if at < len(sentence) else -1
        if index in owned and at == sentence.groups[index].head and place.kind != "province":
            continue  # but "Ohio executed a man" says where
        if index >= 0:
            group = sentence.groups[index]
            governor = sentence.word[group.prep] if group.prep >= 0 else ""
            if at != group.head:
                if place.kind in ("country", "people", "state") or group.actor:
                    continue
                held = governor in words.get("area_prepositions", ()) or group.mask & spots
                if index in {f.group.index for f in agents} or held or not any(sentence.finite):
                    found.append(place)
                continue
            if (
                not governor
                and not _is_set_off(sentence, index, spots)
                and not _owns_place(sentence, index)
                and index not in frame.all_groups()
                and sentence.word[group.start - 1] not in words.get("place_verbs", ())
            ):
                continue
            if governor in ends and (moving or _is_route(sentence, index, ends)):
                found.append(place)
                continue
            if group.prep > 0 and sentence.word[group.prep - 1] in words.get("based", ()):
                continue
            if governor in words.get("origin_prepositions", ()) and not _is_affected(frame, index):
                continue
            if governor in words.get("side_prepositions", ()) and not _is_affected(frame, index):
                continue
        if _cost(frame, at) > 40 or _is_later(frame, at, words):
            continue
        found.append(place)
    inner = {p.country for p in found if p.kind != "country"}
    found = [p for p in found if p.kind != "country" or p.country not in inner]
    dry = [p for p in found if p.text.split()[-1].lower() not in words.get("sea_nouns", ())]
    return tuple(dry or found)


def _is_route(sentence: Sentence, index: int, ends: frozenset[str]) -> bool:
    """ "on the road from Dori to Téra": what a road leads from and to."""
    for _ in range(2):
        group = sentence.groups[index]
        if group.prep < 1 or sentence.word[group.prep] not in ends:
            break
        index = sentence.group_at[group.prep - 1]
        if index < 0:
            break
        if sentence.groups[index].mask & sentence.lexicon.serving("route"):
            return True
    return False


def _is_later(frame: Frame, at: int, words: Mapping[str, frozenset[str]]) -> bool:
    """ "freed in 2019, she now runs a school in Zug": where somebody is today is not where it was."""
    sentence, nowadays = frame.sentence, words.get("nowadays", ())
    return any(
        sentence.word[i] in nowadays and sentence.tag[i + 1] == VERB and sentence.finite[i + 1]
        for i in range(frame.end, at - 1)
    )


def places_named_by(objects: Iterable[tuple[Filler, Argument]], known: tuple[PlaceMention, ...]) -> list[PlaceMention]:
    """Names that no gazetteer has, where a verb says that they are places: "pulled out of X"."""
    made: list[PlaceMention] = []
    for filler, argument in objects:
        if filler.mask != filler.sentence.lexicon.bit(NAME) or filler.group.actor:
            continue
        if not any(p.span.start < argument.span.end and argument.span.start < p.span.end for p in known):
            made.append(PlaceMention(text=argument.text, span=argument.span, name=argument.text, kind="unknown"))
    return made


def _owns_place(sentence: Sentence, index: int) -> bool:
    following = index + 1
    return following < len(sentence.groups) and sentence.groups[following].owner == index


def _is_set_off(sentence: Sentence, index: int, spots: int) -> bool:
    """Whether the name goes on with a row of places, or names the place before it: "the provincial capital, Raqqa"."""
    at = sentence.groups[index].start - 1
    if at > 0 and sentence.word[at] == "'":
        at -= 1  # "Leeds, 'Irqah and 'Anin"
    if at < 1 or sentence.word[at] not in (",", "("):
        return False
    before = at - 1 if sentence.word[at - 1] != "'" else at - 2  # "Kazan', Perm' and Omsk"
    if any(place.span.end == sentence.end[before] for place in sentence.places):
        return True
    described = sentence.group_at[before] if sentence.word[at] == "," else -1
    return described >= 0 and bool(sentence.groups[described].mask & spots)


def _is_affected(frame: Frame, index: int) -> bool:
    return index in frame.slots.get("object", ())


def _agent_countries(sentence: Sentence, agents: Sequence[Filler]) -> set[int]:
    owned: set[int] = set()
    for filler in agents:
        if filler.sentence is not sentence:
            continue
        group = filler.group
        if group.place or group.country:
            owned.add(group.index)
        while group.owner >= 0:
            owned.add(group.owner)
            group = sentence.groups[group.owner]
    return owned


def _cost(frame: Frame, at: int) -> int:
    low, high = (at, frame.start) if at < frame.start else (frame.end, at)
    return high - low
