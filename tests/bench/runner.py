"""Runs works a number of times on each database, and tells the medians with minimum and maximum, ratios first.

A work is a file of this folder that names its figures and measures them once. Everything is measured in one run on one
machine, so that ratios count; the load of the machine is told beside them.
"""

import json
import os
import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from shared.databases import sqlite_url
from tests.servers.postgres import LocalPostgres, find_postgres


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that a work measures."""

    name: str
    unit: str
    limit: str | None = None
    """The figure of the same run and database that bounds this one, as `work: figure`."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done in one repetition."""

    seconds: float
    """How long a load lasts."""
    facts: int
    """How many facts are projected and rebuilt."""
    probes: int
    """How many facts are followed one by one."""


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
    """One repetition: a value for each figure by its name."""


@dataclass
class Measured:
    """The values of one figure, one for each repetition."""

    work: str
    database: str
    figure: Figure
    values: list[float] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return median(self.values)

    @property
    def key(self) -> tuple[str, str]:
        return f"{self.work}: {self.figure.name}", self.database


def run(
    works: Sequence[Work], *, databases: Sequence[str], repetitions: int, effort: Effort, told: Callable[[str], None]
) -> list[Measured]:
    """Measure every work on every database. The databases take turns, so that a slow minute meets both."""
    found: list[Measured] = []
    with _places(databases) as places:
        for work in works:
            measured = {
                (database, figure.name): Measured(work.name, database, figure)
                for database in places
                for figure in work.figures
            }
            for repetition in range(1, repetitions + 1):
                for database, fresh in places.items():
                    told(f"{work.name} on {database}, {repetition} of {repetitions}")
                    with tempfile.TemporaryDirectory(prefix="ds-") as folder:
                        values = work.measure(Place(database, Path(folder), fresh), effort)
                    for figure in work.figures:
                        measured[database, figure.name].values.append(values[figure.name])
            found.extend(measured.values())
    return found


def table(found: Sequence[Measured]) -> Table:
    """A line for each figure on each database."""
    shown = Table("", "database", "of the limit", "median", "minimum", "maximum", "unit")
    middles = {one.key: one.middle for one in found}
    for one in found:
        numbers = [f"{number:,.1f}" if number < 100 else f"{number:,.0f}" for number in _spread(one)]
        limit = middles.get((one.figure.limit or "", one.database))
        ratio = f"{one.middle / limit:.2f}" if limit else ""
        shown.add_row(one.key[0], one.database, ratio, *numbers, one.figure.unit)
    return shown


def lines(found: Sequence[Measured]) -> Iterator[str]:
    """The same as JSON, the machine first, then a line for each figure, with every value."""
    yield json.dumps(machine())
    middles = {one.key: one.middle for one in found}
    for one in found:
        middle, least, most = _spread(one)
        limit = middles.get((one.figure.limit or "", one.database))
        yield json.dumps(
            {
                "work": one.work,
                "figure": one.figure.name,
                "database": one.database,
                "unit": one.figure.unit,
                "median": middle,
                "minimum": least,
                "maximum": most,
                "values": one.values,
                "limit": one.figure.limit,
                "of_the_limit": middle / limit if limit else None,
            }
        )


def machine() -> Mapping[str, object]:
    """What it was measured on, and how busy that was with other things."""
    return {
        "processors": os.cpu_count(),
        "machine": platform.machine(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_average": [round(load, 2) for load in os.getloadavg()],
    }


def show(found: Sequence[Measured], console: Console) -> None:
    """Print the table and what it was measured on."""
    console.print(table(found))
    console.print(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in machine().items()))


def _spread(one: Measured) -> tuple[float, float, float]:
    return one.middle, min(one.values), max(one.values)


@contextmanager
def _places(databases: Sequence[str]) -> Iterator[Mapping[str, Callable[[], str]]]:
    """Where a fresh database comes from, by the kind of database. PostgreSQL is this run's own, durable."""
    with tempfile.TemporaryDirectory(prefix="ds-bench-") as folder:
        made = {"number": 0}

        def next_name() -> str:
            made["number"] += 1
            return f"bench_{made['number']}"

        server: LocalPostgres | None = None
        if "postgresql" in databases:
            programs = find_postgres()
            if programs is None:
                raise SystemExit("no PostgreSQL server programs here; choose --database sqlite")
            server = LocalPostgres(programs)

        def fresh_postgresql() -> str:
            assert server is not None
            name = next_name()
            server.create(name)
            return server.url(name)

        every: Mapping[str, Callable[[], str]] = {
            "sqlite": lambda: sqlite_url(Path(folder) / f"{next_name()}.sqlite"),
            "postgresql": fresh_postgresql,
        }
        try:
            yield {database: every[database] for database in databases}
        finally:
            if server is not None:
                server.remove()
