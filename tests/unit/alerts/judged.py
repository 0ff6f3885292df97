"""What the tests of the alerts ask: the alerts of some facts on a date, as short text."""

from datetime import date, timedelta

from services.monitor.alerts.conditions.alert import Alert
from services.monitor.alerts.conditions.judging import alerts, spells
from services.monitor.alerts.rulebook import rulebook
from shared.calendar import end_of
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import d, folded

LINK_DAYS = 7


def on(day: str, *facts: AcceptedEvent) -> dict[str, str]:
    """The threshold by rule on a date; the rules that hold twice are of no use here."""
    found = alerts(folded(*facts), at=end_of(d(day)), rules=rulebook(), link_days=LINK_DAYS)
    assert len({alert.rule for alert in found}) == len(found)
    return {alert.rule: alert.threshold for alert in found}


def threshold(rule: str, day: str, *facts: AcceptedEvent) -> str | None:
    """The threshold of one rule on a date, or None."""
    held = [
        alert.threshold
        for alert in alerts(folded(*facts), at=end_of(d(day)), rules=rulebook(), link_days=LINK_DAYS)
        if alert.rule == rule
    ]
    assert len(held) <= 1
    return held[0] if held else None


def spells_of(rule: str, *facts: AcceptedEvent) -> list[Alert]:
    """All spells of a rule."""
    return [one for one in spells(folded(*facts), rules=rulebook(), link_days=LINK_DAYS) if one.rule == rule]


def spell(rule: str, key: str, *facts: AcceptedEvent) -> Alert | None:
    """The first spell of a rule and threshold, or None."""
    found = [alert for alert in spells_of(rule, *facts) if alert.threshold == key]
    return min(found, key=lambda alert: alert.since, default=None)


def span(rule: str, key: str, *facts: AcceptedEvent) -> tuple[str, str | None, str | None] | None:
    """Since, until and why it ended, as text."""
    found = spell(rule, key, *facts)
    return found and (str(found.since), str(found.until) if found.until else None, found.ended)


def plus(day: str, days: int) -> str:
    """So many days later."""
    return str(date.fromisoformat(day) + timedelta(days=days))
