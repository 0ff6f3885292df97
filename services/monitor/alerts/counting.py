"""How many alerts hold, and when they were looked at: what Prometheus is told; no case is in it."""

from sqlalchemy import Connection, func, select

from services.monitor.alerts.conditions.rules import Rulebook
from services.monitor.alerts.looked import looked_at
from services.monitor.alerts.tables import alert

_OPEN = (
    select(alert.c.rule, alert.c.level, func.count())
    .where(alert.c.state == "open")
    .group_by(alert.c.rule, alert.c.level)
)


def open_alerts(connection: Connection, *, rules: Rulebook) -> dict[tuple[str, ...], float]:
    """By rule and level; 0 for every level that a rule fed by facts of today can reach."""
    counts: dict[tuple[str, ...], float] = {
        (rule.rule, str(step.level)): 0.0 for rule in rules.rules for step in rule.steps
    }
    for rule, level, count in connection.execute(_OPEN):
        counts[rule, level] = float(count)
    return counts


def last_look(connection: Connection) -> dict[tuple[str, ...], float]:
    """Until when everything due was looked at, in seconds since 1970; empty before the first look."""
    found = looked_at(connection)
    return {} if found is None else {(): found.timestamp()}
