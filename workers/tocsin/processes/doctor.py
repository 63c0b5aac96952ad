"""`tocsin doctor`: what is wrong with an installation, and what to do about it."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tocsin.adapters.redis_store import RedisStore
from tocsin.adapters.secrets import resolve_secrets
from tocsin.adapters.settings import Settings
from tocsin.adapters.smtp_sender import SmtpServer, check_server
from tocsin.core.rulebook import Rulebook
from tocsin.core.signing import parse_secret
from tocsin.core.subscriptions import Channel
from tocsin.core.text import counted
from tocsin.errors import SettingsError, TocsinError
from tocsin.processes.rule_watch import load
from tocsin.processes.wiring import open_store, smtp_server, workspace_of
from tocsin.rulebook.problems import Level

_MIN_FREE = 1 << 30
_MAX_DRIFT_S = 2.0
_MIN_VERSION = (6, 2)


class Verdict(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: what was found and, unless all is well, what to do."""

    check: str
    verdict: Verdict
    found: str
    remedy: str = ""

    def render(self) -> str:
        """`redis: error: what is wrong: what to do`."""
        return ": ".join(part for part in (self.check, self.verdict, self.found, self.remedy) if part)


def examine(settings: Settings, only: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Run the checks, all or those named. Never raises for what is wrong; that is what the findings say."""
    return tuple(finding for name in CHECKS if not only or name in only for finding in _run(name, settings))


def _run(name: str, settings: Settings) -> Iterator[Finding]:
    try:
        yield from CHECKS[name](settings)
    except TocsinError as exc:
        yield Finding(check=name, verdict=Verdict.ERROR, found=str(exc))


def _check_redis(settings: Settings) -> Iterator[Finding]:
    store = open_store(settings)
    health = store.health()
    version = tuple(int(part) for part in health.version.split(".")[:2] if part.isdigit())
    findings = list(_redis_faults(health.aof_enabled, health.eviction_policy, version, store))
    yield from findings
    if not findings:
        used = health.used_memory / 2**20
        yield Finding(check="redis", verdict=Verdict.OK, found=f"version {health.version}, {used:.0f} MiB in use")


def _redis_faults(aof: bool, policy: str, version: tuple[int, ...], store: RedisStore) -> Iterator[Finding]:
    if version < _MIN_VERSION:
        text = f"version {'.'.join(map(str, version))} is too old"
        yield Finding(check="redis", verdict=Verdict.ERROR, found=text, remedy="use Redis 6.2 or newer, or Valkey")
    if not aof:
        text = "the append-only file is off, so a restart loses events"
        yield Finding(check="redis", verdict=Verdict.ERROR, found=text, remedy="set 'appendonly yes'")
    if policy != "noeviction":
        text = f"maxmemory-policy is '{policy}', so rows may vanish under pressure"
        yield Finding(check="redis", verdict=Verdict.ERROR, found=text, remedy="set 'maxmemory-policy noeviction'")
    drift = abs(store.now().timestamp() - time.time())
    if drift > _MAX_DRIFT_S:
        text = f"this machine's clock and the store's differ by {drift:.1f} s"
        yield Finding(check="clock", verdict=Verdict.ERROR, found=text, remedy="synchronise both with NTP")


def _check_rulebook(settings: Settings) -> Iterator[Finding]:
    workspace = workspace_of(settings)
    if workspace is None:
        text = "no workspace here: only the shipped rules, no feeds, nobody to tell"
        yield Finding(check="rulebook", verdict=Verdict.WARNING, found=text, remedy="make one with `tocsin init DIR`")
        return
    result = load(workspace)
    errors = sum(problem.level is Level.ERROR for problem in result.problems)
    if errors:
        yield Finding(
            check="rulebook",
            verdict=Verdict.ERROR,
            found=result.summary(),
            remedy=f"see them all with `tocsin rules check {workspace}`",
        )
    elif result.rulebook is not None:
        book = result.rulebook
        held = (
            ("rule", book.rules),
            ("actor", book.actors),
            ("feed", book.feeds),
            ("subscription", book.subscriptions),
        )
        text = ", ".join(counted(len(things), noun) for noun, things in held)
        yield Finding(check="rulebook", verdict=Verdict.OK, found=text)
        if not book.feeds:
            yield Finding(
                check="rulebook",
                verdict=Verdict.WARNING,
                found="no feeds",
                remedy="add one with `tocsin feeds add URL`",
            )
        if not book.subscriptions:
            yield Finding(
                check="rulebook",
                verdict=Verdict.WARNING,
                found="nobody is told of anything",
                remedy="add a subscription to subscriptions.yml",
            )
        yield from _secret_faults(book)


def _secret_faults(book: Rulebook) -> Iterator[Finding]:
    """Endpoints whose messages could not be signed. What a secret holds is never told."""
    for endpoint in book.endpoints:
        if endpoint.secret is None:
            continue
        try:
            for secret in resolve_secrets(endpoint.secret):
                parse_secret(secret)
        except SettingsError as exc:
            yield Finding(check="rulebook", verdict=Verdict.ERROR, found=f"endpoint '{endpoint.id}'", remedy=str(exc))
        except ValueError as exc:
            text = f"endpoint '{endpoint.id}': secret '{endpoint.secret}': {exc}"
            yield Finding(check="rulebook", verdict=Verdict.ERROR, found=text, remedy="make a new one")


def _check_smtp(settings: Settings) -> Iterator[Finding]:
    result = load(workspace_of(settings))
    wanted = result.rulebook is not None and any(e.channel is Channel.EMAIL for e in result.rulebook.endpoints)
    smtp = smtp_server(settings)
    if smtp is None:
        if wanted:
            yield Finding(
                check="smtp",
                verdict=Verdict.ERROR,
                found="there are mail endpoints and no mail server",
                remedy="set TOCSIN_SMTP_HOST and TOCSIN_MAIL_FROM",
            )
        return
    yield _smtp_finding(smtp)
    if wanted and not settings.base_url:
        yield Finding(
            check="smtp",
            verdict=Verdict.WARNING,
            found="mails carry no one-click unsubscribe link",
            remedy="set TOCSIN_BASE_URL to where `tocsin web` is reached over https",
        )


def _smtp_finding(smtp: SmtpServer) -> Finding:
    fault = check_server(smtp)
    where = f"{smtp.host}:{smtp.port}"
    if fault:
        remedy = "check TOCSIN_SMTP_HOST, _PORT, _SECURITY, _USER and _PASSWORD"
        return Finding(check="smtp", verdict=Verdict.ERROR, found=f"{where}: {fault}", remedy=remedy)
    return Finding(check="smtp", verdict=Verdict.OK, found=f"{where} takes mail from us")


def _check_disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if not _writable(folder):
        yield Finding(
            check="disk",
            verdict=Verdict.ERROR,
            found=f"'{folder}' cannot be written to",
            remedy="give this user the right, or choose another folder with TOCSIN_DATA_DIR",
        )
    elif free < _MIN_FREE:
        yield Finding(
            check="disk",
            verdict=Verdict.ERROR,
            found=f"only {free / 2**20:.0f} MiB free in '{folder}'",
            remedy="make room: the store stops taking writes when the disk is full",
        )
    else:
        yield Finding(check="disk", verdict=Verdict.OK, found=f"{free / 2**30:.0f} GiB free in '{folder}'")


def _writable(folder: Path) -> bool:
    probe = folder / f".tocsin-probe-{time.monotonic_ns()}"
    try:
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError:
        return False
    return True


CHECKS: dict[str, Callable[[Settings], Iterator[Finding]]] = {
    "redis": _check_redis,
    "rulebook": _check_rulebook,
    "smtp": _check_smtp,
    "disk": _check_disk,
}
