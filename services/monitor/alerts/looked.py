"""Until when everything was looked at, and of whom not all is known: what may be missing among the alerts."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from services.monitor.alerts.tables import alert_watch
from services.monitor.progress import persons_quarantined, read_until
from shared.calendar import microseconds, moment_of

BEHIND_AFTER = timedelta(minutes=2)
"""So long after everything was looked at alerts may be missing; where all is well it is noted each minute."""

_LOOKED = select(alert_watch.c.looked_at_us)


def looked_at(connection: Connection) -> datetime | None:
    """The moment, about a minute ago where all is well; None before the first look."""
    found = connection.execute(_LOOKED).scalar_one_or_none()
    return None if found is None else moment_of(found)


class Looked(NamedTuple):
    """What was looked at: without it an empty list would look as if nobody needed anything."""

    until: datetime | None
    """The moment until which all that the ledgers accepted was looked at, but for what is parked; None where there is
    none yet. It stands while streams stand still or Redis is away, though those who are known are looked at."""
    quarantined: int
    """Young persons of whom a fact could not be taken, so that what was told of them since waits."""

    def behind(self, now: datetime) -> bool:
        """Whether alerts may be missing of what came to be known since."""
        return self.until is None or now - self.until > BEHIND_AFTER


def looked(connection: Connection) -> Looked:
    """What was looked at by now."""
    judged, read = looked_at(connection), read_until(connection)
    until = None if judged is None or read is None else min(judged, read)
    return Looked(until, persons_quarantined(connection))


def note_looked(connection: Connection, at: datetime) -> None:
    """It is this moment, unless another monitor has noted a later one."""
    until_us = microseconds(at)
    older = update(alert_watch).where(alert_watch.c.looked_at_us < until_us)
    connection.execute(older.values(looked_at_us=until_us))
