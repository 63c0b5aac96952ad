"""Wake-ups through RQ: what is ours runs, whatever else lies in the queue is refused, counted, removed, never run."""

import json
import os
import pickle
import signal
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import redis
from rq import Queue
from rq.job import Job
from rq.registry import FailedJobRegistry, StartedJobRegistry
from structlog.testing import capture_logs

from tocsin.adapters.redis_client import connect
from tocsin.adapters.redis_store import RedisStore
from tocsin.adapters.rq_jobs import NAMES, GuardedJob, RqQueues
from tocsin.adapters.rq_worker import KEEP_FAILED, StepWorker
from tocsin.core.messages import Commit, Step, Wakeup
from tocsin.errors import StoreUnavailable

ART = "art_" + "0" * 24
SCAN = NAMES[Step.SCAN]


@dataclass
class Desk:
    """A scan queue and what its handler was called with."""

    client: redis.Redis
    queues: RqQueues
    calls: list[tuple[str, ...]] = field(default_factory=list)
    fails_with: BaseException | None = None
    logs: Sequence[Mapping[str, Any]] = ()

    @property
    def queue(self) -> Queue:
        return self.queues.queue(Step.SCAN)

    def handle(self, ids: tuple[str, ...]) -> None:
        self.calls.append(ids)
        if self.fails_with is not None:
            raise self.fails_with

    def work(self) -> StepWorker:
        worker = StepWorker(Step.SCAN, self.handle, queues=self.queues, client=self.client)
        before = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
        with capture_logs() as self.logs:
            worker.work_quietly(burst=True)
        for number, handler in before:
            signal.signal(number, handler)
        return worker

    def forge(self, data: bytes, **fields: Any) -> str:
        """Write a job into Redis by hand, as somebody with access to it would."""
        forged = "forged-job"
        plain = {"created_at": "2026-11-23T09:30:00.000000Z", "status": "queued", "origin": self.queue.name}
        self.client.hset(f"rq:job:{forged}", mapping={**plain, "data": data, **fields})
        self.client.rpush(self.queue.key, forged)
        return forged

    def left_over(self) -> list[bytes]:
        """Every key of RQ that mentions the forged job or still lists it."""
        waiting = [self.queue.key, self.queue.intermediate_queue_key]
        listed = [key.encode() for key in waiting if b"forged-job" in self.client.lrange(key, 0, -1)]
        return [*self.client.scan_iter("rq:*forged-job*"), *listed]


@pytest.fixture
def desk(redis_url: str, redis_prefix: str) -> Iterator[Desk]:
    client = connect(redis_url)
    yield Desk(client, RqQueues(client, prefix=redis_prefix))
    client.close()


def call(*, name: str = SCAN, instance: Any = None, args: Any = ((ART,),), kwargs: Any = None) -> bytes:
    return zlib.compress(json.dumps([name, instance, args, kwargs or {}]).encode())


def test_a_wakeup_reaches_the_handler_with_its_ids_and_leaves_nothing(desk: Desk) -> None:
    store = RedisStore(desk.client, desk.queues, prefix=desk.queue.name)
    store.commit(Commit(wakeups=(Wakeup(step=Step.SCAN, ids=(ART,)), Wakeup(step=Step.SCAN))))
    jobs = desk.queue.job_ids

    worker = desk.work()

    assert desk.calls == [(ART,), ()]
    assert worker.refused == 0
    assert not any(desk.client.exists(f"rq:job:{job_id}") for job_id in jobs)
    assert StartedJobRegistry(queue=desk.queue).get_job_ids(cleanup=False) == []
    assert desk.queue.intermediate_queue.get_job_ids() == []


def test_a_wakeup_asks_rq_for_nothing_but_a_time_limit(desk: Desk) -> None:
    RedisStore(desk.client, desk.queues).wake(Step.SCAN, [ART])

    (job,) = desk.queue.jobs

    assert (job.timeout, job.result_ttl, job.ttl, job.retries_left) == (120, 0, None, None)
    assert desk.client.ttl(job.key) == -1


