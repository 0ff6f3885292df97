"""A checksum over everything that a monitor derived from facts, to compare two databases by."""

from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Select, select

from services.monitor.derived import DERIVED_TABLES, person

OF_A_PERSON = person.c.person, person.c.region, person.c.consults, person.c.ready
"""What the row of a person says of them; when facts came, and which change it was, is no function of the facts."""


def digest(connection: Connection) -> str:
    """Equal for any order of arrival and for a rebuild (D13)."""
    total = sha256()
    asked: list[Select[Any]] = [select(*OF_A_PERSON).order_by(person.c.person)]
    asked += [select(table).order_by(*table.primary_key) for table in DERIVED_TABLES]
    for rows in asked:
        for row in connection.execute(rows):
            total.update(repr(tuple(row)).encode())
        total.update(b"and")
    return total.hexdigest()
