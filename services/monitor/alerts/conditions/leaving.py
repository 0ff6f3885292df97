"""Alerts on what should follow a closure: A14 ready to leave, and still inside."""

from collections.abc import Iterator
from datetime import timedelta

from services.monitor.alerts.conditions.alert import Alert, Because, Facts, lasting
from services.monitor.alerts.conditions.inside import Inside
from services.monitor.alerts.conditions.rules import Rule
from services.monitor.dossier.state import Dossier


def ready_but_inside(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A14: still inside so many days after the first day on which the young person could leave.

    As in A01 a doorplaatsing to another closed place does not restart the clock.
    """
    ready = next((one for one in dossier.ready if inside.start <= one.ready_on < inside.end), None)
    if ready is None:
        return
    because = Because("discharge-ready", ready.ready_on, ready.placement)
    facts = Facts(ready.ready_on, (because, *inside.facts.because))
    for step in rule.steps:
        if step.days is not None:
            since = ready.ready_on + timedelta(days=step.days)
            yield from lasting(rule, step, inside.case, since, inside.ending, facts=facts)
