"""To which closure of a young person restrictive measures belong, and at which accommodation they were taken."""

from collections.abc import Iterator
from datetime import date, timedelta

from services.monitor.dossier.belonging import closure_told, stay_told
from services.monitor.dossier.course import Restriction
from services.monitor.dossier.days import Interval, care_days
from services.monitor.dossier.state import Closure, Dossier, Placement
from shared.facts.restriction import days_of

DAY = timedelta(days=1)


def closure_of(measures: Restriction, dossier: Dossier) -> Closure | None:
    """The closure during which they were taken: by the placement they name or, where nobody started that, by the day on
    which they began or, without one, the quarter.
    """
    return closure_told(dossier, measures.placement, measures.source, days=_days(measures))


def stay_of(measures: Restriction, dossier: Dossier) -> Placement | None:
    """The placement in it: the one that is named or, where nobody started that, the last one by then."""
    return stay_told(dossier, measures.placement, measures.source, days=_days(measures))


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


def restrictions_at(dossier: Dossier, *, a: date, b: date) -> Iterator[tuple[str, Restriction]]:
    """The same measures, each with the accommodation at which it was taken."""
    for found in restrictions_by_closure(dossier, a=a, b=b).values():
        for one in found:
            if stay := stay_of(one, dossier):
                yield stay.accommodation, one


def _days(measures: Restriction) -> Interval:
    """The day on which they began or, without one, the quarter."""
    return (measures.on, measures.on + DAY) if measures.on else days_of(measures.quarter)
