"""In which order roles look for fillers, and in which grammatical slots of a frame."""

from collections.abc import Iterator, Mapping, Sequence

from tocsin.core.matching.compiled import CompiledRule
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.scan import Trigger
from tocsin.core.mentions import Role


def plan_of(
    frame: Frame, trigger: Trigger, rule: CompiledRule, words: dict[str, frozenset[str]]
) -> Sequence[tuple[Role, list[str]]]:
    """In which order roles look for fillers, and in which of the frame's slots.

    It depends on the frame, and on where the trigger puts its arguments, so the rules that share these share it.
    """
    apart, override = Role.OBJECT in rule.constraints, trigger.form.roles
    key = (apart, *override.items()) if override else (apart,)
    known = frame.plans.get(key)
    if known is None:
        known = frame.plans[key] = list(_steps(frame, override, words, apart=apart))
    return known


def _steps(
    frame: Frame, override: Mapping[str, Role], words: dict[str, frozenset[str]], *, apart: bool
) -> Iterator[tuple[Role, list[str]]]:
    """A plan's steps that any slot is filled for. `apart`: what is taken and whom from are two roles."""
    by_role: dict[Role, list[str]] = {}
    for slot, role in override.items():
        by_role.setdefault(role, []).extend(_override_slots(frame, slot, words))
    steps = [(role, sorted(slots, key=lambda slot: _position(frame, slot))) for role, slots in by_role.items()]
    plan = _nominal_plan(frame, words) if frame.shape == "nominal" else _verbal_plan(frame, words)
    for role, slots in plan:
        kept = [slot for slot in slots if slot not in override] if override else slots
        if role is Role.RECIPIENT and override.get("subject") is role:
            if apart:
                steps.append((Role.OBJECT, kept))  # "was caught with two rifles"
            continue  # "lost their lives in an attack on the school": who suffers is the subject or nobody
        if role is Role.RECIPIENT:
            taken_from = _named(frame, words, "source_prepositions") if apart else []
            if override.get("subject") is not Role.OBJECT:  # "changed hands at the bridge": the bridge did not
                steps.append((Role.OBJECT, kept))
            steps.append((Role.RECIPIENT, [*kept, *taken_from]))
        else:
            steps.append((role, kept))
    held = frame.slots
    for role, slots in steps:
        filled = [slot for slot in slots if held.get(slot)]
        if filled:
            yield role, filled


def _position(frame: Frame, slot: str) -> int:
    """Where a prepositional phrase stands: of several the nearest says to whom. Subjects and objects go first."""
    groups = frame.sentence.groups
    found = [index for index in frame.slots.get(slot, ()) if groups[index].prep >= frame.end - 1]
    return groups[found[0]].start if found and slot not in ("subject", "object", "by") else 0


def _override_slots(frame: Frame, slot: str, words: dict[str, frozenset[str]]) -> list[str]:
    """A trigger's own "subject" is what the passive calls the object, and the other way round."""
    if slot in words.get("of_prepositions", ()) and frame.shape != "nominal":
        return [slot, "object_of"]  # "rid the road of mines": the phrase hangs on the object
    if frame.shape in ("passive", "reduced"):
        if slot == "subject":
            return ["by", "subject"]
        if slot == "object":
            return ["object", "adjacent"]
    if slot == "object":
        return ["object", "antecedent"]
    return [slot, "object"] if slot == "subject" and frame.shape == "reduced" else [slot]


def _verbal_plan(frame: Frame, words: dict[str, frozenset[str]]) -> list[tuple[Role, list[str]]]:
    with_slots = _named(frame, words, "instrument_prepositions")
    if frame.shape in ("passive", "reduced", "adjective"):
        return [(Role.AGENT, ["by", "shower"]), (Role.RECIPIENT, ["object", "adjacent"]), (Role.INSTRUMENT, with_slots)]
    patient = ["object", "object_of"] if frame.slots.get("object") else _named(frame, words, "recipient_prepositions")
    patient = ["antecedent", *patient]  # "the truce that both sides signed"
    return [(Role.AGENT, ["subject", "doer"]), (Role.RECIPIENT, patient), (Role.INSTRUMENT, with_slots)]


def _nominal_plan(frame: Frame, words: dict[str, frozenset[str]]) -> list[tuple[Role, list[str]]]:
    aimed = _named(frame, words, "recipient_prepositions")
    near = _named(frame, words, "nearby_prepositions")  # "a shooting outside a bar left two men dead" hit the men
    patient = [*(slot for slot in aimed if slot not in near), "victim", "experiencer", *near, "toll", "object"]
    of_slots = _named(frame, words, "of_prepositions")
    # "the mayor's murder" is done to the mayor, "the mayor's murder of a rival" by him
    suffered = not of_slots and frame.sentence.word[frame.end - 1] in words.get("suffered_nouns", ())
    owner = [] if suffered else ["owner"]
    return [
        (Role.AGENT, ["by", "subject", *_named(frame, words, "mutual_prepositions"), *owner, "modifier"]),
        (Role.RECIPIENT, [*of_slots, *patient, "owner", "modifier"]),
        (Role.AGENT, of_slots),
        (Role.AGENT, ["self"]),
        (Role.INSTRUMENT, _named(frame, words, "instrument_prepositions")),
    ]


def _named(frame: Frame, words: dict[str, frozenset[str]], name: str) -> list[str]:
    listed = words.get(name, frozenset())
    return [slot for slot in frame.slots if slot in listed]
