"""Who does what: grammatical slots become roles when the rule's constraints accept what stands in them."""

from dataclasses import dataclass, field

from tocsin.core.article import Span
from tocsin.core.lexicon import NUM, PREP, PRON
from tocsin.core.matching.antecedents import is_bare_number, may_refer, resolve
from tocsin.core.matching.compiled import NAME, PLACE_NAME, STATE, STATELY, CompiledRule, Constraint
from tocsin.core.matching.described import armed_allies_of, crew_of, followers_of, told_after, who_is_named
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.plans import plan_of
from tocsin.core.matching.read import Document
from tocsin.core.matching.scan import Trigger
from tocsin.core.matching.tokens import Group, Sentence
from tocsin.core.mentions import Role, TraceStep

_DOING = frozenset(("subject", "by", "owner", "doer"))
_PERSONAL = (
    "person",
    "armed_group",
    "criminal_group",
    "organisation",
    "official",
    "suspect",
    "civilian",
    "militant",
    "group",
)

# "a navy boat", "the police station", "cartel men": what belongs to a force stands for it
_OWNED = ("vehicle", "vessel", "aircraft", "building")
_CREWED = ("vehicle", "vessel")
_FIRING = ("aircraft", "artillery_unit")
_LAWLESS = ("armed_group", "criminal_group", "militant")
_STATE_UNITS = ("military", "state_force")
_ARMED = ("military", "police", "armed_group", "criminal_group", "state_force")
_SITES = ("place", "building", "vehicle", "vessel")
_CARRIED = ("weapon", "ammunition", "explosive", "drug", "money", "chemical_agent", "remote_device")


@dataclass(slots=True)
class Filler:
    """A noun group in a role. `group` is its own; `sense` is what it stands for when it is a pronoun."""

    group: Group
    sentence: Sentence
    mask: int
    actor: str | None = None
    antecedent: "Filler | None" = None


@dataclass(slots=True)
class Filling:
    """The roles of one frame under one rule, from which slot each was filled, and how each candidate was judged."""

    roles: dict[Role, list[Filler]] = field(default_factory=dict)
    slots: dict[Role, str] = field(default_factory=dict)
    steps: list[TraceStep] = field(default_factory=list)
    missing: tuple[Role, ...] = ()
    guessed: bool = False

    def groups(self, role: Role) -> list[Filler]:
        """The fillers of a role, in text order."""
        return self.roles.get(role, [])


