"""Which part of the streams this process reads, where several monitors on one PostgreSQL database divide them.

A share is held by locks of one database session, a lock for each partition: it ends with its process, however that
ends, and monitors that were told of different numbers never read the same partition. The locks only keep the work
apart. Should two processes ever believe that they hold a share, the checkpoints let one of them go on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, event, func, select
from sqlalchemy.exc import OperationalError

from shared.databases import open_engine

NAMESPACE = 0x73686172
"""Keeps these advisory locks apart from those on persons and records."""

GONE_SECONDS = 10
"""How long PostgreSQL waits before it asks whether a silent monitor is still there; three times five seconds later
its session is over, and its share is free."""

_PARTITION: BindParameter[int] = bindparam("partition")
_TRY = select(func.pg_try_advisory_lock(NAMESPACE, _PARTITION))
_LET_GO = select(func.pg_advisory_unlock(NAMESPACE, _PARTITION))
_ALIVE = select(1)


class ShareLost(Exception):
    """Another monitor reads what was ours: stop, and take what is free then."""


@dataclass(frozen=True, slots=True)
class Share:
    """One of `of` shares: every partition whose number leaves this remainder."""

    number: int
    of: int

    def partitions(self, partitions: int) -> range:
        """Those of so many."""
        return range(self.number, partitions, self.of)


class Shares:
    """The shares of one installation, and ours. Blocking; not for several threads at once."""

    def __init__(self, url: str, *, partitions: int, workers: int) -> None:
        self._partitions, self._workers = partitions, workers
        self._engine = open_engine(url)
        self._connection: Connection | None = None
        self._ours: Share | None = None

        @event.listens_for(self._engine, "connect")
        def _notice(connection: Any, _record: object) -> None:
            """Whoever is gone without a word, with its machine, keeps no share for hours."""
            cursor = connection.cursor()
            cursor.execute(f"SET tcp_keepalives_idle = {GONE_SECONDS}")
            cursor.execute("SET tcp_keepalives_interval = 5")
            cursor.execute("SET tcp_keepalives_count = 3")
            cursor.close()
            connection.commit()

    def take(self) -> Share | None:
        """The first share that is free, which is ours from now on; None while all are held. Raises OperationalError."""
        if self._ours is not None:  # Taken before, and what should have begun with it did not.
            self.hold()
            return self._ours
        for number in range(self._workers):
            if self._locked(share := Share(number, self._workers)):
                self._ours = share
                return share
        return None

    def hold(self) -> None:
        """See that ours is still held, and hold it again after the connection was lost.

        Raises ShareLost when somebody else was first, and OperationalError while the database is away.
        """
        assert self._ours is not None
        if self._connection is not None:
            try:
                self._connection.execute(_ALIVE)
            except OperationalError:
                self._disconnect()
                raise
        elif not self._locked(self._ours):
            raise ShareLost(f"share {self._ours.number} of {self._ours.of} is held by another monitor")

    def close(self) -> None:
        """Let go of everything."""
        self._disconnect()
        self._engine.dispose()

    def _locked(self, share: Share) -> bool:
        """Lock every partition of a share, or none."""
        try:
            if self._connection is None:
                self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            locked: list[int] = []
            for partition in share.partitions(self._partitions):
                if not self._connection.execute(_TRY, {"partition": partition}).scalar_one():
                    self._let_go(self._connection, locked)
                    return False
                locked.append(partition)
        except OperationalError:
            self._disconnect()
            raise
        return True

    def _let_go(self, connection: Connection, partitions: Iterable[int]) -> None:
        for partition in partitions:
            connection.execute(_LET_GO, {"partition": partition})

    def _disconnect(self) -> None:
        """End the session and all of its locks."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