def test_a_forged_call_by_name_is_refused_and_never_run(desk: Desk, tmp_path: Path) -> None:
    """The attack of B71: the JSON serializer alone would run this."""
    proof = tmp_path / "ran"
    desk.forge(call(name="os.system", args=[f"touch {proof}"]))

    worker = desk.work()

    assert not proof.exists()
    assert (desk.calls, worker.refused, desk.left_over()) == ([], 1, [])
    (line,) = desk.logs
    assert (line["event"], line["job"], line["reason"]) == ("job_refused", "forged-job", "it names 'os.system'")


def test_a_pickled_job_is_refused_and_never_unpickled(desk: Desk, tmp_path: Path) -> None:
    proof = tmp_path / "ran"

    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return (os.system, (f"touch {proof}",))

    desk.forge(zlib.compress(pickle.dumps((SCAN, None, Bomb(), {}))), result=pickle.dumps(Bomb()))

    worker = desk.work()

    assert not proof.exists()
    assert (desk.calls, worker.refused, desk.left_over()) == ([], 1, [])


def test_a_job_queued_by_plain_rq_is_refused(desk: Desk) -> None:
    plain = Queue(desk.queue.name, connection=desk.client)
    job = plain.enqueue("os.getcwd", job_id="forged-job")

    worker = desk.work()

    assert (desk.calls, worker.refused, desk.left_over()) == ([], 1, [])
    assert not Job.exists(job.id, connection=desk.client)


CALLS = {
    "another of our functions": call(name=NAMES[Step.MERGE]),
    "a name that only begins like ours": call(name=SCAN + ".x"),
    "an instance": call(instance="os.path"),
    "keyword arguments": call(kwargs={"now": 1}),
    "no arguments": call(args=[]),
    "ids as separate arguments": call(args=[ART, ART]),
    "a path instead of an id": call(args=[["../../etc/passwd"]]),
    "an id with a tail": call(args=[[ART + "\n"]]),
    "numbers for ids": call(args=[[1]]),
    "too many ids": call(args=[[ART] * 101]),
    "a dictionary for a call": zlib.compress(b'{"func": "os.system"}'),
    "a name that is no text": zlib.compress(json.dumps([["os"], None, [[ART]], {}]).encode()),
    "no JSON": b"\xff\xfe",
    "nothing": b"",
    "a bomb that unpacks to 50 MB": zlib.compress(b" " * 50_000_000 + b"[]"),
    "deep nesting": zlib.compress(b"[" * 30_000),
}


@pytest.mark.parametrize("data", CALLS.values(), ids=CALLS)
def test_a_call_that_is_not_a_step_and_its_ids_is_refused(desk: Desk, data: bytes) -> None:
    desk.forge(data)

    worker = desk.work()

    assert (desk.calls, worker.refused, desk.left_over()) == ([], 1, [])


FIELDS: dict[str, dict[str, Any]] = {
    "a success callback": {"success_callback_name": "os.getcwd"},
    "a failure callback": {"failure_callback_name": "os.getcwd"},
    "a stopped callback": {"stopped_callback_name": "os.getcwd"},
    "meta": {"meta": '{"a": 1}'},
    "a dependency": {"dependency_ids": '["other"]'},
    "an old style dependency": {"dependency_id": "other"},
    "retries": {"retries_left": 3},
    "repeats": {"repeats_left": 3, "repeat_intervals": "[1]"},
    "webhooks": {"webhooks": '[{"url": "http://127.0.0.1:1/", "statuses": ["finished"]}]'},
    "a rate limit": {"rate_limit_key": "k", "rate_limit_concurrency": 1},
    "a group": {"group_id": "g"},
    "a result": {"result": "1"},
    "a ttl": {"ttl": 1},
    "a field that RQ does not know": {"colour": "red"},
    "a time limit that is no number": {"timeout": "never"},
    "no time limit at all": {"timeout": "-1"},
    "a time that is none": {"created_at": "yesterday"},
    "a status that is none": {"status": "happy"},
    "another queue as its origin": {"origin": "elsewhere"},
}


@pytest.mark.parametrize("fields", FIELDS.values(), ids=FIELDS)
def test_a_job_that_carries_anything_else_is_refused(desk: Desk, fields: dict[str, Any]) -> None:
    desk.forge(call(), **fields)

    worker = desk.work()

    assert (desk.calls, worker.refused, desk.left_over()) == ([], 1, [])


def test_the_forged_jobs_would_run_if_they_carried_nothing_else(desk: Desk) -> None:
    desk.forge(call())

    assert desk.work().refused == 0
    assert desk.calls == [(ART,)]


