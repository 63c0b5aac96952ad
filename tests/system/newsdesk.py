"""A desk on this machine: a newspaper, a webhook receiver and a mail server around real Tocsin processes."""

import base64
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from redis_server import wait_until

from tocsin.processes.demo.inbox import free_port

TOWNS = ("Tangier", "Rabat", "Casablanca", "Fez", "Marrakesh", "Agadir", "Oujda", "Tetouan")


@dataclass
class NewsDesk:
    """What is published, what arrives, and where Tocsin's files are."""

    folder: Path
    secret: str = field(default_factory=lambda: "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())
    web_port: int = field(default_factory=free_port)
    items: list[str] = field(default_factory=list)
    asked: int = 0
    hooks: list[dict[str, Any]] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    feed_url: str = ""
    hook_url: str = ""
    smtp_port: int = 0
    started: list["Running"] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        """The settings of every process."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOCSIN_", "PYTEST"))}
        return kept | {
            "DESK_HOOK_SECRET": self.secret,
            "TOCSIN_SMTP_HOST": "127.0.0.1",
            "TOCSIN_SMTP_PORT": str(self.smtp_port),
            "TOCSIN_SMTP_SECURITY": "none",
            "TOCSIN_MAIL_FROM": "tocsin@example.org",
            "TOCSIN_POLL_HOST_GAP_S": "0",
            "TOCSIN_WEB_PORT": str(self.web_port),
            "TOCSIN_LOG_FORMAT": "json",
            "COLUMNS": "200",
            "PYTHONFAULTHANDLER": "1",
        }

    def init(self) -> None:
        """`tocsin init`, as an operator types it."""
        made = self.tocsin("init", self.folder.name, cwd=self.folder.parent)
        assert made.returncode == 0, made.stderr

    def write_workspace(self) -> None:
        """What an operator edits after `tocsin init`: one feed, one subscription, by webhook and by mail."""
        (self.folder / "feeds.yml").write_text(
            f"feeds:\n  - {{id: wire, url: '{self.feed_url}', country: MA, interval: 1s, allow_private: true}}\n"
        )
        (self.folder / "subscriptions.yml").write_text(
            "endpoints:\n  - {id: desk-mail, email: desk@example.org}\n"
            f"  - {{id: desk-hook, webhook: '{self.hook_url}', secret: env:DESK_HOOK_SECRET, allow_private: true}}\n"
            "subscriptions:\n"
            "  - {id: islamic-state, title: Islamic State desk, send_to: [desk-mail, desk-hook], actors: [isis]}\n"
        )

    def publish(self, town: str) -> None:
        """An arrest in a town, in the newspaper's own words."""
        day = f"{datetime.now(UTC):%A}"
        text = f"Police arrested six men in {town} on {day} who are suspected of links to Islamic State."
        self.items.append(
            f"<item><guid>{town}</guid><link>https://wire.example/{town}</link><title>Six held in {town}</title>"
            f"<pubDate>{format_datetime(datetime.now(UTC))}</pubDate><description>{text}</description></item>"
        )

    def rang(self, town: str) -> int:
        """In how many channels the event of a town was told."""
        hooks = sum(town in json.dumps(hook["body"], ensure_ascii=False) for hook in self.hooks)
        mails = sum(town in str(mail["Subject"]) + mail.as_string() for mail in self.mails)
        return hooks + mails

    def await_bell(self, town: str, *, deadline_s: float = 30.0) -> None:
        """Both channels told it."""
        self._await(lambda: self.rang(town) >= 2, what=f"the bell for {town}", deadline_s=deadline_s)

    def await_polls(self, number: int = 2) -> None:
        """The feed was asked for so many times more: whatever it held before is read and stored."""
        wanted = self.asked + number
        self._await(lambda: self.asked >= wanted, what="the poll", deadline_s=40.0)

    def _await(self, true: Callable[[], bool], *, what: str, deadline_s: float) -> None:
        def true_while_running() -> bool:
            for running in self.started:
                assert running.process.poll() is None, f"ended before {what}:\n{running.log.read_text()}"
            return true()

        wait_until(true_while_running, what=what, deadline_s=deadline_s)

    def tocsin(
        self, *arguments: str, environ: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A command beside the running processes."""
        return subprocess.run(
            [sys.executable, "-m", "tocsin", *arguments],
            cwd=cwd or self.folder,
            env={**self.environ, **(environ or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    @contextmanager
    def running(self, *arguments: str, environ: Mapping[str, str] | None = None) -> Iterator["Running"]:
        """A process that is killed at the end, if it is still there."""
        log = self.folder.parent / f"{'-'.join(arguments)}-{secrets.token_hex(3)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tocsin", *arguments],
                cwd=self.folder,
                env={**self.environ, **(environ or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        running = Running(process=process, log=log)
        self.started.append(running)
        try:
            yield running
        finally:
            self.started.remove(running)
            running.kill_all()


@dataclass
class Running:
    """A started Tocsin process and what it logged."""

    process: subprocess.Popen[bytes]
    log: Path

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The log's lines of one event name."""
        lines = [line for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [entry for line in lines if (entry := json.loads(line))["event"] == event]

    def children(self) -> dict[int, str]:
        """Process ids and command lines of its children."""
        listed = subprocess.run(["ps", "-axo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
        rows = [line.split(maxsplit=2) for line in listed.splitlines()]
        return {int(pid): args for pid, parent, args in rows if int(parent) == self.process.pid}

    def child(self, name: str) -> int:
        """The child that runs `tocsin <name>`."""
        return next(pid for pid, args in self.children().items() if args.endswith(f"tocsin {name}"))

    def end(self, number: signal.Signals = signal.SIGINT, *, within_s: float = 10.0) -> int:
        """Signal it and wait; its exit code. Fails with the stacks of all of it when it does not end in time."""
        self.process.send_signal(number)
        return await_end(self.process, log=self.log, below=self.children, within_s=within_s)

    def kill_all(self) -> None:
        """Whatever is left of it, after a test."""
        if self.process.poll() is None:
            for pid in self.children():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.kill()
        self.process.wait()


def await_end(
    process: subprocess.Popen[bytes], *, log: Path, below: Callable[[], Iterable[int]], within_s: float
) -> int:
    """The exit code of a process that was asked to end; after `within_s` it and those below it tell where they are.

    They need PYTHONFAULTHANDLER, and write into `log`.
    """
    try:
        return process.wait(timeout=within_s)
    except subprocess.TimeoutExpired:
        for pid in (process.pid, *below()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGABRT)
        process.wait(timeout=10)
        raise AssertionError(f"did not end in {within_s:g} s:\n{log.read_text(errors='replace')}") from None


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for yet does not."""
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip()) and not listed.stdout.strip().startswith("Z")


@contextmanager
def open_desk(folder: Path) -> Iterator[NewsDesk]:
    """The servers, started; the workspace is not written yet."""
    desk = NewsDesk(folder=folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(desk))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    desk.feed_url = f"http://127.0.0.1:{server.server_port}/wire.rss"
    desk.hook_url = f"http://127.0.0.1:{server.server_port}/hook"
    desk.smtp_port = free_port()
    mail = Controller(_MailHandler(desk), hostname="127.0.0.1", port=desk.smtp_port)
    mail.start()
    try:
        yield desk
    finally:
        mail.stop()
        server.shutdown()
        thread.join()
        server.server_close()


class _MailHandler:
    def __init__(self, desk: NewsDesk) -> None:
        self._desk = desk

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's)
        self._desk.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 2.0.0 kept"


def _handler(desk: NewsDesk) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            desk.asked += 1
            tag = f'"{len(desk.items)}"'
            same = self.headers.get("If-None-Match") == tag
            self.send_response(304 if same else 200)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            if not same:
                items = "".join(desk.items)
                self.wfile.write(f'<rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'.encode())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            desk.hooks.append({"id": self.headers["webhook-id"], "body": body})
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    return Handler
