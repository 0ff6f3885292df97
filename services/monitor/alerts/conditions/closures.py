"""Alerts on a closure itself: A01 long, A07 eighteen, A09 doorplaatsing, A10 re-placement, A24 pairing."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from services.monitor.alerts.conditions.alert import Alert, Because, Case, Facts, lasting
from services.monitor.alerts.conditions.inside import Inside, found_again, key_of
from services.monitor.alerts.conditions.rules import Rule
from services.monitor.dossier.days import days
from services.monitor.dossier.state import Dossier, Moved, Placement
from services.monitor.dossier.titles import uncovered
from shared.calendar import add_months

MAJORITY_MONTHS = 18 * 12


def long_closure(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A01: the closure lasts at least so many days, doorplaatsingen included (D7)."""
    for step in rule.steps:
        if step.days is not None:
            since = inside.start + timedelta(days=step.days)
            yield from lasting(rule, step, inside.case, since, inside.ending, facts=inside.facts)


def eighteen(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A07: somebody inside becomes, or is, eighteen; only the month of birth is known.

    What comes before that day counts from the first day of the month, what supposes that it has passed from the first
    day of the next one.
    """
    month = next((stay.birth_month for stay in inside.closure.placements if stay.birth_month), None)
    if month is None:
        return
    earliest = add_months(date(int(month[:4]), int(month[5:]), 1), MAJORITY_MONTHS)
    certain = add_months(earliest, 1)
    facts = Facts(earliest, (Because("eighteen-in-the-month-from", earliest, month), *inside.facts.because))
    for step in rule.steps:
        if step.key == "no-title":
            for begin, end in uncovered(inside.closure, dossier.titles, until=inside.end):
                since, ends = max(begin, certain), ((end, "titled"), inside.ending)
                yield from lasting(rule, step, inside.case, since, *reversed(ends), facts=facts)
            continue
        due = earliest
        if step.days is not None:
            due -= timedelta(days=step.days)
        if step.months is not None:
            due = add_months(due, step.months)
        yield from lasting(rule, step, inside.case, max(due, inside.start), inside.ending, facts=facts)


def doorplaatsing(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A09: each doorplaatsing; one soon after another, or after the start; the third and later of a closure."""
    before = [move.on for closure in dossier.closures[: inside.closure.number - 1] for move in closure.doorplaatsingen]
    for number, move in enumerate(inside.closure.doorplaatsingen, start=1):
        arrival = _arrival(inside.closure.placements, move.on, move.to_accommodation)
        facts = Facts(
            move.on,
            (
                Because(f"doorplaatsing-{number}-from", move.on, move.from_accommodation),
                Because(f"doorplaatsing-{number}-to", move.on, move.to_accommodation),
                *inside.facts.because,
            ),
        )
        reached = {
            "each": True,
            "second": any(days(on, move.on) <= rule.parameters["again-days"] for on in before),
            "early": days(inside.start, move.on) <= rule.parameters["early-days"],
            "third": number >= rule.parameters["often"],
        }
        for step in rule.steps:
            if reached.get(step.key):
                gone = (move.on + timedelta(days=step.holds_days or 0), "time-passed")
                yield from lasting(rule, step, inside.case_of(arrival), move.on, inside.ending, gone, facts=facts)
        before.append(move.on)


def _arrival(placements: Sequence[Placement], on: date, accommodation: str) -> str:
    return next(
        (key_of(stay) for stay in placements if stay.started_on == on and stay.accommodation == accommodation),
        f"{on} {accommodation}",
    )


def replacement(dossier: Dossier, inside: Inside, rule: Rule) -> Iterator[Alert]:
    """A10: a closure that starts at most so many days after the one before it ended (D9)."""
    before = inside.closure.previous_ended_on
    if before is None:
        return
    gap = days(before, inside.start)
    facts = Facts(inside.start, (Because("closure-ended", before, ""), *inside.facts.because))
    for step in rule.steps:
        if step.days is not None and gap <= step.days:
            gone = (inside.start + timedelta(days=step.holds_days or 0), "time-passed")
            yield from lasting(rule, step, inside.case, inside.start, inside.ending, gone, facts=facts)


def pairing(dossier: Dossier, rule: Rule) -> Iterator[Alert]:
    """A24: a doorplaatsing left, and nobody reported an arrival; after `give-up-days` it is left to the flags (F3)."""
    for stay in dossier.placements:
        if not isinstance(stay.end, Moved) or stay.regime != "jw6":
            continue
        left = stay.end.on
        case = Case(dossier.person, key_of(stay), (), stay.region, stay.end.to_accommodation or stay.accommodation)
        facts = Facts(left, (Because("doorplaatsing-recorded", left, stay.placement),))
        given_up = (left + timedelta(days=rule.parameters["give-up-days"]), "left-to-flags")
        for step in rule.steps:
            since = left + timedelta(days=step.days or 0)
            arrived = (found_again(dossier, stay, left), "arrived")
            yield from lasting(rule, step, case, since, arrived, given_up, facts=facts)
