"""The life of the alerts on tables: one pass looks at the persons that changed or are due, in transactions of a few.

Two monitors may do this at once, and beside a rebuild: a batch is judged from one snapshot, and written under a lock
only if nobody looked at these persons meanwhile. What was judged carries the change number of the dossier it was judged
by, so that a newer one is looked at again.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from threading import Event

import stamina
from sqlalchemy import Connection, Engine, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from services.monitor.alerts.conditions.alert import Alert
from services.monitor.alerts.conditions.judging import long_past, missing_steps, spells
from services.monitor.alerts.conditions.rules import Rulebook
from services.monitor.alerts.conditions.units import unit_spells
from services.monitor.alerts.following import Judged, lives
from services.monitor.alerts.happenings import Overtaken, record
from services.monitor.alerts.kept import kept_of
from services.monitor.alerts.landscape import landscape
from services.monitor.alerts.life import Change, Now, life
from services.monitor.alerts.looked import looked_at, note_looked
from services.monitor.alerts.rulebook import edition
from services.monitor.alerts.tables import alert_catch_up, alert_person, alert_watch
from services.monitor.derived import person
from services.monitor.dossier.rules import Rules
from services.monitor.dossier.state import Dossier
from services.monitor.history.stored import dossiers_of
from services.monitor.projector.among import among
from services.monitor.projector.bulk import insert_rows
from services.monitor.projector.families import families
from services.monitor.projector.locks import ALERTS, lock
from services.monitor.projector.upsert import upsert
from services.monitor.tables import derivation
from shared.calendar import calendar_date, microseconds, midnight, moment_of, next_midnight
from shared.clock import Clock
from shared.databases import in_order, reading
from shared.logs import get_logger

PEOPLE_MAX = 50
"""Persons in one transaction: on SQLite the projection waits for it."""

ATTEMPTS_MAX = 5
"""Attempts at one batch while somebody acknowledges an alert of it, or the database is away."""

AGAIN = (Overtaken, IntegrityError, OperationalError)
"""What a second attempt may mend."""

UNITS = ""
"""In place of a pseudonym: the alerts about no person."""

EVERYONE = -1
"""Below every change number."""

_LAST_LOOKS = select(alert_person).where(among(alert_person.c.person, "people"))
_FORGET = delete(alert_person).where(among(alert_person.c.person, "people"))
_KNOWN = select(person.c.person).where(among(person.c.person, "people"))

_log = get_logger()


@dataclass(slots=True)
class Pass:
    """What one pass did."""

    persons: int = 0
    opened: int = 0
    closed: int = 0
    missed: int = 0
    whole: bool = True
    """Whether nobody was left to look at."""

    def count(self, changes: Iterable[Change]) -> None:
        """Add these."""
        for change in changes:
            kinds = {one.kind for one in change.happenings}
            self.opened += "opened" in kinds or "reopened" in kinds
            self.closed += "closed" in kinds
            self.missed += "missed" in kinds


@dataclass(frozen=True, slots=True)
class _Looked:
    """A person that was judged: by which dossier, and when to look again if nothing changes."""

    person: str
    before: tuple[int, int | None] | None
    """What the table said of them then; None when they were never looked at."""
    changed: int | None
    """None when no fact is about them any more."""
    due_at: datetime | None


class AlertBook:
    """Keeps what is open, what was, and what happened to it. Blocking; call it from one thread at a time."""

    def __init__(self, engine: Engine, *, rules: Rulebook, fold: Rules, clock: Clock) -> None:
        self._stopping = Event()
        self._judged = EVERYONE
        self._engine, self._reading, self._rules, self._fold, self._clock = engine, reading(engine), rules, fold, clock

    def look(self, *, enough: Callable[[], bool] = lambda: False) -> Pass:
        """Look at everyone whose dossier changed or whose alerts change by the clock, then at the units; what was done.

        What is interrupted, or was `enough` after a batch, goes on where it stopped. After days without one it says so.
        """
        began, done = self._clock(), Pass()
        began_on, before = self._begin(began)
        now = Now(began, self._rules, began_on)
        done.whole = self._look_at_persons(now, done, after=EVERYONE, enough=enough)
        if done.whole:
            done.count(self._again(partial(self._judge_units, now)))
            self._end(began, before, done)
        return done

    def nothing_to_see(self, at: datetime) -> None:
        """Note that all was looked at until this moment, for nothing came in and nothing was due since."""
        with self._engine.begin() as connection:
            note_looked(connection, at)

    def stop(self) -> None:
        """End a look that is under way after its batch; the next one goes on from there."""
        self._stopping.set()

    def look_at_persons(self, *, enough: Callable[[], bool] = lambda: False) -> Pass:
        """Look at everyone whose dossier changed or whose alerts change by the clock; what was done."""
        began, done = self._clock(), Pass()
        began_on, _ = self._begin(began)
        done.whole = self._look_at_persons(Now(began, self._rules, began_on), done, after=self._judged, enough=enough)
        return done

    def _look_at_persons(self, now: Now, done: Pass, *, after: int, enough: Callable[[], bool]) -> bool:
        """All that changed after this change number and until now; what changes meanwhile is for the next look."""
        with self._reading.begin() as connection:
            until = connection.execute(select(derivation.c.changes)).scalar_one_or_none() or 0
        # A database that was restored from an older copy counts anew.
        after = after if after <= until else EVERYONE
        since = after
        while not self._stopping.is_set() and not enough():
            people, reached = self._waiting(now.moment, since=since, until=until, gone=after == EVERYONE)
            if people:
                done.count(self._again(partial(self._judge, people, now)))
                done.persons += len(people)
                since = max(since, reached)
            elif since > after:
                since = after  # Once more: another monitor may have been in between, and have left somebody to us.
            else:
                self._judged = until
                return True
        return False

    def _again(self, attempt_it: Callable[[], list[Change]]) -> list[Change]:
        made: list[Change] = []
        for attempt in stamina.retry_context(on=AGAIN, attempts=ATTEMPTS_MAX, wait_max=2):
            with attempt:
                made = attempt_it()
        return made

    def due_at(self) -> datetime | None:
        """When alerts change next although no fact comes in: at the latest at midnight in Amsterdam."""
        with self._reading.begin() as connection:
            first = connection.execute(select(func.min(alert_person.c.due_at_us))).scalar_one()
            before = looked_at(connection)
        if before is None:
            return None
        new_day = next_midnight(before)
        return new_day if first is None else min(new_day, moment_of(first))

    def _begin(self, now: datetime) -> tuple[date, datetime | None]:
        """Since when anybody was to see, and until when all was looked at; for new rules all is looked at anew."""
        wanted = edition(self._rules)
        with self._engine.begin() as connection:
            lock(connection, [ALERTS])
            row = connection.execute(select(alert_watch)).one_or_none()
            if row is None:
                begin = {"began_on": calendar_date(now), "looked_at_us": microseconds(now), "edition": wanted}
                connection.execute(insert(alert_watch).values(only=1, **begin))
                return calendar_date(now), None
            if row.edition != wanted:
                connection.execute(update(alert_person).values(due_at_us=0))
                connection.execute(update(alert_watch).values(edition=wanted))
                _log.info("alert_rules_changed", edition=wanted)
            return row.began_on, moment_of(row.looked_at_us)

    def _end(self, began: datetime, before: datetime | None, done: Pass) -> None:
        """Note until when everything is looked at; say so when days had gone by."""
        with self._engine.begin() as connection:
            lock(connection, [ALERTS])
            note_looked(connection, began)
            if before is None or began < next_midnight(before) + timedelta(days=1):
                return
            caught_up = {"opened": done.opened, "closed": done.closed, "missed": done.missed}
            connection.execute(
                upsert(connection, alert_catch_up)
                .values(at_us=microseconds(began), from_us=microseconds(before), **caught_up)
                .on_conflict_do_nothing()
            )
        _log.warning("alerts_caught_up", since=before.isoformat(), until=began.isoformat(), **caught_up)

    def _waiting(self, now: datetime, *, since: int, until: int, gone: bool) -> tuple[list[str], int]:
        """Some of those with another dossier than they were judged by, in the order in which they changed, or else of
        those who are due, or of whom no fact is left; and the change number up to which there are no more of the first.
        """
        changed = (
            select(person.c.person, person.c.changed)
            .outerjoin(alert_person, alert_person.c.person == person.c.person)
            .where(
                person.c.changed > since,
                person.c.changed <= until,
                or_(alert_person.c.person.is_(None), alert_person.c.changed != person.c.changed),
            )
            .order_by(person.c.changed)
            .limit(PEOPLE_MAX)
        )
        due = select(alert_person.c.person).where(alert_person.c.due_at_us <= microseconds(now)).limit(PEOPLE_MAX)
        left = (
            select(alert_person.c.person)
            .outerjoin(person, person.c.person == alert_person.c.person)
            .where(person.c.person.is_(None))
            .limit(PEOPLE_MAX)
        )
        with self._reading.begin() as connection:
            in_order(connection)
            if rows := connection.execute(changed).all():
                return [name for name, _ in rows], rows[-1].changed - 1  # More may have changed with the last of them.
            for query in (due, *([left] if gone else [])):
                if people := list(connection.scalars(query)):
                    return people, since
        return [], since

    def _judge(self, people: Sequence[str], now: Now) -> list[Change]:
        with self._reading.begin() as connection:
            together = families(connection, people)
            people = sorted({*people, *together})
            before = _last_looks(connection, people)
            kept = kept_of(connection, people)
            found = {one[0].person: one for one in dossiers_of(connection, people)}
        changes: dict[Collection[str], list[Change]] = {}
        looked = {name: _Looked(name, before.get(name), None, None) for name in people}
        for unit in {together.get(name) or (name,) for name in people}:
            judged: dict[str, Judged] = {}
            for name in (one for one in unit if one in found):
                dossier, changed, last_us = found[name]
                judged[name], due_at = self._judge_dossier(dossier, last_us, now, known=any(kept[one] for one in unit))
                looked[name] = _Looked(name, before.get(name), changed, due_at)
            changes[unit] = lives([one for name in unit for one in kept[name]], judged, now=now)
        with self._engine.begin() as connection:
            lock(connection, [ALERTS])
            mine = {one.person: one for one in _unlooked(connection, list(looked.values()))}
            whole = [unit for unit in changes if mine.keys() >= {*unit}]
            made = [change for unit in whole for change in changes[unit]]
            record(connection, made, at=now.moment)
            _note(connection, [mine[name] for unit in whole for name in unit])
        return made

    def _judge_dossier(
        self, dossier: Dossier, last_us: int, now: Now, *, known: bool
    ) -> tuple[Judged, datetime | None]:
        """What the rules say of a dossier, and when to look again; `known` where an alert is on record of it."""
        if not known and long_past(dossier, on=now.today, rules=self._rules):
            return Judged(dossier, (), ()), None
        heard_on = calendar_date(moment_of(last_us))
        every = spells(dossier, rules=self._rules, link_days=self._fold.link_days, heard_on=heard_on)
        missing = missing_steps(dossier, on=now.today, link_days=self._fold.link_days)
        return Judged(dossier, every, missing), _due_at(every, now, open_ones=any(now.holds(one) for one in every))

    def _judge_units(self, now: Now) -> list[Change]:
        with self._reading.begin() as connection:
            kept = kept_of(connection, [UNITS])[UNITS]
            land = landscape(connection, on=now.today, rules=self._rules)
        changes = life(kept, unit_spells(land, on=now.today, rules=self._rules), now=now)
        if changes:
            with self._engine.begin() as connection:
                lock(connection, [ALERTS])
                record(connection, changes, at=now.moment)
        return changes


def _due_at(every: Iterable[Alert], now: Now, *, open_ones: bool) -> datetime | None:
    """When something of this begins or ends next; with anything open at the next midnight, for what is missing."""
    moments = [next_midnight(now.moment)] if open_ones else []
    for alert in every:
        begins = alert.since_at or midnight(alert.since)
        ends = alert.until_at or (midnight(alert.until) if alert.until else None)
        moments += [moment for moment in (begins, ends) if moment is not None and moment > now.moment]
    return min(moments, default=None)


def _last_looks(connection: Connection, people: Collection[str]) -> dict[str, tuple[int, int | None]]:
    """By person the change number of the dossier that was looked at, and when to look again."""
    rows = connection.execute(_LAST_LOOKS, {"people": people})
    return {row.person: (row.changed, row.due_at_us) for row in rows}


def _unlooked(connection: Connection, looked: Sequence[_Looked]) -> list[_Looked]:
    """Those that nobody else has looked at since we read what we judged."""
    people = [one.person for one in looked]
    present = _last_looks(connection, people)
    known = set(connection.scalars(_KNOWN, {"people": people}))
    # Of whom nothing is known any more, such as somebody who was erased meanwhile, nothing is written.
    left = (one for one in looked if one.changed is None or one.person in known)
    return [one for one in left if present.get(one.person) == one.before]


def _note(connection: Connection, looked: Sequence[_Looked]) -> None:
    connection.execute(_FORGET, {"people": [one.person for one in looked]})
    rows = [
        {"person": one.person, "changed": one.changed, "due_at_us": microseconds(one.due_at) if one.due_at else None}
        for one in looked
        if one.changed is not None
    ]
    insert_rows(connection, alert_person, rows)
