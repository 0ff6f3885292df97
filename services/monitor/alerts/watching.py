"""Moves the alerts: after facts, at midnight in Amsterdam and at every moment at which one begins or ends."""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError

from services.monitor.alerts.book import AlertBook
from services.monitor.ending import Ending
from services.monitor.looking import Looking
from services.monitor.progress import Version, version
from services.monitor.tables import checkpoint
from shared.clock import Clock
from shared.databases import reading
from shared.logs import get_logger

SETTLING = timedelta(seconds=10)
SETTLING_FACTS_MAX = 1_000
"""With more facts than this in so short a time a history is being read in, and alerts wait until it is: half of the
facts make alerts that the other half undoes, about titles above all. A country has a few facts an hour."""

SETTLING_MAX = timedelta(hours=1)
"""However much comes in, what holds is told within this time."""

UNITS_EVERY = timedelta(minutes=1)
"""Alerts about units need all stays, so they follow facts at this pace. That nothing came in is noted as often."""

_log = get_logger()


class Pace:
    """How many facts came in lately."""

    def __init__(self) -> None:
        self._lately: deque[tuple[datetime, int]] = deque()
        self._waits_since: datetime | None = None

    @property
    def calm(self) -> bool:
        """Whether it was settled when last asked, and not only so because it was not for too long."""
        return self._waits_since is None

    def settled(self, facts: int, now: datetime) -> bool:
        """Whether few facts came in lately, of so many in all by now; true too when it was not for too long."""
        if not self.flooded(facts, now):
            self._waits_since = None
            return True
        self._waits_since = self._waits_since or now
        if now - self._waits_since < SETTLING_MAX:
            return False
        self._waits_since = now
        return True

    def flooded(self, facts: int, now: datetime) -> bool:
        """Whether many facts came in lately, of so many in all by now."""
        self._lately.append((now, facts))
        # What was there before: a look that took longer than all of this is no reason to believe that nothing came.
        while len(self._lately) > 1 and now - self._lately[1][0] >= SETTLING:
            self._lately.popleft()
        return facts - self._lately[0][1] > SETTLING_FACTS_MAX


class AlertWatch(Looking):
    """Looks when there is something to see. Belongs to one event loop; the looking is done in a thread."""

    def __init__(
        self, engine: Engine, book: AlertBook, *, near: Callable[[], bool], ending: Ending, clock: Clock
    ) -> None:
        super().__init__(ending)
        self._reading, self._book, self._near, self._clock = reading(engine), book, near, clock
        self._pace = Pace()
        self._seen: Version | None = None
        self._units_seen: tuple[Version, datetime] | None = None

    def stop(self) -> None:
        """Look no more; a look that is under way ends after its batch."""
        super().stop()
        self._book.stop()

    async def look(self) -> None:
        """Look, if facts came in or a moment has come, and all has settled; a database that is away is no end."""
        if not self._near():
            return
        try:
            await asyncio.to_thread(self._look)
        except OperationalError as error:
            _log.warning("alerts_not_looked_at", error=type(error).__name__)

    def _look(self) -> None:
        now = self._clock()
        seen, facts = self._so_far()
        if not self._pace.settled(facts, now):
            return
        enough = self._flooded if self._pace.calm else lambda: False
        due_at = self._book.due_at()
        if due_at is None or due_at <= now or self._units_due(seen, now):
            if self._book.look(enough=enough).whole:
                self._seen, self._units_seen = seen, (seen, now)
        elif seen != self._seen:
            if self._book.look_at_persons(enough=enough).whole:
                self._seen = seen
        elif self._units_seen is not None and now - self._units_seen[1] >= UNITS_EVERY:
            self._book.nothing_to_see(now)
            self._units_seen = (seen, now)

    def _flooded(self) -> bool:
        """Whether a history is read in since the look began, which waits until it is."""
        return self._pace.flooded(self._so_far()[1], self._clock())

    def _so_far(self) -> tuple[Version, int]:
        with self._reading.begin() as connection:
            facts = connection.execute(select(func.sum(checkpoint.c.entries))).scalar_one() or 0
            return version(connection), facts

    def _units_due(self, seen: Version, now: datetime) -> bool:
        return self._units_seen is None or (self._units_seen[0] != seen and now - self._units_seen[1] >= UNITS_EVERY)