def test_a_job_key_that_is_no_hash_does_not_end_the_worker(desk: Desk) -> None:
    desk.client.set("rq:job:forged-job", "text")
    desk.client.rpush(desk.queue.key, "forged-job")
    RedisStore(desk.client, desk.queues).wake(Step.SCAN, [ART])

    worker = desk.work()

    assert (desk.calls, worker.refused, desk.left_over()) == ([(ART,)], 1, [])


def test_work_after_a_forged_job_goes_on(desk: Desk) -> None:
    desk.forge(call(name="os.system", args=["true"]))
    RedisStore(desk.client, desk.queues).wake(Step.SCAN, [ART])

    assert desk.work().refused == 1
    assert desk.calls == [(ART,)]


def test_a_handler_that_fails_leaves_a_failed_job_and_the_rest_run(desk: Desk) -> None:
    desk.fails_with = ValueError("a bug")
    store = RedisStore(desk.client, desk.queues)
    store.wake(Step.SCAN, [ART])
    store.wake(Step.SCAN, [ART])

    desk.work()

    assert desk.calls == [(ART,), (ART,)]
    assert [(line["event"], line["ids"], line["exc_info"]) for line in desk.logs] == [
        ("job_failed", [ART], desk.fails_with)
    ] * 2
    assert len(FailedJobRegistry(queue=desk.queue).get_job_ids(cleanup=False)) == 2


def test_an_expected_failure_is_one_line_without_a_traceback(desk: Desk) -> None:
    desk.fails_with = StoreUnavailable("the store does not answer")
    RedisStore(desk.client, desk.queues).wake(Step.SCAN, [ART])

    desk.work()

    (line,) = desk.logs
    assert (line["event"], line["error"], line.get("exc_info")) == ("job_failed", "the store does not answer", None)


def test_only_the_latest_failed_jobs_are_kept(desk: Desk) -> None:
    desk.fails_with = ValueError("a bug")
    store = RedisStore(desk.client, desk.queues)
    for _ in range(KEEP_FAILED + 5):
        store.wake(Step.SCAN, [ART])
    worker = desk.work()
    failed = FailedJobRegistry(queue=desk.queue).get_job_ids(cleanup=False)

    worker.run_maintenance_tasks()

    kept = FailedJobRegistry(queue=desk.queue).get_job_ids(cleanup=False)
    assert kept == failed[5:]
    assert [desk.client.exists(f"rq:job:{job_id}") for job_id in failed] == [0] * 5 + [1] * KEEP_FAILED


def test_what_dead_workers_left_is_forgotten_and_planted_callbacks_do_not_run(desk: Desk, tmp_path: Path) -> None:
    """RQ's own maintenance would call the failure callback of an abandoned job."""
    forged = desk.forge(call(), status="started", failure_callback_name="os.getcwd")
    desk.client.lrem(desk.queue.key, 0, forged)
    desk.client.zadd(f"rq:wip:{desk.queue.name}", {f"{forged}:exec": 1})
    desk.client.rpush(desk.queue.intermediate_queue_key, "stuck-job")
    worker = StepWorker(Step.SCAN, desk.handle, queues=desk.queues, client=desk.client)

    worker.run_maintenance_tasks()
    assert desk.left_over() == []
    assert desk.queue.intermediate_queue.get_job_ids() == ["stuck-job"]
    worker.run_maintenance_tasks()

    assert desk.queue.intermediate_queue.get_job_ids() == []
    assert desk.client.zcard(f"rq:wip:{desk.queue.name}") == 0


def test_too_many_ids_in_one_wakeup_are_a_bug_and_write_nothing(desk: Desk) -> None:
    store = RedisStore(desk.client, desk.queues, prefix=desk.queue.name)

    with pytest.raises(ValueError, match="at most 100"):
        store.commit(Commit(wakeups=(Wakeup(step=Step.SCAN, ids=(ART,) * 101),)))

    assert store.queued(Step.SCAN) == 0


def test_a_guarded_job_imports_no_name() -> None:
    job = GuardedJob.create("os.getcwd", connection=redis.Redis())

    with pytest.raises(RuntimeError, match="never by name"):
        _ = job.func
    with pytest.raises(RuntimeError, match="no handler"):
        job.perform()
