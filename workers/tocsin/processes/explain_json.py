"""An explanation as one JSON object."""

from collections.abc import Mapping

from tocsin.core.mentions import Argument, EventMention, TraceStep
from tocsin.processes.explanation import Explanation, Marked


def to_json_object(explanation: Explanation) -> dict[str, object]:
    """Everything, with half-open offsets into `article.text`."""
    article = explanation.article
    text = article.text
    return {
        "article": {
            "id": article.id,
            "url": article.url,
            "title": article.title,
            "lang": article.lang,
            "published": article.published_at.isoformat() if article.published_at else None,
            "text": text,
        },
        "primary": explanation.detection.primary.type if explanation.detection.primary else None,
        "events": [mention_object(mention) for mention in explanation.detection.mentions],
        "sentences": [
            {
                "start": sentence.span.start,
                "end": sentence.span.end,
                "text": text[sentence.span.start : sentence.span.end],
                "triggers": [_marked(one, text) for one in sentence.triggers],
                "actors": [_marked(one, text) for one in sentence.actors],
                "steps": [step_object(step, text) for step in sentence.steps],
                "events": [mention.id for mention in sentence.mentions],
            }
            for sentence in explanation.sentences
        ],
    }


def mention_object(mention: EventMention) -> dict[str, object]:
    """One mention with all its facts."""
    return {
        "id": mention.id,
        "type": mention.type,
        "status": mention.status.value,
        "reason": mention.reason,
        "status_words": list(mention.status_words),
        "primary": mention.primary,
        "opens": mention.opens,
        "confidence": mention.confidence,
        "sentence": mention.sentence_text,
        "trigger": {"text": mention.trigger_text, "start": mention.trigger.start, "end": mention.trigger.end},
        "roles": {
            role: [_argument(a) for a in arguments] for role, arguments in roles_of(mention).items() if arguments
        },
        "count": mention.count,
        "date": mention.date.render() if mention.date else None,
        "date_precision": mention.date.precision.value if mention.date else None,
        "places": [
            {"text": p.text, "name": p.name, "country": p.country, "province": p.province, "kind": p.kind}
            for p in mention.places
        ],
        "countries": list(mention.countries),
    }


def roles_of(mention: EventMention) -> Mapping[str, tuple[Argument, ...]]:
    """The fillers by role, in the order in which they are told."""
    return {
        "agent": mention.agents,
        "recipient": mention.recipients,
        "object": mention.objects,
        "instrument": mention.instruments,
        "linked": mention.linked,
    }


def step_object(step: TraceStep, text: str) -> dict[str, object]:
    """One decision with the words it is about."""
    return {
        "stage": step.stage,
        "start": step.span.start,
        "end": step.span.end,
        "words": text[step.span.start : step.span.end],
        "decision": step.decision,
        "reason": step.reason,
    }


def _argument(argument: Argument) -> dict[str, object]:
    return {
        "text": argument.text,
        "actor": argument.actor,
        "head": argument.head,
        "start": argument.span.start,
        "end": argument.span.end,
    }


def _marked(one: Marked, text: str) -> dict[str, object]:
    return {
        "start": one.span.start,
        "end": one.span.end,
        "text": text[one.span.start : one.span.end],
        one.label: one.detail,
    }
