"""Notes when each source was last heard, so that silence can be told from nothing to say (F22)."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from services.monitor.projector.entries import Readable
from services.monitor.projector.upsert import upsert_keeping
from services.monitor.tables import source_heard, source_seen
from shared.calendar import calendar_date, microseconds, moment_of

_HOUR_US = 3_600_000_000


def see(connection: Connection, entries: Sequence[Readable]) -> None:
    """Move each source's latest moments forward, never back; in a fixed order, so that two workers never deadlock."""
    by_source: dict[str, list[Readable]] = {}
    for entry in entries:
        by_source.setdefault(entry.event.source, []).append(entry)
    if not by_source:
        return
    _hear(connection, by_source)
    rows = [
        {
            "source": source,
            "accepted_at_us": max(entry.accepted_at_us for entry in said),
            "time_us": microseconds(max(entry.event.time for entry in said)),
        }
        for source, said in sorted(by_source.items())
    ]
    connection.execute(upsert_keeping(connection, "greatest", source_seen, "accepted_at_us", "time_us"), rows)


def _hear(connection: Connection, by_source: Mapping[str, Sequence[Readable]]) -> None:
    """Note on which days each source was heard, and since when that was known."""
    heard: dict[tuple[str, date], int] = {}
    for source, said in by_source.items():
        # A date in Amsterdam begins at a whole hour, so the first moment of each hour has the date of all.
        in_hours = {at_us // _HOUR_US: at_us for at_us in sorted((one.accepted_at_us for one in said), reverse=True)}
        for first_us in in_hours.values():
            key = source, calendar_date(moment_of(first_us))
            heard[key] = min(heard.get(key, first_us), first_us)
    rows = [{"source": source, "on": on, "first_us": first} for (source, on), first in sorted(heard.items())]
    connection.execute(upsert_keeping(connection, "least", source_heard, "first_us"), rows)
