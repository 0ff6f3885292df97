"""To which closure of a young person restrictive measures belong."""

from datetime import date, timedelta

from services.monitor.dossier.course import Restriction
from services.monitor.dossier.days import care_days
from services.monitor.dossier.placements import named_stay
from services.monitor.dossier.state import Closure, Dossier
from shared.facts.restriction import days_of

DAY = timedelta(days=1)


def closure_of(measures: Restriction, dossier: Dossier) -> Closure | None:
    """The closure that has the placement they name; one under another regime is part of none.

    A placement that nobody started (F4), or that was joined after an administrative restart, says only that they were
    inside: then it is the last closure that reaches into the day on which they began or, without one, into the quarter.
    """
    stay = named_stay(measures.placement, measures.source, dossier.placements)
    if stay is not None:
        return next((one for one in dossier.closures if stay in one.placements), None)
    first, after = (measures.on, measures.on + DAY) if measures.on else days_of(measures.quarter)
    there = (one for one in dossier.closures if one.started_on < after and (one.ended_on or date.max) > first)
    return max(there, key=lambda one: one.number, default=None)


def restrictions_by_closure(dossier: Dossier, *, a: date, b: date) -> dict[int, list[Restriction]]:
    """The measures in quarters that lie wholly in [a, b), by the number of their closure.

    Those of a closure without a care day in the quarter are left out: there is nothing to hold them against.
    """
    found: dict[int, list[Restriction]] = {}
    for one in dossier.course.restrictions:
        first, after = days_of(one.quarter)
        closure = closure_of(one, dossier) if a <= first and after <= b else None
        if closure is not None and care_days(closure.placements, first, after):
            found.setdefault(closure.number, []).append(one)
    return found
