"""What Prometheus asks: how far the facts have come, and the figures of today.

Two collectors, because the one costs nothing and the other reads every dossier that changed: who asks only how far the
projection is (`/metrics?name[]=doorstroom_projected_position`) does not slow it down.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from threading import Lock

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from services.monitor.alerts.conditions.rules import Rulebook
from services.monitor.alerts.counting import last_look, open_alerts
from services.monitor.history.history import History
from services.monitor.metrics import table
from services.monitor.metrics.process import processes
from services.monitor.metrics.snapshot import snapshot
from services.monitor.metrics.table import Family
from services.monitor.metrics.today import Today
from services.monitor.metrics.values import described, figures, info, running, simple, standing
from services.monitor.progress import Version, last_heard, progress
from services.monitor.watch import Watch
from shared.calendar import calendar_date
from shared.clock import Clock
from shared.databases import reading

PIPELINE: tuple[Family, ...] = (
    table.SOURCE_LAST_FACT,
    table.PROJECTED_POSITION,
    table.PROJECTED_FACTS,
    table.PARKED,
    table.QUARANTINED,
    table.STREAM_LAG,
    table.HALTED,
    table.LAST_RUN,
    table.CLOCK,
    table.BUILD,
)
"""How far the facts have come, and whether the monitor is well."""


class PipelineCollector(Collector):
    """How far the projection is, from the checkpoints. Blocking, and quick."""

    def __init__(self, engine: Engine, *, clock: Clock, watch: Watch, build: str) -> None:
        self._engine, self._clock, self._watch, self._build = reading(engine), clock, watch, build

    def describe(self) -> Iterable[Metric]:
        """The families, without values: by these a scrape of a few finds out whom to ask."""
        return described(PIPELINE)

    def collect(self) -> Iterator[Metric]:
        """The families of PIPELINE."""
        with self._engine.begin() as connection:
            found = progress(connection)
        yield from standing(found)
        yield simple(table.STREAM_LAG, {(service,): lag for service, lag in self._watch.lag(found.entries).items()})
        yield simple(table.HALTED, {(service,): count for service, count in self._watch.halted().items()})
        yield simple(table.LAST_RUN, {(): self._watch.last_run.timestamp()})
        yield simple(table.CLOCK, {(): self._clock().timestamp()})
        yield info(table.BUILD, {"version": self._build})


class FiguresCollector(Collector):
    """The figures of today; those of an unchanged database are not computed again."""

    def __init__(self, engine: Engine, history: History, *, rules: Rulebook, clock: Clock) -> None:
        self._engine, self._clock = reading(engine), clock
        self._history, self._today, self._rules = history, Today(), rules
        self._lock = Lock()
        self._computed: tuple[Version, date] | None = None
        self._families: list[Metric] = []
        self._seconds = 0.0
        history.follow(self._today)

    def describe(self) -> Iterable[Metric]:
        """The families, without values."""
        return described(family for family in table.FAMILIES if family not in PIPELINE)

    def collect(self) -> Iterator[Metric]:
        """All other families of the table; blocking, so call it from a thread."""
        self.compute()
        with self._lock:
            families, seconds = self._families, self._seconds
            with self._engine.begin() as connection:
                # They move by the clock and by hand too, so a version of the figures says nothing of them.
                alerts, looked = open_alerts(connection, rules=self._rules), last_look(connection)
        yield from families
        yield simple(table.OPEN_ALERTS, alerts)
        yield simple(table.ALERTS_LAST_LOOK, looked)
        yield simple(table.COLLECTOR_DURATION, {(): seconds})

    def compute(self) -> None:
        """Count what changed since the last time; the first time everything, so do it before anybody asks."""
        with self._lock:
            self._compute()

    def _compute(self) -> None:
        began = self._clock()
        today = calendar_date(began)
        with self._history.looking() as look:
            now = look.version, today
            if now == self._computed:
                return
            tallies = self._today.count(look, today)
            found = snapshot(tallies, look.register, last_heard(look.connection))
            self._families = [*figures(found), *running(processes(tallies))]
        self._computed = now
        self._seconds = (self._clock() - began).total_seconds()


def open_registry(pipeline: PipelineCollector, figures: FiguresCollector) -> CollectorRegistry:
    """The registry that /metrics serves: our families, and those of the process (memory, time, files).

    The positions come first, so that figures in one answer are never behind the position in it.
    """
    registry = CollectorRegistry()
    registry.register(pipeline)
    registry.register(figures)
    ProcessCollector(registry=registry)
    return registry
