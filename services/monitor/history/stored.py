"""Dossiers read back from their rows: what projector.rows wrote of each, made whole again."""

import json
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Connection, Table, select

from services.monitor.derived import (
    DOSSIER_TABLES,
    absence,
    closure,
    doorplaatsing,
    flag,
    machtiging,
    person,
    placement,
    pseudonym,
    request,
    title,
    waiting,
)
from services.monitor.dossier.course import NOTHING_TOLD, Course
from services.monitor.dossier.days import Interval
from services.monitor.dossier.state import (
    Absence,
    Closure,
    Consult,
    Discharged,
    Doorplaatsing,
    Dossier,
    End,
    Flag,
    Moved,
    Order,
    Placement,
    Ready,
    Request,
    Superseded,
    Title,
    Unexecuted,
    Waiting,
)
from services.monitor.projector.among import among
from services.monitor.projector.facts import in_parts
from shared.calendar import moment_of

PERSONS_MAX = 1_000
"""Persons that are read together when some changed."""
ROWS_MAX = 1_000
"""Rows of a table that are fetched together."""

Day = TypeVar("Day", date, date | None)
_DAYS: dict[Any, Any] = {}
"""Of the days from 2008 to 2099 those that occur."""

_CONSULTS, _READY, _COURSE = TypeAdapter(tuple[Consult, ...]), TypeAdapter(tuple[Ready, ...]), TypeAdapter(Course)
_UNEXECUTED = TypeAdapter(tuple[Unexecuted, ...])

Read = Any
"""A row of one of the tables of a dossier, by column."""

_EVERY = {table: select(table).order_by(*table.primary_key) for table in (*DOSSIER_TABLES, person)}
_BY_NAME = {table: every.where(among(table.c.person, "people")) for table, every in _EVERY.items()}


def changed_dossiers(connection: Connection, *, after: int) -> Iterator[tuple[Dossier, int, int]]:
    """The dossiers whose change number is above `after`, by pseudonym, each with first_us and last_us of its person.

    Give it a connection whose transaction reads one snapshot.
    """
    if after < 0:
        every = _stored(partial(_all_rows, connection))
        yield from ((dossier, row.first_us, row.last_us) for dossier, row in every)
        return
    # Sorted here: asked for them in order, SQLite goes through everybody.
    changed = connection.scalars(select(person.c.person).where(person.c.changed > after))
    for part in in_parts(sorted(changed), size=PERSONS_MAX):
        yield from ((dossier, row.first_us, row.last_us) for dossier, row in _of(connection, part))


def dossiers_of(connection: Connection, people: Collection[str]) -> Iterator[tuple[Dossier, int, int]]:
    """The dossiers of these persons, by pseudonym, each with its change number and last_us; at most a few thousand.

    Give it a connection whose transaction reads one snapshot.
    """
    return ((dossier, row.changed, row.last_us) for dossier, row in _of(connection, people))


def _of(connection: Connection, people: Collection[str]) -> Iterator[tuple[Dossier, Read]]:
    # By name, as a condition on the change number leads SQLite to read every table whole, in the order of persons.
    return _stored(lambda table, _held: connection.execute(_BY_NAME[table], {"people": people}))


def _all_rows(connection: Connection, table: Table, held: ExitStack) -> Iterable[Read]:
    """Every row of a table, fetched as they are taken."""
    return held.enter_context(connection.execute(_EVERY[table], execution_options={"yield_per": ROWS_MAX}))


def _stored(read: Callable[[Table, ExitStack], Iterable[Read]]) -> Iterator[tuple[Dossier, Read]]:
    """The dossiers that these rows say, by pseudonym, each with the row of its person."""
    with ExitStack() as held:
        runs = {table: _Runs(read(table, held)) for table in DOSSIER_TABLES}
        for row in read(person, held):
            said = {table: run.of(row.person) for table, run in runs.items()}
            yield dossier_of(row, said), row
        if any(run.left for run in runs.values()):
            raise ValueError("there are rows about somebody who is not among the persons")


class _Runs:
    """Rows in the order of persons, taken by person in that order."""

    def __init__(self, rows: Iterable[Read]) -> None:
        self._runs = groupby(rows, key=attrgetter("person"))
        self._next = next(self._runs, None)

    @property
    def left(self) -> bool:
        """Whether there are rows that nobody took."""
        return self._next is not None

    def of(self, name: str) -> Sequence[Read]:
        """Those of the next person, if they have any."""
        if self._next is None or self._next[0] != name:
            return ()
        found = list(self._next[1])
        self._next = next(self._runs, None)
        return found


