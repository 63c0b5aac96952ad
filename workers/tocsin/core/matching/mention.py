"""From the trigger hits of one sentence to drafts: frames, roles, status, when, where, how many."""

from collections.abc import Sequence

from tocsin.core.article import Span
from tocsin.core.lexicon import ADJ, BE, HAVE, ING, NOUN, PART, PREP, TO, VERB
from tocsin.core.matching.ahead import ahead, forward, is_generic
from tocsin.core.matching.arguments import argument, arguments_of, is_nobody
from tocsin.core.matching.backwards import goes_on, is_split, points_back
from tocsin.core.matching.carry import Carry
from tocsin.core.matching.circumstances import find_date, find_places, near_dates, places_named_by
from tocsin.core.matching.compiled import CompiledRule
from tocsin.core.matching.counts import event_count
from tocsin.core.matching.draft import Draft
from tocsin.core.matching.evidence import evidence_of, is_vague
from tocsin.core.matching.filling import Filling
from tocsin.core.matching.frame import Frame
from tocsin.core.matching.frames import has_tail, object_before, verb_frame
from tocsin.core.matching.links import find_linked
from tocsin.core.matching.merge import give_way
from tocsin.core.matching.needs import is_filled, is_met, whole_objects
from tocsin.core.matching.nominal import noun_frame
from tocsin.core.matching.read import Document
from tocsin.core.matching.refusals import (
    is_accident,
    is_judgement,
    is_mere_word,
    is_mishap,
    is_other_verb,
    is_verbal,
)
from tocsin.core.matching.roles import RoleFiller
from tocsin.core.matching.scan import Trigger, TriggerHit
from tocsin.core.matching.subjects import find_subject
from tocsin.core.matching.tokens import MAX_TOKENS, Sentence
from tocsin.core.matching.verbs import joins_passive, read_verb_group
from tocsin.core.mentions import OPENING, Argument, Role, Status, TraceStep
from tocsin.core.rules import GAP
from tocsin.core.status.case import Case, Reading
from tocsin.core.status.judge import judge

_ARGUMENTS = (Role.AGENT, Role.RECIPIENT, Role.OBJECT, Role.INSTRUMENT)


