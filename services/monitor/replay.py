"""Takes what was parked again, after a fix: the result is as if it had been taken at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import stamina
from sqlalchemy import Connection, Engine, and_, delete, func, select, update
from sqlalchemy.exc import OperationalError

from services.monitor.dossier.fold import fold
from services.monitor.dossier.rules import Rules
from services.monitor.projector.dossiers import REGISTER, Fold, Poison, refold_accommodations
from services.monitor.projector.entries import Known, Readable, Unknown, Unreadable, read_event
from services.monitor.projector.facts import Facts
from services.monitor.projector.locks import hold
from services.monitor.projector.marks import count_rebuild
from services.monitor.projector.projection import ATTEMPTS_MAX
from services.monitor.projector.quarantine import quarantined, release
from services.monitor.projector.taking import Taker, in_one_transaction
from services.monitor.tables import parked, quarantine
from shared.clock import Clock
from shared.erasure import Seal


@dataclass(frozen=True, slots=True)
class Waiting:
    """A fact that could not be taken, and what waits behind it. Nothing of this names a person."""

    service: str | None
    """The ledger that has the fact; None when a rebuild met somebody who cannot be folded."""
    position: int | None
    reason: str
    since_us: int
    behind: int
    """Facts that wait, itself included."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of everything that was parked."""

    facts: int
    """Facts that were taken now."""
    released: int
    """Quarantines that ended."""
    still: int
    """Facts that wait as before."""


def waiting(connection: Connection) -> list[Waiting]:
    """Everything that waits, the oldest first."""
    counts = {
        row.behind: row.facts
        for row in connection.execute(
            select(parked.c.behind, func.count().label("facts"))
            .where(parked.c.behind.is_not(None))
            .group_by(parked.c.behind)
        )
    }
    found = [
        Waiting(row.service, row.position, row.reason, row.since_us, counts.get(row.person, 0))
        for row in connection.execute(select(quarantine))
    ]
    alone = connection.execute(select(parked).where(parked.c.behind.is_(None)))
    found += [Waiting(row.service, row.position, row.reason, row.parked_at_us, 1) for row in alone]
    return sorted(found, key=lambda one: (one.since_us, one.service or "", one.position or 0))


class Replay:
    """Takes parked facts again; safe beside a running monitor of the same version."""

    def __init__(
        self, engine: Engine, *, rules: Rules, clock: Clock, fold: Fold = fold, seal: Seal | None = None
    ) -> None:
        self._engine = engine
        self._facts = Facts(decoded_max=0)
        self._taker = Taker(self._facts, rules=rules, clock=clock, fold=fold, seal=seal)

    def everything(self) -> Replayed:
        """Try each quarantine in a transaction of its own, then each fact about nobody; what fails stays as it is."""
        with self._engine.begin() as connection:
            people, alone, before = sorted(quarantined(connection)), _alone(connection), _count(connection)
        released = sum(self._tried(person, partial(self._release, person)) for person in people)
        for service, position in alone:
            self._tried(None, partial(self._take_alone, service, position))
        with self._engine.begin() as connection:
            still = _count(connection)
        return Replayed(before - still, released, still)

    def _tried(self, person: str | None, work: Callable[[Connection, set[str]], None]) -> bool:
        """Do this in a transaction, or find that it cannot be done yet and note why."""
        try:
            for attempt in stamina.retry_context(on=OperationalError, attempts=ATTEMPTS_MAX, wait_max=2):
                with attempt:
                    in_one_transaction(self._engine, work)
        except Poison as poison:
            reason = poison.reasons.get(person or "", str(poison))
            with self._engine.begin() as connection:
                connection.execute(update(quarantine).where(quarantine.c.person == person).values(reason=reason))
            return False
        return True

    def _release(self, person: str, connection: Connection, also: set[str]) -> None:
        """End a quarantine and take what waits behind it; what concerns another quarantine too waits behind that."""
        hold(connection, erasing=False)
        mine = parked.c.behind == person
        entries = _entries(connection.execute(select(parked).where(mine).order_by(parked.c.service, parked.c.position)))
        release(connection, person)
        connection.execute(delete(parked).where(mine))
        self._taker.take(connection, entries, poison={}, also=also | ({person} - {REGISTER}))
        if person == REGISTER:
            refold_accommodations(connection, facts=self._facts)
        count_rebuild(connection)

    def _take_alone(self, service: str, position: int, connection: Connection, also: set[str]) -> None:
        hold(connection, erasing=False)
        mine = and_(parked.c.service == service, parked.c.position == position)
        entries = _entries(connection.execute(select(parked).where(mine)))
        connection.execute(delete(parked).where(mine))
        self._taker.take(connection, entries, poison={}, also=also)
        count_rebuild(connection)


def _entries(rows: Iterable[Any]) -> list[tuple[str, Known]]:
    """These facts as this version reads them. Raises Poison for one that is of an unknown type."""
    found: list[tuple[str, Known]] = []
    for row in rows:
        entry = read_event(row.body.encode())
        if not isinstance(entry, Readable | Unreadable):
            kind = entry.type if isinstance(entry, Unknown) else "what it says"
            raise Poison({row.behind or "": f"{kind} is unknown to this version"})
        found.append((row.service, entry))
    return found


def _alone(connection: Connection) -> list[tuple[str, int]]:
    rows = connection.execute(select(parked.c.service, parked.c.position).where(parked.c.behind.is_(None)))
    return [(row.service, row.position) for row in rows]


def _count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(parked)).scalar_one()
