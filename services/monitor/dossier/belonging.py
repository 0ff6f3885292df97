"""To which closure of a young person belongs what is told of a placement."""

from datetime import date

from services.monitor.dossier.days import Interval
from services.monitor.dossier.placements import named_stay
from services.monitor.dossier.state import Closure, Dossier, Placement


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


def stay_told(dossier: Dossier, placement: str, source: str, *, days: Interval) -> Placement | None:
    """The placement in it: the one that is named, or else the last that had begun by the end of these days."""
    closure = closure_told(dossier, placement, source, days=days)
    if closure is None:
        return None
    named = named_stay(placement, source, dossier.placements)
    return named or [stay for stay in closure.placements if stay.started_on < days[1]][-1]
