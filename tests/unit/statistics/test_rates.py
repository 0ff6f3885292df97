"""Limits of counts and shares: published examples, and scipy."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from services.monitor.statistics.confidence import Limits
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from services.monitor.statistics.rates import (
    PER_100_YEARS,
    PER_1000_DAYS,
    Rate,
    clopper_pearson,
    poisson_limits,
    rate,
    wilson,
)
from services.monitor.statistics.tails import binomial_at_least, binomial_at_most, poisson_at_least, poisson_at_most

TIGHT = 1e-10
levels = st.sampled_from([0.8, 0.95, 0.998])
parts = st.integers(1, 3_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))

unhurried = settings(deadline=None)
"""The first call of a law of scipy is slow."""


def percent(limits: Limits | object) -> tuple[float, ...]:
    assert isinstance(limits, Limits)
    return tuple(round(100 * limit, 1) for limit in limits)


def test_two_of_nine_is_3_to_60_percent_exactly_and_6_to_55_by_wilson() -> None:
    assert percent(clopper_pearson(2, 9)) == (2.8, 60.0)
    assert percent(wilson(2, 9)) == (6.3, 54.7)


def test_no_events_have_the_lower_limit_0_and_the_upper_limit_3_7() -> None:
    limits = poisson_limits(0)
    assert limits.lower == 0
    assert limits.upper == pytest.approx(3.6888794541139363, rel=TIGHT)


@pytest.mark.parametrize("count", [1, 2, 3, 10, 47, 170, 989, 25_000, 250_000])
def test_poisson_limits_are_the_chi_square_formula(count: int) -> None:
    expected = (stats.chi2.ppf(0.025, 2 * count) / 2, stats.chi2.ppf(0.975, 2 * count + 2) / 2)
    assert poisson_limits(count) == pytest.approx(expected, rel=TIGHT)


@unhurried
@given(st.integers(1, 5_000), levels)
def test_poisson_limits_hold_at_any_level(count: int, level: float) -> None:
    tail = (1 - level) / 2
    expected = (stats.chi2.ppf(tail, 2 * count) / 2, stats.chi2.ppf(1 - tail, 2 * count + 2) / 2)
    assert poisson_limits(count, level=level) == pytest.approx(expected, rel=TIGHT)


@unhurried
@given(parts, levels)
def test_clopper_pearson_limits_are_those_of_the_beta_law(part_of: tuple[int, int], level: float) -> None:
    part, whole = part_of
    tail = (1 - level) / 2
    lower = stats.beta.ppf(tail, part, whole - part + 1) if part else 0.0
    upper = stats.beta.ppf(1 - tail, part + 1, whole - part) if part < whole else 1.0
    assert clopper_pearson(part, whole, level=level) == pytest.approx((lower, upper), rel=TIGHT)


@unhurried
@given(parts, levels)
def test_wilson_limits_are_those_of_scipy(part_of: tuple[int, int], level: float) -> None:
    theirs = stats.binomtest(*part_of).proportion_ci(level, method="wilson")
    assert wilson(*part_of, level=level) == pytest.approx((theirs.low, theirs.high), rel=TIGHT, abs=1e-15)


@unhurried
@given(st.integers(-1, 500), st.floats(0, 400))
def test_the_tails_of_the_poisson_law_are_those_of_scipy(k: int, mean: float) -> None:
    assert poisson_at_most(k, mean) == pytest.approx(stats.poisson.cdf(k, mean), rel=1e-9, abs=1e-14)
    assert poisson_at_least(k, mean) == pytest.approx(stats.poisson.sf(k - 1, mean), rel=1e-9, abs=1e-14)


@unhurried
@given(st.integers(-1, 400), st.integers(0, 400), st.floats(0, 1))
def test_the_tails_of_the_binomial_law_are_those_of_scipy(k: int, n: int, p: float) -> None:
    assert binomial_at_most(k, n, p) == pytest.approx(stats.binom.cdf(k, n, p), rel=1e-9, abs=1e-14)
    assert binomial_at_least(k, n, p) == pytest.approx(stats.binom.sf(k - 1, n, p), rel=1e-9, abs=1e-14)


def test_a_rate_is_stated_for_its_number_of_care_days() -> None:
    """7 in 14,000 care days: one in two thousand, 18 and a bit for a hundred places a year."""
    per_1000 = rate(7, care_days=14_000, per=PER_1000_DAYS)
    per_year = rate(7, care_days=14_000, per=PER_100_YEARS)
    assert isinstance(per_1000, Rate)
    assert isinstance(per_year, Rate)
    assert (per_1000.value, per_year.value) == (Fraction(1, 2), Fraction(36_525, 2_000))
    assert per_1000.limits == pytest.approx((0.20102593, 1.03019110), rel=1e-7)
    assert per_year.limits.upper == pytest.approx(36.525 * per_1000.limits.upper)


def test_without_care_days_or_without_a_whole_nothing_is_estimable() -> None:
    assert rate(0, care_days=0, per=PER_1000_DAYS) is NOT_ESTIMABLE
    assert clopper_pearson(0, 0) is wilson(0, 0) is NOT_ESTIMABLE


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="count of -1"):
        poisson_limits(-1)
    with pytest.raises(ValueError, match="-3 care days"):
        rate(1, care_days=-3, per=PER_1000_DAYS)
    for limits_of in (clopper_pearson, wilson):
        with pytest.raises(ValueError, match="10 is no part of 9"):
            limits_of(10, 9)
    with pytest.raises(ValueError, match="between 0 and 1"):
        poisson_limits(1, level=95)
