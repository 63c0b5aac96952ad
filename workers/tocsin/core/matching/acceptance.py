"""Whether a role takes what stands in one of its slots, and when it takes a word that no list knows."""

from tocsin.core.lexicon import Lexicon
from tocsin.core.matching.compiled import NAME, PLACE_NAME, STATE, Constraint
from tocsin.core.matching.described import told_after
from tocsin.core.matching.filling import Filler, Filling
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.read import Document
from tocsin.core.matching.scan import Trigger
from tocsin.core.mentions import Role

DOING = frozenset(("subject", "by", "owner", "doer"))


def refusal(document: Document, filler: Filler, constraint: Constraint, slot: str, *, trace: bool) -> str:
    """Why a role does not take a group from a slot; empty when it does. Only a trace is told the classes wanted."""
    mask, lexicon = filler.mask, filler.sentence.lexicon
    if filler.sentence.word[filler.group.head] in lexicon.words.get("toll_nouns", ()):
        return "a toll"
    if slot == "object" and filler.sentence.word[filler.group.head] in lexicon.words.get("reflexive", ()):
        return "the doer itself"
    if slot == "self" and not mask & lexicon.serving("personal"):
        return "the event itself"
    if constraint.excludes & mask:
        return "never " + ", ".join(lexicon.names(constraint.excludes & mask))
    if constraint.accepts & mask:
        if constraint.refuses & mask & ~constraint.accepts and filler.group.actor:
            return "never " + ", ".join(lexicon.names(constraint.refuses & mask))
        return ""
    site = not constraint.accepts and mask & lexicon.serving("usable")  # a market where people shop is no stock market
    if constraint.refuses & mask and not site:
        return "never " + ", ".join(lexicon.names(constraint.refuses & mask))
    if not constraint.accepts:
        return "" if slot != "self" else "the event itself"
    stately = lexicon.serving("stately")
    if slot in DOING and filler.group.place and constraint.accepts & stately:
        return ""
    if mask & lexicon.bit(STATE) and constraint.accepts & stately:
        return ""
    if slot == "modifier" and constraint.accepts & lexicon.serving("firing") and _is_people(document, filler):
        return ""  # "Danish air strikes": who flies and shells is a state
    if (
        slot not in ("self", "modifier")
        and mask & lexicon.bit(NAME)
        and (_is_body(filler) or not mask & ~constraint.accepts & lexicon.serving("person"))  # "131 Iraqis"
        and constraint.accepts & (lexicon.serving("personal") | stately)
    ):
        return ""
    if mask & lexicon.bit(PLACE_NAME) and constraint.accepts & lexicon.serving("locality"):
        return ""
    return f"is none of {', '.join(lexicon.names(constraint.accepts))}" if trace else "is none of them"


def _is_body(filler: Filler) -> bool:
    """Whether a name is not only that of so many people: "the Frontier Guard", "27 members of it"."""
    return filler.group.count is None or not filler.group.mask & filler.sentence.lexicon.bit(NAME)


def _is_people(document: Document, filler: Filler) -> bool:
    sentence, group = filler.sentence, filler.group
    if group.start != group.head:
        return False
    end = sentence.end[group.head]
    named = any(place.span.end == end and place.kind in ("country", "people") for place in sentence.places)
    return named or bool(document.country_of(sentence.word[group.head]))


def is_lenient(frame: Frame, trigger: Trigger, constraint: Constraint, filling: Filling) -> bool:
    """Whether a word that no class lists may be the person an unmistakable verb speaks of: its recipient."""
    if frame.shape == "nominal":
        return False
    if trigger.form.needs and not (frame.sentence.caseless and frame.shape == "passive"):
        lexicon = frame.sentence.lexicon
        return _is_armed(filling, trigger, lexicon) or _is_hit(filling, trigger, lexicon)
    if not constraint.accepts & frame.sentence.lexicon.serving("person"):
        return False
    return frame.shape in ("passive", "reduced", "adjective") or Role.AGENT in filling.roles


def _is_armed(filling: Filling, trigger: Trigger, lexicon: Lexicon) -> bool:
    """Whether somebody armed does what needs such a one: whom "a gunman wounded" is a person, known or not."""
    armed = lexicon.serving("outlaw") & trigger.need
    return any(filler.mask & armed for filler in filling.groups(Role.AGENT))


def _is_hit(filling: Filling, trigger: Trigger, lexicon: Lexicon) -> bool:
    """Whether a bomb, a shell or an aircraft does what needs one: what it strikes need be in no list."""
    heavy = lexicon.serving("heavy")
    means = (filler.mask for role in (Role.INSTRUMENT, Role.AGENT) for filler in filling.groups(role))
    return any(mask & heavy and mask & trigger.need for mask in means)


def leads_to_place(lexicon: Lexicon, trigger: Trigger, slot: str, constraint: Constraint) -> bool:
    """Whether an unknown name after the trigger can only be a place: "pulled out of X", "marched calmly into X"."""
    if not constraint.accepts & lexicon.serving("locality"):
        return False
    leaders = lexicon.words.get("place_leaders", ())
    apart = slot in leaders and trigger.form.roles.get(slot) is Role.OBJECT
    return apart or trigger.text.rpartition(" ")[2] in leaders


def is_name(filler: Filler) -> bool:
    """Whether a group is a name that no list has, be its words ordinary ones: "into Gumbo Hare"."""
    sentence, group = filler.sentence, filler.group
    if filler.mask == sentence.lexicon.bit(NAME):
        return True
    capitals = sentence.cap[group.start : group.end]
    return len(capitals) > 1 and all(capitals) and not (sentence.titled or group.actor or group.actors)


def is_somebody(filler: Filler) -> bool:
    """Whether what stands after a comma says that a name is a person's: "captured X, a smuggler"."""
    return bool(told_after(filler.sentence, filler.group) & filler.sentence.lexicon.serving("person"))


def is_unknown(frame: Frame, filler: Filler) -> bool:
    """Whether a verb's object, or what its preposition leads to, is of no class that a list knows, nor abstract."""
    word = filler.sentence.word[filler.group.head]
    words = filler.sentence.lexicon.words
    # without capitals a surname and a small town look the same
    town = filler.group.place and filler.sentence.caseless and not filler.mask & filler.sentence.lexicon.bit(STATE)
    if (filler.mask and not town) or word in words.get("abstract", ()) or word in filler.sentence.lexicon.event_nouns:
        return False
    led = filler.group.prep >= 0 and not frame.start <= filler.group.prep < frame.end
    return not led and not word.endswith(tuple(words.get("abstract_endings", ())))
