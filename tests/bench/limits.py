"""What nothing here can be faster than: bare drivers that insert the same rows with the same commits, and the disk."""

import os
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from shared.clock import system_clock
from shared.databases import open_engine
from shared.facts.catalogue import published
from shared.ledger import Ledger, draft
from shared.ledger.decision import Head
from tests.bench.door_ingest import ONE_BY_ONE_CLIENTS, event
from tests.bench.runner import Effort, Figure, Place, Work

BATCH_FACTS = 500
COLUMNS = 10

Insert = Callable[[Sequence[tuple[object, ...]]], None]


def measure(place: Place, effort: Effort) -> Mapping[str, float]:
    """Insert for as long as a load lasts, with one row, as many as there are clients, and a batch in a commit."""
    url = place.fresh()
    engine = open_engine(url)
    Ledger(engine, service="placement", clock=system_clock).create(partitions=4)
    engine.dispose()
    rows = _Rows()
    insert, close = _sqlite(url) if place.database == "sqlite" else _postgresql(url)
    found = {
        f"bare driver, {size} a commit": _per_second(insert, rows, size=size, seconds=effort.seconds)
        for size in (1, ONE_BY_ONE_CLIENTS, BATCH_FACTS)
    }
    close()
    return {**found, "fsync of the disk": fsyncs(place.folder / "synced", seconds=min(1.0, effort.seconds))}


class _Rows:
    """Rows as the ledger makes them from the events of the load."""

    def __init__(self) -> None:
        self._read = published()
        self._head = Head(0, 0, [0] * 4)
        self._number = 0

    def take(self, size: int) -> list[tuple[object, ...]]:
        """The next rows."""
        taken: list[tuple[object, ...]] = []
        for _ in range(size):
            self._number += 1
            made = draft(self._read.validate_python(event(self._number)))
            taken.append(tuple(self._head.place(made, now_us=self._number)))
        return taken


def fsyncs(file: Path, *, seconds: float) -> float:
    """How often a second the disk syncs a small write."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    done, began = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - began) < seconds:
        os.pwrite(descriptor, b"x" * 512, 0)
        os.fsync(descriptor)
        done += 1
    os.close(descriptor)
    return done / elapsed


def _per_second(insert: Insert, rows: _Rows, *, size: int, seconds: float) -> float:
    """Rows a second; making them is not counted."""
    done, spent = 0, 0.0
    while spent < seconds:
        batch = rows.take(size)
        began = time.perf_counter()
        insert(batch)
        spent += time.perf_counter() - began
        done += size
    return done / spent


def _sqlite(url: str) -> tuple[Insert, Callable[[], None]]:
    connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    statement = f"INSERT INTO fact VALUES ({', '.join('?' * COLUMNS)})"

    def insert(batch: Sequence[tuple[object, ...]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(statement, batch)
        connection.execute("COMMIT")

    return insert, connection.close


def _postgresql(url: str) -> tuple[Insert, Callable[[], None]]:
    connection = psycopg.connect(url)
    statement = f"INSERT INTO fact VALUES ({', '.join(['%s'] * COLUMNS)})".encode()

    def insert(batch: Sequence[tuple[object, ...]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(statement, batch)
        connection.commit()

    return insert, connection.close


WORK = Work(
    "limit",
    (
        Figure("bare driver, 1 a commit", "rows/s"),
        Figure(f"bare driver, {ONE_BY_ONE_CLIENTS} a commit", "rows/s"),
        Figure(f"bare driver, {BATCH_FACTS} a commit", "rows/s"),
        Figure("fsync of the disk", "/s"),
    ),
    measure,
)
