"""What facts and open cases take: memory of each process, disk of each database.

Facts come in twice. First each opens a case; then as many come that correct the first ones and open none. So what a
case takes in memory, and whether a fact that opens none takes any, are told apart.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from tests.bench.runner import SQLITE, Effort, Figure, Place, Work
from tests.bench.system import SERVICES, Running, publish, resident_bytes, running, until_projected
from tests.flow.publishing import SOURCE, started

KIB, MIB = 2**10, 2**20
PROCESSES = (*SERVICES, "redis")
GROWING = ("placement", "monitor")
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
    """Run everything, and look at it empty, with so many open cases, and with as many facts more."""
    urls: dict[str, str] = {}
    names, facts = iter(SERVICES), effort.facts

    def fresh() -> str:
        return urls.setdefault(next(names), place.fresh())

    with running(Place(place.database, place.folder, fresh), SOURCE) as system:
        empty, clear = _resident(system), _disk(place, urls)
        publish(system.ports["placement"], system.token, _starts(facts, revision=1))
        until_projected(system.ports["monitor"], facts)
        opened = _resident(system)
        publish(system.ports["placement"], system.token, _starts(facts, revision=2))
        until_projected(system.ports["monitor"], 2 * facts)
        full, filled = _resident(system), _disk(place, urls)
    return {
        **{f"{process}, empty": empty[process] / MIB for process in PROCESSES},
        CASES: opened["monitor"] / MIB,
        **{case(process): (opened[process] - empty[process]) / facts / KIB for process in ("placement", "monitor")},
        **{
            correction(process): (full[process] - opened[process]) / facts / KIB for process in ("placement", "monitor")
        },
        REDIS_FACT: (full["redis"] - empty["redis"]) / (2 * facts) / KIB,
        LEDGER_FACT: (filled["placement"] - clear["placement"]) / (2 * facts) / KIB,
        MONITOR_FACT: (filled["monitor"] - clear["monitor"]) / (2 * facts) / KIB,
    }


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
    repetitions_max=3,
)
