"""The exact limit of a month: right to the count, whatever is small, and honest about what it cannot say."""

import pytest
from scipy.stats import binom

from services.monitor.metrics.process import FALSE_ALARM, Process


def process(*, before: int, recent: int = 0, recent_days: int = 30, before_days: int = 365) -> Process:
    return Process(recent, before, recent_days, before_days)


@pytest.mark.parametrize("before", [0, 1, 5, 40, 200, 1000])
def test_the_limit_is_the_last_count_that_chance_explains(before: int) -> None:
    limit = process(before=before).limit
    assert limit is not None
    share = 30 / 395
    assert binom.sf(limit - 1, before + limit, share) > FALSE_ALARM or limit == 0
    assert binom.sf(limit, before + limit + 1, share) <= FALSE_ALARM


def test_it_grows_with_the_days_inside_and_not_with_what_happened_in_the_month() -> None:
    usual, fewer = process(before=200), process(before=200, recent_days=15)
    assert usual.limit is not None
    assert fewer.limit is not None
    assert fewer.limit < usual.limit
    assert process(before=200, recent=99).limit == usual.limit


def test_what_is_expected_follows_the_days_and_not_the_calendar() -> None:
    assert process(before=73, recent_days=30, before_days=365).expected == pytest.approx(6)
    assert process(before=73, recent_days=15, before_days=365).expected == pytest.approx(3)


def test_without_a_year_to_compare_with_there_is_no_limit() -> None:
    assert process(before=0, before_days=0).limit is None
    assert process(before=0, recent_days=0).limit is None


def test_two_events_after_a_year_without_any_are_ordinary_and_three_are_not() -> None:
    assert process(before=0).limit == 2
