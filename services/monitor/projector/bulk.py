"""Inserts many rows at once, past SQLAlchemy's handling of each value: half of the time of a projection otherwise."""

from collections.abc import Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Date, Table

Row = dict[str, Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert these rows, each with a value for the same columns, two of them at least.

    Values are those that both drivers take, and dates in columns of dates.
    """
    if not rows:
        return
    columns = tuple(rows[0])
    values = map(itemgetter(*columns), rows)
    if connection.dialect.name == "sqlite":
        written = list(_with_text_dates(values, _dated(table, columns)))
        connection.exec_driver_sql(_statement(table, columns, "?"), written)
    else:
        connection.exec_driver_sql(_statement(table, columns, "%s"), list(values))


@cache
def _statement(table: Table, columns: tuple[str, ...], value: str) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(value for _ in columns)
    return f'INSERT INTO "{table.name}" ({names}) VALUES ({values})'  # noqa: S608 - names from our own tables


@cache
def _dated(table: Table, columns: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(place for place, column in enumerate(columns) if isinstance(table.c[column].type, Date))


def _with_text_dates(rows: Iterator[tuple[Any, ...]], dated: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """SQLite has no type for a date: it is kept as YYYY-MM-DD, as SQLAlchemy reads and compares it."""
    for row in rows:
        written = list(row)
        for place in dated:
            if written[place] is not None:
                written[place] = written[place].isoformat()
        yield tuple(written)
