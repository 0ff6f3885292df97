"""What facts and open cases take: memory of each process, disk of each database.

Facts come in waves, and each is looked at when the processes rest. First each opens a case; then as many come that
correct the first ones and open none. After one wave of corrections each process has what it takes for cases and batches
as large as these: that is told as the memory of an open case. Six waves more tell whether memory goes on growing with
the number of facts.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from tests.bench.runner import SQLITE, Effort, Figure, Place, Work
from tests.bench.system import SERVICES, Running, asked, publish, resident_bytes, running, until_projected, until_rested
from tests.flow.publishing import SOURCE, started

KIB, MIB = 2**10, 2**20
PROCESSES = (*SERVICES, "redis")
GROWING = ("placement", "monitor")
OPENED, WAVES = 2, 8
CASES = "monitor, with the open cases"
REDIS_FACT = "redis, memory a fact"
LEDGER_FACT, MONITOR_FACT = "ledger, disk a fact", "monitor, disk a fact"


def case(process: str) -> str:
    """The figure of the memory that an open case takes."""
    return f"{process}, memory an open case"


def correction(process: str) -> str:
    """The figure of the memory that a fact takes that opens no case."""
    return f"{process}, memory a fact more"


def measure(place: Place, effort: Effort) -> Mapping[str, float]:
    """Run everything, and look at it empty, with so many open cases, and as facts come that open none."""
    urls: dict[str, str] = {}
    names, facts = iter(SERVICES), effort.facts // 2

    def fresh() -> str:
        return urls.setdefault(next(names), place.fresh())

    with running(Place(place.database, place.folder, fresh), SOURCE) as system:
        empty, clear = _resident(system), _disk(place, urls)
        for wave in range(1, OPENED + 1):
            _take(system, facts, revision=wave)
        opened = _resident(system)
        for wave in range(OPENED + 1, WAVES + 1):
            _take(system, facts, revision=wave)
        full, filled = _resident(system), _disk(place, urls)
    taken, more = WAVES * facts, (WAVES - OPENED) * facts
    return {
        **{f"{process}, empty": empty[process] / MIB for process in PROCESSES},
        CASES: opened["monitor"] / MIB,
        **{case(process): (opened[process] - empty[process]) / facts / KIB for process in GROWING},
        **{correction(process): (full[process] - opened[process]) / more / KIB for process in GROWING},
        REDIS_FACT: (full["redis"] - empty["redis"]) / taken / KIB,
        LEDGER_FACT: (filled["placement"] - clear["placement"]) / taken / KIB,
        MONITOR_FACT: (filled["monitor"] - clear["monitor"]) / taken / KIB,
    }


def _take(system: Running, facts: int, *, revision: int) -> None:
    """One wave, until it is in the figures too and nothing is left to do."""
    publish(system.ports["placement"], system.token, _starts(facts, revision=revision))
    until_projected(system.ports["monitor"], revision * facts)
    status, _ = asked(system.ports["monitor"], "/metrics")
    assert status == 200, status
    until_rested(system.up.child(process) for process in PROCESSES)


def _starts(facts: int, *, revision: int) -> Iterator[Mapping[str, Any]]:
    for number in range(facts):
        one = started(f"footprint-{number:012d}", f"P-{number}", on=f"2024-01-{revision:02d}")
        yield {**one, "record": f"R-{number}", "revision": revision}


def _resident(system: Running) -> Mapping[str, int]:
    return {process: resident_bytes(system.up.child(process)) for process in PROCESSES}


def _disk(place: Place, urls: Mapping[str, str]) -> Mapping[str, int]:
    """What each database takes, the log of SQLite that is written back now and then included."""
    return {service: _sqlite(url) if place.database == SQLITE else _postgresql(url) for service, url in urls.items()}


def _sqlite(url: str) -> int:
    file = Path(str(make_url(url).database))
    return sum(each.stat().st_size for each in file.parent.glob(f"{file.name}*") if not each.name.endswith("-shm"))


def _postgresql(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert row is not None
        return int(row[0])


WORK = Work(
    "footprint",
    (
        *(Figure(f"{process}, empty", "MiB") for process in PROCESSES),
        Figure(CASES, "MiB"),
        *(Figure(case(one), "KiB") for one in GROWING),
        *(Figure(correction(one), "KiB") for one in GROWING),
        *(Figure(each, "KiB") for each in (REDIS_FACT, LEDGER_FACT, MONITOR_FACT)),
    ),
    measure,
)
