"""Reads everything again from the ledgers beside what is live, and puts it in its place in one transaction.

Meanwhile the old rows answer. What was said or done about alerts, and what was released, is no row of a generation: it
stays, so nothing is told twice. What is interrupted goes on where it was.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, delete, event, func, insert, literal, select, text, update

from services.monitor.derived import DERIVED_TABLES, person
from services.monitor.dossier.fold import fold
from services.monitor.dossier.rules import Rules
from services.monitor.erasures import rewritten
from services.monitor.projector.dossiers import Fold
from services.monitor.projector.entries import Stream
from services.monitor.projector.locks import lock_everything
from services.monitor.projector.projection import Projector, Source
from services.monitor.rebuild import rebuild, rebuild_when_outdated, written
from services.monitor.schema import upgrade
from services.monitor.tables import (
    checkpoint,
    derivation,
    fact,
    merged,
    parked,
    quarantine,
    source_heard,
    source_observed,
    source_seen,
)
from shared.clock import Clock
from shared.databases import open_engine, sqlite_url
from shared.erasure import Seal

SCHEMA = "next_generation"
SWITCH_ATTEMPTS_MAX = 50
"""How often it is looked whether the next generation has all that the live one has; facts go on arriving."""

GENERATION: tuple[Table, ...] = (
    checkpoint,
    fact,
    merged,
    parked,
    quarantine,
    rewritten,
    source_seen,
    source_heard,
    source_observed,
    person,
    *DERIVED_TABLES,
)
"""Everything that is read or derived from facts. The horizon stays: what it says is true of more facts too."""

_beside = MetaData(schema=SCHEMA)
_NEXT = {table: table.to_metadata(_beside, schema=SCHEMA) for table in GENERATION}

Progress = Callable[[int], None]
"""Told after each stream: how many facts were read."""


class MoreParked(Exception):
    """The next generation cannot take facts that the live one took; it is not put in its place."""


class Overtaken(Exception):
    """Facts arrived faster than they could be read again; nothing was changed, try again."""


class NextGeneration:
    """One at a time; a second one that works on the same stops with CheckpointLost."""

    def __init__(
        self,
        live: Engine,
        *,
        rules: Rules,
        clock: Clock,
        source: Source,
        fold: Fold = fold,
        seal: Seal | None = None,
    ) -> None:
        self._live, self._rules, self._clock, self._fold = live, rules, clock, fold
        self._next = _engine_beside(live)
        self._projector = Projector(self._next, rules=rules, clock=clock, source=source, fold=fold, seal=seal)

    def build(self, streams: Collection[Stream], *, progress: Progress) -> int:
        """Read what the ledgers have, after what an interrupted attempt has read; how many facts were read now.

        What that attempt derived is derived again, because it may have been another version.
        """
        upgrade(self._next)
        rules: dict[str, Any] = {"rules": self._rules, "progress": lambda _done, _of: None}
        if not rebuild_when_outdated(self._next, **rules) and self._has_rows():
            rebuild(self._next, clock=self._clock, fold=self._fold, **rules)
        self._projector.load(streams)
        read = 0
        for stream in sorted(streams):
            read += self._projector.catch_up(stream)
            progress(read)
        return read

    def switch(self) -> None:
        """Put it in the place of the live one, whole or not at all, when it has all that the live one has.

        Raises MoreParked and Overtaken; then nothing has changed.
        """
        for _ in range(SWITCH_ATTEMPTS_MAX):
            for stream in sorted(self._projector.positions):
                self._projector.catch_up(stream)
            with _both(self._live) as connection, connection.begin():
                _alone(connection)
                if _has_all(connection):
                    _require_no_more_parked(connection)
                    _put_in_place(connection, rules=written(self._rules))
                    return
        raise Overtaken(f"the live generation was ahead {SWITCH_ATTEMPTS_MAX} times")

    def discard(self) -> None:
        """Delete it; after a switch it is of no use, before one it need not be kept."""
        self._next.dispose()
        discard_beside(self._live)

    def close(self) -> None:
        """Close the connections; it stays for the next attempt."""
        self._next.dispose()

    def _has_rows(self) -> bool:
        with self._next.begin() as connection:
            return bool(connection.execute(select(func.count()).select_from(person)).scalar_one())


def discard_beside(live: Engine) -> None:
    """Delete what was read for a next generation, if anything was; whoever is reading it must begin again."""
    if live.dialect.name == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            Path(f"{_file_beside(live)}{suffix}").unlink(missing_ok=True)
    else:
        with live.begin() as connection:
            connection.execute(text(f'DROP SCHEMA IF EXISTS "{SCHEMA}" CASCADE'))


def _put_in_place(connection: Connection, *, rules: str) -> None:
    moved = update(derivation).values(
        rules=rules,
        rebuilds=derivation.c.rebuilds + 1,
        changes=derivation.c.changes + 1,
        generation=derivation.c.generation + 1,
    )
    number = connection.execute(moved.returning(derivation.c.changes)).scalar_one()
    for table, beside in _NEXT.items():
        names = [column.name for column in table.c]
        # Whoever reads what changed since the last number that it saw must read everybody.
        given = [literal(number) if table is person and name == "changed" else beside.c[name] for name in names]
        connection.execute(delete(table))
        connection.execute(insert(table).from_select(names, select(*given)))


def _has_all(connection: Connection) -> bool:
    """Whether the next generation has at least what the live one has, in every stream."""
    stands = {row.stream: row.position for row in connection.execute(select(_NEXT[checkpoint]))}
    live = connection.execute(select(checkpoint.c.stream, checkpoint.c.position))
    return all(stands.get(stream, -1) >= position for stream, position in live)


def _require_no_more_parked(connection: Connection) -> None:
    places = (parked.c.service, parked.c.position)
    beside = _NEXT[parked]
    now = {tuple(row) for row in connection.execute(select(*places))}
    new = {tuple(row) for row in connection.execute(select(beside.c.service, beside.c.position))} - now
    taken = [place for place in new if _is_taken(connection, *place)]
    if taken:
        service, position = min(taken)
        raise MoreParked(f"{len(taken)} facts that the live generation took, the first of them {service} {position}")


def _is_taken(connection: Connection, service: str, position: int) -> bool:
    place = fact.c.service == service, fact.c.position == position
    return connection.execute(select(func.count()).select_from(fact).where(*place)).scalar_one() > 0


def _alone(connection: Connection) -> None:
    """Hold everything that is projected still. On SQLite the transaction has begun with the lock on the whole file."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(checkpoint.c.stream).order_by(checkpoint.c.stream).with_for_update())
        lock_everything(connection)


