"""Takes a young person out of everything the monitor keeps, and lets nobody come back who was taken out.

A fact becomes the tombstone that its ledger has at that position, so that what is derived from it is the same as after
reading everything again.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, bindparam, delete, func, insert, or_, select, update

from services.monitor.alerts.tables import alert, alert_happening, alert_person
from services.monitor.derived import DOSSIER_TABLES, person
from services.monitor.erasures import erased, rewritten
from services.monitor.projector.dossiers import REGISTER
from services.monitor.projector.entries import Known, Readable, Unreadable, read_event
from services.monitor.projector.facts import Facts, Place, columns_of, in_parts
from services.monitor.projector.families import families
from services.monitor.projector.marks import count_rebuild
from services.monitor.projector.upsert import upsert
from services.monitor.tables import fact, merged, parked, quarantine
from shared.databases import place_in
from shared.erasure import ErasureKeyNeeded, Seal, marked, mentioned, proven, tombstone
from shared.facts.erasure import YouthErased

MERGED = "pseudonyms-merged"

_NOTED = select(
    select(func.count()).select_from(erased).scalar_subquery()
    + select(func.count()).select_from(rewritten.alias()).scalar_subquery()
)
"""Grows with everybody who is erased, and with every fact about somebody else that a ledger wrote anew for it."""

Entries = Sequence[tuple[str, Known]]
"""Facts of services."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Somebody is erased, by a keyed hash of the pseudonym."""

    token: str
    basis: str
    erased_on: date
    person: str | None = None
    """Whom, where the caller knows: they may be here only in a fact about somebody else."""
    rewritten: frozenset[Place] = frozenset()
    """Facts about others that named them, and that the ledger wrote anew."""


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a decision is about here, if anything is known of them."""

    decision: Decision
    person: str | None


class Erasing:
    """Knows who was erased. Belongs to one taker."""

    def __init__(self, seal: Seal | None, facts: Facts) -> None:
        self._seal, self._facts = seal, facts
        self._noted = 0
        self._tokens: frozenset[str] = frozenset()
        self._rewritten: frozenset[Place] = frozenset()

    def sealed(self, connection: Connection, entries: Entries, now: Iterable[Decision]) -> list[tuple[str, Known]]:
        """The same, with a tombstone in the place of each fact about somebody who was erased before or is erased now,
        and with a mark in what their ledger wrote anew and was read before that.
        """
        self._know(connection)
        decided = list(now)
        tokens = self._tokens.union(one.token for one in decided)
        if not tokens:
            return list(entries)
        seal = self._required()
        changed = self._rewritten.union(*(one.rewritten for one in decided))
        stand = ((service, _sealed(entry, tokens, seal)) for service, entry in entries)
        return [
            (service, _without(entry, tokens, seal) if (service, entry.position) in changed else entry)
            for service, entry in stand
        ]

    def found(self, connection: Connection, wanted: Iterable[Decision]) -> list[Found]:
        """Whom these decisions are about."""
        due: dict[str, Decision] = {}
        for one in wanted:
            # Both ledgers may tell at once, each of its own facts.
            before = due.get(one.token, one)
            told = one.rewritten | before.rewritten
            due[one.token] = replace(one, person=one.person or before.person, rewritten=told)
        if not due:
            return []
        seal = self._required()
        names = {token: name for name in everybody(connection) if (token := seal.person(name)) in due}
        return [
            Found(one, one.person or names.get(token) or _named(connection, one, seal))
            for token, one in sorted(due.items())
        ]

    def released(self, connection: Connection, found: Iterable[Found]) -> list[tuple[str, Known]]:
        """The facts that wait behind the quarantine of one of these; they need wait no longer."""
        people = [one.person for one in found if one.person is not None]
        if not people:
            return []
        rows = connection.execute(select(parked.c.service, parked.c.body).where(parked.c.behind.in_(people)))
        read = [(row.service, read_event(row.body.encode())) for row in rows]
        return [(service, entry) for service, entry in read if isinstance(entry, Readable | Unreadable)]

    def erase(self, connection: Connection, one: Found, *, at_us: int) -> set[str]:
        """Take one of them out of every table. Their locks, and that of the alerts, are held.

        About whom else facts named them, REGISTER among those: what is derived of these has to be made anew.
        """
        facts, others = (0, set()) if one.person is None else self._take_out(connection, one.person)
        _note(connection, one.decision, facts=facts, at_us=at_us, seal=self._required())
        self._facts.forget()  # What is kept decoded may be what was there before.
        return others

    def _take_out(self, connection: Connection, name: str) -> tuple[int, set[str]]:
        seal = self._required()
        mine = connection.execute(select(fact).where(or_(fact.c.person == name, _merge_with(name)))).all()
        family = families(connection, [name]).get(name, frozenset()) - {name}
        cases = _said(connection, [name]) - _said(connection, family) if family else set()
        _forget_cases(connection, family, cases)
        _change(connection, [_buried(row, seal, name) for row in mine])
        connection.execute(delete(merged).where(or_(merged.c.person == name, merged.c.other == name)))
        others = connection.execute(select(fact).where(_holds(fact.c.body, name))).all()
        _change(connection, [_marked(row, seal, name) for row in others])
        _unpark(connection, name, seal)
        for table in (*DOSSIER_TABLES, person):
            connection.execute(delete(table).where(table.c.person == name))
        _forget_alerts(connection, name, mark=seal.mark(name))
        return len(mine), {row.person or REGISTER for row in others}

    def _know(self, connection: Connection) -> None:
        noted = connection.execute(_NOTED).scalar_one()
        if noted != self._noted:
            rows = connection.execute(select(erased.c.token, erased.c.proof)).all()
            proven(self._seal, (row.proof for row in rows))
            self._tokens = frozenset(row.token for row in rows)
            places = connection.execute(select(rewritten.c.service, rewritten.c.position))
            self._rewritten = frozenset((service, position) for service, position in places)
            self._facts.forget()
            self._noted = noted

    def _required(self) -> Seal:
        if self._seal is None:
            raise ErasureKeyNeeded
        return self._seal


def decisions(entries: Entries) -> list[Decision]:
    """What these facts say of who is erased."""
    return [
        Decision(
            entry.event.erased,
            said.basis,
            said.erased_on,
            rewritten=frozenset((service, int(position)) for position in (entry.event.rewritten or "").split()),
        )
        for service, entry in entries
        if isinstance(entry, Readable)
        and type(said := entry.event.data) is YouthErased
        and entry.event.erased is not None
    ]


def _sealed(entry: Known, tokens: Collection[str], seal: Seal) -> Known:
    if isinstance(entry, Readable):
        names = [entry.event.subject, getattr(entry.event.data, "other", None)]
    else:
        names = [entry.person]
    gone = next((name for name in names if name is not None and seal.person(name) in tokens), None)
    if gone is None:
        return entry
    stands = read_event(tombstone(entry.body, seal, pseudonym=gone).encode())
    assert isinstance(stands, Readable)
    return stands


def _without(entry: Known, tokens: Collection[str], seal: Seal) -> Known:
    body = entry.body
    while (name := mentioned(body, seal, tokens)) is not None:
        body = marked(body, seal, name)
    if body == entry.body:
        return entry
    stands = read_event(body.encode())
    assert isinstance(stands, Readable | Unreadable)
    return stands


def _named(connection: Connection, one: Decision, seal: Seal) -> str | None:
    """Whom a decision is about, as facts about others say that the ledger wrote anew since they came here."""
    for table in (fact, parked):
        for service in sorted({service for service, _ in one.rewritten}):
            mine = sorted(position for of, position in one.rewritten if of == service)
            for part in in_parts(mine):
                here = select(table.c.body).where(table.c.service == service, table.c.position.in_(part))
                for body in connection.scalars(here):
                    if (name := mentioned(body, seal, {one.token})) is not None:
                        return name
    return None


def everybody(connection: Connection) -> set[str]:
    """Every pseudonym that stands in a table of its own column, or in a merge."""
    columns = (fact.c.person, person.c.person, parked.c.behind, quarantine.c.person, alert.c.person)
    found = {
        name for column in (*columns, alert_person.c.person) for name in connection.scalars(select(column).distinct())
    }
    merges = connection.scalars(select(fact.c.body).where(fact.c.name == MERGED))
    waiting = connection.scalars(select(parked.c.body))
    found |= {name for body in (*merges, *waiting) for name in _about(json.loads(body))}
    return {name for name in found if name}


def _about(said: Mapping[str, Any]) -> list[str]:
    """Whom an event is about, that may not be as it should: it may wait because of that."""
    match said.get("data"):
        case {"other": str(other)}:
            names = [said.get("subject"), other]
        case _:
            names = [said.get("subject")]
    return [name for name in names if isinstance(name, str)]


def _holds(column: Any, name: str) -> ColumnElement[bool]:
    return place_in(column, name) > 0


def _merge_with(name: str) -> ColumnElement[bool]:
    return (fact.c.name == MERGED) & _holds(fact.c.body, name)


_CHANGED = ("person", "name", "id", "of", "record", "record_hash", "body", "recorded_on", "days_later")
_CHANGE = (
    update(fact)
    .where(fact.c.service == bindparam("at_service"), fact.c.position == bindparam("at_position"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
)


def _change(connection: Connection, changes: Sequence[Mapping[str, Any]]) -> None:
    if changes:
        connection.execute(_CHANGE, list(changes))


def _buried(row: Row[Any], seal: Seal, name: str) -> Mapping[str, Any]:
    return _changed(row, tombstone(row.body, seal, pseudonym=name))


def _marked(row: Row[Any], seal: Seal, name: str) -> Mapping[str, Any]:
    return _changed(row, marked(row.body, seal, name))


def _changed(row: Row[Any], body: str) -> Mapping[str, Any]:
    stands = read_event(body.encode())
    assert isinstance(stands, Readable)
    new = columns_of(stands)
    return {"at_service": row.service, "at_position": row.position} | {f"new_{name}": new[name] for name in _CHANGED}


def _unpark(connection: Connection, name: str, seal: Seal) -> None:
    """End the quarantine, and leave nothing of this person among the facts that wait behind others."""
    connection.execute(delete(parked).where(parked.c.behind == name))
    connection.execute(delete(quarantine).where(quarantine.c.person == name))
    for row in connection.execute(select(parked).where(_holds(parked.c.body, name))).all():
        said = json.loads(row.body)
        mine = name in _about(said)
        body = tombstone(row.body, seal, pseudonym=name) if mine else marked(row.body, seal, name)
        stands = read_event(body.encode())
        new = {"body": body, "record_hash": stands.record_hash if isinstance(stands, Readable) else None}
        place = parked.c.service == row.service, parked.c.position == row.position
        connection.execute(update(parked).where(*place).values(new))


def _said(connection: Connection, people: Collection[str]) -> set[str]:
    """Every key that the facts about these persons name, or have."""
    bodies = (json.loads(body) for body in connection.scalars(select(fact.c.body).where(fact.c.person.in_(people))))
    return {str(key) for one in bodies for key in (one["id"], one.get("record"), *one["data"].values())}


def _forget_cases(connection: Connection, family: Collection[str], cases: Set[str]) -> None:
    """Delete the alerts under another pseudonym of the same person that are about one of these cases."""
    if not cases:
        return
    found = connection.execute(select(alert.c.id, alert.c.about).where(alert.c.person.in_(family))).all()
    _delete_alerts(connection, [row.id for row in found if not cases.isdisjoint(row.about.split())])


def _forget_alerts(connection: Connection, name: str, *, mark: str) -> None:
    _delete_alerts(connection, connection.scalars(select(alert.c.id).where(alert.c.person == name)).all())
    connection.execute(delete(alert_person).where(alert_person.c.person == name))
    written: tuple[tuple[Table, str], ...] = ((alert, "about"), (alert, "because"), (alert_happening, "detail"))
    for table, column in written:
        told = table.c[column]
        connection.execute(update(table).where(_holds(told, name)).values({column: func.replace(told, name, mark)}))


def _delete_alerts(connection: Connection, ids: Sequence[str]) -> None:
    connection.execute(delete(alert_happening).where(alert_happening.c.alert.in_(ids)))
    connection.execute(delete(alert).where(alert.c.id.in_(ids)))


def _note(connection: Connection, one: Decision, *, facts: int, at_us: int, seal: Seal) -> None:
    again = {"facts": erased.c.facts + facts}
    if connection.execute(update(erased).where(erased.c.token == one.token).values(again)).rowcount == 0:
        said = {"token": one.token, "basis": one.basis, "erased_on": one.erased_on}
        connection.execute(insert(erased).values(**said, proof=seal.proof, facts=facts, erased_at_us=at_us))
    told = [{"service": service, "position": at, "token": one.token} for service, at in sorted(one.rewritten)]
    if told:
        connection.execute(upsert(connection, rewritten).on_conflict_do_nothing(), told)
    count_rebuild(connection)
