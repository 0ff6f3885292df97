"""The projector: applies what the streams bring, each group of batches in one transaction. Blocking; one thread."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import stamina
from sqlalchemy import BigInteger, Connection, Engine, bindparam, func, select, update
from sqlalchemy.exc import OperationalError

from services.monitor.dossier.fold import fold
from services.monitor.dossier.rules import Rules
from services.monitor.projector.dossiers import Fold, Poison
from services.monitor.projector.entries import (
    Entry,
    Garbled,
    Known,
    RawEntry,
    Run,
    Stream,
    Unknown,
    follow,
    read,
    readable,
)
from services.monitor.projector.facts import Facts
from services.monitor.projector.marks import Promise, move_horizon
from services.monitor.projector.taking import Taker, in_one_transaction
from services.monitor.projector.upsert import upsert
from services.monitor.tables import checkpoint, derivation
from shared.clock import Clock
from shared.erasure import Seal
from shared.logs import get_logger

ATTEMPTS_MAX = 5
"""Attempts at one transaction while the database is away or two transactions collide."""

DECODED_FACTS_MAX = 10_000
"""Facts kept decoded, about 3 KiB each: those of a batch and what came shortly before. Five times as many made no
projection faster, and a monitor went on growing until it had them."""

_MOVE = (
    update(checkpoint)
    .where(checkpoint.c.stream == bindparam("moved"), checkpoint.c.position == bindparam("before"))
    .values(
        position=bindparam("after"),
        entries=checkpoint.c.entries + bindparam("more"),
        accepted_at_us=func.coalesce(bindparam("at_us", type_=BigInteger), checkpoint.c.accepted_at_us),
    )
)

_log = get_logger()


class CheckpointLost(Exception):
    """Another process projects this stream: stop, and let it."""


class HoleRemains(Exception):
    """Facts are missing before an entry and the feed does not have them: stop; nothing was skipped."""


class Source(Protocol):
    """Where missing facts come from: the feeds of the services, or a test's own ledger."""

    def read(self, stream: Stream, *, after: int) -> list[Entry]: ...


