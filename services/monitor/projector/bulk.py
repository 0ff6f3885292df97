"""Inserts many rows at once, past SQLAlchemy's handling of each value: half of the time of a projection otherwise."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from operator import itemgetter
from typing import Any

import psycopg
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

Row = dict[str, Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert these rows, each with a value for the same columns, two of them at least.

    Values are those that both drivers take; a date is text, YYYY-MM-DD: SQLite has no type for it.
    """
    if not rows:
        return
    columns = tuple(rows[0])
    values = map(itemgetter(*columns), rows)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_insert(table, columns), list(values))
    else:
        _copy_in(connection, _copy(table, columns), values)


def with_text_dates(row: Row) -> Row:
    """The same row with its dates as `insert_rows` takes them."""
    return {column: value.isoformat() if isinstance(value, date) else value for column, value in row.items()}


def _copy_in(connection: Connection, statement: str, rows: Iterator[tuple[Any, ...]]) -> None:
    """Raises what SQLAlchemy makes of the driver's errors, as other statements do, without the row that they quote."""
    try:
        with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[attr-defined]
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        said = error if error.sqlstate is None else type(error)(f"SQLSTATE {error.sqlstate}")
        raise DBAPIError.instance(statement, None, said, psycopg.Error, dialect=connection.dialect) from None


@cache
def _insert(table: Table, columns: tuple[str, ...]) -> str:
    values = ", ".join("?" for _ in columns)
    return f'INSERT INTO "{table.name}" ({_names(columns)}) VALUES ({values})'  # noqa: S608 - names from our own tables


@cache
def _copy(table: Table, columns: tuple[str, ...]) -> str:
    # psycopg's executemany sends one statement for each row.
    return f'COPY "{table.name}" ({_names(columns)}) FROM STDIN'


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
