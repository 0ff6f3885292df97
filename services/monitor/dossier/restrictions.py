"""To which closure of a young person restrictive measures belong."""

from datetime import date

from services.monitor.dossier.course import Restriction
from services.monitor.dossier.days import care_days
from services.monitor.dossier.state import Closure, Dossier
from shared.facts.restriction import days_of


def restrictions_by_closure(dossier: Dossier, *, a: date, b: date) -> dict[int, list[Restriction]]:
    """The measures in quarters that lie wholly in [a, b), by the number of the closure.

    They belong to the closure that has the placement they name, if it has a care day in the quarter. One under another
    regime is part of none, so they belong to none. One that nobody started (F4), or that was joined after an
    administrative restart, says only that they were inside: then to the last closure with a care day in the quarter.
    """
    found: dict[int, list[Restriction]] = {}
    for one in dossier.course.restrictions:
        first, after = days_of(one.quarter)
        if a <= first and after <= b and (closure := _closure_of(one, dossier, first, after)):
            found.setdefault(closure.number, []).append(one)
    return found


def _closure_of(measures: Restriction, dossier: Dossier, first: date, after: date) -> Closure | None:
    inside = [one for one in dossier.closures if care_days(one.placements, first, after)]
    named = [stay for stay in dossier.placements if stay.placement == measures.placement]
    if len(named) > 1:  # Two institutions number alike.
        named = [stay for stay in named if stay.source == measures.source]
    if named:
        inside = [one for one in inside if named[0] in one.placements]
    return inside[-1] if inside else None