def dossier_of(about: Read, rows: Mapping[Table, Iterable[Read]]) -> Dossier:
    """The dossier that the row of a person and these rows say."""
    stays = [(_placement(row), row.closure_number) for row in rows[placement]]
    moves = [(row.closure_number, _move(row)) for row in rows[doorplaatsing]]
    return Dossier(
        person=about.person,
        placements=tuple(stay for stay, _ in stays),
        closures=tuple(
            Closure(
                number=row.number,
                placements=tuple(stay for stay, number in stays if number == row.number),
                doorplaatsingen=tuple(move for number, move in moves if number == row.number),
                previous_ended_on=_day(row.previous_ended_on),
            )
            for row in rows[closure]
        ),
        titles=tuple(_title(row) for row in rows[title]),
        waiting=tuple(_waiting(row) for row in rows[waiting]),
        flags=tuple(_flag(row) for row in rows[flag]),
        orders=tuple(_order(row) for row in rows[machtiging]),
        requests=tuple(_request(row) for row in rows[request]),
        absences=tuple(_absence(row) for row in rows[absence]),
        ready=_READY.validate_json(about.ready) if about.ready else (),
        consults=_CONSULTS.validate_json(about.consults) if about.consults else (),
        course=_COURSE.validate_json(about.course) if about.course else NOTHING_TOLD,
        region=about.region and _shared(about.region),
        also=tuple(row.pseudonym for row in rows[pseudonym]),
    )


def _shared(word: str) -> str:
    """One object for each word of a list: thousands of dossiers name the same source, region and accommodation."""
    return sys.intern(word)


def _day(day: Day) -> Day:
    """One object for each date that anybody names: there are a few thousand, and a dozen of them in a dossier."""
    shared: Day = _DAYS.setdefault(day, day)
    return shared


def read_intervals(written: str) -> tuple[Interval, ...]:
    """Intervals as a row has them."""
    return tuple((date.fromisoformat(begin), date.fromisoformat(end)) for begin, end in json.loads(written))


def _placement(row: Read) -> Placement:
    return Placement(
        placement=row.placement,
        source=_shared(row.source),
        accommodation=_shared(row.accommodation),
        region=_shared(row.region),
        regime=_shared(row.regime),
        closure_mode=_shared(row.closure_mode),
        route=_shared(row.route),
        started_on=_day(row.started_on),
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
            follow_up = row.follow_up and _shared(row.follow_up)
            return Discharged(_day(row.ended_on), _shared(row.destination), _shared(row.end_mode), follow_up)
        case "moved":
            return Moved(_day(row.ended_on), _shared(row.reason), row.to_accommodation)
        case "superseded":
            return Superseded(_day(row.ended_on))
        case other:
            raise ValueError(f"a placement ended in {other}")


def _move(row: Read) -> Doorplaatsing:
    left, arrived = _shared(row.from_accommodation), _shared(row.to_accommodation)
    return Doorplaatsing(_day(row.moved_on), row.from_place, left, arrived, row.inferred)


def _title(row: Read) -> Title:
    return Title(
        machtiging=row.machtiging,
        kind=_kind(row.kind),
        legal_frame=_shared(row.legal_frame),
        from_on=_day(row.from_on),
        until_on=_day(row.until_on),
        admitted_on=_day(row.admitted_on),
    )


def _kind(kind: str) -> Any:
    return _shared(kind)


def _waiting(row: Read) -> Waiting:
    return Waiting(
        since_on=_day(row.since_on),
        until_on=_day(row.until_on),
        referral=row.referral,
        titles=_UNEXECUTED.validate_json(row.titles) if row.titles else (),
        region=row.region and _shared(row.region),
        birth_month=row.birth_month and _shared(row.birth_month),
        sex=row.sex and _shared(row.sex),
        referrer=row.referrer and _shared(row.referrer),
        urgency=row.urgency and _shared(row.urgency),
        closed_on=_day(row.closed_on),
        outcome=row.outcome and _shared(row.outcome),
        alternative=row.alternative and _shared(row.alternative),
    )


def _order(row: Read) -> Order:
    return Order(
        machtiging=row.machtiging,
        source=_shared(row.source),
        kind=_kind(row.kind),
        granted_on=_day(row.granted_on),
        valid_from=_day(row.valid_from),
        valid_until=_day(row.valid_until),
        holds_until=_day(row.holds_until),
        ended_on=_day(row.ended_on),
        ended_cause=row.ended_cause and _shared(row.ended_cause),
        lapsed_on=_day(row.lapsed_on),
        suspensions=read_intervals(row.suspensions),
        without_hearing=row.without_hearing,
        court=row.court and _shared(row.court),
    )


def _request(row: Read) -> Request:
    return Request(
        request=row.request,
        source=_shared(row.source),
        kind=_kind(row.kind),
        requested_on=_day(row.requested_on),
        answered_on=_day(row.answered_on),
        refused=row.refused,
    )


def _absence(row: Read) -> Absence:
    until_at = None if row.until_at_us is None else moment_of(row.until_at_us)
    return Absence(row.placement, _shared(row.source), row.record, moment_of(row.from_at_us), until_at)


def _flag(row: Read) -> Flag:
    return Flag(row.code, _kind(row.severity), row.about, _day(row.since_on), _shared(row.source))
