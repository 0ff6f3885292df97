"""Everything that is derived, kept in memory: read once, then only the persons that changed since."""

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, func, select

from services.monitor.accommodations import Register, fold_register
from services.monitor.derived import person
from services.monitor.dossier.spells import Spells
from services.monitor.dossier.state import Dossier
from services.monitor.erasures import erased
from services.monitor.history.horizon import horizon_us
from services.monitor.history.stored import changed_dossiers
from services.monitor.progress import Version, version
from services.monitor.projector.facts import Facts, Place, accommodation_facts, places_of_accommodations
from services.monitor.projector.families import Families, every_family
from services.monitor.tables import derivation, source_heard, source_observed
from shared.calendar import microseconds
from shared.facts.envelope import AcceptedEvent

REGISTER_FACTS_MAX = 20_000
"""Facts about accommodations that are kept decoded."""


SETTLED_FROM = 10_000
"""So many dossiers are worth telling Python that they stay."""


class Person(NamedTuple):
    """The dossier of one person, and when the facts about them were accepted, in microseconds since 1970."""

    dossier: Dossier
    first_us: int
    """Before it nobody knew of them."""
    last_us: int
    """From it on the dossier is this one."""


class Follower(Protocol):
    """Is told of every dossier that is not what it was, so that it can keep sums instead of adding up again."""

    def changed(self, before: Dossier | None, after: Dossier | None) -> None:
        """One person: what was known of them before, and now; None for nothing."""


class RegisterFacts:
    """The facts about accommodations and their places, and what they say together."""

    def __init__(self, places: frozenset[Place], facts: Sequence[AcceptedEvent]) -> None:
        self.places, self.facts = places, facts

    @cached_property
    def register(self) -> Register:
        """As all of them say it."""
        return fold_register(self.facts)

    @cached_property
    def last_us(self) -> int:
        """When the last of them was accepted; 0 where there is none."""
        return max((microseconds(event.acceptedat) for event in self.facts), default=0)

    def known_at(self, known_us: int) -> Register:
        """As those say it that were accepted by then."""
        if known_us >= self.last_us:
            return self.register
        return fold_register(event for event in self.facts if microseconds(event.acceptedat) <= known_us)


@dataclass(frozen=True, slots=True)
class View:
    """What the database said in one snapshot. It never changes, so it may be read without a lock."""

    version: Version
    persons: Sequence[Person]
    """By pseudonym."""
    spells: Spells
    """Of the dossiers of these persons."""
    families: Families
    """Those of whom it was ever said that they are one."""
    register: RegisterFacts
    observed: Mapping[str, Sequence[tuple[int, int]]]
    """By source: when it was accepted, in order, and how early the source recorded what was accepted then."""
    heard: Mapping[str, Sequence[tuple[date, int]]]
    """By source each day on which it was heard, in order, and when it first was on that day."""
    horizon_us: int
    """Everything accepted up to then is projected, for ever."""
    erased: int
    """Grows when somebody is erased: then what was known before is not what it was."""

    last_us: int
    """When the last fact about a person was accepted; 0 where there is none."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the database says now, for who follows the changes."""

    connection: Connection
    """In the transaction that was looked in."""
    version: Version
    register: Register
    dossiers: Callable[[], Iterable[Dossier]]
    """All of them, in no order."""


class Live:
    """Not for several threads at once: whoever holds it has a lock."""

    def __init__(self) -> None:
        self.followers: list[Follower] = []
        self._persons: dict[str, Person] = {}
        self._facts = Facts(decoded_max=REGISTER_FACTS_MAX)
        self._change = -1
        self._rebuilds = -1
        self._register_of: tuple[int, int] | None = None
        """How many facts about accommodations there were, after how many rebuilds: a fact that is there stays."""
        self._view: View | None = None
        self.version: Version | None = None
        self.register = RegisterFacts(frozenset(), ())

    def refresh(self, connection: Connection) -> None:
        """Read what changed. Give it a connection whose transaction reads one snapshot."""
        now = version(connection)
        if now == self.version:
            return
        self.version = None  # So that all is looked at again if the database fails half-way.
        self._read_changes(connection)
        self._read_register(connection)
        self.version = now

    def look(self, connection: Connection) -> Look:
        """What the database says now, at the cost of what changed; to be left before anybody else looks."""
        self.refresh(connection)
        assert self.version is not None
        return Look(
            connection, self.version, self.register.register, lambda: (one.dossier for one in self._persons.values())
        )

    def view(self, connection: Connection) -> View:
        """What the database says now. Give it a connection whose transaction reads one snapshot."""
        self.refresh(connection)
        until, before = horizon_us(connection), self._view
        assert self.version is not None
        if before is None or before.version != self.version:
            persons = tuple(self._persons[name] for name in sorted(self._persons))
            families = every_family(connection)
            self._view = View(
                version=self.version,
                persons=persons,
                spells=Spells(tuple(one.dossier for one in persons)),
                families=families,
                register=self.register,
                observed=_observed(connection),
                heard=_heard(connection),
                horizon_us=until,
                erased=_erased(connection),
                last_us=max((*(one.last_us for one in persons), *families.last_us.values()), default=0),
            )
        elif before.horizon_us != until:
            self._view = replace(before, horizon_us=until)
        assert self._view is not None
        return self._view

    def _read_changes(self, connection: Connection) -> None:
        """Read those that changed. Persons are gone only where a rebuild, an erasure or a merge counted itself."""
        marks = connection.execute(select(derivation.c.changes, derivation.c.rebuilds)).one_or_none()
        change, rebuilds = (0, 0) if marks is None else marks
        if change < self._change:
            self._forget()  # A database restored from an older copy counts anew.
        self._read(connection)
        if rebuilds != self._rebuilds:
            self._drop_absent(connection)
        self._change, self._rebuilds = change, rebuilds

    def _read_register(self, connection: Connection) -> None:
        there = accommodation_facts(connection), self._rebuilds
        if there == self._register_of:
            return
        places = places_of_accommodations(connection)
        if places != self.register.places:
            self.register = RegisterFacts(places, self._facts.at(connection, places))
        self._register_of = there

    def _drop_absent(self, connection: Connection) -> None:
        """Let go of those who are in the database no more; memory holds everybody who is."""
        if len(self._persons) == connection.execute(select(func.count()).select_from(person)).scalar_one():
            return
        for name in self._persons.keys() - set(connection.scalars(select(person.c.person))):
            self._tell(self._persons.pop(name), None)

    def _forget(self) -> None:
        gone, self._persons, self._change, self._register_of = self._persons, {}, -1, None
        for one in gone.values():
            self._tell(one, None)

    def _read(self, connection: Connection) -> None:
        everything = self._change < 0
        for dossier, first_us, last_us in changed_dossiers(connection, after=self._change):
            before = self._persons.get(dossier.person)
            after = self._persons[dossier.person] = Person(dossier, first_us, last_us)
            self._tell(before, after)
            for name in dossier.also:
                if (absorbed := self._persons.pop(name, None)) is not None:
                    self._tell(absorbed, None)
        if everything and len(self._persons) >= SETTLED_FROM:
            _settle()

    def _tell(self, before: Person | None, after: Person | None) -> None:
        for follower in self.followers:
            follower.changed(before and before.dossier, after and after.dossier)


def _settle() -> None:
    """What is in memory now stays, as far as anybody can tell: the search for cycles leaves it out from now on.

    Dossiers have no cycles, so they go when nobody has them any more.
    """
    gc.collect()
    gc.freeze()


def _erased(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.sum(erased.c.facts + 1), 0))).scalar_one())


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
