"""The projector: applies what the streams bring, each group of batches in one transaction. Blocking; one thread."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import stamina
from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import OperationalError

from services.monitor.dossier.rules import Rules
from services.monitor.projector.dossiers import refold, refold_accommodations
from services.monitor.projector.entries import Entry, RawEntry, Readable, Stream, Unreadable, follow, read, readable
from services.monitor.projector.facts import ACCOMMODATION_FACTS, Facts, people_of_records, record_hash, record_of
from services.monitor.projector.locks import ACCOMMODATIONS, lock, of_person, of_record
from services.monitor.projector.marks import Promise, move_horizon
from services.monitor.projector.sources import see
from services.monitor.projector.upsert import upsert
from services.monitor.tables import checkpoint, parked
from shared.calendar import microseconds
from shared.clock import Clock

ATTEMPTS_MAX = 5
"""Attempts at one transaction while the database is away or two transactions collide."""

DECODED_FACTS_MAX = 50_000
"""Facts kept decoded; about 2 KiB each."""


class CheckpointLost(Exception):
    """Another process projects this stream: stop, and let it."""


class HoleRemains(Exception):
    """Facts are missing before an entry and the feed does not have them: stop; nothing was skipped."""


class Source(Protocol):
    """Where missing facts come from: the feeds of the services, or a test's own ledger."""

    def read(self, stream: Stream, *, after: int) -> list[Entry]: ...


class _MorePeople(Exception):
    """While we waited for the locks, the records came to be about more persons: let go and lock them too."""

    def __init__(self, people: set[str]) -> None:
        self.people = people


