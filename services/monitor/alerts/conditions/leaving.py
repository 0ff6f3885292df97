"""Alerts on what should follow a closure: A14 ready to leave, and still inside; A15 gone to nobody knows what."""

from collections.abc import Iterator
from datetime import timedelta

from services.monitor.alerts.conditions.alert import Alert, Because, Facts, lasting
from services.monitor.alerts.conditions.inside import Inside, found_again
from services.monitor.alerts.conditions.rules import Rule
from services.monitor.dossier.readiness import ready_in
from services.monitor.dossier.state import Discharged, Dossier


def ready_but_inside(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A14: still inside so many days after the first day on which the young person could leave.

    As in A01 a doorplaatsing to another closed place does not restart the clock.
    """
    ready = next(iter(ready_in(inside.closure, dossier)), None)
    if ready is None:
        return
    because = Because("discharge-ready", ready.ready_on, ready.placement)
    facts = Facts(ready.ready_on, (because, *inside.facts.because))
    for step in rule.steps:
        if step.days is not None:
            since = ready.ready_on + timedelta(days=step.days)
            yield from lasting(rule, step, inside.case, since, inside.ending, facts=facts)


def nothing_known_to_follow(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A15: discharged without help that follows, or so many days ago to a destination that nobody told since.

    It is told until the young person has a placement again, under whatever regime, and for so many days after the
    discharge. Of whom it was not said whether help follows nothing is told.
    """
    stay, end = inside.last, inside.last.end
    if not isinstance(end, Discharged) or inside.why == "deceased":
        return
    holds = {"no-follow-up": end.follow_up == "none", "destination-unknown": end.destination == "unknown"}
    facts = Facts(end.on, inside.facts.because)
    for step in rule.steps:
        if holds.get(step.key):
            since = end.on + timedelta(days=step.days or 0)
            gone = (end.on + timedelta(days=step.holds_days or 0), "time-passed")
            placed = (found_again(dossier, stay, end.on), "placed-again")
            yield from lasting(rule, step, inside.case, since, placed, gone, facts=facts)
