"""Rows of the alerts and what they say, in both directions."""

import json
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from services.monitor.alerts.conditions.alert import Alert, Because, Case
from services.monitor.alerts.conditions.rules import Level
from services.monitor.alerts.life import Kept, told
from services.monitor.alerts.tables import alert as alerts
from services.monitor.projector.among import among
from shared.calendar import microseconds, moment_of
from shared.facts.regions import AREA_OF

_OF_PEOPLE = select(alerts).where(among(alerts.c.person, "people"))

Read = Any
"""A row of the table of alerts, by column."""


def kept_of(connection: Connection, people: Collection[str]) -> dict[str, list[Kept]]:
    """The alerts on record of these persons; of the units under the empty name."""
    found: dict[str, list[Kept]] = {person: [] for person in people}
    for row in connection.execute(_OF_PEOPLE, {"people": people}):
        found[row.person].append(kept_from(row))
    return found


def kept_from(row: Read) -> Kept:
    """What a row says."""
    return Kept(
        id=row.id,
        alert=Alert(
            rule=row.rule,
            threshold=row.threshold,
            level=Level(row.level),
            case=Case(row.person, row.about, (), row.region, row.accommodation),
            since=row.since_on,
            until=None,
            ended=None,
            counted_from=row.counted_from,
            because=tuple(
                Because(one["what"], date.fromisoformat(one["on"]), one["about"]) for one in json.loads(row.because)
            ),
        ),
        state=row.state,
        seen_at=moment_of(row.seen_at_us),
        version=row.version,
        missing=tuple(json.loads(row.missing)),
        missed=row.missed,
        closed_on=row.closed_on,
        closed_reason=row.closed_reason,
    )


def row_of(kept: Kept) -> dict[str, Any]:
    """The columns that its life writes; who acknowledged it is left alone."""
    alert = kept.alert
    return {
        "rule": alert.rule,
        "threshold": alert.threshold,
        "person": alert.case.person,
        "about": alert.case.about,
        "level": str(alert.level),
        "state": kept.state,
        "since_on": alert.since,
        "counted_from": alert.counted_from,
        "seen_at_us": microseconds(kept.seen_at),
        "missed": kept.missed,
        "closed_on": kept.closed_on,
        "closed_reason": kept.closed_reason,
        "region": alert.case.region,
        "area": AREA_OF.get(alert.case.region or ""),
        "accommodation": alert.case.accommodation,
        "because": json.dumps([told(one) for one in alert.because]),
        "missing": json.dumps(kept.missing),
        "version": kept.version,
    }
