"""Makes a database forget what was deleted: its files are written anew, without what the rows said before."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import stamina
from psycopg import Connection as Psycopg
from psycopg.errors import Diagnostic, InsufficientPrivilege
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import ProgrammingError

from shared.databases import reading

ATTEMPTS_MAX = 30
SECONDS_MAX = 60.0
"""How long it is tried while others use the database."""

_PRIMARY = 0xFF  # The rest of an error code of SQLite says more of the same.
_STATISTICS = ("pg_catalog.pg_statistic",)
_QUOTED = text("""
    SELECT tablename, attname, format_type(atttypid, atttypmod) FROM pg_stats JOIN pg_attribute USING (attname)
    WHERE schemaname = current_schema()
    AND attrelid = CAST(quote_ident(schemaname) || '.' || quote_ident(tablename) AS regclass)
""")


@dataclass(frozen=True, slots=True)
class Remains:
    """What somebody else has to do before the bytes are gone, in sentences."""

    undone: Sequence[str] = ()
    """It could be done, and was not: call it again when it can be."""
    outside: Sequence[str] = ()
    """What no command here can reach, or look at."""


class StillRead(Exception):
    """Somebody has used the database all the time, so that it could not be written anew; try again."""


class NotWritten(Exception):
    """The file could not be written anew: the disk is full, or broken."""


def scrub(engine: Engine) -> Remains:
    """Write every file of this database anew, beside whoever uses it; what remains to be done.

    Writers wait meanwhile. Raises StillRead, NotWritten, or OperationalError when the server is away.
    """
    return _scrub_sqlite(engine) if engine.dialect.name == "sqlite" else _scrub_postgresql(engine)


def mentions(engine: Engine, word: str) -> dict[str, int]:
    """By table how many rows have this word in any column."""
    found: dict[str, int] = {}
    with reading(engine).connect() as connection:
        for table, columns in _text_columns(connection):
            where = " OR ".join(f'instr(CAST("{column}" AS TEXT), :word) > 0' for column in columns)
            if engine.dialect.name == "postgresql":
                where = " OR ".join(f'position(:word IN CAST("{column}" AS TEXT)) > 0' for column in columns)
            query = text(f'SELECT count(*) FROM "{table}" WHERE {where}')  # noqa: S608 - names of our own tables
            if rows := connection.execute(query, {"word": word}).scalar_one():
                found[table] = int(rows)
    return found


def _text_columns(connection: Connection) -> Iterator[tuple[str, list[str]]]:
    inspected = inspect(connection)
    for table in sorted(inspected.get_table_names()):
        yield table, [column["name"] for column in inspected.get_columns(table)]


def _scrub_sqlite(engine: Engine) -> Remains:
    for attempt in stamina.retry_context(on=StillRead, attempts=ATTEMPTS_MAX, timeout=SECONDS_MAX):
        with attempt:
            raw = engine.raw_connection()
            try:
                raw.cursor().execute("VACUUM")
                busy = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & _PRIMARY not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise NotWritten(f"{engine.url.database}: {error}") from error
                raise StillRead(f"{engine.url.database}: {error}") from error
            finally:
                raw.close()
            if busy:
                raise StillRead(f"{engine.url.database} is read without a pause")
    return Remains()


def _scrub_postgresql(engine: Engine) -> Remains:
    """Tables first, then the statistics that quote them, then the log; each as far as this role may."""
    left: list[str] = []
    outside: list[str] = []
    alone = engine.execution_options(isolation_level="AUTOCOMMIT")
    with alone.connect() as connection, _warned(connection, left):
        _outlive(connection, left)
        tables = [f'"{name}"' for name in sorted(inspect(connection).get_table_names())]
        _run(connection, [f"VACUUM (FULL, ANALYZE) {name}" for name in tables], left)
        _run(connection, _without_statistics(connection), left)
        _run(connection, [f"VACUUM FULL {name}" for name in _STATISTICS], left)
        # Twice: a checkpoint keeps the files of the log that the one before it may need.
        _run(connection, ["SELECT pg_switch_wal()", "CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT"], left)
        if connection.exec_driver_sql("SHOW wal_recycle").scalar_one() != "off":
            left.append("PostgreSQL keeps old files of its log for use again: set wal_recycle = off (docs/erasure.md)")
        if connection.exec_driver_sql("SHOW archive_mode").scalar_one() != "off":
            outside.append("PostgreSQL archives its log: what is in the archive stays until it is removed there")
        if connection.exec_driver_sql("SELECT EXISTS (SELECT FROM pg_replication_slots)").scalar_one():
            outside.append(
                "PostgreSQL keeps its log for a replication slot until that has read it (pg_replication_slots)"
            )
    return Remains(left, outside)


def _without_statistics(connection: Connection) -> list[str]:
    """ANALYZE keeps what it knew of a table that has no rows any more; a column that is given its own type loses it."""
    known = connection.execute(_QUOTED).all()
    empty = {
        table
        for table in {row[0] for row in known}
        if not connection.scalar(text(f'SELECT EXISTS (SELECT FROM "{table}")'))  # noqa: S608 - a table of ours
    }
    return [
        f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE {kind}' for table, column, kind in known if table in empty
    ]


def _outlive(connection: Connection, left: list[str]) -> None:
    """Wait until every transaction has ended that may still see the rows as they were: VACUUM keeps them for it."""
    running = "SELECT virtualxid FROM pg_locks WHERE locktype = 'virtualxid' AND pid <> pg_backend_pid()"
    older = set(connection.exec_driver_sql(running).scalars())
    again = stamina.retry_context(on=StillRead, attempts=None, timeout=SECONDS_MAX, wait_initial=0.02, wait_max=0.5)
    try:
        for attempt in again:
            with attempt:
                older &= set(connection.exec_driver_sql(running).scalars())
                if older:
                    raise StillRead
    except StillRead:
        left.append(
            "in PostgreSQL a transaction is as old as the erasure, and keeps the rows: end it (pg_stat_activity)"
        )


@contextmanager
def _warned(connection: Connection, left: list[str]) -> Iterator[None]:
    """What it does not do and only warns of: VACUUM skips a table that is another's."""

    def hear(notice: Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            left.append(f"PostgreSQL warns, somebody has to do it: {notice.message_primary}")

    driver = connection.connection.driver_connection
    assert isinstance(driver, Psycopg)
    driver.add_notice_handler(hear)
    try:
        yield
    finally:
        driver.remove_notice_handler(hear)


def _run(connection: Connection, statements: Sequence[str], left: list[str]) -> None:
    for statement in statements:
        try:
            connection.exec_driver_sql(statement)
        except ProgrammingError as error:
            if not isinstance(error.orig, InsufficientPrivilege):
                raise
            left.append(f"this role may not do it in PostgreSQL, somebody has to: {statement}")
