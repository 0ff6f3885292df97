"""Alerts on what is told of a stay: A13 school gap, A21 restrictive measures, A26 care plan."""

from datetime import date

import pytest

from services.monitor.alerts.conditions.alert import Alert
from services.monitor.alerts.conditions.courses import after_school_days
from services.monitor.alerts.conditions.judging import long_past, spells
from services.monitor.alerts.rulebook import rulebook
from shared.facts.envelope import AcceptedEvent
from tests.unit.alerts.judged import LINK_DAYS, threshold
from tests.unit.dossier.given import (
    OTHER_SOURCE,
    SOURCE,
    d,
    discharged,
    evaluated,
    folded,
    moved,
    restricted,
    start,
    taught,
)

MONDAY = "2025-03-03"
BEGIN = start("P1", MONDAY)
LEFT = discharged("P1", "2025-05-01")
MOVED = moved("P1", "2025-03-10", to="B"), start("P2", "2025-03-10", at="B")

Days = list[tuple[str, str | None, str | None]]


def every(rule: str, key: str, *facts: AcceptedEvent) -> list[Alert]:
    """The spells of a threshold, in order."""
    found = spells(folded(*facts), rules=rulebook(), link_days=LINK_DAYS)
    return [one for one in found if (one.rule, one.threshold) == (rule, key)]


def told(rule: str, key: str, *facts: AcceptedEvent) -> Days:
    """Since, until and why it ended, of each of them."""
    return [
        (str(one.since), str(one.until) if one.until else None, one.ended if one.until else None)
        for one in every(rule, key, *facts)
    ]


@pytest.mark.parametrize(
    ("first", "count", "expected"),
    [
        ("2025-03-03", 0, "2025-03-03"),
        ("2025-03-03", 1, "2025-03-04"),
        ("2025-03-03", 5, "2025-03-08"),
        ("2025-03-03", 6, "2025-03-11"),
        ("2025-03-03", 10, "2025-03-15"),
        ("2025-03-07", 2, "2025-03-11"),
        ("2025-03-08", 1, "2025-03-11"),
    ],
    ids=("none", "Monday", "a week", "over a weekend", "two weeks", "from a Friday", "from a Saturday"),
)
def test_school_days_are_mondays_to_fridays(first: str, count: int, expected: str) -> None:
    assert after_school_days(d(first), count) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([BEGIN], []),
        ([taught(MONDAY, "none")], []),
        ([BEGIN, taught(MONDAY, "inside")], []),
        ([BEGIN, taught(MONDAY, "none")], [("2025-03-15", None, None)]),
        ([BEGIN, taught("2025-01-06", "none")], [("2025-03-15", None, None)]),
        ([BEGIN, taught("2025-03-10", "none")], [("2025-03-22", None, None)]),
        ([BEGIN, taught(MONDAY, "none"), taught("2025-03-10", "none")], [("2025-03-15", None, None)]),
        ([BEGIN, *MOVED, taught(MONDAY, "none")], [("2025-03-15", None, None)]),
        ([BEGIN, taught(MONDAY, "none"), taught("2025-03-15", "inside")], []),
        (
            [BEGIN, taught(MONDAY, "none"), taught("2025-03-17", "exempt")],
            [("2025-03-15", "2025-03-17", "exempt")],
        ),
        (
            [BEGIN, taught(MONDAY, "none"), taught("2025-03-17", "inside"), taught("2025-03-31", "none")],
            [("2025-03-15", "2025-03-17", "inside"), ("2025-04-12", None, None)],
        ),
        ([BEGIN, taught(MONDAY, "none"), LEFT], [("2025-03-15", "2025-05-01", "discharged")]),
        ([BEGIN, LEFT, taught("2025-05-01", "none")], []),
    ],
    ids=(
        "nothing said",
        "not inside",
        "taught",
        "never taught",
        "since before the start",
        "since later",
        "said again",
        "moved",
        "taught in time",
        "exempt",
        "twice",
        "left",
        "after a discharge",
    ),
)
def test_nobody_inside_goes_without_school_unseen(facts: list[AcceptedEvent], expected: Days) -> None:
    assert told("A13", "10-school-days", *facts) == expected


