"""What Prometheus asks: figures of today from the database, computed again only when a fact or the date changed."""

from collections.abc import Iterator
from datetime import date
from threading import Lock

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from services.monitor.alerts.conditions.rules import Rulebook
from services.monitor.alerts.counting import last_look, open_alerts
from services.monitor.flags.book import FlagBook
from services.monitor.metrics import table
from services.monitor.metrics.process import processes
from services.monitor.metrics.values import figures, flags, info, running, simple, standing
from services.monitor.progress import Version, progress, version
from services.monitor.snapshot import snapshot
from services.monitor.watch import Watch
from shared.calendar import calendar_date
from shared.clock import Clock
from shared.databases import reading


class FiguresCollector(Collector):
    """Families from the database; a second scrape of an unchanged database reads the checkpoints only."""

    def __init__(
        self, engine: Engine, *, clock: Clock, watch: Watch, flags: FlagBook, rules: Rulebook, build: str
    ) -> None:
        self._engine, self._clock, self._watch, self._build = reading(engine), clock, watch, build
        self._flags, self._rules = flags, rules
        self._lock = Lock()
        self._computed: tuple[Version, date] | None = None
        self._families: list[Metric] = []
        self._entries: dict[str, int] = {}
        self._seconds = 0.0

    def collect(self) -> Iterator[Metric]:
        """All families of the table; blocking, so call it from a thread."""
        with self._lock:
            self._compute()
            families, entries, seconds = self._families, self._entries, self._seconds
            with self._engine.begin() as connection:
                # They move by the clock and by hand too, so a version of the figures says nothing of them.
                alerts, looked = open_alerts(connection, rules=self._rules), last_look(connection)
        yield from families
        yield simple(table.STREAM_LAG, {(service,): lag for service, lag in self._watch.lag(entries).items()})
        yield simple(table.HALTED, {(service,): count for service, count in self._watch.halted().items()})
        yield simple(table.OPEN_ALERTS, alerts)
        yield simple(table.ALERTS_LAST_LOOK, looked)
        yield simple(table.LAST_RUN, {(): self._watch.last_run.timestamp()})
        yield simple(table.CLOCK, {(): self._clock().timestamp()})
        yield info(table.BUILD, {"version": self._build})
        yield simple(table.COLLECTOR_DURATION, {(): seconds})

    def _compute(self) -> None:
        began = self._clock()
        today = calendar_date(began)
        with self._engine.begin() as connection:
            now = version(connection), today
            if now == self._computed:
                return
            standing_now = progress(connection)
            self._families = [
                *figures(snapshot(connection, on=today)),
                *running(processes(connection, on=today)),
                *standing(standing_now),
                flags(self._flags.counted(on=today)),
            ]
            self._entries = dict(standing_now.entries)
        self._computed = now
        self._seconds = (self._clock() - began).total_seconds()


def open_registry(collector: FiguresCollector) -> CollectorRegistry:
    """The registry that /metrics serves: our families, and those of the process (memory, time, files)."""
    registry = CollectorRegistry()
    registry.register(collector)
    ProcessCollector(registry=registry)
    return registry
