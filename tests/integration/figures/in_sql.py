"""A stranger with the definitions and the published facts: a country in a monitor, and the same counted anew in SQL."""

import csv
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import duckdb

from services.monitor.figures.answer import Answer
from services.monitor.history.known import Known
from shared.calendar import calendar_date
from shared.facts.regions import AREA_OF
from tests.unit.figures.asked import asked

HERE = Path(__file__).parent
COLUMNS = {
    "id": "VARCHAR", "source": "VARCHAR", "name": "VARCHAR", "record": "VARCHAR", "revision": "INTEGER",
    "time": "TIMESTAMPTZ", "accepted": "TIMESTAMPTZ", "person": "VARCHAR", "precision": "VARCHAR", "said": "JSON",
}  # fmt: skip
"""What a stranger gets: one line for each fact, with what it says as JSON."""

Line = tuple[Any, ...]


def line_of(event: Mapping[str, Any]) -> Line:
    """An event, as streams and feeds carry it in JSON, as a line of a CSV."""
    record = event.get("record") or event["id"]
    what = event["type"].split(".")[-2], record, event.get("revision", 1), event["time"], event["acceptedat"]
    whose = event.get("subject"), event.get("precision")
    return event["id"], event["source"], *what, *whose, json.dumps(event["data"])


@contextmanager
def counted_anew(lines: list[Line]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Placements and closures that SQL made from a CSV of these lines."""
    with NamedTemporaryFile("w", suffix=".csv", newline="") as opened, duckdb.connect() as connection:
        csv.writer(opened).writerows([tuple(COLUMNS), *lines])
        opened.flush()
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            "CREATE TABLE facts AS SELECT * FROM read_csv(?, header = true, columns = ?)", [opened.name, COLUMNS]
        )
        connection.execute((HERE / "fold.sql").read_text())
        yield connection


@dataclass(frozen=True, slots=True)
class Asked:
    """A question (D, a window, K) with what the monitor knows, and the same facts in SQL."""

    on: str
    window: tuple[str, str]
    known: Known
    sql: duckdb.DuckDBPyConnection

    def figure(self, name: str, **more: Any) -> Answer:
        """The answer of a figure, exact."""
        return asked(name, self.known, on=self.on, window=self.window, **more)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query says."""
        return self.sql.execute(query).fetchall()

    def counted(self, query: str) -> dict[Any, int]:
        """The last column by the others, or by the other; zeros left out."""
        return {row[0] if len(row) == 2 else row[:-1]: row[-1] for row in self.rows(query) if row[-1]}


FIGURES = (
    "closures.sql",
    "course.sql",
    "places.sql",
    "court.sql",
    "chain.sql",
    "flags.sql",
    "standing.sql",
    "splits.sql",
)
"""Each makes tables on top of those of the fold and of the files before it."""


@contextmanager
def question(lines: list[Line], known: Known, on: str, window: tuple[str, str]) -> Iterator[Asked]:
    """All that the figures count, of the facts that are known."""
    with counted_anew(lines) as connection:
        days = [*(date.fromisoformat(day) for day in (on, *window)), calendar_date(known.known)]
        connection.execute("CREATE TABLE question (d DATE, a DATE, b DATE, k DATE)")
        connection.execute("INSERT INTO question VALUES (?, ?, ?, ?)", days)
        connection.execute("CREATE TABLE areas (region VARCHAR, area VARCHAR)")
        connection.executemany("INSERT INTO areas VALUES (?, ?)", list(AREA_OF.items()))
        for file in FIGURES:
            connection.execute((HERE / file).read_text())
        yield Asked(on, window, known, connection)


def counts(found: Answer, table: str) -> dict[Any, int]:
    """The cells of a table of counts, zeros left out."""
    (one,) = [one for one in found.tables if one.name == table]
    return {key[0] if len(key) == 1 else key: count for key, count in one.counts.items() if count}


def spread(days: Iterable[Any]) -> tuple[int, Fraction | None, Any]:
    """How many there are, the middle one or the mean of two, and the smallest that nine in ten do not exceed."""
    found = sorted(days)
    if not found:
        return 0, None, None
    middle = Fraction(found[(len(found) - 1) // 2] + found[len(found) // 2]) / 2
    return len(found), middle, found[math.ceil(Fraction(9, 10) * len(found)) - 1]


def told(row: dict[str, Any], n: str = "n") -> tuple[int, Any, Any]:
    """The same of a row of an answer."""
    return (row[n], row["median"], row["p90"]) if row[n] else (0, None, None)
