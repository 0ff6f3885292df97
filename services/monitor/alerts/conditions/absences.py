"""Alerts on who is away, A16, and on stays that nobody says anything about, A23."""

from collections.abc import Iterator
from datetime import date, timedelta

from services.monitor.alerts.conditions.alert import FOREVER, Alert, Because, Facts, lasting
from services.monitor.alerts.conditions.inside import Inside, key_of
from services.monitor.alerts.conditions.rules import Rule
from services.monitor.dossier.absences import closure_of, over_at
from services.monitor.dossier.state import Dossier
from shared.calendar import calendar_date


def absent(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A16: away for more than so many hours, counted to the moment."""
    left_on, _ = inside.ending
    for absence in dossier.absences:
        if closure_of(absence, dossier) != inside.closure:
            continue
        back_at = over_at(absence, left_on)
        because = (Because("absence-started", calendar_date(absence.from_at), absence.placement), *inside.facts.because)
        for step in rule.steps:
            since_at = absence.from_at + timedelta(hours=step.hours or 0)
            if back_at is not None and back_at <= since_at:
                continue
            yield Alert(
                rule.rule,
                step.key,
                step.level,
                inside.case_of(f"{absence.record} {absence.source}"),
                since=calendar_date(since_at),
                until=calendar_date(back_at) if back_at else None,
                ended=None if back_at is None else "returned" if back_at == absence.until_at else inside.why,
                counted_from=calendar_date(absence.from_at),
                because=because,
                since_at=since_at,
                until_at=back_at,
            )


def unheard(dossier: Dossier, inside: Inside, rule: Rule, *, heard_on: date | None) -> Iterator[Alert]:
    """A23: a stay that is open, and no fact about the young person arrived for so many days."""
    step = rule.threshold("stay")
    if step is None or heard_on is None or inside.end != FOREVER:
        return
    facts = Facts(heard_on, (Because("last-fact-accepted", heard_on, ""), *inside.facts.because))
    case = inside.case_of(key_of(inside.closure.placements[0]), also=inside.case.also)
    yield from lasting(rule, step, case, heard_on + timedelta(days=step.days or 0), facts=facts)
