"""Days are differences of calendar dates, and a calendar month ends where the month does (D2 to D4)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitor.dossier.days import Interval, care_days, days, minus, open_on, union
from shared.calendar import add_months
from tests.unit.dossier.given import d, discharged, folded, moved, start

DATES = st.dates(date(2020, 1, 1), date(2020, 3, 31))
INTERVALS = st.lists(st.tuples(DATES, DATES), max_size=5)


def inside(intervals: list[Interval] | tuple[Interval, ...]) -> set[date]:
    return {start + timedelta(n) for start, end in intervals for n in range((end - start).days)}


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("2024-03-30", "2024-03-31", 1),
        ("2024-03-31", "2024-04-01", 1),  # this day has 23 hours
        ("2024-10-27", "2024-10-28", 1),  # this day has 25 hours
        ("2024-02-28", "2024-03-01", 2),
        ("2024-05-01", "2024-05-01", 0),
    ],
)
def test_days_are_the_difference_of_two_dates(begin: str, end: str, expected: int) -> None:
    assert days(d(begin), d(end)) == expected


def test_a_stay_is_not_open_on_the_day_on_which_it_ends() -> None:
    (stay,) = folded(start("P1", "2024-01-10"), discharged("P1", "2024-01-12")).placements
    assert [open_on(stay, d(f"2024-01-{day}")) for day in ("09", "10", "11", "12")] == [False, True, True, False]


def test_in_and_out_on_one_day_is_a_stay_that_is_never_open() -> None:
    (stay,) = folded(start("P1", "2024-01-10"), discharged("P1", "2024-01-10")).placements
    assert not open_on(stay, d("2024-01-10"))
    assert care_days([stay], d("2024-01-01"), d("2025-01-01")) == 0


def test_a_gap_between_two_placements_has_no_care_days() -> None:
    dossier = folded(
        start("P1", "2024-01-01"),
        moved("P1", "2024-01-11"),
        start("P2", "2024-01-15", at="B"),
        discharged("P2", "2024-01-20"),
    )
    assert len(dossier.closures) == 1
    assert care_days(dossier.placements, d("2024-01-01"), d("2025-01-01")) == 10 + 5


def test_a_day_in_two_placements_is_one_care_day() -> None:
    dossier = folded(
        start("P1", "2024-01-01"),
        discharged("P1", "2024-01-11"),
        start("P2", "2024-01-06", at="B"),
        discharged("P2", "2024-01-16"),
    )
    assert care_days(dossier.placements, d("2024-01-01"), d("2025-01-01")) == 15


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2024-01-15", 3, "2024-04-15"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2022-11-30", 3, "2023-02-28"),
        ("2024-08-31", 6, "2025-02-28"),
        ("2024-12-31", 12, "2025-12-31"),
        ("2024-02-29", 12, "2025-02-28"),
    ],
)
def test_calendar_months_are_clamped_at_the_end_of_a_month(day: str, months: int, expected: str) -> None:
    assert add_months(d(day), months) == d(expected)


@given(INTERVALS)
def test_a_union_has_the_same_days_disjoint_and_in_order(intervals: list[Interval]) -> None:
    joined = union(intervals)
    assert inside(joined) == inside(intervals)
    assert all(before[1] < after[0] for before, after in pairwise(joined))


@given(INTERVALS, INTERVALS)
def test_minus_leaves_the_days_of_the_first_that_are_not_in_the_second(
    intervals: list[Interval], taken: list[Interval]
) -> None:
    assert inside(minus(intervals, taken)) == inside(intervals) - inside(taken)
