"""To which closure of a young person belongs what is told of a placement."""

from datetime import date

from services.monitor.dossier.days import Interval
from services.monitor.dossier.placements import named_stay
from services.monitor.dossier.state import Closure, Dossier


def closure_told(dossier: Dossier, placement: str, source: str, *, days: Interval) -> Closure | None:
    """The closure that has the placement which a source names; one under another regime is part of none.

    A placement that nobody started (F4), or that was joined after an administrative restart, says only that they were
    inside: then it is the last closure that reaches into these days.
    """
    stay = named_stay(placement, source, dossier.placements)
    if stay is not None:
        return next((one for one in dossier.closures if stay in one.placements), None)
    first, after = days
    there = (one for one in dossier.closures if one.started_on < after and (one.ended_on or date.max) > first)
    return max(there, key=lambda one: one.number, default=None)
