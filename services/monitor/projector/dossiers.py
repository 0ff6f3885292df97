"""Refolds persons and writes what changed: the rows of a dossier are replaced as a whole, or not touched."""

import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import NamedTuple

from pydantic import ValidationError
from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.exc import DataError, IntegrityError

from services.monitor.accommodations import Accommodation, fold_register
from services.monitor.derived import (
    ACCOMMODATION_TABLES,
    DOSSIER_TABLES,
    accommodation,
    capacity,
    person,
)
from services.monitor.dossier.fold import fold
from services.monitor.dossier.merging import groups
from services.monitor.dossier.rules import Rules
from services.monitor.dossier.state import Dossier
from services.monitor.projector.among import among
from services.monitor.projector.bulk import Row, insert_rows, with_text_dates
from services.monitor.projector.digests import digest_of
from services.monitor.projector.entries import reason
from services.monitor.projector.facts import Facts, in_parts
from services.monitor.projector.families import Family, families
from services.monitor.projector.marks import (
    Moments,
    count_rebuild,
    hold_changes,
    next_change,
    note_moments,
    observe,
    span,
)
from services.monitor.projector.outdated import Outdated, delete_outdated
from services.monitor.projector.rows import rows_of, written, written_course, written_intervals
from shared.facts.envelope import AcceptedEvent

Fold = Callable[..., Dossier]
"""The fold of one person, as `services.monitor.dossier.fold` has it; a test may bring one with a bug in it."""

PART_MAX = 250
"""Persons whose rows are made at once: what a transaction takes in memory is that of so many, and not of all whom a
large batch is about."""

REGISTER = ""
"""Stands where a person could stand, for the register of accommodations and their places."""

_STORED = select(person.c.person, person.c.digest, person.c.first_us, person.c.last_us).where(
    among(person.c.person, "people")
)


