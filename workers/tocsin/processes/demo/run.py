"""`tocsin demo`: the whole path on this machine, with nothing emulated."""

import asyncio
import base64
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web
from rich.console import Console

from tocsin.processes.demo.inbox import Inbox, Received, start_mail_server
from tocsin.processes.demo.newsroom import Newsroom, Story, load_stories
from tocsin.processes.demo.screen import alert_panel, make_console, save_all, silent_table
from tocsin.processes.demo.silence import find_silence

_START_S = 45.0
_RING_S = 30.0
_STOP_S = 12.0
_WAVE_PAUSE_S = 1.5


@dataclass(slots=True)
class _Stage:
    """Everything the demo set up."""

    folder: Path
    console: Console
    newsroom: Newsroom
    stories: tuple[Story, ...]
    inbox: Inbox
    process: asyncio.subprocess.Process | None = None
    shown: set[str] = field(default_factory=set)


def run_demo(*, keep: bool = False, save: Path | None = None) -> int:
    """Run it and return the exit code: 0 if each expected alert rang, by webhook and by mail, and nothing else did."""
    folder = Path(tempfile.mkdtemp(prefix="tocsin-demo-"))
    console = make_console(record=save is not None)
    try:
        return asyncio.run(_perform(folder, console, save))
    except KeyboardInterrupt:
        console.print("[yellow]stopped[/yellow]")
        return 130
    finally:
        if keep:
            console.print(f"kept {folder} (log: {folder / 'tocsin.log'})")
        else:
            shutil.rmtree(folder, ignore_errors=True)


async def _perform(folder: Path, console: Console, save: Path | None) -> int:
    papers, stories = load_stories(datetime.now(UTC))
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    stage = _Stage(
        folder=folder, console=console, newsroom=Newsroom(papers), stories=stories, inbox=Inbox(secret=secret)
    )
    console.print("[bold]Tocsin[/bold] demo: two newspapers, a mail server and a webhook receiver on this machine\n")
    async with AsyncExitStack() as stack:
        port = await _serve(stage, stack)
        mail = start_mail_server(stage.inbox)
        stack.callback(mail.stop)
        _write_workspace(stage, port)
        await _start(stage, mail.port, stack)
        if not await _until(lambda: _both_polled(stage), _START_S, stage, "starting tocsin run"):
            return _failed(stage, f"the feeds were not polled within {_START_S:g} s")
        began = time.monotonic()
        await _publish(stage)
        expected = [story for story in stories if story.expect]
        rang = await _until(lambda: _all_rang(stage, expected), _RING_S, stage, "waiting for alerts")
        # What must stay silent gets the same time as what rang, and a little more.
        await _until(lambda: False, min(3.0, time.monotonic() - began), stage, "listening for what should not ring")
        silence = await asyncio.to_thread(find_silence, folder / "data", stories)
        console.print(silent_table(silence))
        code = _conclude(stage, expected, rang, time.monotonic() - began)
        if save is not None:
            save_all(console, stage.inbox, save)
        return code


async def _serve(stage: _Stage, stack: AsyncExitStack) -> int:
    app = web.Application()
    app.router.add_get("/{feed}.rss", stage.newsroom.serve_feed)
    app.router.add_post("/hook", stage.inbox.take_webhook)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port: int = runner.addresses[0][1]
    return port


def _write_workspace(stage: _Stage, port: int) -> None:
    feeds = "".join(
        f"  - {{id: {paper.id}, url: 'http://127.0.0.1:{port}/{paper.id}.rss', title: {paper.title},"
        f" country: {paper.country}, interval: 1s, allow_private: true}}\n"
        for paper in stage.newsroom.papers
    )
    (stage.folder / "feeds.yml").write_text(f"feeds:\n{feeds}", encoding="utf-8")
    (stage.folder / "subscriptions.yml").write_text(
        "endpoints:\n"
        "  - {id: desk-mail, email: desk@example.org}\n"
        f"  - {{id: desk-hook, webhook: 'http://127.0.0.1:{port}/hook', secret: env:DEMO_HOOK_SECRET,"
        " allow_private: true}\n"
        "subscriptions:\n"
        "  - {id: islamic-state, title: Islamic State desk, send_to: [desk-mail, desk-hook], actors: [isis]}\n",
        encoding="utf-8",
    )


