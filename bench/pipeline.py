"""The whole path on this machine: articles and deliveries a second, and the time from fetch to delivery."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.articles import make_articles
from bench.budget import BenchError, Budget
from bench.figures import Figure, Section, at_least, at_most, percentile, plain
from bench.progress import Stages
from bench.rulebooks import load_shipped
from bench.service import FEEDS, MATCHING, Service, running
from bench.world import Arrival, BenchWorld

# Of the time, for the waves of articles; the rest is for single ones on the idle system.
_WAVES = 0.7


def measure_pipeline(*, articles: int, alerts: int, repeats: int, limit_s: float, stages: Stages) -> list[Section]:
    """Throughput with 5,000 subscriptions, then latency on the idle system.

    Ends within the limit: with fewer waves and alerts on a slow machine, and with a `BenchError` that says what
    waits when not even one wave comes through.
    """
    budget = Budget(limit_s)
    stages.begin("pipeline: starting the processes")
    with BenchWorld(FEEDS) as world, running(world, budget) as service:
        budget.wait(lambda: min(world.asked) >= 2, lambda: f"the first polls did not come; {service.describe()}")
        run = _Run(world=world, service=service, budget=budget, stages=stages)
        waves = [run.measure_wave(articles, wave) for wave in budget.part(_WAVES).rounds(repeats)]
        latency = run.measure_latency(alerts)
    title = (
        f"the whole pipeline, all processes, the server and the feeds' and endpoints' world on {os.cpu_count()} cores"
    )
    return [Section(title=title, figures=(*_figures(waves), *latency))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wave:
    """What one wave of articles took. `cpu_s` is that of all our processes and the server's, without this one."""

    articles: int
    delays_s: tuple[float, ...]
    took_s: float
    cpu_s: float

    @property
    def deliveries(self) -> int:
        return len(self.delays_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    world: BenchWorld
    service: Service
    budget: Budget
    stages: Stages

    def measure_wave(self, number: int, wave: int) -> _Wave:
        """Publish so many articles and wait until nothing of them is left to do."""
        made = [
            (f"bulk-{wave}-{n}", article.title, article.body)
            for n, article in enumerate(make_articles(number, seed=wave + 1))
        ]
        world, service = self.world, self.service
        known, arrived, used_s = service.articles(), world.arrived, service.cpu_s()
        self.stages.begin(f"pipeline: wave {wave + 1}, articles polled", number)
        started = time.monotonic()
        # A poll takes at most a hundred items of a feed, so no more are published at a time than the feeds can show.
        for start in range(0, number, 100 * FEEDS):
            page = made[start : start + 100 * FEEDS]
            world.publish(page)
            self._wait(self._has_polled(known, start + len(page)), f"wave {wave + 1} was not polled to its end")
        self.stages.begin(f"pipeline: wave {wave + 1}, articles scanned", number)
        self._wait(lambda: self._is_done(known), f"wave {wave + 1} was not delivered to its end")
        took_s = time.monotonic() - started
        delays = tuple(map(_delay_s, world.arrivals(arrived)))
        return _Wave(articles=number, delays_s=delays, took_s=took_s, cpu_s=service.cpu_s() - used_s)

    def measure_latency(self, number: int) -> tuple[Figure, ...]:
        """One article at a time on the idle system: how long after its fetch each of its deliveries arrives."""
        delays: list[float] = []
        self.stages.begin("pipeline: single alerts", number)
        for index, town in zip(self.budget.rounds(number), _towns(number), strict=False):
            before = self.world.arrived
            text = f"Police arrested {2 + index} men in {town} today who are suspected of links to Islamic State."
            self.world.publish([(f"single-{index}", f"Arrests in {town}", text)])
            self._wait(self._has_arrived(before + MATCHING), f"the alerts about {town} did not come")
            delays += map(_delay_s, self.world.arrivals(before)[:MATCHING])
            self.stages.advance(index + 1)
        note = f"{len(delays)} deliveries"
        middle, late = percentile(delays, 0.5), percentile(delays, 0.95)
        return (
            Figure(name="fetch to delivered, idle: p50", values=(middle,), unit="s", note=note, headline=True),
            at_most("fetch to delivered, idle: p95", (late,), "s", 1.0, headline=True),
        )

    def _has_polled(self, known: int, number: int) -> Callable[[], bool]:
        def has_polled() -> bool:
            polled = self.service.articles() - known
            self.stages.advance(polled)
            return polled >= number

        return has_polled

    def _has_arrived(self, number: int) -> Callable[[], bool]:
        return lambda: self.world.arrived >= number

    def _is_done(self, known: int) -> bool:
        waiting = self.service.open_rows()
        self.stages.advance(self.service.articles() - known - waiting.get("articles", 0))
        return not waiting

    def _wait(self, true: Callable[[], bool], what: str) -> None:
        def is_true() -> bool:
            if self.service.process.poll() is not None:
                raise BenchError(f"`tocsin run` ended by itself with exit code {self.service.process.returncode}")
            return true()

        self.budget.wait(is_true, lambda: f"{what}; {self.service.describe()}; {self.world.arrived} webhooks came")


def _delay_s(arrival: Arrival) -> float:
    return (arrival.at - arrival.fetched_at).total_seconds()


def _figures(waves: Sequence[_Wave]) -> Iterator[Figure]:
    note = f"{len(waves)} waves of {waves[0].articles} articles, {waves[0].deliveries} deliveries in the first"
    rates = [wave.articles / wave.took_s for wave in waves]
    yield at_least("articles, polled to dispatched and delivered", rates, "a second", 500, note=note, headline=True)
    yield plain("deliveries meanwhile", [wave.deliveries / wave.took_s for wave in waves], "a second", headline=True)
    if all(wave.deliveries for wave in waves):
        yield plain("fetch to delivered, under load: p50", [percentile(wave.delays_s, 0.5) for wave in waves], "s")
        yield plain("fetch to delivered, under load: p95", [percentile(wave.delays_s, 0.95) for wave in waves], "s")
    if all(wave.cpu_s for wave in waves):
        costs = [wave.cpu_s / wave.articles * 1000 for wave in waves]
        shares = ", ".join(f"{wave.cpu_s / wave.took_s:.2f}" for wave in waves)
        yield plain("CPU an article", costs, "ms", note=f"{shares} cores were ours", headline=True)


def _towns(number: int) -> list[str]:
    keys = [line.split("\t") for line in load_shipped().gazetteer.splitlines() if line[:1].isalpha()]
    names = [key.capitalize() for key, rows in keys if rows.startswith("T,IN,") and ";" not in rows and key.isascii()]
    return [name for name in names if 6 <= len(name) <= 9][:: max(1, len(names) // (4 * number))][:number]
