"""How late facts came: how many each source recorded on which day, so long after the day that they are about."""

from datetime import date, datetime

from sqlalchemy import Connection, func, select

from services.monitor.history.known import Told
from services.monitor.tables import fact
from shared.calendar import microseconds


def told_between(connection: Connection, start: date, until: date, *, known: datetime) -> tuple[Told, ...]:
    """Those about persons that were recorded in [start, until) and accepted up to and with the moment K (D1, D4)."""
    key = (fact.c.source, fact.c.recorded_on, fact.c.days_later)
    query = (
        select(*key, func.count())
        .where(
            fact.c.recorded_on >= start,
            fact.c.recorded_on < until,
            fact.c.accepted_at_us <= microseconds(known),
        )
        .group_by(*key)
        .order_by(*key)
    )
    return tuple(Told(*row) for row in connection.execute(query))
