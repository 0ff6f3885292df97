"""Mean, median, quantiles and shares of whole days."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitor.statistics.estimable import NOT_ESTIMABLE
from services.monitor.statistics.quantiles import (
    at_least,
    mean,
    median,
    quantile,
    share,
    share_over,
    share_under,
)
from tests.unit.statistics.samples import fractions

P90 = Fraction(9, 10)
days = st.lists(st.integers(0, 2_000), min_size=1, max_size=60)


def test_the_median_is_the_middle_or_the_mean_of_the_middle_two() -> None:
    assert (median([9, 1, 4]), median([1, 9, 4, 3])) == (4, Fraction(7, 2))


def test_the_mean_is_exact() -> None:
    assert mean([1, 1, 2]) == Fraction(4, 3)


@pytest.mark.parametrize(("number", "expected"), [(1, 1), (9, 9), (10, 9), (11, 10), (20, 18), (21, 19)])
def test_p90_is_the_smallest_value_with_nine_tenths_at_or_below_it(number: int, expected: int) -> None:
    assert quantile(range(1, number + 1), P90) == expected


def test_a_quantile_is_never_between_two_values() -> None:
    assert quantile([1, 2, 3, 4], Fraction(1, 2)) == 2


def test_under_and_over_leave_the_bound_out_and_at_least_takes_it_in() -> None:
    values = [29, 30, 31, 365, 366]
    assert (share_under(values, 30), share_over(values, 365)) == (Fraction(1, 5), Fraction(1, 5))
    assert [at_least(values, threshold) for threshold in (0, 30, 366, 367)] == [5, 4, 1, 0]


def test_of_nothing_nothing_is_estimable_but_a_count_is_0() -> None:
    assert mean([]) is median([]) is quantile([], P90) is share(0, 0) is NOT_ESTIMABLE
    assert share_under([], 30) is share_over([], 365) is NOT_ESTIMABLE
    assert at_least([], 91) == 0


@pytest.mark.parametrize("p", [Fraction(0), Fraction(11, 10)])
def test_a_quantile_that_cannot_be_is_refused(p: Fraction) -> None:
    with pytest.raises(ValueError, match="above 0"):
        quantile([1], p)


@given(days, fractions)
def test_a_quantile_meets_its_definition(values: list[int], p: Fraction) -> None:
    found = quantile(values, p)
    assert found in values
    assert Fraction(sum(value <= found for value in values), len(values)) >= p
    assert Fraction(sum(value < found for value in values), len(values)) < p


@given(days, st.integers(0, 2_000))
def test_below_at_and_above_make_the_whole(values: list[int], bound: int) -> None:
    assert share_under(values, bound) == 1 - Fraction(at_least(values, bound), len(values))
    assert share_over(values, bound) == Fraction(at_least(values, bound + 1), len(values))
