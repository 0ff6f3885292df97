"""Process limits worked by hand: which points each rule marks, and which it leaves alone."""

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitor.statistics.control import Signal, XmrChart, cases_between, g_chart, xmr

EVEN = [10, 12] * 7
"""Mean 11 and a moving range of 2 each time: limits 11 - 5.32 and 11 + 5.32, near lines 11 - 3.546 and 11 + 3.546."""
BASE = len(EVEN)

counts = st.lists(st.integers(0, 200), max_size=40)


def after(*values: int) -> XmrChart:
    """The even series as a baseline, and these values after it."""
    return xmr([*EVEN, *values], baseline=BASE)


def marked(chart: XmrChart, signal: Signal) -> list[int]:
    """Places of the points that take part in this signal, counted from the end of the even series."""
    return [place - BASE for place, point in enumerate(chart.points) if signal in point.signals]


def unmarked(chart: XmrChart) -> bool:
    return not any(point.signals for point in chart.points)


def test_the_lines_by_hand() -> None:
    limits = xmr(EVEN).limits
    assert limits is not None
    assert (limits.mean, limits.mean_moving_range) == (11, 2)
    assert (limits.lower, limits.upper) == (Fraction("5.68"), Fraction("16.32"))
    assert limits.moving_range_upper == Fraction("6.534")
    assert limits.near("high") == 11 + Fraction(2, 3) * Fraction("5.32")


def test_the_moving_ranges_are_the_distances_to_the_value_before() -> None:
    assert [point.moving_range for point in xmr([3, 7, 7, 2]).points] == [None, 4, 0, 5]


def test_under_13_points_there_are_dots_only() -> None:
    chart = xmr([0] * 11 + [1_000])
    assert chart.limits is None
    assert unmarked(chart)
    assert xmr([0] * 12 + [1_000]).limits is not None


def test_a_baseline_of_fewer_than_13_points_gives_no_limits_either() -> None:
    assert xmr(EVEN, baseline=12).limits is None


def test_the_lower_limit_is_never_under_0() -> None:
    limits = xmr([0, 4] * 7).limits
    assert limits is not None
    assert (limits.lower, limits.upper) == (0, 2 + Fraction("10.64"))


def test_the_even_series_has_no_signals() -> None:
    assert unmarked(xmr(EVEN))


def test_a_point_beyond_a_limit_is_marked_and_later_points_do_not_move_the_limits_of_a_baseline() -> None:
    chart = after(17, 5)
    assert marked(chart, Signal("outside", "high")) == [0]
    assert marked(chart, Signal("outside", "low")) == [1]
    assert chart.limits == xmr(EVEN).limits


def test_a_point_on_a_limit_is_not_beyond_it() -> None:
    """25 + 2.66 x 50 = 158, with nothing lost in the decimals."""
    chart = xmr([0, 50] * 7 + [Fraction(158)], baseline=BASE)
    assert chart.limits is not None
    assert chart.limits.upper == 158
    assert marked(chart, Signal("outside", "high")) == []


def test_seven_on_one_side_of_the_mean_are_marked_all_and_six_are_not() -> None:
    one_side = Signal("one-side", "low")
    assert marked(after(12, 10, 9, 10, 9, 10, 9, 10, 12), one_side) == [1, 2, 3, 4, 5, 6, 7]
    assert marked(after(12, 10, 9, 10, 9, 10, 9, 12), one_side) == []


def test_a_point_on_the_mean_ends_a_run_on_one_side() -> None:
    assert marked(after(13, 12, 13, 11, 12, 13, 12, 13), Signal("one-side", "high")) == []


def test_eight_in_a_row_are_one_run_of_eight() -> None:
    assert marked(after(10, 12, 13, 12, 13, 12, 13, 12, 13, 10), Signal("one-side", "high")) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_seven_that_rise_each_time_are_marked_all_and_six_are_not() -> None:
    rising = Signal("trend", "high")
    assert marked(after(8, 9, 10, 11, 12, 13, 14, 8), rising) == [0, 1, 2, 3, 4, 5, 6]
    assert marked(after(8, 9, 10, 11, 12, 13, 8), rising) == []


