"""From settings to the parts: which store, which rulebook, which senders. Ports are bound to adapters here."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import redis

from tocsin.adapters.embedded import attach
from tocsin.adapters.http_fetcher import HttpFetcher
from tocsin.adapters.logs import configure_logs
from tocsin.adapters.redis_client import connect
from tocsin.adapters.redis_format import ensure_format
from tocsin.adapters.redis_store import RedisStore
from tocsin.adapters.render_mail import MailSettings, make_mail_renderer
from tocsin.adapters.render_webhook import render_webhook
from tocsin.adapters.rq_jobs import Handler, RqQueues
from tocsin.adapters.rq_worker import StepWorker
from tocsin.adapters.settings import Settings, load_settings
from tocsin.adapters.smtp_sender import SmtpSender, SmtpServer
from tocsin.adapters.token_key import load_or_make_key
from tocsin.adapters.webhook_sender import WebhookSender
from tocsin.core.messages import Step
from tocsin.core.subscriptions import Channel
from tocsin.errors import SettingsError
from tocsin.pipeline.deliver import Route
from tocsin.ports import Fetcher, Sender, Store
from tocsin.processes.poller import limits_of, run_poller
from tocsin.processes.rule_watch import RuleWatch, find_workspace
from tocsin.processes.supervisor import end_with_parent
from tocsin.processes.worker import DELIVER_GAP_S, Drainer, dispatch_handler, merge_handler, paced, scan_handler


def settings_of(**options: Any) -> Settings:
    """The environment's settings, with the command line's options over them."""
    return load_settings(**options)


def begin(process: str, *, settings: Settings | None = None, **options: Any) -> Settings:
    """What every long-lived process does first: settings, logs, and ending with its supervisor."""
    settings = settings or settings_of(**options)
    configure_logs(level=settings.log_level, style=settings.log_format, process=process)
    end_with_parent()
    return settings


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


def open_queues(settings: Settings) -> tuple[redis.Redis, RqQueues]:
    """A client and the queues on it."""
    client = connect(store_url(settings))
    return client, RqQueues(client, prefix=f"{settings.redis_prefix}-")


def open_store(settings: Settings) -> RedisStore:
    """The store, its rows checked (and brought) to the format of this version."""
    client, queues = open_queues(settings)
    store = RedisStore(client, queues, prefix=f"{settings.redis_prefix}:")
    ensure_format(store)
    return store


def run_poll_loop(
    settings: Settings,
    *,
    store: Store,
    watch: RuleWatch,
    wrap_fetcher: Callable[[Fetcher], Fetcher] = lambda fetcher: fetcher,
) -> None:
    """Poll until SIGTERM or SIGINT. `wrap_fetcher` is put around the HTTP client."""

    async def poll() -> None:
        async with HttpFetcher(
            user_agent=settings.user_agent,
            allow_private=settings.allow_private,
            connections=settings.poll_concurrency,
        ) as fetcher:
            limits = limits_of(settings)
            await run_poller(store=store, fetcher=wrap_fetcher(fetcher), watch=watch, limits=limits)

    asyncio.run(poll())


def run_worker(
    step: Step,
    *,
    settings: Settings,
    store: Store,
    watch: RuleWatch,
    wrap_sender: Callable[[Sender], Sender] = lambda sender: sender,
) -> None:
    """Work on a step's queue until SIGTERM or SIGINT. `wrap_sender` is put around each channel's sender."""
    makers: Mapping[Step, Callable[[Store, RuleWatch], Handler]] = {
        Step.SCAN: scan_handler,
        Step.MERGE: merge_handler,
        Step.DISPATCH: dispatch_handler,
    }
    if step is not Step.DELIVER:
        _work(step, makers[step](store, watch), settings)
        return
    with Drainer(store, watch, lambda: open_routes(settings, wrap_sender)) as drainer:
        _work(step, paced(drainer.wake, DELIVER_GAP_S), settings)


def _work(step: Step, handler: Handler, settings: Settings) -> None:
    client, queues = open_queues(settings)
    StepWorker(step, handler, queues=queues, client=client).work_quietly()


@asynccontextmanager
async def open_routes(
    settings: Settings, wrap: Callable[[Sender], Sender] = lambda sender: sender
) -> AsyncIterator[Mapping[Channel, Route]]:
    """How each channel is sent; mail only where a server is set up."""
    server = smtp_server(settings)
    async with WebhookSender(user_agent=settings.user_agent, allow_private=settings.allow_private) as webhooks:
        routes = {Channel.WEBHOOK: Route(render=render_webhook, sender=wrap(webhooks))}
        if server is None:
            yield routes
            return
        mails = MailSettings(
            sender=settings.mail_from,
            base_url=settings.base_url,
            token_key=token_key_of(settings),
            contact=settings.contact,
        )
        async with SmtpSender(server) as smtp:
            yield routes | {Channel.EMAIL: Route(render=make_mail_renderer(mails), sender=wrap(smtp))}


def smtp_server(settings: Settings) -> SmtpServer | None:
    """The mail server, or None when none is set. Raises `SettingsError` when there is no sender address for it."""
    if not settings.smtp_host:
        return None
    sender = parseaddr(settings.mail_from)[1]
    if not sender:
        raise SettingsError("TOCSIN_SMTP_HOST is set and TOCSIN_MAIL_FROM is not: set it to the sender's address")
    return SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        sender=sender,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else "",
    )


def token_key_of(settings: Settings) -> bytes:
    """The key of unsubscribe tokens: the one that was set, else one kept in the data directory."""
    if settings.token_key is not None:
        return settings.token_key.get_secret_value().encode()
    return load_or_make_key(settings.data_dir / "token.key")
