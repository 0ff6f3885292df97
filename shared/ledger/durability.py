"""Refuses a database on which a commit could be lost when the machine stops."""

from sqlalchemy import Connection

from shared.ledger.errors import NotDurable

_SQLITE_FULL = 2

_POSTGRESQL: dict[str, frozenset[str]] = {
    "fsync": frozenset({"on"}),
    "full_page_writes": frozenset({"on"}),
    "synchronous_commit": frozenset({"on", "local", "remote_write", "remote_apply"}),
}
"""Settings of PostgreSQL, and the values with which the own disk has the commit before it is answered."""


def assert_durable(connection: Connection) -> None:
    """Raises NotDurable, naming the settings, unless each commit is synced to the disk."""
    wrong = _wrong_in_sqlite(connection) if connection.dialect.name == "sqlite" else _wrong_in_postgresql(connection)
    if wrong:
        raise NotDurable(f"a ledger needs a database that syncs each commit; here {', '.join(wrong)}")


def _wrong_in_sqlite(connection: Connection) -> list[str]:
    level = int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())
    return [] if level >= _SQLITE_FULL else [f"PRAGMA synchronous is {level}"]


def _wrong_in_postgresql(connection: Connection) -> list[str]:
    values = {name: connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in _POSTGRESQL}
    return [f"{name} is {value}" for name, value in values.items() if value not in _POSTGRESQL[name]]
