"""Outcomes: what attempts led to, recorded in the order they ended, as many in one commit as wait for it.

Nobody waits for a batch to fill: one commit is under way at a time, and what ends meanwhile goes into the next. When
somebody else wrote one of a batch's rows, each is recorded by itself.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from tocsin.core.deliveries import OPEN_STATES, Attempt, Delivery, Outcome, OutcomeKind, judge_outcome
from tocsin.core.endpoints import EndpointHealth, EndpointState, judge_endpoint
from tocsin.core.messages import Commit, Kind, Row
from tocsin.core.rulebook import Rulebook
from tocsin.errors import Conflict, StoreUnavailable
from tocsin.pipeline.claims import Claim
from tocsin.pipeline.delivery_rows import delivery_from, delivery_row, endpoint_from, endpoint_row
from tocsin.pipeline.endpoint_actions import disabled_notices
from tocsin.ports import Store

MAX_CONFLICTS = 8
RECORD_PAUSES_S = (0.2, 1.0, 3.0, 10.0)

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """An attempt that came to its end."""

    claim: Claim
    outcome: Outcome
    attempt: Attempt


@dataclass(slots=True, kw_only=True)
class Journal:
    """Records outcomes. For one event loop; the store is called in a thread. `now` and `jitter` as for the drainer."""

    store: Store
    rulebook: Callable[[], Rulebook]
    now: Callable[[], datetime]
    jitter: Callable[[], float]
    waiting: list[tuple[Ended, "asyncio.Future[None]"]] = field(default_factory=list)
    writing: "asyncio.Task[None] | None" = None

    async def write(self, ended: Ended) -> None:
        """Record one outcome. An unreachable store is waited for, some seconds; then raises `StoreUnavailable`."""
        recorded: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append((ended, recorded))
        if self.writing is None or self.writing.done():
            self.writing = asyncio.create_task(self._write_waiting())
        await recorded

    async def _write_waiting(self) -> None:
        while self.waiting:
            batch, self.waiting = self.waiting, []
            try:
                await self._write_patiently([ended for ended, _ in batch])
            except Exception as error:  # noqa: BLE001  told to each attempt of the batch; the next batch goes on
                for _, recorded in batch:
                    recorded.set_exception(error)
            else:
                for _, recorded in batch:
                    recorded.set_result(None)

    async def _write_patiently(self, batch: Sequence[Ended]) -> None:
        for pause in (*RECORD_PAUSES_S, None):
            try:
                return await asyncio.to_thread(self._record, batch)
            except StoreUnavailable:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
        return None

    def _record(self, batch: Sequence[Ended]) -> None:
        now = self.now()
        rows = [self._row(ended, ended.claim.row.version, ended.claim.delivery, now) for ended in batch]
        try:
            self.store.commit(Commit(rows=tuple(rows)))
        except Conflict:
            for ended in batch:
                self._record_alone(ended, now)
        for ended in batch:
            _log.info(
                "attempted",
                delivery=ended.claim.delivery.id,
                endpoint=ended.claim.endpoint.id,
                attempt=len(ended.claim.delivery.attempts) + 1,
                outcome=ended.outcome.kind.value,
                code=ended.outcome.code,
                took_s=round(ended.outcome.took_s, 3),
            )
            # Most attempts go well at an endpoint that was well: then there is nothing to write and nothing to read.
            if not (ended.claim.healthy and ended.outcome.kind is OutcomeKind.DELIVERED):
                self._record_endpoint(ended, now)

    def _record_alone(self, ended: Ended, now: datetime) -> None:
        version, delivery = ended.claim.row.version, ended.claim.delivery
        for _ in range(MAX_CONFLICTS):
            try:
                self.store.commit(Commit(rows=(self._row(ended, version, delivery, now),)))
            except Conflict:
                # The lease ran out and another drainer has it: what happened here is still true.
                found = self.store.get(Kind.DELIVERY, delivery.id)
                if found is None or found.state not in OPEN_STATES:
                    return
                version, delivery = found.version, delivery_from(found)
            else:
                return

    def _row(self, ended: Ended, version: int, delivery: Delivery, now: datetime) -> Row:
        made = (*delivery.attempts, ended.attempt)
        verdict = judge_outcome(ended.outcome, attempts=len(made) - delivery.spent, now=now, jitter=self.jitter())
        tried = replace(delivery, attempts=made, detail=verdict.detail)
        return delivery_row(tried, verdict.state, now=now, due_at=verdict.next_at, version=version)

    def _record_endpoint(self, ended: Ended, now: datetime) -> None:
        endpoint = ended.claim.endpoint
        for _ in range(MAX_CONFLICTS):
            row = self.store.get(Kind.ENDPOINT, endpoint.id)
            health = endpoint_from(row) if row else EndpointHealth(id=endpoint.id)
            judged = judge_endpoint(health, ended.outcome, channel=endpoint.channel, now=now)
            if judged == health:
                return
            disabled = judged.state is EndpointState.DISABLED
            told = disabled_notices(judged, rulebook=self.rulebook(), now=now) if disabled else ()
            try:
                self.store.commit(Commit(rows=(endpoint_row(judged, version=row.version if row else 0), *told)))
            except Conflict:
                continue
            if disabled:
                _log.warning("endpoint_disabled", endpoint=judged.id, detail=judged.detail)
            return