async def _start(stage: _Stage, mail_port: int, stack: AsyncExitStack) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    environ |= {
        "TOCSIN_RULES": str(stage.folder),
        "TOCSIN_DATA_DIR": str(stage.folder / "data"),
        "TOCSIN_SMTP_HOST": "127.0.0.1",
        "TOCSIN_SMTP_PORT": str(mail_port),
        "TOCSIN_SMTP_SECURITY": "none",
        "TOCSIN_MAIL_FROM": "tocsin@example.org",
        "TOCSIN_POLL_HOST_GAP_S": "0.2",
        "TOCSIN_LOG_FORMAT": "json",
        "DEMO_HOOK_SECRET": stage.inbox.secret,
    }
    log = stack.enter_context((stage.folder / "tocsin.log").open("wb"))
    stage.process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tocsin", "run", "--without-web",
        env=environ, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    stack.push_async_callback(_stop, stage.process)


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        async with asyncio.timeout(_STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def _publish(stage: _Stage) -> None:
    waves = sorted({story.wave for story in stage.stories})
    for number in waves:
        stories = [story for story in stage.stories if story.wave == number]
        stage.newsroom.publish(stories, datetime.now(UTC))
        stage.console.print(
            f"[dim]wave {number} of {len(waves)}: {len(stories)} stories published[/dim]", highlight=False
        )
        await _until(lambda: False, _WAVE_PAUSE_S, stage, "polling")


async def _until(true: Callable[[], bool], seconds: float, stage: _Stage, doing: str) -> bool:
    """Wait until it is true, at most so long, showing alerts as they ring and what goes on meanwhile."""
    end = time.monotonic() + seconds
    with stage.console.status(f"[dim]{doing} …[/dim]"):
        while not true():
            left = end - time.monotonic()
            if left <= 0 or (stage.process is not None and stage.process.returncode is not None):
                return False
            stage.inbox.changed.clear()
            try:
                async with asyncio.timeout(min(left, 0.2)):
                    await stage.inbox.changed.wait()
            except TimeoutError:
                pass
            _show_new(stage)
        return True


def _show_new(stage: _Stage) -> None:
    for received in list(stage.inbox.webhooks):
        if received.id not in stage.shown and "event" in received.body["data"]:
            stage.shown.add(received.id)
            stage.console.print(alert_panel(received, stars=stage.console.color_system is None))


def _both_polled(stage: _Stage) -> bool:
    # The second request to a feed shows that its first, empty poll is done and stored.
    return all(stage.newsroom.asked.get(paper.id, 0) >= 2 for paper in stage.newsroom.papers)


def _is_for(received: Received, story: Story) -> bool:
    event, wanted = received.body["data"].get("event"), story.expect
    if event is None or wanted is None:
        return False
    parties = [party for role in ("agents", "recipients", "objects", "linked") for party in event.get(role, ())]
    actors = {party.get("actor") for party in parties}
    named = " ".join(place["name"] for place in event.get("places", ()))
    counted = wanted.count is None or wanted.count == event.get("count")
    return event["type"] == wanted.type and wanted.place in named and wanted.actor in actors and counted


def _all_rang(stage: _Stage, expected: list[Story]) -> bool:
    heard = all(any(_is_for(received, story) for received in stage.inbox.webhooks) for story in expected)
    return heard and len(stage.inbox.mails) >= len(expected)


def _conclude(stage: _Stage, expected: list[Story], rang: bool, took_s: float) -> int:
    inbox, console = stage.inbox, stage.console
    missing = [story for story in expected if not any(_is_for(received, story) for received in inbox.webhooks)]
    extra = [received for received in inbox.webhooks if not any(_is_for(received, story) for story in expected)]
    forged = [received for received in inbox.webhooks if not received.signature_ok]
    console.print(
        f"{len(stage.stories)} stories, {len(inbox.webhooks)} webhooks ({len(forged)} with a bad signature), "
        f"{len(inbox.mails)} mails, {took_s:.1f} s from the first story to here",
        highlight=False,
    )
    for story in missing:
        console.print(f"[bold red]did not ring:[/bold red] {story.title}")
    for received in extra:
        console.print(f"[bold red]rang and should not have:[/bold red] {received.body['data']}")
    if rang and not (missing or extra or forged):
        console.print("[bold green]every alert rang once, by webhook and by mail[/bold green]")
        console.print("\nNext: [bold]tocsin init desk[/bold], then edit desk/feeds.yml and desk/subscriptions.yml")
        return 0
    return _failed(stage, "not every alert came as expected")


def _failed(stage: _Stage, what: str) -> int:
    stage.console.print(f"[bold red]the demo failed: {what}[/bold red]")
    log = (stage.folder / "tocsin.log").read_text(encoding="utf-8", errors="replace").splitlines()
    for line in log[-15:]:
        stage.console.print(f"  {line}", markup=False, highlight=False)
    return 1
