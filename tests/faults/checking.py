"""What must hold after every round: each promised fact is there once, and every figure is a fold from nothing."""

import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from services.monitor.dossier.rules import Rules
from services.monitor.history.history import History
from services.monitor.metrics.process import processes
from services.monitor.metrics.snapshot import snapshot
from services.monitor.metrics.today import Today
from services.monitor.metrics.values import figures, running
from services.monitor.progress import last_heard
from services.monitor.projector.entries import Entry, RawEntry, Stream
from services.monitor.projector.projection import Projector
from services.monitor.rebuild import rebuild_when_outdated
from services.monitor.schema import upgrade
from services.monitor.tables import checkpoint, parked, quarantine
from shared.calendar import calendar_date
from shared.clock import system_clock
from shared.databases import open_engine, reading, sqlite_url
from shared.streams import partition_of
from tests.faults.load import Broken
from tests.faults.system import LEDGERS, PARTITIONS, System
from tests.servers.derivation import digest
from tests.servers.waiting import wait_until

STREAMS = tuple(Stream(service, number) for service in LEDGERS for number in range(PARTITIONS))


class Nothing:
    """A source without facts: a fold from nothing needs none but those it is given."""

    def read(self, stream: Stream, *, after: int) -> list[Entry]:
        return []


class Checker:
    """Compares the system with its own ledgers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._empty = folder / "empty.sqlite"
        engine = open_engine(sqlite_url(self._empty), durable=False)
        upgrade(engine)
        rebuild_when_outdated(engine, rules=Rules(), progress=lambda _done, _of: None)
        engine.dispose()  # The last connection leaves nothing in the write-ahead log.

    def check(self, system: System) -> int:
        """Raises Broken unless all is as promised; how many facts the ledgers hold."""
        feeds = {service: self._feed(system, service) for service in LEDGERS}
        for load in system.loads:
            if load.broken is not None:
                raise Broken(load.broken)
            _present_once(load.acknowledged, feeds[load.service])
        monitor = open_engine(system.stores.direct("monitor"), durable=False)
        try:
            _caught_up(system, monitor, {service: len(feed) for service, feed in feeds.items()})
            clean = self._folded(feeds)
            try:
                _same(system, monitor, clean)
            finally:
                clean.dispose()
        finally:
            monitor.dispose()
        return sum(map(len, feeds.values()))

    def _feed(self, system: System, service: str) -> Sequence[Mapping[str, Any]]:
        found: list[Sequence[Mapping[str, Any]]] = []

        def there() -> bool:
            try:
                found.append(system.feed(service))
            except httpx2.HTTPError:
                system.heal()
                return False
            return True

        wait_until(there, what=f"the feed of {service}", seconds_max=system.patience_s)
        feed = found[0]
        if [event["position"] for event in feed] != list(range(1, len(feed) + 1)):
            raise Broken(f"the positions of {service} have a gap")
        return feed

    def _folded(self, feeds: Mapping[str, Sequence[Mapping[str, Any]]]) -> Engine:
        """A database with everything that follows from these facts, made from nothing."""
        file = self._folder / "clean.sqlite"
        for old in self._folder.glob("clean.sqlite*"):
            old.unlink()
        shutil.copy(self._empty, file)
        engine = open_engine(sqlite_url(file), durable=False)
        projector = Projector(engine, rules=Rules(), clock=system_clock, source=Nothing())
        projector.load(STREAMS)
        batches: dict[Stream, list[RawEntry]] = {stream: [] for stream in STREAMS}
        for service, feed in feeds.items():
            for event in feed:
                stream = Stream(service, partition_of(event.get("subject") or event["source"], PARTITIONS))
                batches[stream].append((b"%d-0" % event["position"], json.dumps(event).encode()))
        projector.apply(batches)
        return engine


def _present_once(promised: Mapping[str, int], feed: Sequence[Mapping[str, Any]]) -> None:
    times = Counter(event["id"] for event in feed)
    places = {event["id"]: event["position"] for event in feed}
    lost = [event_id for event_id in promised if event_id not in places]
    doubled = [event_id for event_id, count in times.items() if count > 1]
    moved = [event_id for event_id, position in promised.items() if places.get(event_id, position) != position]
    if lost or doubled or moved:
        what = f"{len(lost)} facts lost, {len(doubled)} doubled, {len(moved)} not where they were said to be"
        raise Broken(what, lost=len(lost), doubled=len(doubled))


def _caught_up(system: System, monitor: Engine, heads: Mapping[str, int]) -> None:
    """Wait until the monitor has projected as many facts as there are; never more."""
    projected: dict[str, int] = {}
    looks = 0

    def there() -> bool:
        nonlocal looks
        looks += 1
        if looks % 40 == 0:
            system.heal()
        try:
            with reading(monitor).begin() as connection:
                rows = connection.execute(select(checkpoint.c.stream, checkpoint.c.entries)).all()
        except SQLAlchemyError:
            return False
        projected.clear()
        for stream, count in rows:
            service = stream.split(":")[-2]
            projected[service] = projected.get(service, 0) + count
        if any(projected.get(service, 0) > head for service, head in heads.items()):
            raise Broken(f"the monitor counted {projected} facts, of {dict(heads)}")
        return projected == dict(heads)

    try:
        wait_until(there, what="the monitor caught up", seconds_max=system.patience_s)
    except AssertionError as error:
        if isinstance(error, Broken):
            raise
        raise Broken(f"the monitor has {projected} of {dict(heads)} facts and does not go on") from error


def _same(system: System, monitor: Engine, clean: Engine) -> None:
    with reading(monitor).begin() as connection, clean.begin() as other:
        for table in (parked, quarantine):
            if connection.execute(select(func.count()).select_from(table)).scalar_one():
                raise Broken(f"{table.name} is not empty")
        if digest(connection) != digest(other):
            raise Broken("the rows of the monitor are not those of a fold from nothing")
    differing: dict[str, tuple[float | None, float | None]] = {}

    def equal() -> bool:
        # Asked again when midnight came in between, or the monitor was being started.
        try:
            answer = system.client.get(f"{system.address('monitor')}/metrics", headers={"Accept": "text/plain"})
        except httpx2.TransportError:
            system.heal()
            return False
        if answer.status_code != 200:
            return False
        differing.clear()
        shown, wanted = _samples(answer.text), _wanted(system, clean)
        differing.update({key: (shown.get(key), value) for key, value in wanted.items() if shown.get(key) != value})
        return not differing

    try:
        wait_until(equal, what="the same figures", seconds_max=system.patience_s)
    except AssertionError as error:
        raise Broken(f"/metrics differs from a fold from nothing: {dict(list(differing.items())[:5])}") from error


def _wanted(system: System, clean: Engine) -> dict[str, float]:
    """Every figure that follows from the facts, on the day that the monitor's clock says."""
    offset = timedelta(seconds=float(system.offset("monitor").read_text()))
    on = calendar_date(system_clock() + offset)
    with History(clean, rules=Rules(), clock=system_clock).looking() as look:
        tallies = Today().count(look, on)
        found = snapshot(tallies, look.register, last_heard(look.connection))
        families = [*figures(found), *running(processes(tallies))]
    return {_key(sample): sample.value for family in families for sample in family.samples}


def _samples(page: str) -> dict[str, float]:
    return {_key(sample): sample.value for family in text_string_to_metric_families(page) for sample in family.samples}


def _key(sample: Any) -> str:
    labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
    return f"{sample.name}{{{labels}}}"