class RoleFiller:
    """Fills the roles of frames in one document."""

    __slots__ = ("_document", "_lexicon", "_trace")

    def __init__(self, document: Document, *, trace: bool) -> None:
        self._document = document
        self._lexicon = document.language.lexicon
        self._trace = trace

    def fill(self, frame: Frame, trigger: Trigger, rule: CompiledRule) -> Filling:
        """Every role that the frame's slots can fill. Optional roles may stay empty; `missing` names the others."""
        filling = Filling()
        linked = Role.LINKED in rule.constraints
        for role, slots in plan_of(frame, trigger, rule, self._lexicon.words):
            if role in filling.roles and role is not Role.LINKED:
                continue
            constraint = rule.constraints.get(role)
            if constraint is None:
                continue
            lenient = role is Role.RECIPIENT and self._is_lenient(frame, trigger, constraint, filling)
            for slot in slots:
                if role in filling.roles and slot in ("owner", "modifier"):
                    continue
                leads = self._leads_to_place(trigger, slot, constraint)
                accepted = self._judge(
                    frame, slot, role, constraint, filling, linked=linked, lenient=lenient, leads=leads
                )
                if role is Role.OBJECT and slot == "object" and frame.shape != "nominal":
                    accepted = accepted or self._unknown_places(frame, constraint, filling)
                if accepted and (role not in filling.roles or not is_bare_place(accepted[0])):
                    filling.roles[role], filling.slots[role] = accepted, slot
                if accepted and not (role is Role.RECIPIENT and is_bare_place(accepted[0])):
                    break  # "the shelling of X by Y killed Z": where it was goes before nobody to whom it was
        filling.missing = tuple([role for role in rule.required if role not in filling.roles])
        return filling

    def judge_agents(self, frame: Frame, constraint: Constraint) -> list[Filler]:
        """The subject's groups that may be agents."""
        return self._judge(
            frame, "subject", Role.AGENT, constraint, Filling(), linked=False, lenient=False, leads=False
        )

    def _judge(
        self,
        frame: Frame,
        slot: str,
        role: Role,
        constraint: Constraint,
        filling: Filling,
        *,
        linked: bool,
        lenient: bool,
        leads: bool,
    ) -> list[Filler]:
        accepted: list[Filler] = []
        refused = False
        roles = filling.roles.values()
        taken = {f.group.index for fillers in roles for f in fillers if f.sentence is frame.sentence} if roles else ()
        for index in frame.slots.get(slot, ()):
            if index in taken:
                continue
            filler = self._filler(frame, index, constraint, through=not linked)
            why = self._refusal(filler, constraint, slot)
            if why and lenient and not refused and slot == "object" and self._is_unknown(filler):
                why = ""  # but of "rice, noodles and mattresses" the last is nobody either
            if why and leads and slot not in _DOING and self._is_name(filler):
                why = ""
            coordinated = bool(accepted) and not why.startswith("never")
            if why and not coordinated:
                if self._trace:
                    self._note(filling, filler, f"{role.value} refused", f"{slot}: {why}")
                refused = refused or bool(filler.mask)
                continue
            if self._trace:
                self._note(filling, filler, f"{role.value} accepted", slot)
            accepted.append(filler)
        return self._shared_head(accepted)

    def _shared_head(self, accepted: list[Filler]) -> list[Filler]:
        """ "Spanish and Moroccan police" is one group: two peoples share a head."""
        if len(accepted) < 2 or any(f.sentence is not accepted[0].sentence for f in accepted):
            return accepted
        sentence, last = accepted[0].sentence, accepted[-1]
        for filler in accepted[:-1]:
            group = filler.group
            if group.end - group.start > 2 or not self._document.country_of(sentence.word[group.head]):
                return accepted
        if group.place or not self._document.country_of(sentence.word[last.group.start]):
            return accepted
        whole = Group(-1, accepted[0].group.start, last.group.end, last.group.head)
        whole.count, whole.exact, whole.of = last.group.count, last.group.exact, last.group.of
        whole.mask, whole.inner, whole.actor = last.group.mask, last.group.inner, None
        return [Filler(whole, sentence, last.mask, None)]

    def _is_lenient(self, frame: Frame, trigger: Trigger, constraint: Constraint, filling: Filling) -> bool:
        """Whether a word that no class lists may be the person an unmistakable verb speaks of: its recipient."""
        if frame.shape == "nominal":
            return False
        if trigger.form.needs and not (frame.sentence.caseless and frame.shape == "passive"):
            return self._is_armed(filling, trigger)
        if not constraint.accepts & self._lexicon.bit("person"):
            return False
        return frame.shape in ("passive", "reduced", "adjective") or Role.AGENT in filling.roles

    def _is_armed(self, filling: Filling, trigger: Trigger) -> bool:
        """Whether somebody armed does what needs such a one: whom "a gunman wounded" is a person, known or not."""
        armed = self._lexicon.mask_of(("armed_group", "criminal_group")) & trigger.need
        return any(filler.mask & armed for filler in filling.groups(Role.AGENT))

    def _leads_to_place(self, trigger: Trigger, slot: str, constraint: Constraint) -> bool:
        """Whether an unknown name after the trigger can only be a place: "pulled out of X", "marched calmly into X"."""
        if not constraint.accepts & self._lexicon.mask_of(("place", "territory")):
            return False
        leaders = self._lexicon.words.get("place_leaders", ())
        apart = slot in leaders and trigger.form.roles.get(slot) is Role.OBJECT
        return apart or trigger.text.rpartition(" ")[2] in leaders

    def _is_name(self, filler: Filler) -> bool:
        """Whether a group is a name that no list has, be its words ordinary ones: "into Gumbo Hare"."""
        sentence, group = filler.sentence, filler.group
        if filler.mask == self._lexicon.bit(NAME):
            return True
        capitals = sentence.cap[group.start : group.end]
        return len(capitals) > 1 and all(capitals) and not (sentence.titled or group.actor or group.actors)

    def _unknown_places(self, frame: Frame, constraint: Constraint, filling: Filling) -> list[Filler]:
        """Names that no list knows, where a place stands: "recaptured X". A rule that knows better goes first."""
        persons = self._lexicon.mask_of(_PERSONAL) | self._lexicon.mask_of(STATELY)
        if constraint.accepts & persons or not constraint.accepts & self._lexicon.bit("territory"):
            return []
        fillers = [self._filler(frame, index, constraint, through=False) for index in frame.slots.get("object", ())]
        named = [f for f in fillers if f.mask == self._lexicon.bit(NAME) and not f.actor and not self._is_somebody(f)]
        filling.guessed = bool(named)
        return named

    def _is_somebody(self, filler: Filler) -> bool:
        """Whether what stands after a comma says that a name is a person's: "captured X, a smuggler"."""
        return bool(told_after(filler.sentence, filler.group) & self._lexicon.bit("person"))

    def _is_unknown(self, filler: Filler) -> bool:
        word = filler.sentence.word[filler.group.head]
        words = self._lexicon.words
        # without capitals a surname and a small town look the same
        town = filler.group.place and filler.sentence.caseless and not filler.mask & self._lexicon.bit(STATE)
        if (filler.mask and not town) or word in words.get("abstract", ()) or word in self._lexicon.event_nouns:
            return False
        return not word.endswith(tuple(words.get("abstract_endings", ()))) and filler.group.prep < 0

    def _filler(self, frame: Frame, index: int, constraint: Constraint, *, through: bool) -> Filler:
        sentence = frame.sentence
        group = sentence.groups[index]
        known = frame.senses.get((index, through))
        if known is None:
            actor = self._actor(sentence, group) or (self._actor_within(sentence, group) if through else None)
            known = self._sense(sentence, group), actor, _referring(sentence, group)
            frame.senses[index, through] = known
        mask, actor, referring = known
        filler = Filler(group, sentence, mask, actor)
        if constraint.accepts & self._lexicon.mask_of(_CARRIED):
            filler.mask |= self._contents(sentence, group) & constraint.accepts & ~constraint.excludes
        if referring is None:
            return filler
        subject = frame.slots.get("subject", ())
        barred = () if index in subject else subject
        found = resolve(self._document, sentence, referring, constraint.accepts, barred)
        if found is not None:
            other_sentence, other = found
            filler.antecedent = Filler(
                other, other_sentence, self._sense(other_sentence, other), self._actor(other_sentence, other)
            )
            bare = is_bare_number(sentence, group)  # nobody, but so many of the things before
            filler.mask = filler.antecedent.mask | (0 if bare else filler.mask)
            filler.actor = filler.actor or filler.antecedent.actor
        return filler

    def _sense(self, sentence: Sentence, group: Group) -> int:
        """What a group is: its head, and for "members of X", "dozens of X" or "two of the X" what X is too."""
        lexicon = self._lexicon
        mask = group.mask or self._aged(sentence.word[group.head])
        lawless, stately = (
            group.inner & lexicon.mask_of(_LAWLESS),
            lexicon.mask_of(("military", "state_force", "soldier")),
        )
        if lawless and mask & stately and not group.inner & stately and not (group.actor or group.actors):
            mask = mask & ~stately | lawless  # "Islamist brigades", "rebel troops"
        if sentence.word[group.head] in lexicon.words.get("members_of", ()):
            told = group.inner & lexicon.mask_of(_ARMED)
            if told & lexicon.mask_of(("military", "police")):
                mask &= ~lexicon.mask_of(_LAWLESS)  # "a police commander" leads no band
            mask |= told
            for index in (group.of, group.owner):
                mask |= sentence.groups[index].mask if index >= 0 else 0
        elif sentence.word[group.head] in lexicon.words.get("holding_nouns", ()):
            mask |= group.inner & lexicon.mask_of((*_ARMED, "government"))  # "is back in government hands"
        elif sentence.word[group.head] in lexicon.words.get("shards", ()):
            mask = self._whole(sentence, group) or mask
        elif group.of >= 0 and sentence.tag[group.head] == NUM:
            mask |= sentence.groups[group.of].mask
        mask = armed_allies_of(sentence, group, lexicon.mask_of(_LAWLESS)) or mask
        owners = sentence.groups[group.owner].mask if group.owner >= 0 else 0
        unit = mask & lexicon.bit("military") and not mask & lexicon.mask_of(("police", "intelligence"))
        if unit and owners & lexicon.mask_of(_LAWLESS):
            mask = mask & ~lexicon.mask_of(_STATE_UNITS) | owners  # "the Front's northern brigade"
        if group.paren >= 0 and not mask:
            mask |= sentence.groups[group.paren].mask
        if mask == lexicon.bit(NAME):
            mask |= who_is_named(sentence, group)
        led = followers_of(sentence, group, lexicon.mask_of(_ARMED))
        mask |= led | (lexicon.closure("militant") if led & lexicon.bit("armed_group") else 0)
        if mask & lexicon.mask_of(_CREWED):
            mask |= crew_of(sentence, group) & lexicon.mask_of(_ARMED)
        if mask & lexicon.mask_of(_OWNED) or sentence.word[group.head] in lexicon.words.get("bare_persons", ()):
            mask |= group.inner & lexicon.mask_of(_ARMED)
        return mask

    def _whole(self, sentence: Sentence, group: Group) -> int:
        """What a part is broken from: "splinters from a grenade", "a fragment of a shell"."""
        after = sentence.groups[group.index + 1] if group.index + 1 < len(sentence.groups) else None
        if after is None or after.prep != group.end:
            return 0
        return after.mask & self._lexicon.mask_of(_CARRIED) and after.mask

    def _aged(self, word: str) -> int:
        """Who is told by an age alone is a person: "a 31-year-old"."""
        return self._lexicon.bit("person") if word.endswith(tuple(self._lexicon.words.get("age_endings", ()))) else 0

    def _contents(self, sentence: Sentence, group: Group) -> int:
        """What a group holds: "a drum full of pistols", "shells containing sarin", "a car loaded with two bombs"."""
        lexicon, at = self._lexicon, group.end
        if at + 1 >= len(sentence) or sentence.word[at] not in lexicon.words.get("holding", ()):
            return 0
        inner = sentence.group_at[at + 1 + (sentence.tag[at + 1] == PREP)] if at + 2 < len(sentence) else -1
        return self._sense(sentence, sentence.groups[inner]) & lexicon.mask_of(_CARRIED) if inner >= 0 else 0

    def _actor(self, sentence: Sentence, group: Group) -> str | None:
        if group.actor:
            return group.actor
        if group.paren >= 0 and sentence.groups[group.paren].actor:
            return sentence.groups[group.paren].actor
        return None

    def _actor_within(self, sentence: Sentence, group: Group) -> str | None:
        """The actor a group belongs to: "an Islamic State camp", "a camp for fighters of the organisation"."""
        for _ in range(4):
            if group.actors:
                return group.actors[0]
            following = group.index + 1
            if not 0 <= following < len(sentence.groups):
                return None
            after = sentence.groups[following]
            if after.prep != group.end or sentence.word[after.prep] not in self._lexicon.words.get("belonging", ()):
                return None
            group = after
            if group.actor:
                return group.actor
            found = resolve(self._document, sentence, group, 0)
            if found is not None:
                return found[1].actor
        return None

    def _refusal(self, filler: Filler, constraint: Constraint, slot: str) -> str:
        mask, lexicon = filler.mask, self._lexicon
        if filler.sentence.word[filler.group.head] in lexicon.words.get("toll_nouns", ()):
            return "a toll"
        if slot == "object" and filler.sentence.word[filler.group.head] in lexicon.words.get("reflexive", ()):
            return "the doer itself"
        if slot == "self" and not mask & lexicon.mask_of(_PERSONAL):
            return "the event itself"
        if constraint.excludes & mask:
            return "never " + ", ".join(lexicon.names(constraint.excludes & mask))
        if constraint.accepts & mask:
            if constraint.refuses & mask & ~constraint.accepts and filler.group.actor:
                return "never " + ", ".join(lexicon.names(constraint.refuses & mask))
            return ""
        site = not constraint.accepts and mask & lexicon.mask_of(
            _SITES
        )  # a market where people shop is no stock market
        if constraint.refuses & mask and not site:
            return "never " + ", ".join(lexicon.names(constraint.refuses & mask))
        if not constraint.accepts:
            return "" if slot != "self" else "the event itself"
        stately = lexicon.mask_of(STATELY)
        if slot in _DOING and filler.group.place and constraint.accepts & stately:
            return ""
        if mask & lexicon.bit(STATE) and constraint.accepts & stately:
            return ""
        if slot == "modifier" and constraint.accepts & lexicon.mask_of(_FIRING) and self._is_people(filler):
            return ""  # "Danish air strikes": who flies and shells is a state
        if (
            slot not in ("self", "modifier")
            and mask & lexicon.bit(NAME)
            and (self._is_body(filler) or not mask & ~constraint.accepts & lexicon.bit("person"))  # "131 Iraqis"
            and constraint.accepts & (lexicon.mask_of(_PERSONAL) | stately)
        ):
            return ""
        if mask & lexicon.bit(PLACE_NAME) and constraint.accepts & lexicon.mask_of(("place", "territory")):
            return ""
        return f"is none of {', '.join(lexicon.names(constraint.accepts))}" if self._trace else "is none of them"

    def _is_body(self, filler: Filler) -> bool:
        """Whether a name is not only that of so many people: "the Frontier Guard", "27 members of it"."""
        return filler.group.count is None or not filler.group.mask & self._lexicon.bit(NAME)

    def _is_people(self, filler: Filler) -> bool:
        sentence, group = filler.sentence, filler.group
        if group.start != group.head:
            return False
        end = sentence.end[group.head]
        named = any(place.span.end == end and place.kind in ("country", "people") for place in sentence.places)
        return named or bool(self._document.country_of(sentence.word[group.head]))

    def _note(self, filling: Filling, filler: Filler, decision: str, reason: str) -> None:
        group, sentence = filler.group, filler.sentence
        span = Span(start=sentence.start[group.start], end=sentence.end[group.end - 1])
        filling.steps.append(TraceStep(stage="role", span=span, decision=decision, reason=reason))


def _referring(sentence: Sentence, group: Group) -> Group | None:
    """The group that stands for another: a pronoun, "the group", or the pronoun in "two of them"."""
    if may_refer(sentence, group):
        return group
    part = sentence.groups[group.of] if group.of >= 0 and sentence.tag[group.head] == NUM else None
    return part if part is not None and sentence.tag[part.start] == PRON and may_refer(sentence, part) else None


def is_bare_place(filler: Filler) -> bool:
    """Whether the name of a town or province stands where somebody should; a country can be a party."""
    sentence, group = filler.sentence, filler.group
    if group.place:
        return not filler.mask & sentence.lexicon.bit(STATE)
    if group.head == group.start or sentence.word[group.head] not in sentence.lexicon.words.get("region_nouns", ()):
        return False
    return any(place.span.end == sentence.end[group.head - 1] for place in sentence.places)
