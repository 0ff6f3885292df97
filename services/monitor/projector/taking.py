"""Takes facts: stored once, everyone they concern refolded; what cannot be taken is parked behind a quarantine."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection, Engine

from services.monitor.dossier.rules import Rules
from services.monitor.projector.dossiers import REGISTER, Fold, Poison, forget, refold, refold_accommodations
from services.monitor.projector.entries import Known, Readable
from services.monitor.projector.erasing import Decision, Erasing, Found, decisions
from services.monitor.projector.facts import Facts, people_of_records, records_of_people
from services.monitor.projector.families import Family, families, keep, named_by
from services.monitor.projector.locks import ACCOMMODATIONS, ALERTS, hold, lock, of_person
from services.monitor.projector.quarantine import about, held_by, isolate, park, unreadable, waiting
from services.monitor.projector.sources import see
from shared.calendar import microseconds
from shared.clock import Clock
from shared.erasure import Seal
from shared.facts.erasure import AUTHORITY
from shared.logs import get_logger

T = TypeVar("T")

_log = get_logger()


class _MorePeople(Exception):
    """Records came to be about more persons, or facts of others named who is erased: begin again."""

    def __init__(self, people: set[str]) -> None:
        self.people = people


def in_one_transaction(engine: Engine, work: Callable[[Connection, set[str]], T]) -> T:
    """Do this work in a transaction, with whom to lock besides those it finds; again as long as there are more."""
    people: set[str] = set()
    while True:
        try:
            with engine.begin() as connection:
                return work(connection, people)
        except _MorePeople as more:
            people = more.people


class Taker:
    """Takes facts in a transaction of its caller."""

    def __init__(self, facts: Facts, *, rules: Rules, clock: Clock, fold: Fold, seal: Seal | None) -> None:
        self._facts, self._rules, self._clock, self._fold = facts, rules, clock, fold
        self._erasing = Erasing(seal, facts)

    def take(
        self,
        connection: Connection,
        entries: Sequence[tuple[str, Known]],
        *,
        poison: Mapping[str, str],
        also: set[str],
        erase: Sequence[Decision] = (),
    ) -> None:
        """Take these facts of services, or park them behind a quarantine; whom they or `erase` erase is taken out.

        Raises Poison, and nothing may be committed, when somebody who is not quarantined could not take one of them.
        Given again with only that fact and with its `poison`, it quarantines them and parks the fact.
        """
        wanted = [*decisions(entries), *erase]
        hold(connection, erasing=bool(wanted))
        gone = self._erasing.found(connection, wanted)
        released = self._erasing.released(connection, gone)
        entries = self._erasing.sealed(connection, [*entries, *released], [one.decision for one in gone])
        people, together = self._locked(connection, entries, also=also | self._concerned(connection, gone), gone=gone)
        at_us = microseconds(self._clock())
        named = {whom for one in gone for whom in self._erasing.erase(connection, one, at_us=at_us)}
        with_them = {name for one in gone for name in together.get(one.person or "", ())}
        if not named <= people:
            raise _MorePeople(people | named)
        if gone:
            # Nothing may be left of what was folded together.
            forget(connection, with_them)
            together = families(connection, people)
        self._isolate(connection, entries, poison, at_us=at_us)
        held = held_by(connection, together)
        if cannot := {whom: why for whom, why in unreadable(entry for _, entry in entries).items() if whom not in held}:
            raise Poison(cannot)
        parked = waiting(connection, entries, held=held)
        park(connection, parked, at_us=at_us)
        waits = {(one.service, one.entry.position) for one in parked}
        taken = [
            (service, entry)
            for service, entry in entries
            if isinstance(entry, Readable) and (service, entry.position) not in waits
        ]
        self._facts.store(connection, taken)
        keep(connection, taken)
        self._refold(connection, people - held.keys())
        if people - held.keys():
            _require_whole(connection, taken, people)
        if any(about(entry) == REGISTER for _, entry in taken):
            refold_accommodations(connection, facts=self._facts)
        self._refold_held(connection, (named | with_them) & held.keys(), together)
        readable = (entry for _, entry in entries if isinstance(entry, Readable))
        # The authority over pseudonyms has something to say a few times a year, and must not seem to fall silent.
        see(connection, [entry for entry in readable if entry.record[1] not in AUTHORITY])

    def _isolate(
        self, connection: Connection, entries: Sequence[tuple[str, Known]], poison: Mapping[str, str], *, at_us: int
    ) -> None:
        if poison:
            # There is no fact where an erasure that a command brings makes that somebody else cannot be folded.
            at = next(((service, entry.position) for service, entry in entries), None)
            service, position = at or (None, None)
            isolate(connection, poison, at=at, since_us=at_us)
            for why in sorted(set(poison.values())):
                _log.error("fact_parked", ledger=service, position=position, reason=why)

    def _refold(self, connection: Connection, people: set[str]) -> None:
        refold(connection, people - {REGISTER}, facts=self._facts, rules=self._rules, fold=self._fold)
        if REGISTER in people:
            refold_accommodations(connection, facts=self._facts)

    def _refold_held(self, connection: Connection, people: set[str], together: Mapping[str, Family]) -> None:
        """The same for who is quarantined, from what they had before; who cannot be folded at all stays as they are."""
        for whom in sorted(people):
            try:
                with connection.begin_nested():
                    self._refold(connection, {whom, *together.get(whom, ())})
            except Poison as poison:
                # Their rows may name who is erased: the search finds that, and it goes with the end of the quarantine.
                _log.error("quarantined_not_folded", reason=str(poison))

    def _concerned(self, connection: Connection, gone: Sequence[Found]) -> set[str]:
        """Those who are taken out, and everyone who ever had a record that one of them had too."""
        names = {one.person for one in gone if one.person is not None}
        return names | people_of_records(connection, records_of_people(connection, names))

    def _locked(
        self, connection: Connection, entries: Sequence[tuple[str, Known]], *, also: set[str], gone: Sequence[Found]
    ) -> tuple[set[str], Mapping[str, Family]]:
        """Lock everyone whom these facts or their records are or were about, with their families; those persons.

        Raises _MorePeople when somebody else has merged one of them meanwhile: who waited for a lock sees it then.
        """
        facts = [entry for _, entry in entries if isinstance(entry, Readable)]
        hashes = {entry.record_hash for entry in facts}
        people = {whom for _, entry in entries if (whom := about(entry))} | also
        people |= people_of_records(connection, hashes)
        people |= {other for entry in facts if (other := named_by(entry)) is not None}
        together = families(connection, people)
        people |= together.keys()
        if connection.dialect.name == "postgresql":
            keys = {*map(of_person, people - {REGISTER}), *([ALERTS] if gone else [])}
            if REGISTER in people or any(about(entry) == REGISTER for _, entry in entries):
                keys.add(ACCOMMODATIONS)
            lock(connection, keys)
            together = families(connection, people)
            if not together.keys() <= people:
                raise _MorePeople(also | together.keys())
        return people, together


def _require_whole(connection: Connection, taken: Sequence[tuple[str, Readable]], people: set[str]) -> None:
    """Raises _MorePeople when somebody else said meanwhile that one of these records is about another person.

    The lock of the change numbers is held to the commit, so of two who do that at once the second sees the first. What
    is said about one of `people` is no question: they are locked.
    """
    if connection.dialect.name == "postgresql":
        now = people_of_records(connection, {entry.record_hash for _, entry in taken})
        if not now <= people:
            raise _MorePeople(people | now)
