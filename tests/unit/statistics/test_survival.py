"""The survival curve by hand, and the traps that libraries fall into."""

from fractions import Fraction

import pytest

from services.monitor.statistics.estimable import NOT_ESTIMABLE
from services.monitor.statistics.survival import Observation, Step, kaplan_meier
from tests.unit.statistics.samples import ended, stays

HALF = Fraction(1, 2)


def test_the_curve_by_hand() -> None:
    """Of five, one ends on day 3; of the four left one is lost on day 5 and one ends; of the two left one ends on 8."""
    assert kaplan_meier(stays("3 5 5+ 8 9+")).steps == (
        Step(3, 5, 1, 0, Fraction(4, 5)),
        Step(5, 4, 1, 1, Fraction(3, 5)),
        Step(8, 2, 1, 0, Fraction(3, 10)),
        Step(9, 1, 0, 1, Fraction(3, 10)),
    )


def test_a_share_of_exactly_one_half_is_the_median() -> None:
    """In floating point it is 0.5000000000000001, and the median moves to 16."""
    assert kaplan_meier(stays("1 8 9 16 22+ 27")).quantile(HALF) == 9


def test_the_median_is_a_day_that_reaches_one_half_not_the_middle_of_two() -> None:
    """One library says 3 (S < 1/2), another 2.5 (the middle)."""
    assert kaplan_meier(ended([1, 2, 3, 4])).quantile(HALF) == 2


def test_a_median_that_is_not_reached_is_not_estimable() -> None:
    assert kaplan_meier(stays("1 5+ 5+")).quantile(HALF) is NOT_ESTIMABLE


def test_nobody_has_no_curve() -> None:
    curve = kaplan_meier([])
    assert (curve.steps, curve.starts_on, curve.followed_to) == ((), None, None)
    assert curve.survival(0) is curve.quantile(HALF) is curve.restricted_mean(365) is NOT_ESTIMABLE


def test_events_on_day_0_count() -> None:
    curve = kaplan_meier(ended([0, 0, 4]))
    assert curve.survival(0) == Fraction(1, 3)
    assert curve.quantile(HALF) == 0


def test_on_one_day_events_go_before_censorings() -> None:
    assert kaplan_meier(stays("5 5+")).survival(5) == HALF


def test_the_curve_holds_until_the_day_before_its_next_step() -> None:
    curve = kaplan_meier(ended([3, 7]))
    assert [curve.survival(day) for day in (0, 2, 3, 6, 7, 99)] == [1, 1, HALF, HALF, 0, 0]


def test_after_the_last_day_of_following_the_curve_is_silent_unless_it_is_0() -> None:
    open_still, all_ended = kaplan_meier(stays("3 7+")), kaplan_meier(stays("3+ 7"))
    assert (open_still.followed_to, open_still.survival(7), open_still.survival(8)) == (7, HALF, NOT_ESTIMABLE)
    assert all_ended.survival(8) == 0


def test_the_restricted_mean_by_hand() -> None:
    """10 days whole, 10 days at 2/3, 10 days at 1/3."""
    assert kaplan_meier(ended([10, 20, 40])).restricted_mean(30) == 10 + Fraction(20, 3) + Fraction(10, 3)


def test_the_restricted_mean_exists_where_the_median_does_not() -> None:
    curve = kaplan_meier(stays("2 9+ 9+ 9+"))
    assert curve.quantile(HALF) is NOT_ESTIMABLE
    assert curve.restricted_mean(10) == 2 + Fraction(3, 4) * 8


def test_a_mean_restricted_to_more_days_than_anybody_was_followed_is_not_estimable() -> None:
    assert kaplan_meier(stays("2 9+")).restricted_mean(11) is NOT_ESTIMABLE
    assert kaplan_meier(stays("2+ 9")).restricted_mean(11) == 9


def test_the_number_at_risk_is_of_those_who_reached_the_day_without_leaving_before_it() -> None:
    curve = kaplan_meier(stays("3 5+ 5 8"))
    assert [curve.at_risk(day) for day in (0, 3, 4, 5, 6, 9)] == [4, 4, 3, 3, 1, 0]


def test_with_delayed_entry_only_those_are_at_risk_who_came_in_before_the_day() -> None:
    """Entry 4 counts for day 5 and not for day 4; the stay that is not delayed counts from day 0."""
    observed = [Observation(None, 4, True), Observation(4, 6, True), Observation(0, 6, False), Observation(2, 5, True)]
    curve = kaplan_meier(observed, least_at_risk=1)
    assert [(step.day, step.at_risk) for step in curve.steps] == [(4, 3), (5, 3), (6, 2)]
    assert curve.survival(6) == Fraction(2, 3) * Fraction(2, 3) * HALF


def test_with_delayed_entry_the_curve_starts_with_five_at_risk_and_says_so() -> None:
    """The lone first stay that ends on day 1 would otherwise take the curve to 0 for ever."""
    late = [Observation(2, 10 + number, True) for number in range(5)]
    alone = Observation(None, 1, True)
    assert kaplan_meier([alone, *late], least_at_risk=1).survival(1) == 0
    curve = kaplan_meier([alone, *late])
    assert (curve.starts_on, curve.steps[0].day, curve.survival(10)) == (3, 10, Fraction(4, 5))


def test_without_delayed_entry_the_curve_starts_on_day_0_however_few_there_are() -> None:
    assert kaplan_meier(ended([7])).starts_on == 0
    assert kaplan_meier([Observation(0, 7, True)]).starts_on == 0


def test_with_delayed_entry_and_never_enough_at_risk_there_is_no_curve() -> None:
    curve = kaplan_meier([Observation(3, 9, True)] * 4)
    assert (curve.starts_on, curve.steps, curve.survival(1)) == (None, (), NOT_ESTIMABLE)


def test_a_stay_that_ended_before_it_could_be_observed_counts_nowhere_but_is_told() -> None:
    curve = kaplan_meier([Observation(5, 5, True), *ended([8, 9])])
    assert (curve.never_at_risk, curve.at_risk(5), curve.survival(8)) == (1, 2, HALF)


def test_without_censoring_the_fractions_stay_as_small_as_the_sample() -> None:
    curve = kaplan_meier(ended([day for day in range(1_000) for _ in range(25)]))
    assert max(step.survival.denominator for step in curve.steps) <= 25_000


@pytest.mark.parametrize("observation", [Observation(None, -1, True), Observation(-1, 3, True)])
def test_a_day_before_the_start_is_refused(observation: Observation) -> None:
    with pytest.raises(ValueError, match="before the start"):
        kaplan_meier([observation])


@pytest.mark.parametrize("p", [Fraction(0), Fraction(1), Fraction(3, 2)])
def test_a_quantile_outside_0_and_1_is_refused(p: Fraction) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        kaplan_meier(ended([3])).quantile(p)


def test_a_day_or_a_tau_that_cannot_be_is_refused() -> None:
    curve = kaplan_meier(ended([3]))
    with pytest.raises(ValueError, match="before the start"):
        curve.survival(-1)
    with pytest.raises(ValueError, match="mean of nothing"):
        curve.restricted_mean(0)