def test_seven_that_fall_each_time_are_a_trend_down() -> None:
    assert marked(after(13, 12, 11, 10, 9, 8), Signal("trend", "low")) == []
    assert marked(after(14, 13, 12, 11, 10, 9, 8), Signal("trend", "low")) == [0, 1, 2, 3, 4, 5, 6]


def test_two_equal_values_end_a_trend() -> None:
    assert marked(after(8, 9, 10, 11, 11, 12, 13, 14), Signal("trend", "high")) == []


def test_two_of_three_near_one_limit_are_marked_and_the_third_is_not() -> None:
    near = Signal("near-limit", "high")
    assert marked(after(15, 11, 15), near) == [0, 2]
    assert marked(after(15, 15), near) == [0, 1]
    assert marked(after(15, 11, 11, 15), near) == []


def test_one_near_each_limit_is_no_signal() -> None:
    assert unmarked(after(15, 11, 7))


def test_a_point_beyond_the_limit_counts_as_near_it() -> None:
    assert marked(after(15, 20), Signal("near-limit", "high")) == [0, 1]


def test_a_series_of_one_value_is_on_its_own_limits() -> None:
    assert unmarked(xmr([5] * 20))


@given(counts)
def test_every_line_is_in_its_place(values: list[int]) -> None:
    limits = xmr(values).limits
    if len(values) < 13:
        assert limits is None
    else:
        assert limits is not None
        assert 0 <= limits.lower <= limits.mean <= limits.upper
        assert limits.near("low") <= limits.mean <= limits.near("high") <= limits.upper


@given(counts)
def test_a_series_upside_down_has_its_signals_upside_down(values: list[int]) -> None:
    """Far enough from 0 that the floor plays no part."""
    turned = {"high": "low", "low": "high"}
    up, down = xmr([1_000 + value for value in values]), xmr([1_200 - value for value in values])
    assert [frozenset((rule, turned[way]) for rule, way in point.signals) for point in up.points] == [
        point.signals for point in down.points
    ]


def test_a_chart_of_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        xmr([3, -1])
    with pytest.raises(ValueError, match="baseline of 3 points"):
        xmr([1, 2], baseline=3)
    with pytest.raises(ValueError, match="0 or more"):
        g_chart([-1])


def test_the_g_chart_by_hand() -> None:
    """Mean 3: upper limit 3 + 3 sqrt(12), median line 2.079."""
    gaps = [3] * 12 + [0, 6]
    chart = g_chart(gaps)
    assert (chart.gaps, chart.mean, chart.outside) == (tuple(gaps), 3, frozenset())
    assert (chart.upper, chart.median) == (pytest.approx(3 + 3 * sqrt(12)), pytest.approx(2.079))


@pytest.mark.parametrize(("gap", "outside"), [(6, False), (7, True), (30, True)])
def test_a_long_time_without_an_event_is_outside(gap: int, outside: bool) -> None:
    """Beside nineteen gaps of 1: with 6 the limit is 6.28, with 7 it is 6.49."""
    assert g_chart([1] * 19 + [gap]).outside == (frozenset({19}) if outside else frozenset())


def test_events_right_after_each_other_have_gaps_of_0_and_the_open_ends_are_no_gaps() -> None:
    cases: Sequence[bool] = [False, True, True, False, False, True, False]
    assert cases_between(cases) == (0, 2)
    assert cases_between([False, False]) == cases_between([True]) == ()


def test_under_13_gaps_there_are_dots_only() -> None:
    assert g_chart([1] * 12).mean is None
    assert g_chart([1] * 12).upper is g_chart([1] * 12).median is None
    assert g_chart([1] * 13).mean == 1
