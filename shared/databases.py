"""Opens the database of a service, SQLite or PostgreSQL, with the settings that make a commit mean durable."""

import sqlite3
from pathlib import Path
from typing import Any

import stamina
from sqlalchemy import URL, Connection, Engine, Integer, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

BUSY_TIMEOUT_MS = 10_000
"""How long a SQLite writer waits for another process before it gives up."""

_IN_ORDER = text("SET LOCAL enable_bitmapscan = off")
_SUPPORTED = "sqlite:///path or postgresql://host/name"


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite database file."""
    return f"sqlite+pysqlite:///{path.absolute()}"


def parsed_url(url: str) -> URL:
    """The parts of a database URL. Raises ValueError, which does not quote it, for other than SQLite and PostgreSQL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError(f"this is no database URL; use {_SUPPORTED}") from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError(f"{parsed.get_backend_name()} is not supported; use {_SUPPORTED}")
    return parsed


def open_engine(url: str, *, durable: bool = True) -> Engine:
    """A blocking engine; call it from threads, never from an event loop.

    `durable` syncs the disk at each commit. Only rows that can be made again from the ledgers may do without; a crash
    then loses the newest transactions whole, never a part of one.
    """
    parsed = parsed_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, synchronous="FULL" if durable else "NORMAL")
    options = (
        f"-c synchronous_commit={'on' if durable else 'off'} -c timezone=UTC -c client_encoding=UTF8"
        # Until tables that grow are analysed, PostgreSQL thinks that a few values are in most of their rows, and reads
        # or joins them whole. What we ask for by value has an index; for what has none it still reads all, and so
        # without JIT.
        " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off"
    )
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": options, "application_name": "doorstroom"},
    )


def _sqlite(url: str, *, synchronous: str) -> Engine:
    engine = create_engine(
        url, connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        _write_ahead(cursor)
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # A deferred BEGIN that turns into a writer later fails at once when another process wrote in between.
        reading = connection.get_execution_options().get("sqlite_reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Let the file have a log in which readers and a writer do not meet; a file keeps that.

    Of several who open a new file at once one changes it, and SQLite turns the others away without waiting.
    """
    again = stamina.retry_context(
        on=_is_busy, attempts=None, timeout=BUSY_TIMEOUT_MS / 1000, wait_initial=0.005, wait_max=0.1
    )
    for attempt in again:
        with attempt:
            cursor.execute("PRAGMA journal_mode=WAL")


def _is_busy(error: Exception) -> bool:
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def reading(engine: Engine) -> Engine:
    """The same database for reading: each transaction sees one snapshot and never waits for a writer."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ")
    return engine.execution_options(sqlite_reading=True)


def in_order(connection: Connection) -> None:
    """Let what this transaction asks for by pages be read in the order of an index, and no further than the page ends.

    Of a table that was not analysed yet PostgreSQL expects less than a page; it would read all that is left for each,
    and sort it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_IN_ORDER)


class place_in(FunctionElement[int]):  # noqa: N801 - it reads as a function of SQL, as those of SQLAlchemy do
    """`place_in(text, word)`: where the word begins in the text, from 1; 0 where it is not. `A` is not `a`; LIKE may
    say that it is.
    """

    type = Integer()
    inherit_cache = True


@compiles(place_in, "sqlite")
def _place_in_sqlite(element: place_in, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr{compiler.process(element.clause_expr, **options)}"


@compiles(place_in, "postgresql")
def _place_in_postgresql(element: place_in, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos{compiler.process(element.clause_expr, **options)}"
