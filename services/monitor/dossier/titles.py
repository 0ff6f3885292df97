"""Titles (D10): the days on which a machtiging allows a closure, and the care days that no title covers (F6)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from services.monitor.dossier.days import Interval, covered, minus
from services.monitor.dossier.machtigingen import Machtiging
from services.monitor.dossier.placements import Stays
from services.monitor.dossier.rules import Rules
from services.monitor.dossier.state import Closure, Title
from shared.calendar import add_months
from shared.facts.placement import CLOSED_REGIME


def titles(
    granted: Iterable[Machtiging], stays: Stays, closed: Iterable[Closure], *, rules: Rules
) -> tuple[Title, ...]:
    """The days that each machtiging allows, in order: its term up to an end or lapse, minus its suspensions.

    A voorwaardelijke machtiging allows nothing by itself: it counts from the start of a placement that names it, for
    six calendar months at most (Jeugdwet 6.1.6). An administrative restart may be what names it first. Where that, or
    the next placement of the closure, names it again that is no other admission: a doorplaatsing restarts nothing (D7).
    """
    number_of = {id(stay): closure.number for closure in closed for stay in closure.placements}
    found = []
    for machtiging in granted:
        grant, until = machtiging.grant, machtiging.holds_until
        admissions: Iterable[date | None] = (None,)
        if grant.kind == "voorwaardelijk":
            admissions = _admissions(machtiging, stays, number_of)
        for admitted_on in admissions:
            ends = until if admitted_on is None else min(until, add_months(admitted_on, rules.admission_months))
            term = (max(grant.valid_from, admitted_on or grant.valid_from), ends)
            if term[0] < term[1]:
                allowed = minus([term], machtiging.suspensions) if machtiging.suspensions else (term,)
                found += [
                    Title(grant.machtiging, grant.kind, grant.legal_frame, *days, admitted_on) for days in allowed
                ]
    return tuple(sorted(found, key=lambda title: (title.from_on, title.until_on, title.machtiging)))


def _admissions(machtiging: Machtiging, stays: Stays, number_of: Mapping[int, int]) -> Iterable[date]:
    """Of each closure in which a stay names it the first day of the first such stay."""
    begun: dict[int, date] = {}
    for stay in stays.reported:
        if stay.machtiging == machtiging.grant.machtiging and stay.regime == CLOSED_REGIME:
            begun.setdefault(number_of[id(stays.whole(stay))], stay.started_on)
    return begun.values()


def uncovered(closure: Closure, titles: Sequence[Title], *, until: date) -> tuple[Interval, ...]:
    """The care days of a closure before the day `until` on which no title allows it (D10, F6), disjoint and in order.

    Days in a gap between two placements are no care days, so nothing has to cover them (D7).
    """
    for stay in closure.placements:
        end = stay.end
        if not _covers(titles, stay.started_on, end.on if end is not None and end.on < until else until):
            break
    else:
        return ()
    inside = covered(closure.placements, closure.started_on, until)
    return minus(inside, [(title.from_on, title.until_on) for title in titles])


def _covers(titles: Iterable[Title], start: date, end: date) -> bool:
    """Whether titles that are in order allow all days of [start, end): the ordinary case, and quick to see."""
    for title in titles:
        if title.from_on <= start < title.until_on:
            start = title.until_on
            if start >= end:
                return True
    return start >= end
