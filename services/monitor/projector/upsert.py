"""INSERT ... ON CONFLICT, which SQLAlchemy writes for each database in its own way."""

from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Function, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = postgresql.Insert | sqlite.Insert
Extreme = Literal["greatest", "least"]


def upsert(connection: Connection, table: Table) -> Insert:
    """An insert that can say what to do about a row that is there already."""
    return _insert(connection.dialect.name, table)


def upsert_keeping(connection: Connection, which: Extreme, table: Table, *columns: str) -> Insert:
    """An insert by which a row with the same key keeps the greater or the lesser value of each of these columns."""
    return _keeping(connection.dialect.name, which, table, columns)


def _insert(dialect: str, table: Table) -> Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _keeping(dialect: str, which: Extreme, table: Table, columns: tuple[str, ...]) -> Insert:
    # Made once: to make it takes longer than to run it.
    statement = _insert(dialect, table)
    name = which if dialect == "postgresql" else {"greatest": "max", "least": "min"}[which]
    values: dict[str, Any] = {one: Function(name, table.c[one], statement.excluded[one]) for one in columns}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=values)
