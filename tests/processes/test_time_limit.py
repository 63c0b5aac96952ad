"""The time limit of an article ends endless work and leaves the job's own limit alone."""

import signal
import threading
from collections.abc import Iterator
from types import FrameType

import pytest

from tocsin.processes.time_limit import time_limit


class JobLimit(Exception):
    """The alarm that was set before."""


def work_for_ever() -> None:
    while True:
        pass


def work_on_beyond(limit_s: float) -> None:
    try:
        with time_limit(limit_s):
            work_for_ever()
    except TimeoutError:
        work_for_ever()


@pytest.fixture
def job_alarm() -> Iterator[None]:
    """An alarm as RQ sets it around a job."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise JobLimit

    before = signal.signal(signal.SIGALRM, ring)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_work_beyond_the_limit_is_ended() -> None:
    with pytest.raises(TimeoutError, match=r"longer than 0\.02 s"), time_limit(0.02):
        work_for_ever()


def test_work_within_the_limit_leaves_no_alarm_behind() -> None:
    with time_limit(5):
        pass

    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.usefixtures("job_alarm")
@pytest.mark.parametrize("alarm_s", [0.1, 0.01])
def test_an_alarm_set_before_rings_after_the_limit(alarm_s: float) -> None:
    """At its time, or at the end of the block when that has passed: on a busy machine perhaps before the next line."""
    signal.setitimer(signal.ITIMER_REAL, alarm_s)
    with pytest.raises(JobLimit) as rung:
        work_on_beyond(0.05)

    assert isinstance(rung.value.__context__, TimeoutError)


def test_in_another_thread_the_block_runs_without_a_limit() -> None:
    done: list[bool] = []

    def work() -> None:
        with time_limit(0.000001):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert done == [True]
