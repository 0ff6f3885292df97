"""Who is quarantined because a fact could not be taken, and which facts wait behind whom until they are replayed.

A fact that waits is in `parked` and not in `fact`: whoever folds stored facts never meets it. Because a fold takes a
set, taking it later gives what taking it at once would have given.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from services.monitor.projector.among import among
from services.monitor.projector.dossiers import REGISTER
from services.monitor.projector.entries import Known, Readable, Unreadable
from services.monitor.projector.facts import ACCOMMODATION_FACTS
from services.monitor.projector.families import Family, named_by
from services.monitor.projector.upsert import upsert
from services.monitor.tables import fact, parked, quarantine
from shared.calendar import microseconds
from shared.facts.catalogue import catalogue

_HELD = (
    select(fact.c.record_hash, fact.c.person)
    .join(quarantine, quarantine.c.person == fact.c.person)
    .where(among(fact.c.record_hash, "hashes"))
    .distinct()
    .order_by(fact.c.person)
)
_OF_PEOPLE = (
    select(fact.c.record_hash, fact.c.person)
    .where(
        among(fact.c.record_hash, "hashes"),
        among(fact.c.person, "people"),
    )
    .distinct()
    .order_by(fact.c.person)
)
_WAITING = select(parked.c.record_hash, parked.c.behind).where(
    among(parked.c.record_hash, "hashes"), parked.c.behind.is_not(None)
)
_BODIES_BEHIND = select(parked.c.body).where(among(parked.c.behind, "people"))
_BY_A_REBUILD = select(func.min(quarantine.c.since_us)).where(
    among(quarantine.c.person, "people"), quarantine.c.position.is_(None)
)


class Held(NamedTuple):
    """Whether what is known of a young person stands still, because a fact about them could not be taken."""

    quarantined: bool
    parked: int
    """Facts that wait; 0 also where a rebuild met somebody who cannot be folded."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A fact that is not taken yet."""

    service: str
    entry: Known
    reason: str
    behind: str | None
    """Whose quarantine it waits for; None for a fact about nobody that cannot be read."""


def quarantined(connection: Connection) -> set[str]:
    """Everyone who is quarantined; REGISTER for the register of accommodations."""
    return set(connection.scalars(select(quarantine.c.person)))


def held_at(connection: Connection, names: Collection[str], known: datetime | None) -> Held:
    """What waits of the person of these pseudonyms; of what was accepted up to and with a moment where one is given."""
    bodies = connection.scalars(_BODIES_BEHIND, {"people": names})
    facts = sum(known is None or datetime.fromisoformat(json.loads(body)["acceptedat"]) <= known for body in bodies)
    rebuilt_us = connection.execute(_BY_A_REBUILD, {"people": names}).scalar_one()
    rebuilt = rebuilt_us is not None and (known is None or rebuilt_us <= microseconds(known))
    return Held(facts > 0 or rebuilt, facts)


def held_by(connection: Connection, together: Mapping[str, Family]) -> dict[str, str]:
    """Everyone who is quarantined, and whoever is in one family with them, with the one whose quarantine it is."""
    held = {person: person for person in quarantined(connection)}
    if held:
        waits = {person: min(family & held.keys(), default=None) for person, family in together.items()}
        held |= {person: behind for person, behind in waits.items() if behind is not None and person not in held}
    return held


def isolate(connection: Connection, reasons: Mapping[str, str], *, at: tuple[str, int] | None, since_us: int) -> None:
    """Quarantine these, each with the reason; `at` is the fact that they could not take. Who is, stays as they are."""
    service, position = at or (None, None)
    rows = [
        {"person": person, "reason": reason, "service": service, "position": position, "since_us": since_us}
        for person, reason in sorted(reasons.items())
    ]
    if rows:
        connection.execute(upsert(connection, quarantine).on_conflict_do_nothing(), rows)


def release(connection: Connection, person: str) -> None:
    """End a quarantine."""
    connection.execute(delete(quarantine).where(quarantine.c.person == person))


def park(connection: Connection, waiting: Sequence[Parked], *, at_us: int) -> None:
    """Set these facts aside."""
    rows = [
        {
            "service": one.service,
            "position": one.entry.position,
            "reason": one.reason,
            "body": one.entry.body,
            "parked_at_us": at_us,
            "behind": one.behind,
            "record_hash": _hash(one.entry),
        }
        for one in waiting
    ]
    if rows:
        connection.execute(insert(parked), rows)


def unreadable(entries: Iterable[Known]) -> dict[str, str]:
    """Whom facts that cannot be read are about, with the reason."""
    return {
        whom: entry.reason for entry in entries if isinstance(entry, Unreadable) and (whom := about(entry)) is not None
    }


def waiting(connection: Connection, entries: Sequence[tuple[str, Known]], *, held: Mapping[str, str]) -> list[Parked]:
    """Those of these facts, in order, that must wait: whom their record is or was about is held, or it waits already.

    `held` are those who are, with whose quarantine it is. A merge waits for either of the two. A fact that cannot be
    read waits in any case.
    """
    if not held and all(isinstance(entry, Readable) for _, entry in entries):
        return []
    records = _held_records(connection, {said for _, entry in entries if (said := _hash(entry)) is not None}, held)
    found: list[Parked] = []
    for service, entry in entries:
        whom, record = about(entry), _hash(entry)
        names = (name for name in (whom, named_by(entry)) if name is not None)
        behind = next((held[name] for name in names if name in held), None)
        if behind is None and record is not None:
            behind = records.get(record)
        if isinstance(entry, Unreadable):
            found.append(Parked(service, entry, entry.reason, behind))
        elif behind is not None:
            found.append(Parked(service, entry, "waits behind another fact", behind))
        if behind is not None and record is not None:
            records.setdefault(record, behind)
    return found


def about(entry: Known) -> str | None:
    """Whom a fact is about: a person, REGISTER, or None for neither."""
    if isinstance(entry, Readable):
        if entry.event.subject is not None:
            return entry.event.subject
        return REGISTER if entry.record[1] in ACCOMMODATION_FACTS else None
    if entry.person is not None:
        return entry.person
    return REGISTER if catalogue()[entry.type].model.fact_name in ACCOMMODATION_FACTS else None


def _hash(entry: Known) -> int | None:
    return entry.record_hash if isinstance(entry, Readable) else None


def _held_records(connection: Connection, hashes: set[int], held: Mapping[str, str]) -> dict[int, str]:
    """The records that are or were about someone who is held, or of which a fact waits, with whom to wait behind."""
    if not held:
        return {}
    found: dict[int, str] = {}
    with_them = [person for person, behind in held.items() if person != behind]
    if with_them:
        rows = connection.execute(_OF_PEOPLE, {"hashes": hashes, "people": with_them})
        found.update((record, held[person]) for record, person in rows)
    found.update(tuple(row) for row in connection.execute(_HELD, {"hashes": hashes}))
    found.update(tuple(row) for row in connection.execute(_WAITING, {"hashes": hashes}))
    return found
