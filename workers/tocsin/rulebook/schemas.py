"""JSON Schemas of the rulebook's files, from the very models that check them: editors complete and mark with these."""

from collections.abc import Mapping

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from tocsin.rulebook.models_actors import WatchlistModel
from tocsin.rulebook.models_feeds import FeedsFile
from tocsin.rulebook.models_lexicon import CodesModel, WordClassModel
from tocsin.rulebook.models_rules import RuleModel
from tocsin.rulebook.models_subscriptions import SubscriptionsFile

_MODELS: Mapping[str, tuple[type[BaseModel], str]] = {
    "event": (RuleModel, "An event rule: events/<id>.yml"),
    "watchlist": (WatchlistModel, "A watchlist: actors/<id>.yml"),
    "word-class": (WordClassModel, "A word class: lexicon/<lang>/<id>.yml"),
    "codes": (CodesModel, "The codes of an ontology: codes/<id>.yml"),
    "feeds": (FeedsFile, "The feeds: feeds.yml"),
    "subscriptions": (SubscriptionsFile, "Endpoints and subscriptions: subscriptions.yml"),
}


class _Plain(GenerateJsonSchema):
    """Leaves out the titles that pydantic makes of field names: an editor shows the key itself."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002
        return False


def make_schemas() -> Mapping[str, Mapping[str, object]]:
    """Every schema, by the name of the file it is written to."""
    return {f"{name}.json": _schema(model, title) for name, (model, title) in _MODELS.items()}


def _schema(model: type[BaseModel], title: str) -> Mapping[str, object]:
    schema = model.model_json_schema(by_alias=True, mode="validation", schema_generator=_Plain)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}
