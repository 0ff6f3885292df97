"""What happened to one young person, from the dossier that the figures are counted from; pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import assert_never

from services.monitor.dossier.course import Course, Listed, Restriction, Support
from services.monitor.dossier.state import (
    Absence,
    Closure,
    Consult,
    Discharged,
    Dossier,
    Moved,
    Order,
    Placement,
    Request,
    Superseded,
    Waiting,
)
from services.monitor.eventlog.happening import ACTIVITIES, BEGINNINGS, Happening, Value
from shared.calendar import calendar_date
from shared.facts.regions import AREA_OF

_ORDER = {activity: place for place, activity in enumerate(ACTIVITIES)}
_LAST = 1_000
"""Comes after the number of every placement of a day."""


def happenings(dossier: Dossier, *, until: date) -> Sequence[Happening]:
    """Everything that happened up to and with this day, in order; of one day what ends comes before what begins (D11),
    but for the end of what began on it.

    What nobody dated, such as the end of a placement that lasts, has not happened.
    """
    return sorted((one for one in _all(dossier) if one.on <= until), key=_place)


def _place(one: Happening) -> tuple[date, int, int, bool, int]:
    told_as = BEGINNINGS[one.activity] if one.ends_what_began else one.activity
    number = _LAST if one.activity == "closure-ended" else one.placement or one.machtiging or 0
    return one.on, _ORDER[told_as], number, one.ends_what_began, _ORDER[one.activity]


def _all(dossier: Dossier) -> Iterator[Happening]:
    closures = {stay: closure.number for closure in dossier.closures for stay in closure.placements}
    numbers = {(stay.source, stay.placement): n for n, stay in enumerate(dossier.placements, start=1)}
    for n, stay in enumerate(dossier.placements, start=1):
        yield from _of_placement(stay, n, closures.get(stay))
    for closure in dossier.closures:
        yield from _of_closure(closure)
    for wait in dossier.waiting:
        yield from _of_wait(wait)
    frames = {title.machtiging: title.legal_frame for title in dossier.titles}
    for n, order in enumerate(dossier.orders, start=1):
        yield from _of_order(order, n, frames.get(order.machtiging))
    for request in dossier.requests:
        yield from _of_request(request)
    for n, consult in enumerate(dossier.consults, start=1):
        yield from _of_consult(consult, n)
    for absence in dossier.absences:
        yield from _of_absence(absence, numbers.get((absence.source, absence.placement)))
    for ready in dossier.ready:
        number = numbers.get((ready.source, ready.placement))
        yield Happening("discharge-ready", ready.ready_on, {"needed": ready.needed}, placement=number)
    yield from _of_course(dossier.course, numbers)


def _of_placement(stay: Placement, number: int, closure: int | None) -> Iterator[Happening]:
    where = {"accommodation": stay.accommodation, **_region(stay.region), "regime": stay.regime}
    who = _who(stay.birth_month, stay.sex, stay.started_on)
    how = _said(closure_mode=stay.closure_mode, route=stay.route, origin=stay.origin)
    yield Happening("placement-started", stay.started_on, {**where, **how, **who}, closure, number)
    end = stay.end
    match end:
        case None:
            return
        case Discharged():
            how = _said(destination=end.destination, end_mode=end.end_mode, follow_up=end.follow_up)
            activity = "discharge"
        case Moved():
            activity, how = "departure", _said(reason=end.reason, to_accommodation=end.to_accommodation)
        case Superseded():
            activity, how = "end-inferred", _said(inferred=True)
        case _:
            assert_never(end)
    at_once = end.on == stay.started_on
    yield Happening(activity, end.on, {**where, **how}, closure, number, ends_what_began=at_once)


def _of_closure(closure: Closure) -> Iterator[Happening]:
    where = _region(closure.placements[0].region)
    yield Happening("closure-began", closure.started_on, where, closure.number)
    for move in closure.doorplaatsingen:
        moved: dict[str, Value] = {"accommodation": move.from_accommodation, "to_accommodation": move.to_accommodation}
        yield Happening("doorplaatsing", move.on, {**where, **moved, "inferred": move.inferred}, closure.number)
    ended_on = closure.ended_on
    if ended_on is not None:
        at_once = any(stay.started_on == ended_on for stay in closure.placements)
        yield Happening("closure-ended", ended_on, where, closure.number, ends_what_began=at_once)


def _of_wait(wait: Waiting) -> Iterator[Happening]:
    where = _region(wait.region) if wait.region else {}
    how = _said(referrer=wait.referrer, urgency=wait.urgency)
    yield Happening("wait-began", wait.since_on, {**where, **how, **_who(wait.birth_month, wait.sex, wait.since_on)})
    if wait.until_on is not None:
        closed = wait.closed_on == wait.until_on
        became = _said(outcome=wait.outcome, alternative=wait.alternative) if closed else {}
        at_once = wait.until_on == wait.since_on
        yield Happening("wait-ended", wait.until_on, {**where, **became}, ends_what_began=at_once)


def _of_order(order: Order, number: int, frame: str | None) -> Iterator[Happening]:
    said = _said(
        kind=order.kind,
        legal_frame=frame,
        court=order.court,
        without_hearing=order.without_hearing,
        valid_from=order.valid_from.isoformat(),
        valid_until=order.valid_until.isoformat(),
    )
    yield Happening("machtiging-granted", order.granted_on, said, machtiging=number)
    for activity, on in (("machtiging-ended", order.ended_on), ("machtiging-lapsed", order.lapsed_on)):
        if on is not None:
            how = _said(cause=order.ended_cause) if activity == "machtiging-ended" else {}
            yield Happening(activity, on, how, machtiging=number, ends_what_began=on == order.granted_on)


def _of_request(request: Request) -> Iterator[Happening]:
    kind = _said(kind=request.kind)
    yield Happening("machtiging-requested", request.requested_on, kind)
    if request.answered_on is not None and request.refused:
        at_once = request.answered_on == request.requested_on
        yield Happening("machtiging-refused", request.answered_on, kind, ends_what_began=at_once)


def _of_consult(consult: Consult, number: int) -> Iterator[Happening]:
    where = _region(consult.team_region)
    if consult.requested_on is not None:
        yield Happening("expert-advice-requested", consult.requested_on, where, consult=number)
    if consult.issued_on is not None:
        yield Happening("expert-advice-issued", consult.issued_on, where | {"binding": consult.binding}, consult=number)
    for one in consult.follow_ups:
        said = _said(status=one.status, reason=one.reason)
        yield Happening("expert-advice-followed-up", one.on, where | said, consult=number)


def _of_absence(absence: Absence, placement: int | None) -> Iterator[Happening]:
    began_on = calendar_date(absence.from_at)
    yield Happening("absence-began", began_on, {}, placement=placement)
    if absence.until_at is not None:
        on = calendar_date(absence.until_at)
        yield Happening("absence-ended", on, {}, placement=placement, ends_what_began=on == began_on)


def _of_course(course: Course, placements: Mapping[tuple[str, str], int]) -> Iterator[Happening]:
    for one in course.schooling:
        yield Happening("schooling-changed", one.changed_on, _said(status=one.status, hours=one.hours))
    for mode in course.modes:
        number = placements.get((mode.source, mode.placement))
        said = _said(closure_mode=mode.closure_mode)
        yield Happening("closure-mode-changed", mode.changed_on, said, placement=number)
    for plan in course.plans:
        due_on = plan.next_due_on.isoformat() if plan.next_due_on else None
        yield Happening("care-plan-evaluated", plan.evaluated_on, _said(due_on=due_on))
    for review in course.reviews:
        yield Happening("case-reviewed", review.reviewed_on, {"kind": review.kind})
    for measure in course.restrictions:
        if measure.on is not None:
            yield _of_restriction(measure, measure.on, placements.get((measure.source, measure.placement)))
    for n, support in enumerate(course.supports, start=1):
        yield from _of_support(support, n)
    for n, listed in enumerate(course.listed, start=1):
        yield from _of_list(listed, n)


def _of_restriction(measure: Restriction, on: date, placement: int | None) -> Happening:
    said = _said(category=measure.category, count=measure.count, minutes=measure.minutes, emergency=measure.emergency)
    return Happening("restriction-applied", on, said, placement=placement)


def _of_support(support: Support, number: int) -> Iterator[Happening]:
    asked_on, on = support.requested_on, support.resolved_on
    yield Happening("support-requested", asked_on, {"reason": support.reason}, support=number)
    if on is not None:
        said = _said(result=support.result)
        yield Happening("support-resolved", on, said, support=number, ends_what_began=on == asked_on)


def _of_list(listed: Listed, number: int) -> Iterator[Happening]:
    said = _said(setting=listed.setting, interim=listed.interim)
    yield Happening("waiting-list-entered", listed.since_on, said, waitlist=number)
    on = listed.until_on
    if on is not None:
        left = _said(reason=listed.reason)
        yield Happening("waiting-list-left", on, left, waitlist=number, ends_what_began=on == listed.since_on)


def _region(region: str) -> dict[str, Value]:
    return {"region": region, "area": AREA_OF[region]}


def _who(birth_month: str | None, sex: str | None, on: date) -> dict[str, Value]:
    return _said(age=None if birth_month is None else _age(birth_month, on), sex=sex)


def _age(birth_month: str, on: date) -> int:
    year, month = map(int, birth_month.split("-"))
    return on.year - year - (on.month < month)


def _said(**values: Value | None) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}