class Projector:
    """Moves each stream's checkpoint and everything derived from its facts together, or not at all."""

    def __init__(
        self,
        engine: Engine,
        *,
        rules: Rules,
        clock: Clock,
        source: Source,
        fold: Fold = fold,
        seal: Seal | None = None,
    ) -> None:
        self._engine, self._source = engine, source
        facts = Facts(decoded_max=DECODED_FACTS_MAX)
        self._taker = Taker(facts, rules=rules, clock=clock, fold=fold, seal=seal)
        self._positions: dict[Stream, int] = {}
        self._promised: Mapping[str, Promise] = {}
        self._generation: int | None = None
        self._halted: dict[Stream, Unknown] = {}

    @property
    def positions(self) -> Mapping[Stream, int]:
        """The last position that is durably projected, by stream."""
        return self._positions

    @property
    def halted(self) -> Mapping[Stream, Unknown]:
        """The streams that stand still before a fact of a type that only a newer version knows."""
        return self._halted

    def load(self, streams: Collection[Stream]) -> None:
        """Take up these streams where the database says that they stand; new ones from the start."""
        with self._engine.begin() as connection:
            new = [
                {"stream": stream.name, "position": 0, "entries": 0, "accepted_at_us": 0} for stream in sorted(streams)
            ]
            connection.execute(upsert(connection, checkpoint).on_conflict_do_nothing(), new)
            # Who moved them before us may be gone while its last transaction is not: that comes first.
            ours = select(checkpoint).where(checkpoint.c.stream.in_([one["stream"] for one in new]))
            stand = connection.execute(ours.order_by(checkpoint.c.stream).with_for_update())
            known = {row.stream: row.position for row in stand}
            self._generation = _generation(connection)
        self._positions.update((stream, known[stream.name]) for stream in streams)

    def apply(self, batches: Mapping[Stream, Sequence[RawEntry]]) -> None:
        """Project these entries; what was projected before is skipped, a hole before one is filled from the source.

        Raises CheckpointLost, HoleRemains, or what the source raises; whatever was not committed then comes again.
        A stream with a fact of an unknown type is projected up to there and halted: nothing is guessed or skipped.
        """
        try:
            self._apply(batches)
        except CheckpointLost:
            if not self._taken_up():
                raise
            self._apply(batches)

    def _apply(self, batches: Mapping[Stream, Sequence[RawEntry]]) -> None:
        runs: dict[Stream, Sequence[Known]] = {}
        for stream, raw in batches.items():
            entries = [read(entry) for entry in raw]
            run = self._follow(stream, entries)
            while run.gap is not None:
                self._commit({stream: run.entries})
                self._fill(stream, until=run.missing_until)
                entries = entries[run.gap :]
                run = self._follow(stream, entries)
            runs[stream] = run.entries
        self._commit(runs)

    def catch_up(self, stream: Stream) -> int:
        """Project everything that the source has of this stream, up to a fact of an unknown type; how many facts."""
        count = 0
        while stream not in self._halted and (page := self._source.read(stream, after=self._positions[stream])):
            count += self._continue(stream, page)
        return count

    def settle(self, promised: Mapping[str, Promise]) -> None:
        """Take note of what the ledgers promised, for what is projected now and for what follows.

        Also where nothing happens: see whether everything was replaced, and take up where that stands. Raises
        CheckpointLost when the database stands elsewhere than we left it: a crash of its server took our last
        transactions back, whose facts nobody brings again while we live.
        """
        if not self._taken_up():
            self._require_own_positions()
        self._promised = promised
        for attempt in stamina.retry_context(on=OperationalError, attempts=ATTEMPTS_MAX, wait_max=2):
            with attempt, self._engine.begin() as connection:
                move_horizon(connection, promised)

    def _taken_up(self) -> bool:
        """Whether a next generation has taken the place of what we moved; if so, go on where that stands.

        It has all that we projected, and may have more: it was read from the feeds.
        """
        with self._engine.begin() as connection:
            if _generation(connection) == self._generation:
                return False
        _log.info("generation_taken_up")
        self.load(list(self._positions))
        return True

    def _require_own_positions(self) -> None:
        with self._engine.begin() as connection:
            stands = {row.stream: row.position for row in connection.execute(select(checkpoint))}
        for stream, position in self._positions.items():
            if stands.get(stream.name) != position:
                raise CheckpointLost(f"{stream.name} stands at {stands.get(stream.name)}, we left it at {position}")

    def _fill(self, stream: Stream, *, until: int) -> None:
        """Project from the source what is missing in the stream, up to and with this position."""
        if until <= self._positions[stream]:
            raise HoleRemains(f"{stream.name}: an entry follows {until}, but {self._positions[stream]} is projected")
        while stream not in self._halted and self._positions[stream] < until:
            page = self._source.read(stream, after=self._positions[stream])
            if not page:
                raise HoleRemains(f"{stream.name}: nothing after {self._positions[stream]}, {until} was expected")
            self._continue(stream, page)

    def _continue(self, stream: Stream, page: Sequence[Entry]) -> int:
        run = self._follow(stream, page)
        if run.gap is not None:
            raise HoleRemains(f"{stream.name}: the source has a gap after {self._positions[stream]}")
        self._commit({stream: run.entries})
        return len(run.entries)

    def _follow(self, stream: Stream, entries: Sequence[Entry | Garbled]) -> Run:
        """The part of these entries that is next; nothing of a stream that is halted."""
        if stream in self._halted:
            return Run(())
        run = follow(entries, after=self._positions[stream])
        if run.unknown is not None:
            self._halted[stream] = run.unknown
            _log.error("stream_halted", stream=stream.name, position=run.unknown.position, type=run.unknown.type)
        return run

    def _commit(self, runs: Mapping[Stream, Sequence[Known]]) -> None:
        """Project these in one transaction; around a fact that cannot be taken in several, in the same order.

        So that it is one fact that is parked, everything before it counts, and what follows waits behind it.
        """
        runs = {stream: run for stream, run in sorted(runs.items()) if run}
        if not runs:
            return
        try:
            self._transact(runs, poison={})
        except Poison as poison:
            first, second = _halves(runs)
            if first:
                self._commit(first)
                self._commit(second)
                return
            self._transact(runs, poison=poison.reasons)
        self._positions.update((stream, run[-1].position) for stream, run in runs.items())

    def _transact(self, runs: Mapping[Stream, Sequence[Known]], *, poison: Mapping[str, str]) -> None:
        entries = [(stream.service, entry) for stream, run in runs.items() for entry in run]

        def project(connection: Connection, also: set[str]) -> None:
            self._advance(connection, runs)
            self._taker.take(connection, entries, poison=poison, also=also)
            move_horizon(connection, self._promised)

        for attempt in stamina.retry_context(on=OperationalError, attempts=ATTEMPTS_MAX, wait_max=2):
            with attempt:
                in_one_transaction(self._engine, project)

    def _advance(self, connection: Connection, runs: Mapping[Stream, Sequence[Known]]) -> None:
        moves = [
            {
                "moved": stream.name,
                "before": self._positions[stream],
                "after": run[-1].position,
                "more": len(run),
                # An entry that cannot be read has no moment; all up to that of the one before it is projected.
                "at_us": next((entry.accepted_at_us for entry in readable(run)[-1:]), None),
            }
            for stream, run in runs.items()
        ]
        if connection.execute(_MOVE, moves).rowcount != len(moves):
            raise CheckpointLost(", ".join(stream.name for stream in runs))


def _generation(connection: Connection) -> int | None:
    return connection.execute(select(derivation.c.generation)).scalar_one_or_none()


def _halves(
    runs: Mapping[Stream, Sequence[Known]],
) -> tuple[Mapping[Stream, Sequence[Known]], Mapping[Stream, Sequence[Known]]]:
    """These runs cut in two; the first half of a single entry is empty."""
    steps = [(stream, entry) for stream, run in runs.items() for entry in run]
    halves: tuple[dict[Stream, list[Known]], dict[Stream, list[Known]]] = ({}, {})
    for index, (stream, entry) in enumerate(steps):
        halves[index >= len(steps) // 2].setdefault(stream, []).append(entry)
    return halves
