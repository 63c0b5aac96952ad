"""RQ jobs as wake-ups: what is queued, and what is accepted as a job of ours.

A job carries the name of a step and a list of ids as JSON, nothing else. RQ would import and call whatever name a job
holds, load its callbacks and post to its webhooks, and the JSON serializer does not change that (B71): anyone who can
write to Redis could run code here. So a job is checked field by field when it is read, what fails is replaced by an
empty one with a `refusal`, and no name is ever imported: the worker calls the handler it was made with.
"""

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from tocsin.core.messages import Step, Wakeup

Handler = Callable[[tuple[str, ...]], None]

# Not importable on purpose: a plain RQ worker on the same queue fails instead of running something.
NAMES = {step: f"tocsin.{step}" for step in Step}
STEPS = {name: step for step, name in NAMES.items()}
TIMEOUTS_S = {Step.SCAN: 120, Step.MERGE: 120, Step.DISPATCH: 120, Step.DELIVER: 300}
FAILURE_TTL_S = 30 * 86400
MAX_IDS = 100
MAX_DATA = 64 * 1024

_ID = re.compile(r"[a-z]{2,8}_[0-9a-f]{24}")
_NUMBER = re.compile(r"[0-9]{1,9}")
# What RQ writes for a job that asks for nothing special. Everything else is refused if it holds anything.
_PLAIN = frozenset({"created_at", "enqueued_at", "started_at", "ended_at", "last_heartbeat", "description", "origin"})
_PLAIN_TOO = frozenset({"status", "worker_name", "exc_info"})
_NUMBERS = frozenset({"timeout", "result_ttl", "failure_ttl"})


class RqQueues:
    """The four queues. Names are `prefix` and the step; RQ's own keys are shared by a whole database."""

    def __init__(self, client: redis.Redis, *, prefix: str = "tocsin-") -> None:
        self._prefix = prefix
        self._queues = {
            step: Queue(prefix + step, connection=client, serializer=JSONSerializer, job_class=GuardedJob)
            for step in Step
        }

    def queue(self, step: Step) -> Queue:
        """RQ's queue of a step."""
        return self._queues[step]

    def list_key(self, step: Step) -> str:
        """The list in which the step's wake-ups wait."""
        return str(self._queues[step].key)

    def enqueue(self, wakeups: Sequence[Wakeup], pipeline: Any) -> None:
        """Add the commands that queue these wake-ups to the pipeline. Nothing is sent."""
        by_step: defaultdict[Step, list[Wakeup]] = defaultdict(list)
        for wakeup in wakeups:
            by_step[wakeup.step].append(wakeup)
        for step, group in by_step.items():
            self._queues[step].enqueue_many([_prepared(wakeup) for wakeup in group], pipeline=pipeline)

    def count(self, step: Step) -> int:
        """How many wake-ups wait."""
        return int(self._queues[step].count)


def _prepared(wakeup: Wakeup) -> Any:
    if len(wakeup.ids) > MAX_IDS:
        raise ValueError(f"a wake-up carries at most {MAX_IDS} ids, not {len(wakeup.ids)}")
    return Queue.prepare_data(
        NAMES[wakeup.step],
        args=[list(wakeup.ids)],
        timeout=TIMEOUTS_S[wakeup.step],
        result_ttl=0,
        failure_ttl=FAILURE_TTL_S,
        description=f"{wakeup.step} {len(wakeup.ids)}",
    )


class GuardedJob(Job):
    """A job that is either exactly a wake-up of ours, or empty with the `refusal` that says why."""

    refusal: str = ""
    ids: tuple[str, ...] = ()
    step: Step | None = None
    handler: Handler | None = None

    def restore(self, raw_data: Mapping[Any, Any]) -> None:
        """Take over what Redis holds, if it is a wake-up of ours; else only that it is not. Never raises."""
        fields = {_text(name): value for name, value in raw_data.items()}
        self.refusal = _refusal(fields)
        if not self.refusal:
            name, _, args, _ = _call(fields)
            self.step, self.ids = STEPS[name], tuple(args[0])
            super().restore(raw_data)
        else:
            super().restore({b"data": b'["refused", null, [], {}]'})

    def perform(self) -> None:
        """Call the worker's handler with the ids; no name is imported."""
        if self.handler is None or self.refusal:
            raise RuntimeError(f"job {self.id} has no handler: {self.refusal or 'run it through StepWorker'}")
        self.handler(self.ids)

    @property
    def func(self) -> Any:
        """Nothing: RQ imports a name here."""
        raise RuntimeError("jobs are run by their step's handler, never by name")


def _refusal(fields: Mapping[str, Any]) -> str:
    for name, value in fields.items():
        if name in _NUMBERS:
            if not _NUMBER.fullmatch(_text(value)):
                return f"{name} is not a plain number"
        elif name not in _PLAIN and name not in _PLAIN_TOO and name != "data" and value:
            return f"it carries {name}"
    return _time_refusal(fields) or _call_refusal(fields)


def _time_refusal(fields: Mapping[str, Any]) -> str:
    for name in _PLAIN - {"description", "origin"}:
        if not re.fullmatch(r"[0-9TZ:.\-]{0,32}", _text(fields.get(name, b""))):
            return f"{name} is not a time"
    if _text(fields.get("status", b"")) not in {"queued", "started", "failed", "finished"}:
        return "its status is not one of a queued job"
    return ""


def _call_refusal(fields: Mapping[str, Any]) -> str:
    try:
        call = _call(fields)
    except (ValueError, zlib.error, RecursionError):
        return "its data is not JSON"
    if not isinstance(call, list) or len(call) != 4:
        return "its data is not a call"
    name, instance, args, kwargs = call
    if not isinstance(name, str) or name not in STEPS:
        return f"it names {str(name)[:80]!r}"
    if instance is not None or kwargs:
        return "it carries an instance or keyword arguments"
    if not isinstance(args, list) or len(args) != 1 or not isinstance(args[0], list) or len(args[0]) > MAX_IDS:
        return "its arguments are not one list of ids"
    if not all(isinstance(each, str) and _ID.fullmatch(each) for each in args[0]):
        return "its arguments are not ids"
    return ""


def _call(fields: Mapping[str, Any]) -> Any:
    data = fields.get("data", b"")
    if data[:1] == b"x":
        decompressor = zlib.decompressobj()
        data = decompressor.decompress(data, MAX_DATA)
        if not decompressor.eof:
            raise ValueError("too much data")
    return json.loads(data.decode("utf-8"))


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