@contextmanager
def _both(live: Engine) -> Iterator[Connection]:
    """A connection to the live generation that sees the next one as a schema."""
    with live.connect() as connection:
        if live.dialect.name != "sqlite":
            yield connection
            return
        # SQLite takes another file in, and lets it go, only outside of a transaction.
        driver: Any = connection.connection.driver_connection
        driver.execute(f'ATTACH DATABASE ? AS "{SCHEMA}"', (str(_file_beside(live)),))
        try:
            yield connection
        except BaseException:
            connection.invalidate()  # It is closed, and lets go of the other file and of any transaction.
            raise
        driver.execute(f'DETACH DATABASE "{SCHEMA}"')


def _engine_beside(live: Engine) -> Engine:
    """The database of the next generation: a second file, or a schema of the same database."""
    if live.dialect.name == "sqlite":
        return open_engine(sqlite_url(_file_beside(live)), durable=False)
    with live.begin() as connection:
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{SCHEMA}"'))
    engine = open_engine(live.url.render_as_string(hide_password=False), durable=False)

    @event.listens_for(engine, "connect")
    def _in_schema(connection: Any, _record: object) -> None:
        connection.execute(f'SET search_path TO "{SCHEMA}"')
        connection.commit()

    return engine


def _file_beside(live: Engine) -> Path:
    file = Path(str(live.url.database))
    return file.with_name(f"{file.stem}-next.sqlite")
