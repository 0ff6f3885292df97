"""What nothing here can be faster than: the disk, bare drivers that insert the same rows with the same commits, a bare
loop that reads a stream, and what Redis says of itself. Beside the drivers stand the ledger's own commits.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psycopg
from redis import Redis
from sqlalchemy import make_url

from services.command.collecting import collect_rarely
from shared.clock import system_clock
from shared.databases import open_engine
from shared.facts.catalogue import accepted
from shared.ledger import Ledger
from shared.ledger.decision import Head
from shared.streams import FIELD
from tests.bench.door_ingest import event
from tests.bench.peers.doorstroom import PARTITIONS, drafted, submission
from tests.bench.peers.store import Facts, Sent
from tests.bench.runner import NEITHER, Effort, Figure, Place, Work
from tests.servers.redis import LocalRedis, find_redis_server

BATCH_FACTS = 500
SIZES = {1: 1, 64: 64, BATCH_FACTS: 4}
"""Rows in a commit, and the clients that send them."""
COLUMNS = 10
PIPELINE = 16
READ_ENTRIES = 20_000
FSYNC, READ = "fsync of the disk", "redis-py reads and pydantic decodes"
XADD, XADD_PIPELINED = "redis-benchmark XADD", f"redis-benchmark XADD, {PIPELINE} in a pipeline"

T = TypeVar("T")
Insert = Callable[[Sequence[tuple[object, ...]]], None]


def measure(place: Place, effort: Effort) -> Mapping[str, float]:
    """For as long as a load lasts, with one row, as many as there are clients, and a batch in a commit.

    Beside the bare driver the ledger's append makes the same commits of the same facts in a database of its own.
    """
    collect_rarely()  # as a service does
    found, databases = {}, [place.fresh(), place.fresh()]
    for url in databases:
        with _ledger(url) as ledger:
            ledger.create(partitions=PARTITIONS)
    insert, close = (_sqlite if place.database == "sqlite" else _postgresql)(databases[0])
    rows, load = _Rows(_Load()), _Load()
    with _ledger(databases[1]) as ledger:
        for size in SIZES:
            found[bare(size)] = _per_second(insert, rows.take, size=size, seconds=effort.seconds)
            found[beside(size)] = _per_second(
                ledger.append,
                lambda size: [submission([one]) for one in load.take(size)],
                size=size,
                seconds=effort.seconds,
            )
    close()
    return found


def bare(size: int) -> str:
    """The figure of the bare driver with so many rows in a commit."""
    return f"bare driver, {size} a commit"


def beside(size: int) -> str:
    """The figure of the ledger with the same commits."""
    return f"the ledger beside it, {size} a commit"


@contextmanager
def _ledger(url: str) -> Iterator[Ledger]:
    engine = open_engine(url)
    try:
        yield Ledger(engine, service="placement", clock=system_clock)
    finally:
        engine.dispose()


class _Load:
    """The facts of the load on the ledger, in its order: of as many clients, each with keys that count on."""

    def __init__(self) -> None:
        self._own = {size: [Facts() for _ in range(clients)] for size, clients in SIZES.items()}

    def take(self, size: int) -> list[Sent]:
        """The next: one of each client, or all of one client, which are then in turns."""
        own = self._own[size]
        own.append(own.pop(0))
        return [each.take(1)[0] for each in own] if len(own) == size else own[0].take(size)


class _Rows:
    """The rows that the ledger makes of such a load."""

    def __init__(self, load: _Load) -> None:
        self._head, self._load = Head(0, 0, [0] * PARTITIONS), load

    def take(self, size: int) -> list[tuple[object, ...]]:
        """The next."""
        return [tuple(self._head.place(drafted(one), now_us=self._head.position)) for one in self._load.take(size)]


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


def _per_second(store: Callable[[T], object], take: Callable[[int], T], *, size: int, seconds: float) -> float:
    """Rows a second; making what is stored is not counted."""
    done, spent = 0, 0.0
    while spent < seconds:
        batch = take(size)
        began = time.perf_counter()
        store(batch)
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


def measure_machine(place: Place, effort: Effort) -> Mapping[str, float]:
    """The disk, and Redis with its file as the services have it."""
    server, benchmark = find_redis_server(), shutil.which("redis-benchmark")
    assert server is not None, "no redis-server here"
    assert benchmark is not None, "no redis-benchmark here"
    redis = LocalRedis(server)
    redis.start()
    try:
        return {
            FSYNC: fsyncs(place.folder / "synced", seconds=min(1.0, effort.seconds)),
            XADD: _xadds(benchmark, redis.url, seconds=effort.seconds, pipeline=1),
            XADD_PIPELINED: _xadds(benchmark, redis.url, seconds=effort.seconds, pipeline=PIPELINE),
            READ: _reads(redis.url, seconds=effort.seconds),
        }
    finally:
        redis.remove()


def _xadds(benchmark: str, url: str, *, seconds: float, pipeline: int) -> float:
    """Entries a second by Redis's own benchmark with 50 clients, each entry an event."""
    arguments = {"-s": url.removeprefix("unix://"), "-c": "50", "-P": str(pipeline), "-n": str(int(seconds * 20_000))}
    entry = ("XADD", "benchmark", "MAXLEN", "~", str(READ_ENTRIES), "*", FIELD, json.dumps(event(1)))
    command = [benchmark, "--csv", *(part for pair in arguments.items() for part in pair), *entry]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(said.splitlines()[-1].split('","')[1])


def _reads(url: str, *, seconds: float) -> float:
    """Entries a second that redis-py reads and pydantic decodes, and nothing else."""
    decode = accepted()
    with Redis.from_url(url) as client:
        pipe = client.pipeline(transaction=False)
        for position in range(1, READ_ENTRIES + 1):
            place = {"acceptedat": "2026-03-02T13:30:00.000000Z", "position": position, "prev": position - 1}
            pipe.xadd("read", {FIELD: json.dumps({**event(position), **place})}, id=f"{position}-0")
        pipe.execute()
        done, began, after = 0, time.perf_counter(), b"0"
        while (elapsed := time.perf_counter() - began) < seconds:
            (_, entries), *_ = client.xread({"read": after}, count=BATCH_FACTS) or [(b"", [])]
            for _, fields in entries:
                decode.validate_json(fields[FIELD.encode()])
            after = entries[-1][0] if entries else b"0"
            done += len(entries)
    return done / elapsed


def _lacking() -> str | None:
    return None if shutil.which("redis-benchmark") else "redis-benchmark is not here (Debian: redis-tools)"


WORKS = (
    Work(
        "limit",
        tuple(Figure(of(size), "rows/s") for size in SIZES for of in (bare, beside)),
        measure,
    ),
    Work(
        "limit of the machine",
        (
            Figure(FSYNC, "/s"),
            Figure(XADD, "entries/s"),
            Figure(XADD_PIPELINED, "entries/s"),
            Figure(READ, "entries/s"),
        ),
        measure_machine,
        (NEITHER,),
        lacking=_lacking,
    ),
)
