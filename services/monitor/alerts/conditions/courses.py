"""Alerts on what is told of a stay: A13 no schooling, A21 emergency measures that last, A26 no care plan."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from services.monitor.alerts.conditions.alert import Alert, Because, Facts, lasting
from services.monitor.alerts.conditions.inside import Inside
from services.monitor.alerts.conditions.rules import Rule
from services.monitor.dossier.course import Evaluation
from services.monitor.dossier.restrictions import stay_of
from services.monitor.dossier.schooling import NO_SCHOOLING, taught, taught_on
from services.monitor.dossier.state import Dossier
from shared.facts.restriction import days_of

DAY = timedelta(days=1)
SATURDAY = 5
MINUTES_IN_HOUR = 60


def school_gap(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A13: somebody inside is not taught for so many school days; who is said nothing of has no gap.

    It counts from the day since which that is said, or from the start of the closure where that is later, and holds
    from the day after the last of these school days.
    """
    for one in taught(dossier.course.schooling):
        if one.status != NO_SCHOOLING:
            continue
        begin = max(one.from_on, inside.start)
        facts = Facts(begin, (Because("education-changed", one.from_on, ""), *inside.facts.because))
        ending = (one.until_on, one.then or "")
        for step in rule.steps:
            since = after_school_days(begin, step.school_days or 0)
            yield from lasting(rule, step, inside.case, since, inside.ending, ending, facts=facts)


def is_untaught(dossier: Dossier, on: date) -> bool:
    """Whether what was said last of the schooling by this day is that there is none."""
    now = taught_on(dossier.course.schooling, on)
    return now is not None and now.status == NO_SCHOOLING


def is_overdue(dossier: Dossier, inside_since: date, on: date) -> bool:
    """Whether the care plan should have been evaluated again before this day, since somebody is inside, and was not."""
    last = next((plan for plan in reversed(dossier.course.plans) if plan.evaluated_on <= on), None)
    return last is not None and last.next_due_on is not None and inside_since <= last.next_due_on < on


def after_school_days(first: date, count: int) -> date:
    """The first day that has so many school days, Monday to Friday, in [first, day)."""
    day = first
    while count > 0:
        if day.weekday() < SATURDAY:
            count -= 1
        day += DAY
    return day


def care_plan(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A26: the care plan of somebody inside should have been evaluated by now, or was not since the start."""
    plans = dossier.course.plans
    yield from _overdue(plans, inside, rule)
    step = rule.threshold("42-days")
    if step is None or not any(plan.evaluated_on < inside.end for plan in plans):
        return
    since = inside.start + timedelta(days=step.days or 0)
    first = next((plan.evaluated_on for plan in plans if plan.evaluated_on >= inside.start), None)
    yield from lasting(rule, step, inside.case, since, inside.ending, (first, "evaluated"), facts=inside.facts)


def _overdue(plans: Sequence[Evaluation], inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A day that lay before the closure says nothing of the plan in it."""
    step = rule.threshold("overdue")
    if step is None:
        return
    for number, plan in enumerate(plans, start=1):
        due_on = plan.next_due_on
        if due_on is None or due_on < inside.start:
            continue
        evaluated = Because("care-plan-evaluated", plan.evaluated_on, "")
        facts = Facts(due_on, (evaluated, Because("care-plan-due", due_on, ""), *inside.facts.because))
        newer = next((one.evaluated_on for one in plans[number:]), None), "evaluated"
        yield from lasting(rule, step, inside.case, due_on + DAY, inside.ending, newer, facts=facts)


def emergency_measure(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A21: one measure in an emergency took more than so many hours.

    It is told for a while from the day on which it began, or from the end of its quarter when that is all that is said.
    Whoever left meanwhile does not end it: what was done remains to be checked, and where it was done.
    """
    for one in dossier.course.restrictions:
        stay = stay_of(one, dossier) if one.emergency and one.count == 1 else None
        if stay is None or stay not in inside.closure.placements:
            continue
        case = inside.case_of(f"{one.record} {one.source}", at=stay.accommodation)
        since = one.on or days_of(one.quarter)[1]
        facts = Facts(since, (Because("restriction-reported", since, one.record), *inside.facts.because))
        for step in rule.steps:
            if step.hours is not None and one.minutes > step.hours * MINUTES_IN_HOUR:
                gone = (since + timedelta(days=step.holds_days or 0), "time-passed")
                yield from lasting(rule, step, case, since, gone, facts=facts)
