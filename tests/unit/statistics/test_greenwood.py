"""How sure a curve is, by hand; against other programs see the oracles."""

from fractions import Fraction
from math import exp, log, sqrt

import pytest
from hypothesis import given

from services.monitor.statistics.estimable import NOT_ESTIMABLE
from services.monitor.statistics.greenwood import limits, quantile_limits, variance
from services.monitor.statistics.survival import Observation, kaplan_meier
from tests.unit.statistics.samples import delayed_samples, ended, stays

EASY = "3 5 5+ 8 9+"


def test_the_variance_by_hand() -> None:
    """1 of 5, then 1 of 4: (3/5)^2 (1 / (5 x 4) + 1 / (4 x 3)) = 9/25 x 2/15."""
    assert variance(kaplan_meier(stays(EASY)), 5) == Fraction(9, 25) * Fraction(2, 15)


@pytest.mark.parametrize("day", [1, 2, 3, 7])
def test_without_censoring_the_variance_is_that_of_a_share(day: int) -> None:
    curve = kaplan_meier(ended([1, 2, 2, 5, 7, 9]))
    share = curve.survival(day)
    assert isinstance(share, Fraction)
    assert variance(curve, day) == share * (1 - share) / 6


def test_the_variance_is_0_before_anything_ended_and_undefined_when_all_have() -> None:
    curve = kaplan_meier(ended([3, 7]))
    assert (variance(curve, 2), variance(curve, 7)) == (0, None)
    assert variance(kaplan_meier(stays("3 7+")), 8) is None


def test_the_limits_by_hand() -> None:
    width = 1.959963984540054 * sqrt(2 / 15) / -log(0.6)
    assert limits(kaplan_meier(stays(EASY)))[1] == pytest.approx((0.6 ** exp(width), 0.6 ** exp(-width)))


def test_there_are_no_limits_where_the_curve_is_1_or_0() -> None:
    first, second, third = limits(kaplan_meier(stays("1+ 2 3")))
    assert (first, third) == (None, None)
    assert second is not None


@given(delayed_samples)
def test_limits_enclose_the_curve_within_0_and_1(sample: list[Observation]) -> None:
    curve = kaplan_meier(sample)
    for step, found in zip(curve.steps, limits(curve), strict=True):
        if found is not None:
            assert 0 <= found.lower <= step.survival <= found.upper <= 1


@given(delayed_samples)
def test_a_higher_level_is_wider(sample: list[Observation]) -> None:
    curve = kaplan_meier(sample)
    for narrow, wide in zip(limits(curve), limits(curve, level=0.998), strict=True):
        if narrow is not None and wide is not None:
            assert wide.lower <= narrow.lower <= narrow.upper <= wide.upper


def test_an_upper_limit_of_the_median_may_lie_beyond_what_was_followed() -> None:
    found = quantile_limits(kaplan_meier(stays("2 4 9+ 9+")), Fraction(1, 2))
    assert (found.lower, found.upper) == (2, NOT_ESTIMABLE)


def test_a_curve_that_falls_to_0_at_once_has_a_lower_limit_of_its_median_there() -> None:
    found = quantile_limits(kaplan_meier(ended([4, 4])), Fraction(1, 2))
    assert (found.lower, found.upper) == (4, NOT_ESTIMABLE)


def test_a_quantile_outside_0_and_1_has_no_limits() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile_limits(kaplan_meier(ended([4])), Fraction(1))


def test_a_share_too_small_for_a_float_has_limits_all_the_same() -> None:
    """1,100 pairs one after the other, of which one half leaves each day."""
    pairs = [Observation(day, day + 1, ending) for day in range(1_100) for ending in (True, False)]
    curve = kaplan_meier(pairs, least_at_risk=1)
    assert curve.steps[-1].survival == Fraction(1, 2**1_100)
    assert limits(curve)[-1] is not None