def test_a_gap_of_four_school_weeks_is_red_and_says_what_it_counts_from() -> None:
    facts = BEGIN, taught("2025-02-03", "none")
    assert threshold("A13", "2025-03-28", *facts) == "10-school-days"
    assert threshold("A13", "2025-03-29", *facts) == "20-school-days"
    [red] = every("A13", "20-school-days", *facts)
    assert (red.level, red.counted_from) == ("red", d(MONDAY))
    assert [(one.what, one.on) for one in red.because] == [
        ("education-changed", d("2025-02-03")),
        ("placement-started", d(MONDAY)),
    ]


def test_a_gap_of_an_earlier_closure_is_another_case() -> None:
    facts = BEGIN, LEFT, start("P2", "2026-03-02"), taught(MONDAY, "none")
    assert [one.case.about for one in every("A13", "10-school-days", *facts)] == [f"P1 {SOURCE}", f"P2 {SOURCE}"]
    assert told("A13", "10-school-days", *facts)[-1] == ("2026-03-14", None, None)


EMERGENCY = {"emergency": True, "category": "seclusion"}


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ({"on": "2025-03-05", "minutes": 721}, [("2025-03-05", "2025-04-02", "time-passed")]),
        ({"on": "2025-03-05", "minutes": 720}, []),
        ({"minutes": 721}, [("2025-04-01", "2025-04-29", "time-passed")]),
        ({"on": "2025-03-05", "minutes": 721, "emergency": False}, []),
        ({"on": "2025-03-05", "minutes": 7210, "count": 10}, []),
    ],
    ids=("longer", "as long", "no day", "by a plan", "several together"),
)
def test_a_measure_in_an_emergency_of_more_than_twelve_hours_is_told_for_four_weeks(
    measure: dict[str, object], expected: Days
) -> None:
    assert told("A21", "12-hours", BEGIN, restricted("P1", "2025-Q1", **EMERGENCY | measure)) == expected


def test_one_of_more_than_three_days_takes_the_place_of_that() -> None:
    as_long = restricted("P1", "2025-Q1", on="2025-03-05", minutes=4320, **EMERGENCY)
    longer = restricted("P1", "2025-Q1", on="2025-03-05", minutes=4321, **EMERGENCY)
    assert threshold("A21", "2025-03-05", BEGIN, as_long) == "12-hours"
    assert threshold("A21", "2025-03-05", BEGIN, longer) == "3-days"


def test_who_left_meanwhile_does_not_end_it() -> None:
    measure = restricted("P1", "2025-Q1", on="2025-03-05", minutes=721, **EMERGENCY)
    gone = discharged("P1", "2025-03-06")
    assert told("A21", "12-hours", BEGIN, measure, gone) == [("2025-03-05", "2025-04-02", "time-passed")]


def test_each_measure_is_a_case_of_the_closure_that_it_names() -> None:
    later = start("P2", "2025-06-02", at="B")
    first = restricted("P1", "2025-Q1", on="2025-03-05", minutes=721, **EMERGENCY)
    second = restricted("P2", "2025-Q2", on="2025-06-03", minutes=721, source=OTHER_SOURCE, **EMERGENCY)
    found = every("A21", "12-hours", BEGIN, LEFT, later, first, second)
    assert [(one.case.about, one.case.accommodation) for one in found] == [
        (f"P1:2025-Q1 {SOURCE}", "A"),
        (f"P2:2025-Q2 {OTHER_SOURCE}", "B"),
    ]
    assert [one.what for one in found[0].because] == ["restriction-reported", "placement-started", "discharge-recorded"]


def test_a_measure_is_told_of_where_it_was_taken_and_not_of_where_they_were_moved_to() -> None:
    measure = restricted("P1", "2025-Q1", on="2025-03-05", minutes=721, **EMERGENCY)
    [found] = every("A21", "12-hours", BEGIN, *MOVED, measure)
    assert (found.case.accommodation, found.until) == ("A", d("2025-04-02"))


