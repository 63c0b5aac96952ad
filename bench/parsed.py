"""The same rules on a dependency parse: spaCy reads the sentences in which a trigger stands, subject and object become
roles, the rules' constraints decide. As much as a user of a parser gets from our rulebook in a page of code.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tocsin.core.article import Article, Span
from tocsin.core.detection import Detector, find_actors
from tocsin.core.ids import make_id
from tocsin.core.mentions import OPENING, Argument, Detection, EventMention, Role, Status
from tocsin.core.rulebook import Rulebook
from tocsin.core.rules import RoleConstraint, Rule
from tocsin.core.text import SentenceFinder, fold

_SUBJECTS = {"nsubj", "csubj"}
_PASSIVE = {"nsubjpass", "dobj", "obj"}
_DOUBT = {"reportedly", "allegedly", "apparently", "suspected"}
_FREE = frozenset({"PROPN"})


class ParsedDetector:
    """Detection on a parse. `nlp` is a loaded spaCy pipeline."""

    def __init__(self, nlp: Any, rulebook: Rulebook, detector: Detector) -> None:
        self._nlp = nlp
        self._detector = detector
        self._language = detector.languages["en"]
        self._classes = _words_to_classes(rulebook)
        self._kinds = {actor.id: str(actor.kind) for actor in rulebook.actors.values()}

    def __call__(self, article: Article) -> Detection:
        text = article.text
        hits = self._language.scanner.scan(fold(text))
        finder = SentenceFinder(text, self._language.lexicon.words.get("abbreviations", frozenset()))
        wanted: dict[int, tuple[Span, list[Any]]] = {}
        for hit in hits:
            span = finder.around(hit.start)
            if span is not None:
                wanted.setdefault(span.start, (span, []))[1].append(hit)
        actors = {(hit.start, hit.end): hit.actor for hit in find_actors(text, self._detector, lang="en") if hit.actor}
        found: list[EventMention] = []
        spans = list(wanted.values())
        for (span, triggers), doc in zip(spans, self._nlp.pipe(text[s.start : s.end] for s, _ in spans), strict=True):
            found += self._read(article, span, triggers, doc, actors)
        return Detection(mentions=tuple(_rank(found)))

    def _read(
        self, article: Article, span: Span, triggers: list[Any], doc: Any, actors: dict[tuple[int, int], str]
    ) -> Iterator[EventMention]:
        seen: set[int] = set()
        for hit in triggers:
            words = doc.char_span(hit.start - span.start, hit.end - span.start, alignment_mode="expand")
            if words is None or words.root.i in seen:
                continue
            head = words.root
            agents, patients = _arguments(head)
            for trigger in hit.triggers:
                rule = self._language.rules[trigger.rule].rule
                if (trigger.kind == "verb") is not (head.pos_ in {"VERB", "AUX"}):
                    continue
                needs = set(trigger.form.needs)
                if needs and not any(needs & self._classes_of(token, span, actors) for token in doc):
                    continue
                roles = self._fill(rule, agents, patients, span, actors)
                if roles is not None:
                    seen.add(head.i)
                    yield _mention(article, span, hit, rule, roles, _status(head, doc))
                    break

    def _fill(
        self, rule: Rule, agents: list[Any], patients: list[Any], span: Span, actors: dict[tuple[int, int], str]
    ) -> dict[Role, tuple[Argument, ...]] | None:
        filled: dict[Role, tuple[Argument, ...]] = {}
        for role, tokens in ((Role.AGENT, agents), (Role.RECIPIENT, patients), (Role.OBJECT, patients)):
            constraint = rule.roles.get(role)
            if constraint is None:
                continue
            right = [token for token in tokens if self._accepts(constraint, token, span, actors)]
            if right:
                filled[role] = tuple(_argument(role, token, span) for token in right)
            elif not constraint.optional:
                return None
        return filled or None

    def _accepts(self, constraint: RoleConstraint, token: Any, span: Span, actors: dict[tuple[int, int], str]) -> bool:
        classes = self._classes_of(token, span, actors)
        if classes & set(constraint.never):
            return False
        return not constraint.is_ or bool(classes & set(constraint.is_)) or token.pos_ in _FREE

    def _classes_of(self, token: Any, span: Span, actors: dict[tuple[int, int], str]) -> frozenset[str]:
        found = self._classes.get(token.text.lower(), frozenset()) | self._classes.get(token.lemma_, frozenset())
        at = span.start + token.idx
        named = {self._kinds[actor] for (start, end), actor in actors.items() if start <= at < end}
        return found | named


def load_parser(model: str) -> Any | None:
    """The spaCy pipeline without what we do not use, or None when spaCy or the model is not installed."""
    try:
        # Not a dependency of ours: whoever wants the comparison installs it.
        import spacy  # noqa: PLC0415

        return spacy.load(model, exclude=["ner", "senter"])
    except (ImportError, OSError):
        return None


def _words_to_classes(rulebook: Rulebook) -> dict[str, frozenset[str]]:
    classes = {known.id: known for known in rulebook.classes.get("en", ())}
    found: dict[str, set[str]] = {}
    for known in classes.values():
        ids, waiting = {known.id}, list(known.parents)
        while waiting:
            parent = waiting.pop()
            if parent not in ids:
                ids.add(parent)
                waiting += classes[parent].parents if parent in classes else ()
        for word in known.words:
            found.setdefault(word.lower(), set()).update(ids)
    return {word: frozenset(ids) for word, ids in found.items()}


def _arguments(head: Any) -> tuple[list[Any], list[Any]]:
    """Who does it and to whom, by the parse: active, passive with "by", participles, nouns with "of" and "by"."""
    agents = [child for child in head.children if child.dep_ in _SUBJECTS]
    patients = [child for child in head.children if child.dep_ in _PASSIVE]
    for child in head.children:
        for grandchild in child.children:
            if grandchild.dep_ != "pobj":
                continue
            if child.dep_ == "agent" or child.lower_ == "by":
                agents.append(grandchild)
            elif child.lower_ in {"of", "on", "against", "at"}:
                patients.append(grandchild)
    if head.dep_ == "acl":
        (patients if head.tag_ == "VBN" else agents).append(head.head)
    if head.dep_ == "relcl" and not agents:
        agents.append(head.head)
    if head.dep_ == "conj" and head.head.pos_ == "VERB" and not agents:
        agents += [child for child in head.head.children if child.dep_ in _SUBJECTS]
    return _with_conjuncts(agents), _with_conjuncts(patients)


def _with_conjuncts(tokens: list[Any]) -> list[Any]:
    return [one for token in tokens for one in (token, *token.conjuncts)]


def _status(head: Any, doc: Any) -> Status:
    children = {child.dep_: child for child in head.children}
    lemmas = {child.lower_ for child in head.children if child.dep_ in {"aux", "auxpass"}}
    if "neg" in children or any(child.lower_ in {"no", "never"} for child in head.children):
        return Status.NEGATED
    if lemmas & {"would", "could", "might", "may", "should"} or any(c.lower_ == "if" for c in head.children):
        return Status.HYPOTHETICAL
    if lemmas & {"will", "shall"} or (head.dep_ == "xcomp" and head.tag_ == "VB"):
        return Status.PLANNED
    if any(token.lower_ in _DOUBT for token in doc):
        return Status.HEDGED
    if any(token.lemma_ in {"say", "report", "announce"} for token in doc):
        return Status.ATTRIBUTED
    return Status.ASSERTED


def _argument(role: Role, token: Any, span: Span) -> Argument:
    left, right = token.left_edge.idx, token.idx + len(token)
    return Argument(
        role=role,
        text=token.doc.text[left:right],
        span=Span(start=span.start + left, end=span.start + right),
        head=token.text,
    )


def _mention(
    article: Article, span: Span, hit: Any, rule: Rule, roles: dict[Role, tuple[Argument, ...]], status: Status
) -> EventMention:
    return EventMention(
        id=make_id("mnt", article.id, rule.id, str(hit.start)),
        article_id=article.id,
        type=rule.id,
        status=status,
        sentence=span,
        sentence_text=article.text[span.start : span.end],
        trigger=Span(start=hit.start, end=hit.end),
        trigger_text=article.text[hit.start : hit.end],
        agents=roles.get(Role.AGENT, ()),
        recipients=roles.get(Role.RECIPIENT, ()),
        objects=roles.get(Role.OBJECT, ()),
    )


def _rank(found: list[EventMention]) -> Iterator[EventMention]:
    """The first that is told as a fact is the main event."""
    main = next((mention for mention in found if mention.status in OPENING), None)
    for mention in found:
        yield replace(mention, primary=True) if mention is main else mention
