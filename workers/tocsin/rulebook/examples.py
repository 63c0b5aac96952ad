"""The examples that rules and actors carry, run through the very detector that the worker calls."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from tocsin.core.actors import Actor, ActorExample
from tocsin.core.article import Article
from tocsin.core.detection import Detector, detect, find_actors
from tocsin.core.mentions import EventMention
from tocsin.core.rulebook import Rulebook
from tocsin.core.rules import Maturity, Rule, RuleExample
from tocsin.rulebook.detector import make_detector
from tocsin.rulebook.expectations import found_values, fulfils, misses, render
from tocsin.rulebook.problems import Level, Problem, sort_problems

# An example without a date is read as if published on this day, so that it comes out alike for ever.
_NO_DATE = datetime(2026, 1, 15, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCase:
    """One example of a rule: a text that must match, or one that must not."""

    rule: Rule
    example: RuleExample
    matches: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorCase:
    """One example of an actor: a sentence that must name it, or one that must not."""

    actor: Actor
    example: ActorExample
    matches: bool


Case = RuleCase | ActorCase


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleRun:
    """How many examples were run, and a problem for each that did not come out as expected."""

    examples: int
    problems: tuple[Problem, ...]


def find_cases(rulebook: Rulebook) -> Iterator[Case]:
    """Every example of every rule that detects, then of every actor."""
    for rule in rulebook.rules:
        if rule.maturity is not Maturity.DEPRECATED:
            yield from (RuleCase(rule=rule, example=example, matches=True) for example in rule.match)
            yield from (RuleCase(rule=rule, example=example, matches=False) for example in rule.no_match)
    for actor in rulebook.actors.values():
        yield from (ActorCase(actor=actor, example=example, matches=True) for example in actor.examples.match)
        yield from (ActorCase(actor=actor, example=example, matches=False) for example in actor.examples.no_match)


def run_examples(rulebook: Rulebook, detector: Detector | None = None) -> ExampleRun:
    """Run every example. `detector` spares compiling the rulebook again."""
    compiled = detector or make_detector(rulebook)
    cases = tuple(find_cases(rulebook))
    problems = [problem for case in cases if (problem := run_case(case, compiled)) is not None]
    return ExampleRun(examples=len(cases), problems=sort_problems(problems))


def run_case(case: Case, detector: Detector) -> Problem | None:
    """None when the example comes out as expected."""
    return _run_rule(case, detector) if isinstance(case, RuleCase) else _run_actor(case, detector)


def make_article(example: RuleExample) -> Article:
    """The example as an article of no publisher in particular."""
    published_at = _instant(example.published)
    return Article(
        id="art_example",
        feed_id="example",
        url="https://news.example/example",
        publisher="news.example",
        title="",
        body=example.text,
        lang=example.lang,
        fetched_at=published_at,
        published_at=published_at,
    )


def _instant(published: str | None) -> datetime:
    if published is None:
        return _NO_DATE
    parsed = datetime.fromisoformat(published)
    if "T" not in published:
        parsed = parsed.replace(hour=12)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _run_rule(case: RuleCase, detector: Detector) -> Problem | None:
    """A text that must match has a mention of the type with every expected value, and one that would open an event
    unless a status is expected. A text that must not match has no mention of the rule's type that would, and, when
    something is expected of it, a mention that has that.
    """
    mentions = detect(make_article(case.example), detector).mentions
    wanted_type = str(case.example.expect.get("type", case.rule.id))
    candidates = [mention for mention in mentions if mention.type == wanted_type]
    if case.matches:
        if any(_comes_out(mention, case) for mention in candidates):
            return None
        return _rule_problem(case, candidates or list(mentions), "does not match")
    ringing = [mention for mention in mentions if mention.type == case.rule.id and mention.opens]
    if ringing:
        return _rule_problem(case, ringing, "matches and should not")
    if case.example.expect and not any(fulfils(mention, case.example.expect) for mention in candidates):
        return _rule_problem(case, candidates or list(mentions), "is silent, but not as expected")
    return None


def _comes_out(mention: EventMention, case: RuleCase) -> bool:
    return fulfils(mention, case.example.expect) and ("status" in case.example.expect or mention.opens)


def _rule_problem(case: RuleCase, mentions: list[EventMention], what: str) -> Problem:
    message = f"this example of '{case.rule.id}' {what}"
    remedy = "change the rule or the example; 'tocsin explain' shows why"
    return _problem(case.example.location, message, remedy, _expected(case), _got(case, mentions))


def _expected(case: RuleCase) -> str:
    expect = dict(case.example.expect)
    if not case.matches and "status" not in expect:
        return f"no {case.rule.id}" + (f", and {render(expect)}" if expect else "")
    return render({"type": case.rule.id, **expect})


def _got(case: RuleCase, mentions: list[EventMention]) -> str:
    if not mentions:
        return "nothing"
    nearest = min(mentions, key=lambda mention: misses(mention, case.example.expect))
    keys = tuple(dict.fromkeys(("type", "status", *case.example.expect, "trigger")))
    return render(found_values(nearest, keys))


def _run_actor(case: ActorCase, detector: Detector) -> Problem | None:
    text = case.example.text
    hits = find_actors(text, detector)
    named = {hit.actor for hit in hits if hit.actor}
    if case.matches:
        named.update(other for hit in hits for other in hit.others)
    if (case.actor.id in named) is case.matches:
        return None
    found = f"[{', '.join(sorted(named))}]"
    wanted = case.actor.id if case.matches else f"no {case.actor.id}"
    what = "does not name it" if case.matches else "names it and should not"
    return _problem(
        case.example.location,
        f"this example of '{case.actor.id}' {what}",
        "change its aliases, its 'never', or the example",
        wanted,
        found,
    )


def _problem(location: str, message: str, remedy: str, expected: str, got: str) -> Problem:
    path, line, column = location.rsplit(":", 2)
    return Problem(
        path=path,
        line=int(line),
        column=int(column),
        level=Level.ERROR,
        code="example-failed",
        message=message,
        remedy=remedy,
        details=(f"exp: {expected}", f"got: {got}"),
    )
