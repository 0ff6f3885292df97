"""Makes everything derived anew: from the monitor's own facts, or from the ledgers; the figures come out the same."""

import json
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import asdict

from sqlalchemy import Connection, Delete, Engine, Table, bindparam, delete, func, select, update

from services.monitor.derived import DOSSIER_TABLES, person
from services.monitor.dossier.fold import fold
from services.monitor.dossier.rules import Rules
from services.monitor.projector.dossiers import Fold, Poison, forget, refold, refold_accommodations
from services.monitor.projector.facts import Facts
from services.monitor.projector.families import families
from services.monitor.projector.locks import ACCOMMODATIONS, lock, of_person
from services.monitor.projector.marks import count_rebuild
from services.monitor.projector.quarantine import isolate
from services.monitor.projector.upsert import upsert
from services.monitor.tables import derivation, fact, merged
from shared.calendar import microseconds
from shared.clock import Clock, system_clock
from shared.databases import in_order
from shared.logs import get_logger

PEOPLE_MAX = 500
"""Persons in one transaction; a running monitor waits for one at most."""

_log = get_logger()

Progress = Callable[[int, int], None]
"""Told after each batch: how many persons are done, of how many."""

_PAGE = (
    select(fact.c.person).where(fact.c.person > bindparam("after")).distinct().order_by(fact.c.person).limit(PEOPLE_MAX)
)


def rebuild(engine: Engine, *, rules: Rules, progress: Progress, clock: Clock = system_clock, fold: Fold = fold) -> int:
    """Fold every person anew from the facts that are stored here; how many persons that were.

    Safe beside a running monitor with the same rules: each batch of persons is one transaction that locks them. What
    is interrupted has done its batches whole and can be started again. Who cannot be folded is quarantined and keeps
    the rows that are there.
    """
    anew = _Anew(engine, rules=rules, clock=clock, fold=fold)
    with engine.begin() as connection:
        total = connection.execute(select(func.count(fact.c.person.distinct()))).scalar_one()
    done, after = 0, ""
    while people := _page(engine, after):
        anew.people(people)
        done, after = done + len(people), people[-1]
        progress(done, max(total, done))
    anew.register()
    with engine.begin() as connection:
        _forget_orphans(connection)
        connection.execute(update(derivation).values(rules=written(rules)))
        count_rebuild(connection)
    return done


def rebuild_when_outdated(engine: Engine, *, rules: Rules, progress: Progress, clock: Clock = system_clock) -> bool:
    """Rebuild if the rows follow other rules than these, and say whether they did."""
    with engine.begin() as connection:
        followed = connection.execute(select(derivation.c.rules)).scalar_one_or_none()
        if followed is None:
            # Another monitor may be the first on this database in the same moment.
            first = upsert(connection, derivation).values(only=1, rules=written(rules), rebuilds=0)
            connection.execute(first.on_conflict_do_nothing())
            followed = connection.execute(select(derivation.c.rules)).scalar_one()
    if followed == written(rules):
        return False
    rebuild(engine, rules=rules, progress=progress, clock=clock)
    return True


def written(rules: Rules) -> str:
    """The rules as text: equal for equal rules, in every process."""
    return json.dumps(asdict(rules), default=sorted, sort_keys=True)


def _page(engine: Engine, after: str) -> list[str]:
    with engine.begin() as connection:
        in_order(connection)
        return [found for found in connection.scalars(_PAGE, {"after": after}) if found is not None]


class _Anew:
    """Makes rows anew; whatever cannot be folded is quarantined and keeps the rows that are there."""

    def __init__(self, engine: Engine, *, rules: Rules, clock: Clock, fold: Fold) -> None:
        self._engine, self._rules, self._clock, self._fold = engine, rules, clock, fold
        self._facts = Facts(decoded_max=0)

    def people(self, people: Sequence[str]) -> None:
        """All rows of these persons, in one transaction; one by one when one of them cannot be folded."""
        try:
            whole = {*people}
            while missing := self._made(whole):
                whole |= missing
        except Poison as poison:
            if len(people) == 1:
                self._quarantine(poison, keys=map(of_person, poison.reasons))
            else:
                for person in people:
                    self.people([person])

    def _made(self, people: Set[str]) -> Set[str]:
        """Make the rows of these, unless others are in their families, who must be locked with them; those others."""
        with self._engine.begin() as connection:
            lock(connection, map(of_person, people))
            missing = families(connection, people).keys() - people
            if not missing:
                forget(connection, people)
                refold(connection, people, facts=self._facts, rules=self._rules, fold=self._fold)
                count_rebuild(connection)
            return missing

    def register(self) -> None:
        """The register of accommodations."""
        try:
            with self._engine.begin() as connection:
                lock(connection, [ACCOMMODATIONS])
                refold_accommodations(connection, facts=self._facts)
                count_rebuild(connection)
        except Poison as poison:
            self._quarantine(poison, keys=[ACCOMMODATIONS])

    def _quarantine(self, poison: Poison, *, keys: Iterable[str]) -> None:
        _log.error("rebuild_quarantined", reason=str(poison))
        with self._engine.begin() as connection:
            lock(connection, keys)
            isolate(connection, poison.reasons, at=None, since_us=microseconds(self._clock()))
            count_rebuild(connection)


def _forget_orphans(connection: Connection) -> None:
    for table in (*DOSSIER_TABLES, person):
        connection.execute(of_nobody(table))


def of_nobody(table: Table) -> Delete:
    """Deletes the rows of persons that no fact is about, nor names as another pseudonym of somebody."""
    # Two questions: of NOT IN their union PostgreSQL makes a pass over everybody for each row, once they are many.
    told = select(fact.c.person).where(fact.c.person == table.c.person).exists()
    named = select(merged.c.person).where(merged.c.person == table.c.person).exists()
    return delete(table).where(~told, ~named)
