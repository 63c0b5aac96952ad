"""From settings to the parts: which store, which rulebook, which senders. Ports are bound to adapters here."""

from pathlib import Path

from tocsin.adapters.embedded import attach
from tocsin.adapters.redis_client import connect
from tocsin.adapters.redis_store import RedisStore
from tocsin.adapters.rq_jobs import RqQueues
from tocsin.adapters.settings import Settings, load_settings
from tocsin.errors import SettingsError
from tocsin.processes.rule_watch import find_workspace


def settings_of(**options: object) -> Settings:
    """The environment's settings, with the command line's options over them."""
    return load_settings(**options)


def workspace_of(settings: Settings) -> Path | None:
    """The operator's rulebook folder, or None for the shipped rulebook alone."""
    return find_workspace(settings.rules, Path.cwd())


def store_url(settings: Settings) -> str:
    """Where the store is: the one that was set, else the embedded server that runs in the data directory."""
    if settings.redis_url is not None:
        return settings.redis_url.get_secret_value()
    url = attach(settings.data_dir)
    if url is None:
        raise SettingsError(
            f"no server runs in '{settings.data_dir}': start `tocsin run` here, or set TOCSIN_REDIS_URL"
        )
    return url


def open_store(settings: Settings, url: str | None = None) -> RedisStore:
    """The store, its rows checked to be of a format this version understands."""
    client = connect(url or store_url(settings))
    queues = RqQueues(client, prefix=f"{settings.redis_prefix}-")
    store = RedisStore(client, queues, prefix=f"{settings.redis_prefix}:")
    store.check_format()
    return store
