"""What is told of a stay and around it, in order, and F4 of what names a placement that nobody started."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import attrgetter
from typing import NamedTuple, TypeVar, get_args

from services.monitor.dossier.course import (
    NOTHING_TOLD,
    Course,
    Evaluation,
    Listed,
    Mode,
    Restriction,
    Review,
    Schooling,
    Support,
)
from services.monitor.dossier.flags import raised
from services.monitor.dossier.pairs import paired
from services.monitor.dossier.placements import Stays, named_stay
from services.monitor.dossier.records import Reported, Standing
from services.monitor.dossier.state import Flag, Placement
from shared.calendar import calendar_date
from shared.facts.care_plan import CarePlanEvaluated, CaseReviewed
from shared.facts.fact import Fact
from shared.facts.placement import AbsenceEnded, AbsenceStarted, ClosureModeChanged, LeaveEnded, LeaveStarted
from shared.facts.restriction import RestrictionReported, days_of
from shared.facts.schooling import EducationChanged
from shared.facts.support import SupportRequested, SupportResolved
from shared.facts.waiting import WaitingEnded, WaitingStarted

_KINDS: frozenset[type[Fact]] = frozenset(
    {
        EducationChanged,
        ClosureModeChanged,
        CarePlanEvaluated,
        CaseReviewed,
        RestrictionReported,
        SupportRequested,
        SupportResolved,
        WaitingStarted,
        WaitingEnded,
    }
)


F = TypeVar("F", bound=Fact)

Away = LeaveStarted | LeaveEnded | AbsenceStarted | AbsenceEnded
"""What happened at a moment during a placement."""
InPlacement = EducationChanged | ClosureModeChanged | CarePlanEvaluated | CaseReviewed | RestrictionReported | Away
"""What may say during which placement it is true."""
_IN_PLACEMENT: frozenset[type[Fact]] = frozenset(get_args(InPlacement))


class Told(NamedTuple):
    """The course of one person, and what is wrong with the reports about it."""

    course: Course = NOTHING_TOLD
    flags: tuple[Flag, ...] = ()


def courses(facts: Standing, stays: Stays) -> Told:
    """What is told beside placements, titles and waits.

    Of two records that say how something is from one day on the one recorded last counts.
    """
    if not facts.has_any(_KINDS) and not stays.joined_to:
        return Told(flags=tuple(_unknown_placements(facts, stays.reported)))
    supported, of_support = paired(facts.of(SupportRequested), facts.of(SupportResolved), attrgetter("support"))
    listed, of_lists = paired(facts.of(WaitingStarted), facts.of(WaitingEnded), attrgetter("waiting"))
    course = Course(
        schooling=tuple(_schooling(facts.of(EducationChanged))),
        modes=tuple(_modes(facts.of(ClosureModeChanged), stays)),
        plans=tuple(_plans(facts.of(CarePlanEvaluated))),
        reviews=tuple(_reviews(facts.of(CaseReviewed))),
        restrictions=tuple(_restrictions(facts.of(RestrictionReported))),
        supports=tuple(
            sorted((_support(*pair) for pair in supported), key=lambda one: (one.requested_on, one.support))
        ),
        listed=tuple(sorted((_listed(*pair) for pair in listed), key=lambda one: (one.since_on, one.waiting))),
    )
    return Told(course, (*of_support, *of_lists, *_unknown_placements(facts, stays.reported)))


def _schooling(reports: Sequence[Reported[EducationChanged]]) -> Iterator[Schooling]:
    for report in _last_of_each(reports):
        fact = report.fact
        yield Schooling(fact.changed_on, fact.status, fact.brin, fact.hours, report.source)


def _modes(reports: Sequence[Reported[ClosureModeChanged]], stays: Stays) -> Iterator[Mode]:
    """One that is dated before the placement, or when it is over, says nothing of it; its first day is one of it.

    The start after an administrative restart says how the whole is closed from then on (D6), where that is another way.
    """
    within: list[tuple[Placement, Reported[ClosureModeChanged]]] = []
    for report in reports:
        stay = stays.named(report.fact.placement, report.source)
        if stay and _goes_on(stay, report.fact.changed_on):
            within.append((stay, report))
    restarted = [(stays.whole(part), part) for part in stays.reported if stays.is_joined(part)]
    for stay in dict.fromkeys([*(stay for stay, _ in within), *(whole for whole, _ in restarted)]):
        told = {r.fact.changed_on: r.fact.closure for r in _last_of_each(r for named, r in within if named == stay)}
        begun = {
            p.started_on: p.closure_mode for whole, p in restarted if whole == stay and _goes_on(stay, p.started_on)
        }
        mode = stay.closure_mode
        for day in sorted({*told, *begun}):
            before, mode = mode, told.get(day) or begun[day]
            if day in told or mode != before:
                yield Mode(stay.placement, stay.source, day, mode)


def _goes_on(stay: Placement, day: date) -> bool:
    return stay.started_on <= day < (stay.ended_on or date.max)


def _plans(reports: Sequence[Reported[CarePlanEvaluated]]) -> Iterator[Evaluation]:
    for report in _last_of_each(reports):
        yield Evaluation(report.fact.evaluated_on, report.fact.next_due_on, report.source)


def _reviews(reports: Sequence[Reported[CaseReviewed]]) -> Iterator[Review]:
    for report in sorted(reports, key=lambda one: (one.fact.reviewed_on, *one.recorded)):
        fact = report.fact
        yield Review(fact.reviewed_on, fact.kind, tuple(sorted(set(fact.lessons))), report.source)


def _restrictions(reports: Sequence[Reported[RestrictionReported]]) -> Iterator[Restriction]:
    def order(report: Reported[RestrictionReported]) -> tuple[object, ...]:
        return report.fact.quarter, report.fact.on or days_of(report.fact.quarter)[0], report.record, report.source

    for report in sorted(reports, key=order):
        fact = report.fact
        yield Restriction(
            record=report.record,
            source=report.source,
            placement=fact.placement or "",
            quarter=fact.quarter,
            on=fact.on,
            category=fact.category,
            count=fact.count,
            minutes=fact.minutes,
            emergency=fact.emergency,
        )


def _support(asked: Reported[SupportRequested], resolved: Reported[SupportResolved] | None) -> Support:
    fact, end = asked.fact, resolved.fact if resolved else None
    on, result = (end.on, end.result) if end else (None, None)
    return Support(fact.support, asked.source, fact.on, fact.reason, on, result)


def _listed(begun: Reported[WaitingStarted], ended: Reported[WaitingEnded] | None) -> Listed:
    fact, end = begun.fact, ended.fact if ended else None
    until_on, reason = (end.ended_on, end.reason) if end else (None, None)
    return Listed(fact.waiting, begun.source, fact.for_, fact.interim, fact.started_on, until_on, reason)


def _last_of_each(reports: Iterable[Reported[F]]) -> list[Reported[F]]:
    """Of each day the one that was recorded last, in order of day."""
    return list({one.day: one for one in sorted(reports, key=lambda one: (one.day, *one.recorded))}.values())


def _unknown_placements(facts: Standing, reported: Sequence[Placement]) -> Iterator[Flag]:
    if not facts.has_any(_IN_PLACEMENT):
        return
    naming: tuple[Reported[InPlacement], ...] = (
        *facts.of(EducationChanged),
        *facts.of(ClosureModeChanged),
        *facts.of(CarePlanEvaluated),
        *facts.of(CaseReviewed),
        *facts.of(RestrictionReported),
        *facts.of(LeaveStarted),
        *facts.of(LeaveEnded),
        *facts.of(AbsenceStarted),
        *facts.of(AbsenceEnded),
    )
    for report in naming:
        key = report.fact.placement
        if key is not None and named_stay(key, report.source, reported) is None:
            yield raised("F4", about=key, since_on=_since(report), source=report.source)


def _since(report: Reported[InPlacement]) -> date:
    """The day by which it is dated; of measures in a quarter without one the first of it."""
    fact = report.fact
    if isinstance(fact, Away):
        return calendar_date(fact.at)
    if isinstance(fact, RestrictionReported) and fact.on is None:
        return days_of(fact.quarter)[0]
    return report.day
