"""Inserts many rows at once, past SQLAlchemy's handling of each value: half of the time of a projection otherwise."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table

Row = dict[str, Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert these rows, each with a value for the same columns. Values are those that both drivers take, and dates."""
    if not rows:
        return
    sqlite = connection.dialect.name == "sqlite"
    statement = _statement(table, tuple(rows[0]), "named" if sqlite else "pyformat")
    connection.exec_driver_sql(statement, [_with_text_dates(row) for row in rows] if sqlite else list(rows))


@cache
def _statement(table: Table, columns: tuple[str, ...], style: str) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(f":{column}" if style == "named" else f"%({column})s" for column in columns)
    return f'INSERT INTO "{table.name}" ({names}) VALUES ({values})'  # noqa: S608 - names from our own tables


def _with_text_dates(row: Mapping[str, Any]) -> Row:
    """SQLite has no type for a date: it is kept as YYYY-MM-DD, as SQLAlchemy reads and compares it."""
    return {column: value.isoformat() if value.__class__ is date else value for column, value in row.items()}
