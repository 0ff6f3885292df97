"""Deletes the rows of who has other ones now; on PostgreSQL with one statement, however many tables a dossier has."""

from typing import NamedTuple

from sqlalchemy import Connection, Delete, Table, delete

from services.monitor.derived import DOSSIER_TABLES, person
from services.monitor.projector.among import among


class Outdated(NamedTuple):
    """By pseudonym those whose own row is outdated, and those of them with rows of a dossier that are."""

    persons: list[str]
    dossiers: list[str]


def delete_outdated(connection: Connection, outdated: Outdated) -> None:
    """Delete all these rows."""
    people = outdated._asdict()
    if outdated.persons:
        connection.execute(_PERSONS, people)
    if outdated.dossiers:
        for statement in (_TOGETHER,) if connection.dialect.name == "postgresql" else _ONE_BY_ONE:
            connection.execute(statement, people)


def _of(table: Table, people: str) -> Delete:
    return delete(table).where(among(table.c.person, people))


_PERSONS = _of(person, "persons")
_ONE_BY_ONE = tuple(_of(table, "dossiers") for table in DOSSIER_TABLES)
_TOGETHER = _ONE_BY_ONE[0].add_cte(*(one.cte(f"deleted_{at}") for at, one in enumerate(_ONE_BY_ONE[1:])))
