"""Until when everything was looked at: what came to be known after it may be missing among the alerts."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from services.monitor.alerts.tables import alert_watch
from shared.calendar import microseconds, moment_of

BEHIND_AFTER = timedelta(minutes=2)
"""So long after everything was looked at alerts may be missing; where all is well it is noted each minute."""

_LOOKED = select(alert_watch.c.looked_at_us)


def looked_at(connection: Connection) -> datetime | None:
    """The moment, about a minute ago where all is well; None before the first look."""
    found = connection.execute(_LOOKED).scalar_one_or_none()
    return None if found is None else moment_of(found)


def note_looked(connection: Connection, at: datetime) -> None:
    """It is this moment, unless another monitor has noted a later one."""
    until_us = microseconds(at)
    older = update(alert_watch).where(alert_watch.c.looked_at_us < until_us)
    connection.execute(older.values(looked_at_us=until_us))
