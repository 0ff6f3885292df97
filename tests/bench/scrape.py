"""How long /metrics takes and how large it is with so many closures open, and what an open case costs in memory.

python -m tests.bench.scrape [--open 1000000] [--url postgresql://...]

The rows of so many young people are written as the projector writes them, each inside and most with a title. Then the
page is asked: the first time, after one more person changed, and with nothing changed.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median

from prometheus_client.openmetrics.exposition import generate_latest
from prometheus_client.registry import CollectorRegistry
from sqlalchemy import Engine, update

from services.command.collecting import collect_rarely
from services.monitor.alerts.rulebook import rulebook
from services.monitor.derived import DOSSIER_TABLES, person
from services.monitor.dossier.closures import closures
from services.monitor.dossier.rules import Rules
from services.monitor.dossier.state import Dossier, Order, Placement, Title
from services.monitor.history.history import History
from services.monitor.metrics.collector import FiguresCollector
from services.monitor.projector.bulk import Row, insert_rows
from services.monitor.projector.rows import rows_of
from services.monitor.rebuild import rebuild_when_outdated
from services.monitor.schema import upgrade
from services.monitor.tables import checkpoint, derivation
from shared.clock import system_clock
from shared.databases import open_engine, sqlite_url
from shared.facts.regions import REGIONS
from tests.bench.runner import Effort, Figure, Place, Work
from tests.bench.system import resident_bytes

OPEN = (1_000, 100_000, 1_000_000)
"""What the runner measures; the last in the long form only, because writing it takes minutes."""
BATCH = 5_000
SCRAPES = 20
SOURCE = "urn:nld:kvknr:12345678:systeem:ecd"


def dossier(number: int, random: Random) -> Dossier:
    """Somebody who came in at some time in the last three years, and nine in ten times may be kept closed."""
    today = date.today()  # noqa: DTZ011 - whatever day it is: the page is of today
    since = today - timedelta(days=random.randrange(1_000))
    name, region = f"young-person-{number:09d}", random.choice(sorted(REGIONS))
    machtiging = f"M-{number}"
    stay = Placement(
        f"P-{number}", SOURCE, f"accommodation-{number % 40}", region, "jw6", "gesloten", "crisis", since,
        None, None, machtiging, None, f"{2008 + number % 5}-{1 + number % 12:02d}", "mf"[number % 2],
    )  # fmt: skip
    until = today + timedelta(days=random.randrange(-100, 200))
    held = number % 10 and until > since
    titles = (Title(machtiging, "regulier", "ots", since, until),) if held else ()
    orders = (Order(machtiging, SOURCE, "regulier", since, since, until, until, None, None, None, (), False),)
    return Dossier(name, (stay,), closures((stay,), link_days=7), titles, (), (), orders if held else ())


def write(engine: Engine, numbers: range, random: Random, *, change: int) -> None:
    """The rows of these, under one change number, and a checkpoint that moved."""
    for start in range(numbers.start, numbers.stop, BATCH):
        people = [dossier(number, random) for number in range(start, min(start + BATCH, numbers.stop))]
        with engine.begin() as connection:
            said = [rows_of(one) for one in people]
            insert_rows(connection, person, [_person(one, change) for one in people])
            for table in DOSSIER_TABLES:
                insert_rows(connection, table, [row for rows in said for row in rows.get(table, ())])
    with engine.begin() as connection:
        connection.execute(update(derivation).values(changes=change))
        connection.execute(update(checkpoint).values(position=change))


def _person(one: Dossier, change: int) -> Row:
    at_us = 1_700_000_000_000_000 + change
    accepted = {"first_us": at_us, "last_us": at_us}
    return {"person": one.person, "digest": b"", "region": one.region, "changed": change, **accepted}


def scraped(url: str, number: int) -> Mapping[str, float]:
    """Milliseconds and bytes of a scrape with so many open closures."""
    collect_rarely()  # as `doorstroom serve` does
    random = Random(1)
    engine = open_engine(url, durable=False)
    upgrade(engine)
    rebuild_when_outdated(engine, rules=Rules(), progress=lambda done, total: None)
    with engine.begin() as connection:
        connection.execute(
            checkpoint.insert().values(stream="doorstroom:facts:placement:0", position=0, entries=0, accepted_at_us=0)
        )
    write(engine, range(number), random, change=1)
    before, began = resident_bytes(os.getpid()), time.perf_counter()
    history = History(engine, rules=Rules(), clock=system_clock)
    collector = FiguresCollector(engine, history, rules=rulebook(), clock=system_clock)
    registry = CollectorRegistry()
    registry.register(collector)
    collector.compute()
    first = time.perf_counter() - began
    memory = (resident_bytes(os.getpid()) - before) / number
    changed, same, size = [], [], 0
    for more in range(SCRAPES):
        write(engine, range(number + more, number + more + 1), random, change=2 + more)
        changed.append(_milliseconds(registry))
        same.append(_milliseconds(registry))
        size = len(generate_latest(registry))
    engine.dispose()
    return {
        "first": first * 1000,
        "after a change": median(wall for wall, _ in changed),
        "after a change, most": max(wall for wall, _ in changed),
        "after a change, processor": median(own for _, own in changed),
        "nothing changed": median(wall for wall, _ in same),
        "size": size,
        "memory of an open case": memory,
    }


def _milliseconds(registry: CollectorRegistry) -> tuple[float, float]:
    """By the clock, and of this process's own time."""
    began, worked = time.perf_counter(), time.process_time()
    generate_latest(registry)
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


def measure(place: Place, effort: Effort) -> Mapping[str, float]:
    """Every number that the effort reaches in a fresh database."""
    return dict(_named(place, [number for number in OPEN if number <= effort.open_cases]))


def _named(place: Place, numbers: Sequence[int]) -> Iterator[tuple[str, float]]:
    for number in numbers:
        # In a process of its own: what one has taken from the system before, it need not take again.
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as own:
            found = own.submit(scraped, place.fresh(), number).result()
        for name, value in found.items():
            yield f"{number:,} open, {name}", value


_UNITS = {
    "first": "ms",
    "after a change": "ms",
    "after a change, most": "ms",
    "after a change, processor": "ms",
    "nothing changed": "ms",
    "size": "bytes",
    "memory of an open case": "bytes",
}

WORK = Work(
    "a scrape",
    tuple(Figure(f"{number:,} open, {name}", unit) for number in OPEN for name, unit in _UNITS.items()),
    measure,
)


def main() -> None:
    """One number of open closures, once."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--open", type=int, default=1_000_000)
    options.add_argument("--url")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, value in scraped(chosen.url or sqlite_url(Path(folder) / "monitor.sqlite"), chosen.open).items():
            print(f"{chosen.open:>9,} open, {name:26} {value:14,.1f} {_UNITS[name]}")


if __name__ == "__main__":
    main()
