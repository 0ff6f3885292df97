"""Everything that is derived, kept in memory: read once, then only the persons that changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from services.monitor.dossier.state import Dossier
from services.monitor.history.horizon import horizon_us
from services.monitor.history.stored import changed_dossiers
from services.monitor.progress import Version, version
from services.monitor.projector.facts import Facts
from services.monitor.tables import derivation, person, source_heard, source_observed
from shared.calendar import microseconds
from shared.facts.envelope import AcceptedEvent

REGISTER_FACTS_MAX = 20_000
"""Facts about accommodations that are kept decoded."""


class Person(NamedTuple):
    """The dossier of one person, and when the facts about them were accepted, in microseconds since 1970."""

    dossier: Dossier
    first_us: int
    """Before it nobody knew of them."""
    last_us: int
    """From it on the dossier is this one."""


@dataclass(frozen=True)
class View:
    """What the database said in one snapshot. It never changes, so it may be read without a lock."""

    version: Version
    persons: Sequence[Person]
    """By pseudonym."""
    register_facts: Sequence[AcceptedEvent]
    observed: Mapping[str, Sequence[tuple[int, int]]]
    """By source: when it was accepted, in order, and how early the source recorded what was accepted then."""
    heard: Mapping[str, Sequence[tuple[date, int]]]
    """By source each day on which it was heard, in order, and when it first was on that day."""
    horizon_us: int
    """Everything accepted up to then is projected, for ever."""

    @cached_property
    def dossiers(self) -> tuple[Dossier, ...]:
        """All of them, by pseudonym."""
        return tuple(one.dossier for one in self.persons)

    @cached_property
    def last_us(self) -> int:
        """When the last fact about a person or an accommodation was accepted; 0 where there is none."""
        about_persons = (one.last_us for one in self.persons)
        return max(*about_persons, *(microseconds(event.acceptedat) for event in self.register_facts), 0, 0)


class Live:
    """Not for several threads at once: whoever holds it has a lock."""

    def __init__(self) -> None:
        self._persons: dict[str, Person] = {}
        self._facts = Facts(decoded_max=REGISTER_FACTS_MAX)
        self._change = -1
        self._view: View | None = None

    def view(self, connection: Connection) -> View:
        """What the database says now. Give it a connection whose transaction reads one snapshot."""
        now, until = version(connection), horizon_us(connection)
        before = self._view
        if before is None or before.version != now:
            persons = self._changed(connection)
            register = self._facts.of_accommodations(connection)
            self._view = View(now, persons, register, _observed(connection), _heard(connection), until)
        elif before.horizon_us != until:
            self._view = replace(before, horizon_us=until)
        assert self._view is not None
        return self._view

    def _changed(self, connection: Connection) -> Sequence[Person]:
        """Everyone, by pseudonym, after reading those that changed; all anew when some are gone."""
        change = connection.execute(select(derivation.c.changes)).scalar_one_or_none() or 0
        count = connection.execute(select(func.count()).select_from(person)).scalar_one()
        if change < self._change:
            self._persons, self._change = {}, -1  # A database restored from an older copy counts anew.
        self._read(connection)
        if len(self._persons) != count:
            # What is in memory holds all that is in the database; with an equal number it holds nothing else.
            self._persons, self._change = {}, -1
            self._read(connection)
        self._change = change
        return tuple(self._persons[name] for name in sorted(self._persons))

    def _read(self, connection: Connection) -> None:
        for dossier, first_us, last_us in changed_dossiers(connection, after=self._change):
            self._persons[dossier.person] = Person(dossier, first_us, last_us)


def _observed(connection: Connection) -> Mapping[str, Sequence[tuple[int, int]]]:
    steps: dict[str, list[tuple[int, int]]] = {}
    order = source_observed.c.source, source_observed.c.accepted_at_us
    for source, accepted_at_us, time_us in connection.execute(select(source_observed).order_by(*order)):
        steps.setdefault(source, []).append((accepted_at_us, time_us))
    return steps


def _heard(connection: Connection) -> Mapping[str, Sequence[tuple[date, int]]]:
    days: dict[str, list[tuple[date, int]]] = {}
    order = source_heard.c.source, source_heard.c.on
    for source, on, first_us in connection.execute(select(source_heard).order_by(*order)):
        days.setdefault(source, []).append((on, first_us))
    return days
