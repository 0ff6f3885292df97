"""Dossiers read back from their rows: what projector.rows wrote of each, made whole again."""

import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, select

from services.monitor.dossier.state import (
    Absence,
    Closure,
    Discharged,
    Doorplaatsing,
    Dossier,
    End,
    Flag,
    Moved,
    Order,
    Placement,
    Request,
    Superseded,
    Title,
    Waiting,
)
from services.monitor.tables import (
    DOSSIER_TABLES,
    absence,
    closure,
    doorplaatsing,
    flag,
    machtiging,
    person,
    placement,
    request,
    title,
    waiting,
)
from shared.calendar import moment_of

Read = Any
"""A row of one of the tables of a dossier, by column."""


def changed_dossiers(connection: Connection, *, after: int) -> Iterator[tuple[Dossier, int, int]]:
    """The dossiers whose change number is above `after`, by pseudonym, each with first_us and last_us of its person.

    Give it a connection whose transaction reads one snapshot.
    """
    rows = {table: _by_person(connection, table, after) for table in DOSSIER_TABLES}
    persons = select(person.c.person, person.c.region, person.c.first_us, person.c.last_us)
    for name, region, first_us, last_us in connection.execute(
        persons.where(person.c.changed > after).order_by(person.c.person)
    ):
        said = {table: found.get(name, ()) for table, found in rows.items()}
        yield dossier_of(name, said, region=region), first_us, last_us


def dossiers_of(connection: Connection, people: Collection[str]) -> Iterator[tuple[Dossier, int, int]]:
    """The dossiers of these persons, by pseudonym, each with its change number and last_us; at most a few thousand.

    Give it a connection whose transaction reads one snapshot.
    """
    rows = {
        table: {
            name: list(found)
            for name, found in groupby(
                connection.execute(select(table).where(table.c.person.in_(people)).order_by(*table.primary_key)),
                key=lambda row: row.person,
            )
        }
        for table in DOSSIER_TABLES
    }
    persons = select(person.c.person, person.c.region, person.c.changed, person.c.last_us)
    for name, region, changed, last_us in connection.execute(
        persons.where(person.c.person.in_(people)).order_by(person.c.person)
    ):
        yield (
            dossier_of(name, {table: found.get(name, ()) for table, found in rows.items()}, region=region),
            changed,
            last_us,
        )


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


def dossier_of(name: str, rows: Mapping[Table, Iterable[Read]], *, region: str | None) -> Dossier:
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
        orders=tuple(_order(row) for row in rows[machtiging]),
        requests=tuple(_request(row) for row in rows[request]),
        absences=tuple(_absence(row) for row in rows[absence]),
        region=region and _shared(region),
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


def _order(row: Read) -> Order:
    return Order(
        machtiging=row.machtiging,
        source=_shared(row.source),
        kind=_kind(row.kind),
        granted_on=row.granted_on,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        holds_until=row.holds_until,
        ended_on=row.ended_on,
        ended_cause=row.ended_cause and _shared(row.ended_cause),
        lapsed_on=row.lapsed_on,
        suspensions=tuple(
            (date.fromisoformat(begin), date.fromisoformat(end)) for begin, end in json.loads(row.suspensions)
        ),
        without_hearing=row.without_hearing,
    )


def _request(row: Read) -> Request:
    return Request(row.request, _shared(row.source), _kind(row.kind), row.requested_on, row.answered_on)


def _absence(row: Read) -> Absence:
    until_at = None if row.until_at_us is None else moment_of(row.until_at_us)
    return Absence(row.placement, _shared(row.source), row.record, moment_of(row.from_at_us), until_at)


def _flag(row: Read) -> Flag:
    return Flag(row.code, _kind(row.severity), row.about, row.since_on, _shared(row.source))
