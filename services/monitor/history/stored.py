"""Dossiers read back from their rows: what projector.rows wrote of each, made whole again."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, select

from services.monitor.dossier.state import (
    Closure,
    Discharged,
    Doorplaatsing,
    Dossier,
    End,
    Flag,
    Moved,
    Placement,
    Superseded,
    Title,
    Waiting,
)
from services.monitor.tables import DOSSIER_TABLES, closure, doorplaatsing, flag, person, placement, title, waiting

Read = Any
"""A row of one of the tables of a dossier, by column."""


def changed_dossiers(connection: Connection, *, after: int) -> Iterator[tuple[Dossier, int, int]]:
    """The dossiers whose change number is above `after`, by pseudonym, each with first_us and last_us of its person.

    Give it a connection whose transaction reads one snapshot.
    """
    rows = {table: _by_person(connection, table, after) for table in DOSSIER_TABLES}
    persons = select(person.c.person, person.c.first_us, person.c.last_us).where(person.c.changed > after)
    for name, first_us, last_us in connection.execute(persons.order_by(person.c.person)):
        yield dossier_of(name, {table: found.get(name, ()) for table, found in rows.items()}), first_us, last_us


def _by_person(connection: Connection, table: Table, after: int) -> Mapping[str, list[Read]]:
    """The rows of those that changed, by person, each in the order of the dossier."""
    query = (
        select(table)
        .join(person, person.c.person == table.c.person)
        .where(person.c.changed > after)
        .order_by(*table.primary_key)
    )
    rows = connection.execute(query).all() if after < 0 else connection.execute(query)
    return {name: list(found) for name, found in groupby(rows, key=lambda row: row.person)}


def dossier_of(name: str, rows: Mapping[Table, Iterable[Read]]) -> Dossier:
    """The dossier that these rows say."""
    stays = [(_placement(row), row.closure_number) for row in rows[placement]]
    moves = [(row.closure_number, _move(row)) for row in rows[doorplaatsing]]
    return Dossier(
        person=name,
        placements=tuple(stay for stay, _ in stays),
        closures=tuple(
            Closure(
                number=row.number,
                placements=tuple(stay for stay, number in stays if number == row.number),
                doorplaatsingen=tuple(move for number, move in moves if number == row.number),
                previous_ended_on=row.previous_ended_on,
            )
            for row in rows[closure]
        ),
        titles=tuple(_title(row) for row in rows[title]),
        waiting=tuple(_waiting(row) for row in rows[waiting]),
        flags=tuple(_flag(row) for row in rows[flag]),
    )


def _shared(word: str) -> str:
    """One object for each word of a list: thousands of dossiers name the same source, region and accommodation."""
    return sys.intern(word)


def _placement(row: Read) -> Placement:
    return Placement(
        placement=row.placement,
        source=_shared(row.source),
        accommodation=_shared(row.accommodation),
        region=_shared(row.region),
        regime=_shared(row.regime),
        closure_mode=_shared(row.closure_mode),
        route=_shared(row.route),
        started_on=row.started_on,
        end=_end(row),
        arrives_from=row.arrives_from,
        machtiging=row.machtiging,
        origin=row.origin and _shared(row.origin),
        birth_month=row.birth_month and _shared(row.birth_month),
        sex=row.sex and _shared(row.sex),
    )


def _end(row: Read) -> End | None:
    match row.end_kind:
        case None:
            return None
        case "discharged":
            return Discharged(row.ended_on, _shared(row.destination), _shared(row.end_mode))
        case "moved":
            return Moved(row.ended_on, _shared(row.reason), row.to_accommodation)
        case "superseded":
            return Superseded(row.ended_on)
        case other:
            raise ValueError(f"a placement ended in {other}")


def _move(row: Read) -> Doorplaatsing:
    return Doorplaatsing(row.moved_on, _shared(row.from_accommodation), _shared(row.to_accommodation), row.inferred)


def _title(row: Read) -> Title:
    return Title(row.machtiging, _kind(row.kind), _shared(row.legal_frame), row.from_on, row.until_on)


def _kind(kind: str) -> Any:
    return _shared(kind)


def _waiting(row: Read) -> Waiting:
    return Waiting(row.since_on, row.until_on, row.referral, row.machtiging, row.title_from_on, row.title_until_on)


def _flag(row: Read) -> Flag:
    return Flag(row.code, _kind(row.severity), row.about, row.since_on, _shared(row.source))
