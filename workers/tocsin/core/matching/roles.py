"""Who does what: grammatical slots become roles when the rule's constraints accept what stands in them."""

from tocsin.core.article import Span
from tocsin.core.matching.acceptance import (
    DOING,
    is_lenient,
    is_name,
    is_somebody,
    is_unknown,
    leads_to_place,
    refusal,
)
from tocsin.core.matching.compiled import NAME, CompiledRule, Constraint
from tocsin.core.matching.filling import Filler, Filling, is_bare_place
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.plans import plan_of
from tocsin.core.matching.read import Document
from tocsin.core.matching.scan import Trigger
from tocsin.core.matching.senses import filler_of
from tocsin.core.matching.tokens import Group
from tocsin.core.mentions import Role, TraceStep


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
            lenient = role is Role.RECIPIENT and is_lenient(frame, trigger, constraint, filling)
            for slot in slots:
                if role in filling.roles and slot in ("owner", "modifier"):
                    continue
                leads = leads_to_place(self._lexicon, trigger, slot, constraint)
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
            filler = filler_of(self._document, frame, index, constraint, through=not linked)
            why = refusal(self._document, filler, constraint, slot, trace=self._trace)
            if why and lenient and not refused and slot == "object" and is_unknown(frame, filler):
                why = ""  # but of "rice, noodles and mattresses" the last is nobody either
            if why and leads and slot not in DOING and is_name(filler):
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

    def _unknown_places(self, frame: Frame, constraint: Constraint, filling: Filling) -> list[Filler]:
        """Names that no list knows, where a place stands: "recaptured X". A rule that knows better goes first."""
        persons = self._lexicon.serving("personal") | self._lexicon.serving("stately")
        if constraint.accepts & persons or not constraint.accepts & self._lexicon.serving("conquered"):
            return []
        fillers = [
            filler_of(self._document, frame, index, constraint, through=False)
            for index in frame.slots.get("object", ())
        ]
        named = [f for f in fillers if f.mask == self._lexicon.bit(NAME) and not f.actor and not is_somebody(f)]
        filling.guessed = bool(named)
        return named

    def _note(self, filling: Filling, filler: Filler, decision: str, reason: str) -> None:
        group, sentence = filler.group, filler.sentence
        span = Span(start=sentence.start[group.start], end=sentence.end[group.end - 1])
        filling.steps.append(TraceStep(stage="role", span=span, decision=decision, reason=reason))
