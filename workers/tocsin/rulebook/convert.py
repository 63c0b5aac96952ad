"""Validated files into the core's frozen values, with nouns and class words inflected, which verbs are later."""

from collections.abc import Callable, Iterator, Sequence

from tocsin.core.actors import Actor, ActorExample, ActorExamples, ActorKind, Alias
from tocsin.core.feeds import Feed
from tocsin.core.inflection import Inflector
from tocsin.core.mentions import Role
from tocsin.core.rules import Legacy, RoleConstraint, Rule, RuleExample, Says, TriggerForm, WordClass
from tocsin.core.subscriptions import Channel, Endpoint, Subscription
from tocsin.rulebook.models_actors import AliasModel, WatchlistModel
from tocsin.rulebook.models_feeds import FeedModel
from tocsin.rulebook.models_lexicon import WordClassModel
from tocsin.rulebook.models_rules import RuleExampleModel, RuleModel, SaysModel, TriggerModel
from tocsin.rulebook.models_subscriptions import EndpointModel, SubscriptionModel
from tocsin.rulebook.sources import Source

InflectorOf = Callable[[str], Inflector]


def make_rule(source: Source[RuleModel], inflector: InflectorOf) -> Rule:
    """The rule of one file."""
    model = source.model
    return Rule(
        id=model.id,
        title=model.title,
        parent=model.parent,
        description=model.description,
        maturity=model.maturity,
        severity=model.severity,
        codes=dict(model.codes),
        says={lang: _says(says, inflector(lang)) for lang, says in model.says.items()},
        roles={
            role: RoleConstraint(is_=limits.is_, never=limits.never, optional=limits.optional)
            for role, limits in model.roles.items()
        },
        never_when=model.never_when,
        counts=model.counts,
        yields_to=model.yields_to,
        outranks=model.outranks,
        turns=dict(model.turns),
        amid=dict(model.amid),
        leaves=Legacy(context=model.leaves.context, roles=dict(model.leaves.roles)),
        priority=model.priority,
        match=_examples(source, "match", model.examples.match),
        no_match=_examples(source, "no_match", model.examples.no_match),
    )


def _says(says: SaysModel, inflector: Inflector) -> Says:
    return Says(
        verbs=tuple(_triggers(says.verbs, None)),
        nouns=tuple(_triggers(says.nouns, inflector)),
        phrases=tuple(_triggers(says.phrases, None)),
    )


def _triggers(triggers: tuple[TriggerModel, ...], inflector: Inflector | None) -> Iterator[TriggerForm]:
    for trigger in triggers:
        for text in (trigger.text, *trigger.also):
            forms = inflector.inflect(text, "nouns") if inflector else (text,)
            if trigger.forms and text == trigger.text:
                forms = tuple(dict.fromkeys((text, *trigger.forms)))
            yield TriggerForm(
                text=text,
                forms=forms,
                roles=dict(trigger.roles),
                needs=trigger.needs,
                requires=trigger.requires,
                only=dict(trigger.only),
                abroad=trigger.abroad or "",
            )


def _examples(source: Source[RuleModel], side: str, examples: tuple[RuleExampleModel, ...]) -> tuple[RuleExample, ...]:
    return tuple(
        RuleExample(
            text=example.text,
            lang=example.lang,
            published=example.published,
            expect=dict(example.expect),
            why=example.why,
            location=source.where("examples", side, number),
        )
        for number, example in enumerate(examples)
    )


def make_actor(source: Source[WatchlistModel], number: int) -> Actor:
    """The actor at this place of a watchlist's file."""
    model = source.model.actors[number]
    return Actor(
        id=model.id,
        name=model.name,
        kind=ActorKind(model.kind),
        country=model.country,
        parent=model.parent,
        aliases={lang: tuple(map(_alias, aliases)) for lang, aliases in model.aliases.items()},
        never=model.never,
        examples=ActorExamples(
            match=_actor_examples(source, number, "match", model.examples.match),
            no_match=_actor_examples(source, number, "no_match", model.examples.no_match),
        ),
    )


def _actor_examples(
    source: Source[WatchlistModel], number: int, side: str, texts: tuple[str, ...]
) -> tuple[ActorExample, ...]:
    return tuple(
        ActorExample(text=text, location=source.where("actors", number, "examples", side, index))
        for index, text in enumerate(texts)
    )


def _alias(model: AliasModel) -> Alias:
    return Alias(text=model.text, exact=model.case == "exact", near=model.near, country=model.country)


def make_word_class(source: Source[WordClassModel], inflector: Inflector, more: Sequence[str] = ()) -> WordClass:
    """The class with every form of its words and of `more` nouns; names are kept as they are."""
    model = source.model
    words = [form for noun in (*model.nouns, *more) for form in inflector.inflect(noun, "nouns")]
    words += model.names
    words += [form for word in model.adjectives for form in inflector.inflect(word, "adjectives")]
    verbs = dict.fromkeys(form for verb in model.verbs for form in inflector.inflect(verb, "verbs"))
    known = tuple(dict.fromkeys(words))
    return WordClass(id=model.id, lang=source.lang, words=known, parents=model.parents, verbs=tuple(verbs))


def make_feed(model: FeedModel) -> Feed:
    """One feed of feeds.yml."""
    return Feed(
        id=model.id,
        url=model.url,
        title=model.title,
        lang=model.lang,
        country=model.country,
        timezone=model.timezone,
        interval_s=model.interval,
        backfill_s=model.backfill,
        enabled=model.enabled,
        allow_private=model.allow_private,
    )


def make_endpoint(model: EndpointModel) -> Endpoint:
    """One endpoint; lint has made sure that exactly one of `email` and `webhook` is given."""
    channel = Channel.EMAIL if model.email is not None else Channel.WEBHOOK
    return Endpoint(
        id=model.id,
        channel=channel,
        address=model.email or model.webhook or "",
        secret=model.secret,
        allow_private=model.allow_private,
    )


def make_subscription(model: SubscriptionModel) -> Subscription:
    """One subscription of subscriptions.yml."""
    return Subscription(
        id=model.id,
        title=model.title,
        endpoints=model.send_to,
        types=model.types,
        actors=model.actors,
        watchlists=model.watchlists,
        countries=model.countries,
        roles=tuple(Role(role).value for role in model.roles),
        statuses=model.statuses,
        min_confidence=model.min_confidence,
        min_publishers=model.min_publishers,
        max_age_s=model.max_age,
        updates=model.updates,
        include_experimental=model.include_experimental,
        enabled=model.enabled,
        tags=model.tags,
    )