class Projector:
    """Moves each stream's checkpoint and everything derived from its facts together, or not at all."""

    def __init__(self, engine: Engine, *, rules: Rules, clock: Clock, source: Source) -> None:
        self._engine, self._rules, self._clock, self._source = engine, rules, clock, source
        self._facts = Facts(decoded_max=DECODED_FACTS_MAX)
        self._positions: dict[Stream, int] = {}
        self._promised: Mapping[str, Promise] = {}

    @property
    def positions(self) -> Mapping[Stream, int]:
        """The last position that is durably projected, by stream."""
        return self._positions

    def load(self, streams: Collection[Stream]) -> None:
        """Take up these streams where the database says that they stand; new ones from the start."""
        with self._engine.begin() as connection:
            new = [
                {"stream": stream.name, "position": 0, "entries": 0, "accepted_at_us": 0} for stream in sorted(streams)
            ]
            connection.execute(upsert(connection, checkpoint).on_conflict_do_nothing(), new)
            known = {row.stream: row.position for row in connection.execute(select(checkpoint))}
        self._positions.update((stream, known[stream.name]) for stream in streams)

    def apply(self, batches: Mapping[Stream, Sequence[RawEntry]]) -> None:
        """Project these entries; what was projected before is skipped, a hole before one is filled from the source.

        Raises CheckpointLost, HoleRemains, or what the source raises; whatever was not committed then comes again.
        """
        runs: dict[Stream, Sequence[Entry]] = {}
        for stream, raw in batches.items():
            entries = [read(entry) for entry in raw]
            run = follow(entries, after=self._positions[stream])
            while run.gap is not None:
                self._commit({stream: run.entries})
                self._fill(stream, until=run.missing_until)
                entries = entries[run.gap :]
                run = follow(entries, after=self._positions[stream])
            runs[stream] = run.entries
        self._commit(runs)

    def catch_up(self, stream: Stream) -> int:
        """Project everything that the source has of this stream; how many facts that were."""
        count = 0
        while page := self._source.read(stream, after=self._positions[stream]):
            self._commit({stream: self._continued(stream, page)})
            count += len(page)
        return count

    def settle(self, promised: Mapping[str, Promise]) -> None:
        """Take note of what the ledgers promised, for what is projected now and for what follows."""
        self._promised = promised
        for attempt in stamina.retry_context(on=OperationalError, attempts=ATTEMPTS_MAX, wait_max=2):
            with attempt, self._engine.begin() as connection:
                move_horizon(connection, promised)

    def _fill(self, stream: Stream, *, until: int) -> None:
        """Project from the source what is missing in the stream, up to and with this position."""
        if until <= self._positions[stream]:
            raise HoleRemains(f"{stream.name}: an entry follows {until}, but {self._positions[stream]} is projected")
        while self._positions[stream] < until:
            page = self._source.read(stream, after=self._positions[stream])
            if not page:
                raise HoleRemains(f"{stream.name}: nothing after {self._positions[stream]}, {until} was expected")
            self._commit({stream: self._continued(stream, page)})

    def _continued(self, stream: Stream, page: Sequence[Entry]) -> Sequence[Entry]:
        run = follow(page, after=self._positions[stream])
        if run.gap is not None:
            raise HoleRemains(f"{stream.name}: the source has a gap after {self._positions[stream]}")
        return run.entries

    def _commit(self, runs: Mapping[Stream, Sequence[Entry]]) -> None:
        runs = {stream: run for stream, run in sorted(runs.items()) if run}
        if not runs:
            return
        for attempt in stamina.retry_context(on=OperationalError, attempts=ATTEMPTS_MAX, wait_max=2):
            with attempt:
                self._transact(runs)
        self._positions.update((stream, run[-1].position) for stream, run in runs.items())

    def _transact(self, runs: Mapping[Stream, Sequence[Entry]]) -> None:
        people: set[str] = set()
        while True:
            try:
                with self._engine.begin() as connection:
                    self._project(connection, runs, also=people)
                return
            except _MorePeople as more:
                people = more.people

    def _project(self, connection: Connection, runs: Mapping[Stream, Sequence[Entry]], *, also: set[str]) -> None:
        facts = [entry for run in runs.values() for entry in readable(run)]
        records = {record_of(entry.event) for entry in facts}
        people = self._locked(connection, facts, records=records, also=also)
        for stream, run in runs.items():
            self._advance(connection, stream, run)
            self._facts.store(connection, stream.service, readable(run))
            self._park(connection, stream, run)
        refold(connection, people, facts=self._facts, rules=self._rules)
        if any(name in ACCOMMODATION_FACTS for _, name, _ in records):
            refold_accommodations(connection, facts=self._facts)
        see(connection, [entry.event for entry in facts])
        move_horizon(connection, self._promised)

    def _locked(
        self, connection: Connection, facts: Sequence[Readable], *, records: set[tuple[str, str, str]], also: set[str]
    ) -> set[str]:
        """Lock the records and everyone they are or were about; those persons.

        Once the records are locked nobody else adds a revision to them, so that the second look is the last.
        """
        hashes = {record_hash(record) for record in records}
        people = {entry.event.subject for entry in facts if entry.event.subject} | also
        people |= people_of_records(connection, hashes)
        if connection.dialect.name == "postgresql":
            keys = {*map(of_person, people), *map(of_record, hashes)}
            if any(name in ACCOMMODATION_FACTS for _, name, _ in records):
                keys.add(ACCOMMODATIONS)
            lock(connection, keys)
            now = people_of_records(connection, hashes)
            if not now <= people:
                raise _MorePeople(people | now)
        return people

    def _advance(self, connection: Connection, stream: Stream, run: Sequence[Entry]) -> None:
        # An entry that cannot be read has no moment; then the one before it is a moment up to which all is projected.
        moments = [{"accepted_at_us": microseconds(entry.event.acceptedat)} for entry in readable(run)[-1:]]
        moved = connection.execute(
            update(checkpoint)
            .where(checkpoint.c.stream == stream.name, checkpoint.c.position == self._positions[stream])
            .values(
                position=run[-1].position, entries=checkpoint.c.entries + len(run), **(moments[0] if moments else {})
            )
        )
        if moved.rowcount != 1:
            raise CheckpointLost(stream.name)

    def _park(self, connection: Connection, stream: Stream, run: Sequence[Entry]) -> None:
        rows = [
            {
                "service": stream.service,
                "position": entry.position,
                "reason": entry.reason,
                "body": entry.body,
                "parked_at_us": microseconds(self._clock()),
            }
            for entry in run
            if isinstance(entry, Unreadable)
        ]
        if rows:
            connection.execute(insert(parked), rows)