class Builder:
    """Builds the drafts of one document, sentence by sentence, in text order."""

    __slots__ = ("_carry", "_document", "_filler", "_lexicon", "_trace", "steps")

    def __init__(self, document: Document, *, trace: bool) -> None:
        self._document = document
        self._lexicon = document.language.lexicon
        self._filler = RoleFiller(document, trace=trace)
        self._carry = Carry(document)
        self._trace = trace
        self.steps: list[TraceStep] = []

    def build(self, span: Span, hits: Sequence[TriggerHit], *, alone: bool = True) -> list[Draft]:
        """The drafts of one sentence, at most one for each trigger word.

        Unless any of the hits counts `alone`, all do so only with what an event of a sentence before left.
        """
        if not (alone or self._carry.reaches(span)):
            return []
        sentence = self._document.read(span)
        if self._trace and len(sentence) >= MAX_TOKENS and sentence.end[-1] < span.end:
            rest = Span(start=sentence.end[-1], end=span.end)
            reason = f"a sentence is read up to {MAX_TOKENS} words"
            self.steps.append(TraceStep(stage="limit", span=rest, decision="not read", reason=reason))
        self._carry.enter(sentence)
        first = len(self.steps)
        found = self._drafts(sentence, hits)
        if self._carry.learn(found):
            del self.steps[first:]
            found = self._drafts(sentence, hits)  # "tenants marched and burned a car": who burns it is known now
        return give_way(found)

    def _drafts(self, sentence: Sentence, hits: Sequence[TriggerHit]) -> list[Draft]:
        found: list[Draft] = []
        covered: list[tuple[int, int]] = []
        for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
            if any(start < hit.end and hit.start < end for start, end in covered):
                continue
            draft = self._best(sentence, self._with_heads(hit, hits))
            if draft is not None:
                found.append(draft)
                covered.append((hit.start, hit.end))
        for draft in found:
            draft.goes_on = bool(self._carry.context)
        return sorted(found, key=lambda d: d.trigger_span.start)

    def _with_heads(self, hit: TriggerHit, hits: Sequence[TriggerHit]) -> TriggerHit:
        """ "rebel attack" may be what "attack" alone is for a rule that the longer word's own yields to.

        So "shot and killed" may be what "shot" is.
        """
        size = hit.end - hit.start
        within = [h for h in hits if h.end - h.start < size and (h.end == hit.end or h.start == hit.start)]
        if not within:
            return hit
        rules = self._document.language.rules
        yielded = {to for t in hit.triggers for to in rules[t.rule].rule.yields_to}
        heads = tuple(
            trigger
            for inner in within
            for trigger in inner.triggers
            if rules[trigger.rule].rule.id in yielded and self._is_head(trigger, inner, hit)
        )
        return hit._replace(triggers=hit.triggers + heads, want=-1) if heads else hit

    def _is_head(self, trigger: Trigger, inner: TriggerHit, hit: TriggerHit) -> bool:
        """Whether a shorter word is the last noun of a longer one, or the first verb of two."""
        if trigger.kind == "noun":
            return inner.end == hit.end
        joint = any(f" {word} " in hit.triggers[0].text for word in self._lexicon.words.get("conjunctions_and", ()))
        return joint and trigger.kind == "verb" and not trigger.tail and inner.start == hit.start

    def _best(self, sentence: Sentence, hit: TriggerHit) -> Draft | None:
        start = sentence.token_at(hit.start)
        end = sentence.token_at(hit.end - 1) + 1
        if start >= len(sentence) or end > len(sentence):
            return None
        if sentence.start[start] != hit.start or sentence.end[end - 1] != hit.end:
            return None
        frames: dict[tuple[str, bool], Frame | None] = {}
        filled: dict[tuple[int, int], tuple[Frame, Filling]] = {}
        best: tuple[float, Trigger, CompiledRule, Frame, Filling] | None = None
        for trigger in hit.triggers:
            rule = self._document.language.rules[trigger.rule]
            if not self._is_needed(sentence, trigger, start, end):
                self._refuse(hit, rule, "needs", trigger.form.needs)
                continue
            frame = self._frame(sentence, start, end, trigger, rule, frames)
            if frame is None:
                self._refuse(hit, rule, "the word is no event here")
                continue
            # rules that ask the same of the same words share the answer
            shared = filled.get((id(frame), trigger.plan))
            filling = shared[1] if shared else self._filler.fill(frame, trigger, rule)
            filled[id(frame), trigger.plan] = (frame, filling)
            self.steps.extend(filling.steps)
            lacking = any(role not in filling.roles for role in trigger.form.requires)
            if not self._carry.fits(trigger, filling):
                self._refuse(hit, rule, "somebody else than those who took part")
                continue
            if lacking or not (is_filled(filling, trigger) and self._satisfies(frame, filling, rule, trigger)):
                self._refuse(hit, rule, "no", filling.missing or ("any role",))
                continue
            if self._is_cancelled(filling, rule):
                self._refuse(hit, rule, "what it is about is on the rule's never_when")
                continue
            if is_accident(frame, self._lexicon, rule) or is_mishap(
                frame, filling, self._lexicon, rule, self._document
            ):
                self._refuse(hit, rule, "an accident")
                continue
            rank = evidence_of(frame, trigger, rule, filling, self._document.language, self._carry.context)
            if rank <= 0:
                self._refuse(hit, rule, "the one who does it is not one who can")
                continue
            if best is None or rank > best[0]:
                best = (rank, trigger, rule, frame, filling)
        if best is None:
            return None
        return self._draft(sentence, hit, *best[1:])

    def _is_cancelled(self, filling: Filling, rule: CompiledRule) -> bool:
        """Whether a never_when phrase covers what fills a role: "signed a trade deal"."""
        spans = [(a, b) for a, b, index in self._document.cancelled if index == rule.index]
        if not spans:
            return False
        heads = [
            (f.sentence.start[f.group.head], f.sentence.end[f.group.head])
            for fillers in filling.roles.values()
            for f in fillers
        ]
        return any(a <= start and end <= b for a, b in spans for start, end in heads)

    def _is_needed(self, sentence: Sentence, trigger: Trigger, start: int, end: int) -> bool:
        if not trigger.need or trigger.need & self._carry.context:
            return True
        return is_met(sentence, trigger, start, end, self._document.cancelled)

    def _frame(
        self,
        sentence: Sentence,
        start: int,
        end: int,
        trigger: Trigger,
        rule: CompiledRule,
        frames: dict[tuple[str, bool], Frame | None],
    ) -> Frame | None:
        if trigger.kind == "verb":
            if sentence.tag[start] == ADJ and trigger.bits & PART and end - start == 1:
                return None if trigger.tail else self._recalled(sentence, start)
            told = sentence.tag[start] in (VERB, ING) or (sentence.tag[start] in (BE, HAVE) and end - start > 1)
            if not told or is_other_verb(sentence, self._lexicon, start, trigger.bits):
                return None
            if is_judgement(sentence, self._lexicon, start, end):
                return None
            patients = Role.RECIPIENT in rule.constraints or Role.OBJECT in rule.constraints
            parted = GAP in trigger.form.text and not trigger.tail and sentence.tag[end - 1] == PREP
            placed = "subject" in trigger.form.roles and not parted  # "hamlets, wrested from the rebels"
            intransitive = placed or not patients or self._is_complete(sentence, start, end)
            key = ("verb", intransitive)
            if key not in frames:
                frames[key] = verb_frame(sentence, self._lexicon, start, end, trigger.bits, intransitive)
            frame = frames[key]
            if frame and parted and frame.shape == "active":
                return object_before(frame, trigger.bits)
            return frame if not trigger.tail or (frame and has_tail(frame, trigger.tail)) else None
        if trigger.kind == "noun" and end - start == 1 and is_verbal(sentence, start):
            return None
        key = (trigger.kind, False)
        if key not in frames:
            frames[key] = noun_frame(sentence, self._lexicon, start, end, phrase=trigger.kind == "phrase")
        return frames[key]

    def _recalled(self, sentence: Sentence, at: int) -> Frame | None:
        """ "the arrested workers": the participle recalls an event whose patient it describes."""
        index = sentence.group_at[at]
        if index < 0 or sentence.groups[index].head <= at or (sentence.cap[at] and at > 0):
            return None
        return Frame(sentence, at, at + 1, "adjective", slots={"object": [index]})

    def _is_complete(self, sentence: Sentence, start: int, end: int) -> bool:
        """Whether a verb phrase brings its own object: "open fire", but not "round up" or "swoop on"."""
        if end - start < 2 or sentence.tag[end - 1] not in (NOUN, ADJ, VERB):
            return False
        if sentence.word[end - 1] in self._lexicon.words.get("predicative", ()):
            return False  # "held hostage", "shot dead" say it of somebody
        return not joins_passive(sentence, self._lexicon, start)

    def _satisfies(self, frame: Frame, filling: Filling, rule: CompiledRule, trigger: Trigger) -> bool:
        """Every role that is not optional is filled, or an event noun has at least one role, a number or a negation."""
        if not any(role in filling.roles for role in _ARGUMENTS):
            return frame.shape == "nominal" and not is_mere_word(frame)
        if filling.missing and frame.shape != "nominal":
            return False
        tail = self._lexicon.tags.get(trigger.text.rpartition(" ")[2])
        bare = trigger.form.roles.keys() == {"subject"}  # "clashed and burned the tents": a verb that has no object
        entire = (bare or " " in trigger.text) and (
            tail not in (PREP, TO) or dict(trigger.form.roles) == {"subject": Role.RECIPIENT}
        )
        if entire and "subject" in trigger.form.roles and "object" not in trigger.form.roles:
            return True  # "agreed to end months of fighting": the phrase says it all
        objects, adjacent = frame.slots.get("object"), frame.slots.get("adjacent", ())
        if (
            frame.shape != "nominal"
            and objects
            and (Role.RECIPIENT in rule.constraints or Role.OBJECT in rule.constraints)
        ):
            filled = {f.group.head for fillers in filling.roles.values() for f in fillers}
            wanted = [*whole_objects(frame, trigger, self._lexicon), *adjacent]
            return any(frame.sentence.groups[index].head in filled for index in wanted)
        return True

    def _draft(
        self, sentence: Sentence, hit: TriggerHit, trigger: Trigger, rule: CompiledRule, frame: Frame, filling: Filling
    ) -> Draft:
        document, words = self._document, self._document.language.status
        affected = [*filling.groups(Role.RECIPIENT), *filling.groups(Role.OBJECT)]
        agents = filling.groups(Role.AGENT)
        count = event_count(frame, filling, rule, self._lexicon)
        date = find_date(frame, words)
        case = Case(
            frame=frame,
            lexicon=self._lexicon,
            words=document.signs(sentence),
            today=document.reference.date(),
            dates=near_dates(frame, date),
            reference_on=document.reference.date() if document.dated else None,
            count=count,
            affected=bool(affected),
            generic=is_generic(frame, document),
            placed=frame.number > 0 or frame.definite or bool(sentence.places),
            filled=bool(affected or agents),
            opening=document.finder.opens(sentence.span.start),
            lawful=any(filler.mask & self._lexicon.serving("lawful") for filler in agents),
        )
        case.ahead, case.topic = ahead(frame, date, document), document.topic(sentence)
        reading = self._judge(case)
        if reading.status is Status.PLANNED:
            date = forward(frame, document) or date
        arguments: dict[Role, tuple[Argument, ...]] = {
            role: arguments_of(document, role, filling.groups(role)) for role in _ARGUMENTS
        }
        if reading.status is Status.DENIED and not arguments[Role.AGENT]:
            arguments[Role.AGENT] = self._denier(frame, rule)
        arguments[Role.LINKED] = find_linked(document, sentence, rule, affected, agents)
        places = find_places(frame, agents, self._lexicon.words, moving=Role.PLACE in rule.constraints)
        objects = [(f, argument(document, Role.OBJECT, f)) for f in filling.groups(Role.OBJECT) if not is_nobody(f)]
        draft = Draft(
            rule=rule,
            trigger=trigger,
            frame=frame,
            filling=filling,
            status=reading.status,
            reason=reading.reason,
            status_words=reading.words,
            span=sentence.span,
            trigger_span=Span(start=hit.start, end=hit.end),
            arguments=arguments,
            places=(*places, *places_named_by(objects, places)),
            date=date.value if date else None,
            dated=date is not None,
            count=count,
            back=points_back(frame, affected, self._lexicon),
            split=is_split(frame, self._lexicon),
            in_title=hit.start < document.title_end,
            vague=is_vague(frame, affected, self._lexicon),
        )
        self._note(
            hit, f"{rule.rule.id} {reading.status.value}", f"{reading.reason}: {', '.join(reading.words)}".rstrip(": ")
        )
        return draft

    def _judge(self, case: Case) -> Reading:
        """How it stands to the facts, by its own sentence and by the one before."""
        reading = judge(case)
        since = goes_on(case.frame, self._document) if reading.status in OPENING else ""
        return Reading(Status.BACKGROUND, "goes on with what is long past", (since,)) if since else reading

    def _denier(self, frame: Frame, rule: CompiledRule) -> tuple[Argument, ...]:
        """Who denies having done it is whom the report names."""
        sentence = frame.sentence
        denying = self._document.language.status.get("deny_verbs", frozenset())
        constraint = rule.constraints.get(Role.AGENT)
        at = next((i for i in range(frame.start) if sentence.word[i] in denying and sentence.tag[i] == VERB), -1)
        if at < 0 or constraint is None or frame.shape == "passive":
            return ()  # "denied that X had been freed": by whom is left open
        verbs = read_verb_group(sentence, self._lexicon, at, self._lexicon.verbs.get(sentence.word[at], 0))
        found = find_subject(sentence, self._lexicon, verbs.start, Frame(sentence, at, at + 1, "active"))
        probe = Frame(sentence, at, at + 1, "active", slots={"subject": found})
        return arguments_of(self._document, Role.AGENT, self._filler.judge_agents(probe, constraint))

    def _refuse(self, hit: TriggerHit, rule: CompiledRule, why: str, what: Sequence[str] = ()) -> None:
        if self._trace:
            self._note(hit, f"{rule.rule.id} refused", " ".join((why, ", ".join(what))).rstrip())

    def _note(self, hit: TriggerHit, decision: str, reason: str) -> None:
        if self._trace:
            self.steps.append(
                TraceStep(stage="frame", span=Span(start=hit.start, end=hit.end), decision=decision, reason=reason)
            )