def test_of_two_closures_in_a_quarter_the_one_that_is_named_has_the_measure() -> None:
    measure = restricted("P1", "2025-Q2", minutes=721, **EMERGENCY)
    [found] = every("A21", "12-hours", BEGIN, LEFT, start("P2", "2025-06-02", at="B"), measure)
    assert found.case.accommodation == "A"


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ({"on": "2025-03-05"}, ["A"]),
        ({}, ["A"]),
        ({"on": "2025-03-02"}, []),
    ],
    ids=("by its day", "by its quarter", "before the closure"),
)
def test_a_measure_in_a_placement_that_nobody_started_is_told_by_its_days(
    measure: dict[str, str], expected: list[str]
) -> None:
    unknown = restricted("P9", "2025-Q1", minutes=721, **EMERGENCY | measure)
    assert [one.case.accommodation for one in every("A21", "12-hours", BEGIN, unknown)] == expected


def test_a_measure_in_a_stay_under_another_regime_is_no_alert() -> None:
    measure = restricted("P1", "2025-Q1", on="2025-03-05", minutes=721, **EMERGENCY)
    assert every("A21", "12-hours", start("P1", MONDAY, regime="wvggz"), measure) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([BEGIN], []),
        ([evaluated("2025-03-10", due="2025-04-10")], []),
        ([BEGIN, evaluated("2025-03-10")], []),
        ([BEGIN, evaluated("2025-03-10", due="2025-04-10")], [("2025-04-11", None, None)]),
        ([BEGIN, evaluated("2025-03-10", due="2025-04-10"), evaluated("2025-04-11")], []),
        (
            [BEGIN, evaluated("2025-03-10", due="2025-04-10"), evaluated("2025-04-20")],
            [("2025-04-11", "2025-04-20", "evaluated")],
        ),
        (
            [BEGIN, evaluated("2025-03-10", due="2025-04-10"), LEFT],
            [("2025-04-11", "2025-05-01", "discharged")],
        ),
        ([BEGIN, evaluated("2025-01-10", due="2025-03-02")], []),
        ([BEGIN, evaluated("2025-01-10", due=MONDAY)], [("2025-03-04", None, None)]),
    ],
    ids=("nothing said", "not inside", "no day", "passed", "in time", "late", "left", "due before", "due inside"),
)
def test_a_care_plan_is_overdue_from_the_day_after_it_was_due(facts: list[AcceptedEvent], expected: Days) -> None:
    assert told("A26", "overdue", *facts) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([BEGIN], []),
        ([BEGIN, evaluated("2025-04-14")], []),
        ([BEGIN, evaluated("2025-04-20")], [("2025-04-14", "2025-04-20", "evaluated")]),
        ([BEGIN, evaluated("2024-06-01")], [("2025-04-14", None, None)]),
        ([BEGIN, evaluated("2024-06-01"), evaluated(MONDAY)], []),
        ([BEGIN, evaluated("2024-06-01"), LEFT], [("2025-04-14", "2025-05-01", "discharged")]),
        ([BEGIN, LEFT, evaluated("2025-06-01")], []),
    ],
    ids=("nothing said", "in time", "late", "before only", "on the first day", "left", "after it only"),
)
def test_a_care_plan_is_missing_after_42_days_of_whom_any_is_known(facts: list[AcceptedEvent], expected: Days) -> None:
    assert told("A26", "42-days", *facts) == expected


def test_it_says_when_the_care_plan_was_due() -> None:
    [overdue] = every("A26", "overdue", BEGIN, evaluated("2025-03-10", due="2025-04-10"))
    assert (overdue.level, overdue.counted_from) == ("amber", d("2025-04-10"))
    assert [(one.what, one.on) for one in overdue.because] == [
        ("care-plan-evaluated", d("2025-03-10")),
        ("care-plan-due", d("2025-04-10")),
        ("placement-started", d(MONDAY)),
    ]


def test_a_measure_that_is_told_late_keeps_somebody_from_being_long_past() -> None:
    gone = BEGIN, LEFT
    assert long_past(folded(*gone), on=d("2030-01-01"), rules=rulebook())
    recent = restricted("P1", "2029-Q4", minutes=721, **EMERGENCY)
    assert not long_past(folded(*gone, recent), on=d("2030-01-01"), rules=rulebook())
