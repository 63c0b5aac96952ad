"""An RQ worker for one step: runs the handler it was given, refuses what is not a wake-up, keeps its queue tidy.

It runs jobs in its own process (RQ's SimpleWorker: four times the jobs per second of a forking one). A crash kills the
worker; the supervisor starts another, and tick wakes the rows again. RQ's retry, scheduler, command channel and
maintenance are off: the first three because rows and tick do that work, the last because it runs callbacks of
abandoned jobs.
"""

import secrets
import time
from datetime import timedelta
from typing import Any

import redis
import structlog
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.registry import FailedJobRegistry, StartedJobRegistry
from rq.serializers import JSONSerializer
from rq.utils import now
from rq.worker_registration import clean_worker_registry

from tocsin.adapters.redis_client import in_words, refuses_writes
from tocsin.adapters.rq_jobs import GuardedJob, Handler, RqQueues
from tocsin.core.messages import Step
from tocsin.errors import TocsinError

KEEP_FAILED = 100
TIDY_EVERY_S = 60
# RQ asks Redis for a job for this long less 15 s at a time.
WORKER_TTL_S = 45
# Between two signs of life: RQ gives some at every job, three round trips each, and forgets a worker after 105 s.
SIGN_EVERY = timedelta(seconds=10)
# Between two looks at a server that takes no writes.
REFUSED_S = 2.0

log = structlog.get_logger("tocsin.jobs")


class StepWorker(SimpleWorker):
    """Works on one step's queue: exactly one queue per process, or a kill can lose a wake-up (B61)."""

    job_class = GuardedJob

    def __init__(self, step: Step, handler: Handler, *, queues: RqQueues, client: redis.Redis) -> None:
        super().__init__(
            [queues.queue(step)],
            name=f"{step}-{secrets.token_hex(6)}",
            connection=client,
            job_class=GuardedJob,
            serializer=JSONSerializer,
            default_result_ttl=0,
            worker_ttl=WORKER_TTL_S,
            maintenance_interval=TIDY_EVERY_S,
            log_job_description=False,
        )
        self.step = step
        self.handler = handler
        self.refused = 0
        self._stuck: set[str] = set()
        self._told_of_refusal = False

    def work_quietly(self, *, burst: bool = False) -> bool:
        """Work until SIGTERM or SIGINT (the running job is finished first), or until the queue is empty."""
        return bool(self.work(burst=burst, logging_level="WARNING", with_scheduler=False))

    def dequeue_job_and_maintain_ttl(self, timeout: int | None, max_idle_time: int | None = None) -> Any:
        """RQ's, but two things do not end the worker: a key that is no job at all (somebody's string or list), and a
        server that takes no writes for a while.
        """
        while True:
            try:
                found = super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)
            except redis.ResponseError as exc:
                job_id = getattr(exc, "job_id", None)
                if job_id is not None:
                    self._refuse(job_id, "it is no hash")
                elif refuses_writes(exc):
                    self._wait_for_writes(exc)  # idle: a signal to stop ends it
                else:
                    raise
            else:
                self._told_of_refusal = False
                return found

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """RQ's, but alone, outside a job's own transaction, only now and then."""
        if pipeline is not None or self.last_heartbeat is None or now() - self.last_heartbeat >= SIGN_EVERY:
            super().heartbeat(timeout, pipeline)

    def set_state(self, state: str, pipeline: Any = None) -> None:  # noqa: ARG002 - RQ gives its transaction
        """Busy or idle, as the handling of signals needs it; nobody reads it in Redis, so it is not written there."""
        self._state = state

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run a wake-up of this step; log, count and remove anything else."""
        if not isinstance(job, GuardedJob) or job.refusal:
            self._refuse(job.id, getattr(job, "refusal", "it is not guarded"))
        elif job.step is not self.step:
            self._refuse(job.id, f"it is for {job.step}")
        elif job.origin != queue.name:
            self._refuse(job.id, f"it says that it came from '{job.origin}'")
        else:
            job.handler = self.handler
            try:
                super().execute_job(job, queue)
            except redis.ResponseError as exc:
                # RQ's own notes on the job. What the job was about is in rows, which are due again by themselves.
                if not refuses_writes(exc):
                    raise
                self._wait_for_writes(exc)

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log why a job failed, in one line when it is an expected error, else with its traceback. Tick comes back."""
        error = exc_info[1]
        ids = list(getattr(job, "ids", ()))
        if isinstance(error, TocsinError):
            log.warning("job_failed", step=self.step, ids=ids, error=str(error))
        elif not (isinstance(error, redis.ResponseError) and refuses_writes(error)):
            log.error("job_failed", step=self.step, ids=ids, exc_info=error)

    def subscribe(self) -> None:
        """No command channel: whoever can publish could stop workers, and signals do all we need."""

    def unsubscribe(self) -> None:
        """Nothing to leave."""

    def run_maintenance_tasks(self) -> None:
        """Ours instead of RQ's: forget what dead workers left and all but the latest failed jobs."""
        self.last_cleaned_at = now()  # type: ignore[assignment]  # RQ declares it by its first value, None
        for queue in self.queues:
            clean_worker_registry(queue)
            self._forget_abandoned(queue)
            self._forget_stuck(queue)
            registry = FailedJobRegistry(queue=queue, job_class=GuardedJob)
            for job_id in registry.get_job_ids(cleanup=False)[:-KEEP_FAILED]:
                registry.remove(job_id)
                self._delete(job_id)

    def _wait_for_writes(self, exc: redis.ResponseError) -> None:
        if not self._told_of_refusal:
            log.warning("store_unavailable", step=self.step, error=in_words(exc))
        self._told_of_refusal = True
        time.sleep(REFUSED_S)

    def _forget_abandoned(self, queue: Queue) -> None:
        registry = StartedJobRegistry(queue=queue, job_class=GuardedJob)
        before = (now() - timedelta(seconds=1)).timestamp()
        for job_id in registry.get_expired_job_ids(before):
            self._delete(job_id)
        self.connection.zremrangebyscore(registry.key, 0, before)

    def _forget_stuck(self, queue: Queue) -> None:
        # Between pop and start a job is in the intermediate list for milliseconds; one seen twice belongs to the dead.
        waiting = set(queue.intermediate_queue.get_job_ids())
        for job_id in waiting & self._stuck:
            queue.intermediate_queue.remove(job_id)
            self._delete(job_id)
        self._stuck = waiting - self._stuck

    def _refuse(self, job_id: str, reason: str) -> None:
        self.refused += 1
        log.warning("job_refused", job=job_id, queue=self.queues[0].name, reason=reason)
        self.queues[0].intermediate_queue.remove(job_id)
        self._delete(job_id)

    def _delete(self, job_id: str) -> None:
        self.connection.delete(GuardedJob.key_for(job_id))
