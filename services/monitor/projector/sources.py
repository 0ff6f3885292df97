"""Notes when each source was last heard, so that silence can be told from nothing to say (F22)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, func

from services.monitor.projector.upsert import upsert
from services.monitor.tables import source_heard, source_seen
from shared.calendar import calendar_date, microseconds
from shared.facts.envelope import AcceptedEvent


def see(connection: Connection, events: Sequence[AcceptedEvent]) -> None:
    """Move each source's latest moments forward, never back; in a fixed order, so that two workers never deadlock."""
    latest: dict[str, tuple[int, int]] = {}
    for event in events:
        accepted, recorded = latest.get(event.source, (0, 0))
        latest[event.source] = max(accepted, microseconds(event.acceptedat)), max(recorded, microseconds(event.time))
    if not latest:
        return
    _hear(connection, events)
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


def _hear(connection: Connection, events: Sequence[AcceptedEvent]) -> None:
    """Note on which days each source was heard, and since when that was known."""
    heard: dict[tuple[str, date], int] = {}
    for event in events:
        key = event.source, calendar_date(event.acceptedat)
        accepted_at_us = microseconds(event.acceptedat)
        heard[key] = min(heard.get(key, accepted_at_us), accepted_at_us)
    rows = [{"source": source, "on": on, "first_us": first} for (source, on), first in sorted(heard.items())]
    least = func.least if connection.dialect.name == "postgresql" else func.min
    statement = upsert(connection, source_heard)
    earlier = {"first_us": least(source_heard.c.first_us, statement.excluded.first_us)}
    connection.execute(statement.on_conflict_do_update(index_elements=["source", "on"], set_=earlier), rows)
