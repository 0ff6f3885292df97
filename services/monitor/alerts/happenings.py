"""Writes what happens to alerts: the alert as it is now, and a line for each happening, in one transaction."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, update

from services.monitor.alerts.kept import row_of
from services.monitor.alerts.life import Change
from services.monitor.alerts.tables import alert as alerts
from services.monitor.alerts.tables import alert_happening
from services.monitor.projector.bulk import insert_rows, with_text_dates
from shared.calendar import microseconds


class Overtaken(Exception):
    """Somebody else changed an alert meanwhile: judge it again."""


def record(connection: Connection, changes: Sequence[Change], *, at: datetime) -> None:
    """Write these changes. Raises Overtaken when an alert has another version than it was judged by."""
    new: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for change in changes:
        row = row_of(change.after)
        kinds = {one.kind for one in change.happenings}
        if change.after.state != "closed":
            row["closed_at_us"] = None
        elif kinds & {"closed", "missed"}:  # Not where it was closed before, and only goes on under another name.
            row["closed_at_us"] = microseconds(at)
        if "reopened" in kinds:
            row |= dict.fromkeys(("acknowledged_by", "acknowledged_at_us", "acknowledged_until", "note"))
        if change.before is None:
            identity = uuid4().hex
            new.append({"id": identity, **row})
        else:
            identity = change.before.id
            known = alerts.c.id == identity, alerts.c.version == change.before.version
            if connection.execute(update(alerts).where(*known).values(row)).rowcount != 1:
                raise Overtaken
        first = change.after.version - len(change.happenings) + 1
        lines += [
            {
                "alert": identity,
                "number": number,
                "happened_at_us": microseconds(at),
                "kind": one.kind,
                "by": None,
                "detail": json.dumps(dict(one.detail)),
            }
            for number, one in enumerate(change.happenings, start=first)
        ]
    insert_rows(connection, alerts, [with_text_dates(row) for row in new])
    insert_rows(connection, alert_happening, lines)
