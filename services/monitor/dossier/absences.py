"""Absences (onttrekkingen): from the moment that a young person withdrew from care to the moment of return."""

from datetime import date, datetime, timedelta

from services.monitor.dossier.belonging import closure_told
from services.monitor.dossier.records import Standing
from services.monitor.dossier.state import Absence, Closure, Dossier
from shared.calendar import calendar_date, midnight
from shared.facts.placement import AbsenceEnded, AbsenceStarted


def absences(facts: Standing) -> tuple[Absence, ...]:
    """All absences of a person in order of their beginning.

    An end belongs to the placement and the source that it names; the first end from a beginning on ends it. A beginning
    that another one follows without an end between them ended at that one at the latest: nobody withdraws from care
    twice without a return.
    """
    started = facts.of(AbsenceStarted)
    if not started:
        return ()
    ends: dict[tuple[str, str], list[datetime]] = {}
    for end in facts.of(AbsenceEnded):
        ends.setdefault((end.source, end.fact.placement), []).append(end.fact.at)
    begun: dict[tuple[str, str], list[tuple[datetime, str]]] = {}
    for start in started:
        begun.setdefault((start.source, start.fact.placement), []).append((start.fact.at, start.record))
    found = []
    for (source, placement), starts in begun.items():
        starts.sort()
        following = [at for at, _ in starts[1:]]
        for (at, record), next_at in zip(starts, [*following, None], strict=True):
            back = [end for end in ends.get((source, placement), ()) if end >= at]
            until = min([*back, *([next_at] if next_at else [])], default=None)
            found.append(Absence(placement, source, record, at, until))
    return tuple(sorted(found, key=lambda absence: (absence.from_at, absence.source, absence.record)))


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
