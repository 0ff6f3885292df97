"""The ledger of one service: an append takes the lock first and hands out gapless positions until it commits."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import stamina
from psycopg import Error as PsycopgError
from sqlalchemy import Connection, Engine, bindparam, func, select, text, tuple_, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from shared.calendar import microseconds
from shared.clock import Clock
from shared.databases import in_order, reading
from shared.erasure import Seal
from shared.ledger import erasing, rows
from shared.ledger.decision import Head, decide, warned
from shared.ledger.drafts import Accepted, Draft, Entry, Outcome, Submission
from shared.ledger.durability import assert_durable
from shared.ledger.erasing import Due, Erasure
from shared.ledger.errors import LedgerUnavailable, PartitionsDiffer, ServiceDiffers
from shared.ledger.sealing import ERASES, Sealed
from shared.ledger.tables import erased_place, erasure, fact, ledger_head
from shared.migrations import upgrade

_LOCK = select(
    ledger_head.c.position, ledger_head.c.accepted_at_us, ledger_head.c.partition_heads, ledger_head.c.erasures
).with_for_update()
_ENTRY = select(fact.c.position, fact.c.partition, fact.c.prev, fact.c.accepted_at_us, fact.c.source, fact.c.body)
_READ = _ENTRY.where(fact.c.position > bindparam("after")).order_by(fact.c.position).limit(bindparam("most"))
_MAKE_HEAD = text("""
    INSERT INTO ledger_head (id, service, partitions, "position", accepted_at_us, partition_heads)
    VALUES (1, :service, :partitions, 0, 0, :partition_heads) ON CONFLICT DO NOTHING
