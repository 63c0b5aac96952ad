"""The store's time between two questions."""

from datetime import UTC, datetime

from tocsin.processes.store_clock import StoreClock

START = datetime(2020, 1, 1, tzinfo=UTC)


def test_the_store_is_asked_once_and_its_time_goes_on() -> None:
    asked: list[datetime] = []

    def ask() -> datetime:
        asked.append(START)
        return START

    clock = StoreClock(ask)
    times = [clock() for _ in range(1000)]

    assert len(asked) == 1
    assert times == sorted(times)
    assert START <= times[0] < times[-1]
