"""Days are those of Amsterdam, moments are exact: one hour or one microsecond off is another figure."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import calendar_date, microseconds, midnight, moment_of, rfc3339

MOMENTS = st.integers(min_value=-(10**16), max_value=10**16).map(moment_of)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 1, 22, 59, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 23, 0, tzinfo=UTC), date(2026, 3, 2)),
        # In summer midnight comes an hour earlier.
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 3, 2, 0, 30, tzinfo=timezone(timedelta(hours=5))), date(2026, 3, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_amsterdam(moment: datetime, day: date) -> None:
    assert calendar_date(moment) == day


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 3, 2), datetime(2026, 3, 1, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 30), datetime(2026, 3, 29, 22, tzinfo=UTC)),
    ],
)
def test_its_first_moment_is_that_midnight(day: date, moment: datetime) -> None:
    assert midnight(day) == moment


@given(MOMENTS)
def test_a_moment_comes_back_to_the_microsecond(moment: datetime) -> None:
    assert moment_of(microseconds(moment)) == moment


@given(MOMENTS, MOMENTS)
def test_written_moments_are_in_the_order_of_time(one: datetime, other: datetime) -> None:
    assert (rfc3339(one) < rfc3339(other)) == (one < other)


def test_a_moment_is_written_in_utc_with_six_decimals() -> None:
    amsterdam = timezone(timedelta(hours=1))
    assert rfc3339(datetime(2026, 3, 2, 9, 0, tzinfo=amsterdam)) == "2026-03-02T08:00:00.000000Z"
