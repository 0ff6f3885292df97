"""How far a count may be from the whole by chance alone."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from services.monitor.statistics.funnel import FunnelLimits, Interval, binomial_funnel, poisson_funnel

TAILS = (0.025, 0.001)

unhurried = settings(deadline=None)
"""The first call of a law of scipy is slow."""


@pytest.mark.parametrize(("whole", "outer"), [(20, (0, 9)), (60, (2, 18))])
def test_one_home_is_nearly_never_outside(whole: int, outer: tuple[int, int]) -> None:
    assert binomial_funnel(whole, Fraction(15, 100)).outer == outer


def test_three_expected_may_be_none_or_ten() -> None:
    assert poisson_funnel(3.0).outer == (0, 10)


@unhurried
@given(st.integers(0, 300), st.fractions(0, 1, max_denominator=997))
def test_binomial_limits_are_the_quantiles_of_scipy(whole: int, share: Fraction) -> None:
    """But for chances that are exactly a tail: floats cannot tell."""
    limits, law = binomial_funnel(whole, share), stats.binom(whole, float(share))
    for tail, interval in zip(TAILS, (limits.inner, limits.outer), strict=True):
        assert law.cdf(interval.lower - 1) < tail * (1 + 1e-9)
        assert law.cdf(interval.lower) > tail * (1 - 1e-9)
        assert law.sf(interval.upper) < tail * (1 + 1e-9)
        assert interval.upper == 0 or law.sf(interval.upper - 1) > tail * (1 - 1e-9)


@unhurried
@given(st.floats(0, 3_000))
def test_poisson_limits_are_the_quantiles_of_scipy(expected: float) -> None:
    limits = poisson_funnel(expected)
    for tail, interval in zip(TAILS, (limits.inner, limits.outer), strict=True):
        assert stats.poisson.cdf(interval.lower - 1, expected) < tail * (1 + 1e-12)
        assert stats.poisson.cdf(interval.lower, expected) >= tail * (1 - 1e-9)
        assert stats.poisson.sf(interval.upper, expected) <= tail * (1 + 1e-9)
        assert interval.upper == 0 or stats.poisson.sf(interval.upper - 1, expected) > tail * (1 - 1e-9)


@unhurried
@given(st.integers(0, 40), st.integers(0, 20))
def test_what_lies_beyond_a_limit_has_in_exact_fractions_at_most_its_chance(whole: int, twentieths: int) -> None:
    share = Fraction(twentieths, 20)
    chances = [comb(whole, k) * share**k * (1 - share) ** (whole - k) for k in range(whole + 1)]
    limits = binomial_funnel(whole, share)
    for tail, (lower, upper) in ((Fraction(25, 1000), limits.inner), (Fraction(1, 1000), limits.outer)):
        assert sum(chances[:lower]) < tail <= sum(chances[: lower + 1])
        assert sum(chances[upper + 1 :]) <= tail
        assert upper == 0 or sum(chances[upper:]) > tail


def test_a_chance_of_exactly_a_tail_is_not_below_it() -> None:
    """With three at a share of 0.9, none has a chance of exactly 0.001: the limit is none, and at 0.1 it is two."""
    assert binomial_funnel(3, Fraction(9, 10)).outer == (0, 3)
    assert binomial_funnel(3, Fraction(1, 10)).outer == (0, 2)


def test_a_count_on_a_limit_is_inside_it() -> None:
    limits = FunnelLimits(Interval(4, 15), Interval(2, 18))
    assert [limits.position(count) for count in (1, 2, 3, 4, 15, 16, 18, 19)] == [
        "below-outer",
        "below-inner",
        "below-inner",
        "inside",
        "inside",
        "above-inner",
        "above-inner",
        "above-outer",
    ]


def test_of_nobody_or_nothing_expected_only_0_is_inside() -> None:
    nothing = FunnelLimits(Interval(0, 0), Interval(0, 0))
    assert binomial_funnel(0, Fraction(1, 3)) == binomial_funnel(30, Fraction(0)) == poisson_funnel(0.0) == nothing


def test_when_everybody_counts_only_all_is_inside() -> None:
    assert binomial_funnel(30, Fraction(1)).outer == (30, 30)


@pytest.mark.parametrize(("whole", "share"), [(-1, Fraction(1, 2)), (9, Fraction(-1, 9)), (9, Fraction(10, 9))])
def test_a_share_that_cannot_be_is_refused(whole: int, share: Fraction) -> None:
    with pytest.raises(ValueError, match="share of"):
        binomial_funnel(whole, share)


def test_an_expectation_under_0_is_refused() -> None:
    with pytest.raises(ValueError, match="expectation"):
        poisson_funnel(-1.0)
