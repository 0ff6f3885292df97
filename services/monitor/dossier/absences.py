"""Absences (onttrekkingen): from the moment that a young person withdrew from care to the moment of return."""

from datetime import date, datetime, timedelta

from services.monitor.dossier.belonging import closure_told
from services.monitor.dossier.placements import Key, Stays
from services.monitor.dossier.records import Reported, Standing
from services.monitor.dossier.state import Absence, Closure, Dossier
from shared.calendar import calendar_date, midnight
from shared.facts.placement import AbsenceEnded, AbsenceStarted


def absences(facts: Standing, stays: Stays) -> tuple[Absence, ...]:
    """All absences of a person in order of their beginning.

    The first end from a beginning on that names the same placement ends it, whoever tells it. A beginning that another
    one follows without an end between them ended at that one at the latest: nobody withdraws from care twice without a
    return. Two records that say one moment are one absence, known by the one recorded first.
    """
    started = facts.of(AbsenceStarted)
    if not started:
        return ()
    ends: dict[Key, list[datetime]] = {}
    for end in facts.of(AbsenceEnded):
        ends.setdefault(_from(end, stays), []).append(end.fact.at)
    begun: dict[Key, dict[datetime, Reported[AbsenceStarted]]] = {}
    for start in sorted(started, key=lambda one: one.recorded):
        begun.setdefault(_from(start, stays), {}).setdefault(start.fact.at, start)
    found = []
    for key, starts in begun.items():
        moments = sorted(starts)
        for at, next_at in zip(moments, [*moments[1:], None], strict=True):
            back = [end for end in ends.get(key, ()) if end >= at]
            until = min([*back, *([next_at] if next_at else [])], default=None)
            start = starts[at]
            found.append(Absence(start.fact.placement, start.source, start.record, at, until))
    return tuple(sorted(found, key=lambda absence: (absence.from_at, absence.source, absence.record)))


def _from(report: Reported[AbsenceStarted] | Reported[AbsenceEnded], stays: Stays) -> Key:
    """The placement that it names; of one that nobody started what its source calls it."""
    named = report.fact.placement, report.source
    stay = stays.named(*named)
    return named if stay is None else (stay.placement, stay.source)


def closure_of(absence: Absence, dossier: Dossier) -> Closure | None:
    """The closure that somebody withdrew from."""
    began_on = calendar_date(absence.from_at)
    return closure_told(dossier, absence.placement, absence.source, days=(began_on, began_on + timedelta(days=1)))


def over_at(absence: Absence, left_on: date | None) -> datetime | None:
    """The moment at which it was over: of the return or, before that, the first of the day on which the stay ended.

    None while neither is known.
    """
    ends = [absence.until_at, None if left_on is None else midnight(left_on)]
    return min((at for at in ends if at is not None), default=None)