class Poison(Exception):
    """What is known of these cannot be folded: a bug, or a fact that only a newer version can read."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__("; ".join(sorted(set(reasons.values()))))
        self.reasons = reasons
        """By person, or REGISTER; never with a value."""


class _Folded(NamedTuple):
    """A dossier as rows, but for its change number."""

    row: Row
    said: Mapping[Table, Sequence[Row]]


def refold(connection: Connection, people: Collection[str], *, facts: Facts, rules: Rules, fold: Fold = fold) -> None:
    """Fold these persons from all their facts and replace the rows of those whose dossier says something else now.

    Of a family it takes all of them: who is one person with others has rows under the name of the person only.
    Raises Poison, with everyone whom it concerns, when that cannot be done; nothing may be committed then. The lock of
    the change numbers is held afterwards, also when nothing changed.
    """
    if not people:
        return
    together = families(connection, people)
    work = _Refolding(connection, facts=facts, rules=rules, fold=fold)
    for part in _parts(people, together):
        work.take(part)
    work.end()


def _parts(people: Collection[str], together: Mapping[str, Family]) -> Iterator[Sequence[Sequence[str]]]:
    """These persons in parts of PART_MAX, each with the whole families of those in it, and so more where there are."""
    heads = sorted({min(together[name]) if name in together else name for name in people})
    for some in in_parts(heads, size=PART_MAX):
        yield [sorted(together.get(head, (head,))) for head in some]


class _Refolding:
    """What is written of persons who are folded in parts: the facts of one part are let go of before the next."""

    def __init__(self, connection: Connection, *, facts: Facts, rules: Rules, fold: Fold) -> None:
        self._connection, self._facts, self._rules, self._fold = connection, facts, rules, fold
        self._people: list[Row] = []
        self._poisoned: dict[str, str] = {}
        self._moments: Moments = {}
        self._gone = False

    def take(self, groups: Sequence[Sequence[str]]) -> None:
        """Fold these and write what their dossiers say, unless somebody was met who cannot be folded."""
        stored = _stored(self._connection, [name for group in groups for name in group])
        rows: dict[Table, list[Row]] = {table: [] for table in (*DOSSIER_TABLES, person)}
        outdated = Outdated([], [])
        for group, told in self._facts.of_groups(self._connection, groups):
            try:
                folded = self._folded({name: list(own) for name, own in told.items()})
            except Exception as error:  # noqa: BLE001 - a bug is of any kind; whoever meets it is quarantined
                self._poisoned[group[0]] = why(error)
                continue
            for one in folded:
                _compare(one, stored.get(one.row["person"]), rows, outdated)
            if len(group) > 1 and (gone := stored.keys() & set(group) - {one.row["person"] for one in folded}):
                self._gone = True
                outdated.persons.extend(gone)
                outdated.dossiers.extend(gone)
        if not self._poisoned:
            self._write(outdated, rows)

    def end(self) -> None:
        """Give those who changed their change number, as late as can be. Raises Poison when somebody was met."""
        if self._poisoned:
            raise Poison(self._poisoned)
        if self._people:
            number = next_change(self._connection)
            with _poison_of(self._people):
                insert_rows(self._connection, person, [{**row, "changed": number} for row in self._people])
        else:
            hold_changes(self._connection)
        if self._gone:
            count_rebuild(self._connection)
        observe(self._connection, self._moments)

    def _folded(self, told: Mapping[str, Sequence[AcceptedEvent]]) -> list[_Folded]:
        """The dossiers of one family, or of somebody who is in none; none where nothing is known."""
        if len(told) > 1:
            folded = _of_family(told, rules=self._rules, fold=self._fold)
        else:
            folded = [_of_one(name, own, rules=self._rules, fold=self._fold) for name, own in told.items() if own]
        for own in told.values():
            note_moments(self._moments, own)
        return folded

    def _write(self, outdated: Outdated, rows: Mapping[Table, list[Row]]) -> None:
        """Delete what is outdated and insert these rows, but for those of the persons themselves. Raises Poison."""
        with _poison_of(rows[person]):
            delete_outdated(self._connection, outdated)
            for table, found in rows.items():
                if table is not person:
                    insert_rows(self._connection, table, found)
        self._people += rows[person]


@contextmanager
def _poison_of(people: Sequence[Row]) -> Iterator[None]:
    """Raises Poison with these persons when the database does not take their rows."""
    try:
        yield
    except (DataError, IntegrityError) as error:
        raise Poison({row["person"]: why(error) for row in people}) from error


def _of_one(name: str, told: Sequence[AcceptedEvent], *, rules: Rules, fold: Fold) -> _Folded:
    """The dossier of somebody who is in no family."""
    return _folded(fold(name, told, rules=rules), span(name, told))


def _of_family(told: Mapping[str, Sequence[AcceptedEvent]], *, rules: Rules, fold: Fold) -> list[_Folded]:
    """The dossiers of those who are one person each."""
    return [
        _folded(group.fold(fold, rules=rules), span(group.name, own)) for group in groups(told) if (own := group.told)
    ]


def _folded(dossier: Dossier, moments: tuple[int, int]) -> _Folded:
    said = rows_of(dossier)
    beside = {
        "consults": written(dossier.consults),
        "ready": written(dossier.ready),
        "course": written_course(dossier.course),
    }
    row = {
        "person": dossier.person,
        "digest": digest_of(said, region=dossier.region, **beside),
        "region": dossier.region,
        **beside,
        "first_us": moments[0],
        "last_us": moments[1],
    }
    return _Folded(row, said)


def _compare(
    one: _Folded,
    before: tuple[bytes, int, int] | None,
    rows: Mapping[Table, list[Row]],
    outdated: Outdated,
) -> None:
    """Note what is to be written of this dossier, and what of the one before it is to be deleted."""
    row, said = one
    if before == (row["digest"], row["first_us"], row["last_us"]):
        return
    rows[person].append(row)
    if before is not None:
        outdated.persons.append(row["person"])
        if before[0] == row["digest"]:
            return
        outdated.dossiers.append(row["person"])
    for table, found in said.items():
        rows[table].extend(found)


def refold_accommodations(connection: Connection, *, facts: Facts) -> None:
    """Fold all accommodations and their places anew; there are a few dozen of them. Raises Poison."""
    try:
        register = fold_register(facts.of_accommodations(connection))
    except Exception as error:
        raise Poison({REGISTER: why(error)}) from error
    for table in ACCOMMODATION_TABLES:
        connection.execute(delete(table))
    insert_rows(connection, accommodation, [_accommodation(found) for found in register.accommodations])
    insert_rows(connection, capacity, [with_text_dates(asdict(found)) for found in register.capacities])


def _accommodation(found: Accommodation) -> Row:
    return with_text_dates(asdict(found) | {"shut": written_intervals(found.shut)})


def why(error: Exception) -> str:
    """What went wrong and where, without what the error says: that may quote a fact."""
    if isinstance(error, MemoryError):
        raise error  # Nothing is wrong with the facts.
    if isinstance(error, ValidationError):
        return reason(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {place.name}, {'/'.join(place.filename.rsplit('/', 3)[1:])}:{place.lineno}"


def forget(connection: Connection, people: Collection[str]) -> None:
    """Delete every row that is derived about these persons."""
    delete_outdated(connection, Outdated(persons=[*people], dossiers=[*people]))


def _stored(connection: Connection, people: Collection[str]) -> Mapping[str, tuple[bytes, int, int]]:
    """Digest, first and last moment of acceptance of those of these persons that have rows."""
    stored = connection.execute(_STORED, {"people": people})
    return {name: (bytes(rows_digest), first_us, last_us) for name, rows_digest, first_us, last_us in stored}
