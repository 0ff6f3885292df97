"""Acknowledges an alert: who, when, with which note and until when; only the version that was seen."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, insert, select, update

from services.monitor.alerts.tables import alert as alerts
from services.monitor.alerts.tables import alert_happening
from shared.calendar import microseconds

DAYS_MAX = 92
"""Nobody puts an alert aside for longer than a quarter of a year."""


class Changed(Exception):
    """The alert is another version now than the one that was seen."""


class NotOpen(Exception):
    """The alert was closed, or a higher threshold has taken its place."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says to an alert."""

    by: str
    note: str
    until: date


def acknowledge(engine: Engine, identity: str, said: Said, *, seen: int, at: datetime) -> int:
    """The version after it. Raises Changed when the alert is no longer the version `seen`, or NotOpen."""
    with engine.begin() as connection:
        row = connection.execute(select(alerts.c.state, alerts.c.version).where(alerts.c.id == identity)).one_or_none()
        if row is None or row.version != seen:
            raise Changed
        if row.state != "open":
            raise NotOpen
        written = connection.execute(
            update(alerts)
            .where(alerts.c.id == identity, alerts.c.version == seen)
            .values(
                acknowledged_by=said.by,
                acknowledged_at_us=microseconds(at),
                acknowledged_until=said.until,
                note=said.note,
                version=seen + 1,
            )
        )
        if written.rowcount != 1:
            raise Changed
        connection.execute(
            insert(alert_happening).values(
                alert=identity,
                number=seen + 1,
                happened_at_us=microseconds(at),
                kind="acknowledged",
                by=said.by,
                detail=json.dumps({"note": said.note, "until": str(said.until)}),
            )
        )
    return seen + 1
