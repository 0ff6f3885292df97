"""What the door refused, for the publisher to look up, and how often; never the body of a refused event.

An unknown field is where a name ends up, and the publisher has the event: its id, the places and the reasons are kept.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from shared.calendar import microseconds, moment_of, rfc3339
from shared.clock import Clock
from shared.databases import place_in, reading
from shared.erasure import Seal, named
from shared.logs import get_logger
from shared.migrations import upgrade

KEPT_DAYS = 30
KEPT_MAX = 100_000
"""Rejections are kept for so many days, and never more than so many of them."""

WAITING_MAX = 10_000
"""Rejections that may wait to be written; what comes on top is counted, but cannot be looked up."""

WRITE_SECONDS = 1.0
"""How often what waits is written."""

_log = get_logger()
metadata = MetaData()

rejection = Table(
    "rejection",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False),
    Column("publisher", String(64), nullable=False),
    Column("source", Text),
    Column("id", Text),
    Column("type", Text),
    Column("problem", String(64), nullable=False),
    Column("detail", Text, nullable=False),
    Column("errors", JSON, nullable=False),
    Index("rejection_at", "at_us"),
    Index("rejection_of_publisher", "publisher", "number"),
    sqlite_autoincrement=True,
)

result_tally = Table(
    "result_tally",
    metadata,
    Column("result", String(16), primary_key=True),
    Column("facts", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """One event that was refused. Source, id and type are None where they could not be read or could name a person."""

    publisher: str
    source: str | None
    id: str | None
    type: str | None
    problem: str
    """The slug of the kind of problem."""
    detail: str
    errors: Sequence[Mapping[str, str]]
    """Each with pointer, code and detail, as they were answered."""
    number: int = 0
    """Its place in the list, from 1; given when it is written."""
    at: str = ""
    """When it was refused, RFC 3339; given when it is written."""


class Rejections:
    """The rejections and the tallies in the database of one service. Blocking; call it from a thread."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._reader = reading(engine)
        self._clock = clock

    def create(self) -> None:
        """Make or upgrade the tables; nothing changes when they are there."""
        upgrade(self._engine, chain="rejections")

    def write(self, rejections: Sequence[Rejection], *, tally: Mapping[str, int]) -> None:
        """Keep these, add the tally (result -> facts), and forget what is too old or too much."""
        now = microseconds(self._clock())
        oldest = now - timedelta(days=KEPT_DAYS) // timedelta(microseconds=1)
        rows = [
            {name: value for name, value in asdict(one).items() if name not in ("number", "at")} | {"at_us": now}
            for one in rejections
        ]
        with self._engine.begin() as connection:
            for result, facts in tally.items():
                more = (
                    update(result_tally)
                    .where(result_tally.c.result == result)
                    .values(facts=result_tally.c.facts + facts)
                )
                if connection.execute(more).rowcount == 0:
                    connection.execute(insert(result_tally).values(result=result, facts=facts))
            if rows:
                connection.execute(insert(rejection), rows)
                newest = connection.scalar(select(func.max(rejection.c.number))) or 0
                connection.execute(
                    delete(rejection).where((rejection.c.at_us < oldest) | (rejection.c.number <= newest - KEPT_MAX))
                )

    def read(self, after: int, *, limit: int, publisher: str | None) -> list[Rejection]:
        """At most `limit` rejections with a number above `after`, oldest first; of one publisher, or of all (None)."""
        query = select(rejection).where(rejection.c.number > after).order_by(rejection.c.number).limit(limit)
        if publisher is not None:
            query = query.where(rejection.c.publisher == publisher)
        with self._reader.begin() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            Rejection(
                **{name: value for name, value in row.items() if name != "at_us"}, at=rfc3339(moment_of(row["at_us"]))
            )
            for row in rows
        ]

    def tally(self) -> dict[str, int]:
        """Facts by result (duplicate, rejected) since the database was made."""
        with self._reader.begin() as connection:
            return {row.result: row.facts for row in connection.execute(select(result_tally))}


def named_in_rejections(engine: Engine, tokens: Collection[str], seal: Seal) -> dict[str, str]:
    """By keyed hash the pseudonym of each of these that is in the id of what was refused, or in why."""
    with reading(engine).connect() as connection:
        said = connection.execute(select(rejection.c.id, rejection.c.errors)).all()
    return named((list(row) for row in said), seal, tokens)


def forget_rejections(connection: Connection, pseudonym: str) -> None:
    """Forget what was refused under an id that holds this pseudonym, or with an error that points to it."""
    held = place_in(rejection.c.id, pseudonym) > 0
    pointed = place_in(cast(rejection.c.errors, Text), pseudonym) > 0
    connection.execute(delete(rejection).where(held | pointed))


class RejectionLog:
    """Takes rejections without waiting, and writes them every second. Belongs to one event loop.

    A crash loses the last second of them; the publisher was told of each in the answer all the same.
    """

    def __init__(self, rejections: Rejections) -> None:
        self._rejections = rejections
        self._waiting: list[Rejection] = []
        self._tally: Counter[str] = Counter()
        self._writing: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    def note(self, rejection: Rejection) -> None:
        """Keep a rejection and count it."""
        self._tally["rejected"] += 1
        if len(self._waiting) < WAITING_MAX:
            self._waiting.append(rejection)

    def count_duplicates(self, facts: int) -> None:
        """Count facts that were known already."""
        self._tally["duplicate"] += facts

    def start(self) -> None:
        """Begin to write."""
        self._writing = asyncio.create_task(self._write_for_ever(), name="rejections")

    async def stop(self) -> None:
        """Write what waits, and end."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait([self._writing])
        await self._write()

    async def _write_for_ever(self) -> None:
        while True:
            await asyncio.sleep(WRITE_SECONDS)
            await asyncio.shield(asyncio.create_task(self._write()))

    async def _write(self) -> None:
        async with self._one_at_a_time:
            waiting, tally = self._waiting, self._tally
            if not tally:
                return
            self._waiting, self._tally = [], Counter()
            try:
                await asyncio.to_thread(self._rejections.write, waiting, tally=tally)
            except SQLAlchemyError as error:
                # Readiness and every answer show that the database fails; these go along with the next ones.
                _log.error("rejections_not_written", rejections=len(waiting), error=type(error).__name__)
                self._waiting = [*waiting, *self._waiting][:WAITING_MAX]
                self._tally.update(tally)
