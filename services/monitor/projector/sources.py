"""Notes when each source was last heard, so that silence can be told from nothing to say (F22)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, func

from services.monitor.projector.entries import Readable
from services.monitor.projector.upsert import upsert
from services.monitor.tables import source_heard, source_seen
from shared.calendar import calendar_date, microseconds, moment_of

_HOUR_US = 3_600_000_000


def see(connection: Connection, entries: Sequence[Readable]) -> None:
    """Move each source's latest moments forward, never back; in a fixed order, so that two workers never deadlock."""
    latest: dict[str, tuple[int, int]] = {}
    for entry in entries:
        source = entry.event.source
        accepted, recorded = latest.get(source, (0, 0))
        latest[source] = max(accepted, entry.accepted_at_us), max(recorded, microseconds(entry.event.time))
    if not latest:
        return
    _hear(connection, entries)
    rows = [
        {"source": source, "accepted_at_us": accepted, "time_us": recorded}
        for source, (accepted, recorded) in sorted(latest.items())
    ]
    greatest = func.greatest if connection.dialect.name == "postgresql" else func.max
    statement = upsert(connection, source_seen)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["source"],
            set_={
                name: greatest(source_seen.c[name], statement.excluded[name]) for name in ("accepted_at_us", "time_us")
            },
        ),
        rows,
    )


def _hear(connection: Connection, entries: Sequence[Readable]) -> None:
    """Note on which days each source was heard, and since when that was known."""
    in_hours: dict[tuple[str, int], int] = {}
    for entry in entries:
        # A date in Amsterdam begins at a whole hour, so the first moment of each hour has the date of all.
        hour = entry.event.source, entry.accepted_at_us // _HOUR_US
        in_hours[hour] = min(in_hours.get(hour, entry.accepted_at_us), entry.accepted_at_us)
    heard: dict[tuple[str, date], int] = {}
    for (source, _), first_us in in_hours.items():
        key = source, calendar_date(moment_of(first_us))
        heard[key] = min(heard.get(key, first_us), first_us)
    rows = [{"source": source, "on": on, "first_us": first} for (source, on), first in sorted(heard.items())]
    least = func.least if connection.dialect.name == "postgresql" else func.min
    statement = upsert(connection, source_heard)
    earlier = {"first_us": least(source_heard.c.first_us, statement.excluded.first_us)}
    connection.execute(statement.on_conflict_do_update(index_elements=["source", "on"], set_=earlier), rows)
