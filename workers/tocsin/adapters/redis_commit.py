"""One commit as one script: checked and written in one round trip, with nobody in between.

WATCH, read, MULTI, EXEC gives the same guarantee for three round trips, two to three times the client's CPU, and
races that have to be run again. RQ's part is not rewritten: `enqueue_many` puts its commands into a pipeline that is
never sent, and the script runs them. The nonce makes a commit whose reply was lost, and which the client sends again,
known as done.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any, Protocol

import redis

from tocsin.adapters.redis_codec import encode_body, encode_header, from_us, to_json
from tocsin.core.messages import SELF_FINDING, Commit, Row, Step, Wakeup
from tocsin.errors import Conflict, FenceLost

SCRIPT = files("tocsin.adapters").joinpath("redis_commit.lua").read_text("utf-8")


class Wakeups(Protocol):
    """Puts wake-ups into the caller's pipeline; sends nothing."""

    def enqueue(self, wakeups: Sequence[Wakeup], pipeline: Any) -> None:
        """Add the commands that queue these wake-ups."""
        ...

    def list_key(self, step: Step) -> str:
        """The list in which the step's wake-ups wait."""
        ...


class Committer:
    """Applies commits to one database."""

    def __init__(self, client: redis.Redis, wakeups: Wakeups, *, prefix: str) -> None:
        self._client: Any = client
        self._wakeups = wakeups
        self._prefix = prefix
        self._script = client.register_script(SCRIPT)

    def run(self, commit: Commit) -> tuple[Row, ...]:
        """The rows as stored. Raises `Conflict`, `FenceLost` or one of the client's errors with nothing written."""
        _check_once_each(commit)
        nonce = secrets.token_hex(6)
        arguments: list[Any] = [self._prefix, nonce, to_json(_spec(commit)), len(commit.rows)]
        for row in commit.rows:
            arguments += (row.kind, row.id, encode_header(row, nonce=nonce), encode_body(row.body))
        for needless_key, wakeups in self._groups(commit.wakeups):
            commands = self._commands(wakeups)
            arguments += (needless_key, len(commands))
            for command in commands:
                arguments += (len(command), *command)
        verdict, *details = self._script(args=arguments)
        if verdict == b"conflict":
            kind, row_id, expected, found = details
            raise Conflict(kind.decode(), row_id.decode(), f"version {expected}", f"version {found}")
        if verdict == b"fence" and commit.fence is not None:
            raise FenceLost(commit.fence.lease, commit.fence.token)
        at = from_us(details[0])
        return tuple(replace(row, version=row.version + 1, updated_at=at) for row in commit.rows)

    def _groups(self, wakeups: Sequence[Wakeup]) -> list[tuple[str, tuple[Wakeup, ...]]]:
        """Wake-ups to queue in any case; and for each step that finds its rows itself one, unless one waits."""
        always = tuple(wakeup for wakeup in wakeups if wakeup.step not in SELF_FINDING)
        once = {wakeup.step: wakeup for wakeup in wakeups if wakeup.step in SELF_FINDING}
        groups = [("", always)] if always else []
        return groups + [(self._wakeups.list_key(step), (wakeup,)) for step, wakeup in once.items()]

    def _commands(self, wakeups: Sequence[Wakeup]) -> list[tuple[Any, ...]]:
        unsent = self._client.pipeline(transaction=True)
        self._wakeups.enqueue(wakeups, unsent)
        return [words for words, _ in unsent.command_stack]


def _check_once_each(commit: Commit) -> None:
    touched = [(row.kind, row.id) for row in commit.rows] + [(drop.kind, drop.id) for drop in commit.drops]
    if len(set(touched)) != len(touched):
        raise ValueError("a commit writes or drops each row at most once")


def _spec(commit: Commit) -> dict[str, Any]:
    # Empty lists are left out: the script's JSON library cannot tell them from empty objects.
    spec: dict[str, Any] = {}
    if commit.expected:
        spec["guards"] = [(guard.kind, guard.id, guard.version) for guard in commit.expected]
    if commit.drops:
        spec["drops"] = [(drop.kind, drop.id) for drop in commit.drops]
    if commit.fence:
        spec["fence"] = (commit.fence.lease, str(commit.fence.token))
    return spec