""")

Forget = Callable[[Connection, str], None]
"""Takes a pseudonym out of other tables of the same database."""

_SETTLE_ATTEMPTS_MAX = 6
_SETTLE_SECONDS_MAX = 10.0


class Ledger:
    """Facts in gapless order, append-only, in a database of its own. Blocks: call it from threads, from any number."""

    def __init__(
        self,
        engine: Engine,
        *,
        service: str,
        clock: Clock,
        seal: Seal | None = None,
        naming: Sequence[Forget] = (),
    ) -> None:
        """`seal` recognises who was erased; without one nobody can be. `naming` forgets a pseudonym elsewhere in the
        same database, in the same transaction.
        """
        # A snapshot taken before the lock would hide what the holder before us stored.
        self._engine = engine if engine.dialect.name == "sqlite" else _read_committed(engine)
        self._reading = reading(engine)
        self._service = service
        self._clock = clock
        self._partitions: int | None = None
        self._seal, self._naming = seal, tuple(naming)
        self._erased: tuple[int, set[str], dict[rows.Key, rows.Stored]] = (0, set(), {})

    def create(self, *, partitions: int) -> None:
        """Make or upgrade the tables, and the head of an empty ledger; nothing changes when all is there.

        Raises NotDurable, PartitionsDiffer and ServiceDiffers.
        """
        with self._engine.connect() as connection:
            assert_durable(connection)
        upgrade(self._engine, chain="ledger")
        with self._engine.begin() as connection:
            connection.execute(_MAKE_HEAD, _empty_head(self._service, partitions))
            made = connection.execute(select(ledger_head.c.service, ledger_head.c.partitions)).one()
        if made.service != self._service:
            raise ServiceDiffers(f"the database holds the ledger of {made.service}, not of {self._service}")
        if made.partitions != partitions:
            raise PartitionsDiffer(
                f"the ledger of {self._service} was made with {made.partitions} partitions, not {partitions}"
            )
        self._partitions = partitions

    def recognise(self) -> None:
        """Know everybody who was erased. Raises ErasureKeyDiffers, for with another key they could come back."""
        with _available(), self._reading.connect() as connection:
            erasing.tokens(connection, self._seal)

    @property
    def partitions(self) -> int:
        """The number of streams that its facts are spread over; fixed when it was made."""
        if self._partitions is None:
            self._partitions = len(self.partition_heads())
        return self._partitions

    def append(self, submissions: Sequence[Submission]) -> list[list[Outcome]]:
        """Store these submissions in one transaction and say what became of each draft, in order.

        When it returns, what is accepted is on disk. Raises LedgerUnavailable when the database fails.
        """
        with _available(), self._engine.connect() as connection:
            outcomes, stored = self._append(connection, submissions)
            try:
                connection.commit()
            except SQLAlchemyError:
                # The commit may have reached the disk before the connection broke.
                connection.invalidate()
                if not self._holds(stored):
                    raise
            return outcomes

    def settle(self) -> tuple[int, int]:
        """Position and moment, in microseconds since 1970: whatever comes after the one is accepted after the other.

        It is a promise that is durable, so it holds when the clock is set back and for every other writer, too. Raises
        LedgerUnavailable.
        """
        with _available(), self._engine.begin() as connection:
            position, accepted_at_us, _, _ = connection.execute(_LOCK).one()
            settled_us = max(accepted_at_us, microseconds(self._clock()))
            connection.execute(update(ledger_head), {"accepted_at_us": settled_us})
        return position, settled_us

    def head(self) -> int:
        """The last position, 0 when the ledger is empty. Raises LedgerUnavailable."""
        return max(self.partition_heads())

    def partition_heads(self) -> list[int]:
        """The last position of each partition at one moment, 0 where it is empty. Raises LedgerUnavailable."""
        with _available(), self._reading.connect() as connection:
            heads: list[int] = json.loads(connection.execute(select(ledger_head.c.partition_heads)).scalar_one())
            return heads

    def read(self, after: int, *, limit: int, source: str | None = None, partition: int | None = None) -> list[Entry]:
        """The first `limit` entries after the position `after`, of one source or partition if given, in order.

        A reader that goes on from the last position it got never skips one: positions become visible in order.
        Raises LedgerUnavailable.
        """
        query = _READ
        if source is not None:
            query = query.where(fact.c.source == source)
        if partition is not None:
            query = query.where(fact.c.partition == partition)
        with _available(), self._reading.connect() as connection:
            if query is not _READ:
                in_order(connection)
            return list(map(Entry._make, connection.execute(query, {"after": after, "most": limit})))

    def erasures(self) -> list[Erasure]:
        """Every decision to erase somebody, the oldest first. Raises LedgerUnavailable."""
        with _available(), self._reading.connect() as connection:
            return erasing.listed(connection)

    def erased_entries(self) -> list[Entry]:
        """What stands where facts were erased, in order; streams may still have them as they were.

        Raises LedgerUnavailable.
        """
        query = _ENTRY.where(fact.c.position.in_(select(erased_place.c.position))).order_by(fact.c.position)
        with _available(), self._reading.connect() as connection:
            return [Entry(*row) for row in connection.execute(query)]

    def persons(self) -> list[str]:
        """The pseudonym of everybody about whom there is a fact. Raises LedgerUnavailable."""
        with _available(), self._reading.connect() as connection:
            people = connection.scalars(select(fact.c.person).where(fact.c.person.is_not(None)).distinct())
            return [person for person in people if person is not None]

    def mentioned(self, tokens: Collection[str]) -> dict[str, str]:
        """The pseudonym of those of these keyed hashes of whom any fact has it, in a key of somebody else's too.

        Reads everything: for a ledger that came back from before an erasure. Raises LedgerUnavailable.
        """
        if self._seal is None or not tokens:
            return {}
        with _available(), self._reading.connect() as connection:
            return erasing.mentioned_in_facts(connection, tokens, self._seal)

    def note_cleaned(self, tokens: Collection[str], *, searched: Collection[str]) -> None:
        """Note of these erasures that all files were written anew, and of some that a search found nothing.

        Raises LedgerUnavailable.
        """
        with _available(), self._engine.begin() as connection:
            now = microseconds(self._clock())
            for noted, column in ((tokens, "cleaned_at_us"), (searched, "searched_at_us")):
                connection.execute(update(erasure).where(erasure.c.token.in_(noted)).values({column: now}))

    def _append(
        self, connection: Connection, submissions: Sequence[Submission]
    ) -> tuple[list[list[Outcome]], list[rows.Row]]:
        # The lock is a statement of its own: what waits for a lock inside a statement still sees the time before it.
        position, accepted_at_us, partition_heads, erasures = connection.execute(_LOCK).one()
        head = Head(position, accepted_at_us, json.loads(partition_heads))
        tokens, renamed = self._so_far(connection, erasures)
        sealed = Sealed(self._seal, set(tokens))
        drafts = [draft for submission in submissions for draft in submission.drafts]
        known = renamed | rows.known(connection, [key for draft in drafts for key in sealed.keys(draft)])
        outcomes, new = decide(submissions, known=known, head=head, sealed=sealed, now_us=microseconds(self._clock()))
        if new:
            due = self._due(connection, drafts, outcomes, new)
            told = {one.row.position: one.row for one in due}
            new = [told.get(row.position, row) for row in new]
            rows.insert(connection, new)
            taken = _taken(drafts, outcomes)
            rows.move(
                connection,
                position=head.position,
                accepted_at_us=head.accepted_at_us,
                partition_heads=head.partition_heads,
                learned=(key for draft in taken for key in draft.said),
            )
            outcomes = _warned(connection, submissions, outcomes, taken)
            self._erase(connection, due)
        return outcomes, new

    def _so_far(self, connection: Connection, erasures: int) -> tuple[set[str], dict[rows.Key, rows.Stored]]:
        """Who was erased so far, and facts of others under other ids; asked again only when the head says so."""
        if self._erased[0] != erasures:
            self._erased = erasures, erasing.tokens(connection, self._seal), erasing.renamed(connection)
        return self._erased[1:]

    def _due(
        self,
        connection: Connection,
        drafts: Sequence[Draft],
        outcomes: Sequence[Sequence[Outcome]],
        new: Sequence[rows.Row],
    ) -> list[Due]:
        """What the accepted ones of these drafts change, if they say that somebody is erased."""
        stored = {row.position: row for row in new if row.name == ERASES}
        if self._seal is None or not stored:
            return []
        every = (outcome for those in outcomes for outcome in those)
        found = []
        for draft, outcome in zip(drafts, every, strict=True):
            if draft.name == ERASES and isinstance(outcome, Accepted):
                token = draft.token or self._seal.person(draft.person or "")
                row, pseudonym = stored[outcome.position], draft.person
                found.append(erasing.due(connection, row, new, token=token, pseudonym=pseudonym, seal=self._seal))
        return found

    def _erase(self, connection: Connection, due: Sequence[Due]) -> None:
        for one in due:
            assert self._seal is not None
            erasing.erase(connection, one, seal=self._seal)
            if one.pseudonym is not None:
                for forget in self._naming:
                    forget(connection, one.pseudonym)

    def _holds(self, stored: Sequence[rows.Row]) -> bool:
        """Whether all of these rows are stored after all; waits until the transaction that wrote them is over."""
        if not stored:
            return True
        places = tuple_(fact.c.position, fact.c.content_hash)
        wanted = [(row.position, row.content_hash) for row in stored]
        for attempt in stamina.retry_context(
            on=OperationalError, attempts=_SETTLE_ATTEMPTS_MAX, timeout=_SETTLE_SECONDS_MAX
        ):
            with attempt, self._engine.begin() as connection:
                connection.execute(_LOCK)
                found = connection.execute(select(func.count()).select_from(fact).where(places.in_(wanted)))
                return found.scalar_one() == len(stored)
        raise AssertionError("the last attempt answers or raises")


def _taken(drafts: Sequence[Draft], outcomes: Sequence[Sequence[Outcome]]) -> list[Draft]:
    """Those of the drafts that are accepted."""
    every = (outcome for those in outcomes for outcome in those)
    return [draft for draft, outcome in zip(drafts, every, strict=True) if isinstance(outcome, Accepted)]


def _warned(
    connection: Connection,
    submissions: Sequence[Submission],
    outcomes: list[list[Outcome]],
    taken: Sequence[Draft],
) -> list[list[Outcome]]:
    """The outcomes with warnings: what is named, and is known neither from before nor from the same transaction."""
    known = rows.known_keys(connection, (naming.key for draft in taken for naming in draft.named))
    return [
        [
            warned(outcome, draft, known=known) if isinstance(outcome, Accepted) and draft.named else outcome
            for draft, outcome in zip(submission.drafts, those, strict=True)
        ]
        for submission, those in zip(submissions, outcomes, strict=True)
    ]


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, PsycopgError) as error:
        # Its own text may quote a row, and a row is about a person; what the database calls it quotes nothing.
        raise LedgerUnavailable(f"{type(error).__name__}{_called(error)}") from error


def _called(error: Exception) -> str:
    """What the database calls it, such as SQLITE_FULL or DiskFull: a disk without room is no database that is away."""
    cause = getattr(error, "orig", None)
    name = getattr(cause, "sqlite_errorname", None if cause is None else type(cause).__name__)
    return "" if name in (None, type(error).__name__) else f": {name}"


def _read_committed(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="READ COMMITTED")


def _empty_head(service: str, partitions: int) -> dict[str, Any]:
    return {"service": service, "partitions": partitions, "partition_heads": json.dumps([0] * partitions)}
