"""An alert of a case page: as the rules judge the dossier of that day and moment, whatever is on record of it."""

from typing import Any

from services.monitor.alerts.conditions.alert import Alert
from services.monitor.alerts.rulebook import rulebook


def told(alert: Alert) -> dict[str, Any]:
    """The alert with its name, the day since which it holds, the facts behind it and the next step."""
    rule = next(one for one in rulebook().versions(alert.rule) if one.threshold(alert.threshold) is not None)
    return {
        "rule": alert.rule,
        "name": rule.name.model_dump(),
        "threshold": alert.threshold,
        "level": str(alert.level),
        "since": alert.since,
        "countedFrom": alert.counted_from,
        "about": alert.case.about,
        "owner": rule.owner,
        "nextStep": rule.next_step_at(alert.threshold).model_dump(),
        "because": [{"what": one.what, "on": one.on, "about": one.about} for one in alert.because],
    }
