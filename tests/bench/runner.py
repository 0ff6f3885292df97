"""Runs works a number of times on each database; a work names its figures and measures them once.

Everything is measured in one run on one machine, the databases in turns, so that ratios count.
"""

import os
import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from shared.databases import sqlite_url
from tests.servers.postgres import LocalPostgres, find_postgres

SQLITE, POSTGRESQL = "sqlite", "postgresql"
DATABASES = (SQLITE, POSTGRESQL)
NEITHER = "own"
"""Stands for the database of what keeps its facts in a way of its own, or in none."""
POSTGRESQL_CONNECTIONS = 150
"""Some peers take one for each client."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that a work measures."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done in one repetition."""

    seconds: float
    """How long a load lasts."""
    facts: int
    """How many facts are projected and rebuilt."""
    probes: int
    """How many facts are followed one by one."""
    peer_facts: int
    """How many facts a peer projects that takes one after the other."""
    ledger_facts: int
    """How many facts the largest ledger has."""
    open_cases: int
    """How many closures are open at most when the page is scraped."""
    nations: int
    """How many histories of the country the figures are answered over at most."""


@dataclass
class Place:
    """Where a work is measured: a kind of database, and a folder of its own for each repetition."""

    database: str
    folder: Path
    fresh: Callable[[], str]
    """The URL of a new, empty database."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something to measure."""

    name: str
    figures: Sequence[Figure]
    measure: Callable[[Place, Effort], Mapping[str, float]]
    """One repetition: values by the names of figures; a figure that such an effort does not reach is left out."""
    databases: Sequence[str] = DATABASES
    lacking: Callable[[], str | None] = lambda: None
    """What this machine lacks for it; None when it can be measured."""


@dataclass
class Measured:
    """The values of one figure, one for each repetition."""

    work: str
    database: str
    name: str
    unit: str
    values: list[float] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return median(self.values)

    @property
    def key(self) -> str:
        return f"{self.work}: {self.name}"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one work."""

    work: Work
    measured: Sequence[Measured]
    failure: Exception | None
    """Why it ended early; what was measured until then counts."""


def run(
    works: Sequence[Work], *, databases: Sequence[str], repetitions: int, effort: Effort, told: Callable[[str], None]
) -> Iterator[Done]:
    """Measure every work on every database that was chosen and is its own; one that fails does not end the others."""
    with _places({*databases, NEITHER}) as places:
        for number, work in enumerate(works, 1):
            mine = [database for database in work.databases if database in places]
            measured = {
                (database, figure.name): Measured(work.name, database, figure.name, figure.unit)
                for database in mine
                for figure in work.figures
            }
            failure = None
            try:
                for repetition in range(1, repetitions + 1):
                    for database in mine:
                        told(f"{number} of {len(works)}: {work.name}, {database}, {repetition} of {repetitions}")
                        with tempfile.TemporaryDirectory(prefix="ds-") as folder:
                            values = work.measure(Place(database, Path(folder), places[database]), effort)
                        for name, value in values.items():
                            measured[database, name].values.append(value)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told at the end, and the exit code is 1
                failure = error
            yield Done(work, [one for one in measured.values() if one.values], failure)


def machine() -> Mapping[str, object]:
    """What it is measured on, and how busy that is with other things."""
    return {
        "processors": os.cpu_count(),
        "processor": _processor(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "load_average": [round(load, 2) for load in os.getloadavg()],
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.processor()


@contextmanager
def _places(databases: set[str]) -> Iterator[Mapping[str, Callable[[], str]]]:
    """Where a fresh database comes from, by the kind of database. PostgreSQL is this run's own, durable."""
    with tempfile.TemporaryDirectory(prefix="ds-bench-") as folder:
        made = {"number": 0}

        def next_name() -> str:
            made["number"] += 1
            return f"bench_{made['number']}"

        server: LocalPostgres | None = None
        if POSTGRESQL in databases:
            programs = find_postgres()
            if programs is None:
                raise SystemExit(f"no PostgreSQL server programs here; choose --database {SQLITE}")
            server = LocalPostgres(programs, connections=POSTGRESQL_CONNECTIONS)

        def fresh_postgresql() -> str:
            assert server is not None
            name = next_name()
            server.create(name)
            return server.url(name)

        every: Mapping[str, Callable[[], str]] = {
            SQLITE: lambda: sqlite_url(Path(folder) / f"{next_name()}.sqlite"),
            POSTGRESQL: fresh_postgresql,
            NEITHER: lambda: sqlite_url(Path(folder) / f"{next_name()}.sqlite"),
        }
        try:
            yield {database: every[database] for database in every if database in databases}
        finally:
            if server is not None:
                server.remove()
