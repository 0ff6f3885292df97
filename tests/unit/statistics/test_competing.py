"""Shares that ended in each of several ways: by hand, against statsmodels, and what holds for any sample."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight

from services.monitor.statistics.competing import Exit, Incidences, aalen_johansen
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from services.monitor.statistics.survival import Observation, kaplan_meier
from tests.unit.statistics.samples import CAUSES, exact, exits

divides_by_zero = pytest.mark.filterwarnings("ignore:(divide by zero|invalid value) encountered:RuntimeWarning")
"""statsmodels does, in standard errors that nobody asks it for, on a day when all who are left leave."""

HALF = Fraction(1, 2)


def shares(curves: Incidences, cause: str) -> list[Fraction]:
    return [step.incidence(cause) for step in curves.steps]


def incidence_right(sample: Sequence[Exit]) -> CumIncidenceRight:
    """Causes as codes 1..K, 0 for censored."""
    causes = sorted({one.cause for one in sample if one.cause})
    codes = [causes.index(one.cause) + 1 if one.cause else 0 for one in sample]
    return CumIncidenceRight(np.array([one.exit_day for one in sample], dtype=float), np.array(codes))


def test_the_shares_by_hand() -> None:
    """Of four: one moved on day 2; one lost on day 3; of the two left one moved and one went home on day 5."""
    curves = aalen_johansen([Exit(2, "moved"), Exit(3, None), Exit(5, "moved"), Exit(5, "home")])
    assert curves.causes == ("home", "moved")
    assert shares(curves, "moved") == [Fraction(1, 4), Fraction(1, 4), Fraction(5, 8)]
    assert shares(curves, "home") == [0, 0, Fraction(3, 8)]
    assert [step.survival for step in curves.steps] == [Fraction(3, 4), Fraction(3, 4), 0]
    assert [(step.at_risk, dict(step.events), step.censored) for step in curves.steps] == [
        (4, {"moved": 1}, 0),
        (3, {}, 1),
        (2, {"home": 1, "moved": 1}, 0),
    ]


def test_exits_on_day_0_count() -> None:
    """A library drops them and gives 1/6."""
    curves = aalen_johansen([Exit(0, "moved"), Exit(0, "home"), Exit(4, "moved"), Exit(5, None)])
    assert curves.incidence("moved", 4) == HALF
    assert curves.incidence("home", 0) == Fraction(1, 4)


def test_all_who_leave_on_one_day_leave_together() -> None:
    """Whoever is listed first, each share is taken of the four at risk."""
    one_day = [Exit(3, "moved"), Exit(3, "home"), Exit(3, "moved"), Exit(3, None)]
    for order in (one_day, one_day[::-1]):
        curves = aalen_johansen(order)
        assert (curves.incidence("moved", 3), curves.incidence("home", 3)) == (HALF, Fraction(1, 4))


def test_between_steps_the_shares_stay_and_after_the_last_day_of_following_they_are_not_estimable() -> None:
    curves = aalen_johansen([Exit(2, "moved"), Exit(6, None)])
    assert [curves.incidence("moved", day) for day in (0, 2, 5, 6)] == [0, HALF, HALF, HALF]
    assert [curves.survival(day) for day in (1, 2)] == [1, HALF]
    assert curves.incidence("moved", 7) is curves.survival(7) is NOT_ESTIMABLE


def test_when_all_have_left_the_shares_stay_for_ever() -> None:
    curves = aalen_johansen([Exit(2, "moved"), Exit(6, "home")])
    assert (curves.incidence("moved", 99), curves.survival(99)) == (HALF, 0)


def test_a_cause_that_nobody_left_by_has_a_share_of_0() -> None:
    curves = aalen_johansen([Exit(2, "moved"), Exit(6, None)])
    assert (curves.incidence("death", 1), curves.incidence("death", 6)) == (0, 0)


def test_nobody_has_no_curves() -> None:
    assert aalen_johansen([]).survival(0) is NOT_ESTIMABLE
    assert aalen_johansen([]).starts_on is None


def test_with_delayed_entry_the_curves_start_with_enough_at_risk() -> None:
    late = [Exit(10 + number, "moved", 2) for number in range(5)]
    curves = aalen_johansen([Exit(1, "home"), *late, Exit(4, "moved", 4)])
    assert (curves.starts_on, curves.never_at_risk, curves.at_risk(10)) == (3, 1, 5)
    assert curves.incidence("moved", 10) == Fraction(1, 5)
    assert curves.causes == ("moved",)


def test_a_day_before_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="before the start"):
        aalen_johansen([Exit(-1, "moved")])
    with pytest.raises(ValueError, match="before the start"):
        aalen_johansen([Exit(1, "moved")]).survival(-1)


def test_without_censoring_the_numbers_stay_as_small_as_the_sample() -> None:
    sample = [Exit(day, CAUSES[number % 3]) for day in range(300) for number in range(10)]
    assert max(step.whole for step in aalen_johansen(sample).steps) <= 3_000


@given(exits)
def test_all_shares_together_are_1_on_every_day(sample: list[Exit]) -> None:
    curves = aalen_johansen(sample)
    for step in curves.steps:
        assert step.survival + sum(map(step.incidence, curves.causes)) == 1
        assert step.remaining + sum(step.left.values()) == step.whole


@given(exits)
def test_what_remains_is_the_survival_curve_of_leaving_in_any_way(sample: list[Exit]) -> None:
    lasting = kaplan_meier(Observation(None, one.exit_day, one.cause is not None) for one in sample)
    assert [step.survival for step in aalen_johansen(sample).steps] == [step.survival for step in lasting.steps]


@given(exits, st.sampled_from(CAUSES))
def test_each_share_rises_and_is_at_most_what_censoring_the_other_causes_gives(sample: list[Exit], cause: str) -> None:
    curves = aalen_johansen(sample)
    alone = kaplan_meier(Observation(None, one.exit_day, one.cause == cause) for one in sample)
    found = [exact(curves.incidence(cause, step.day)) for step in curves.steps]
    assert all(before <= after for before, after in pairwise([Fraction(0), *found]))
    assert all(share <= 1 - step.survival for share, step in zip(found, alone.steps, strict=True))


@given(exits)
def test_two_causes_taken_together_have_the_sum_of_their_shares(sample: list[Exit]) -> None:
    merged = [one._replace(cause="discharge") if one.cause == "death" else one for one in sample]
    apart, together = aalen_johansen(sample), aalen_johansen(merged)
    for step in apart.steps:
        parts = [exact(apart.incidence(cause, step.day)) for cause in ("death", "discharge")]
        assert together.incidence("discharge", step.day) == sum(parts)


@given(exits, st.sampled_from(CAUSES), st.integers(0, 60))
def test_without_censoring_a_share_is_a_count_of_all(sample: list[Exit], cause: str, day: int) -> None:
    seen = [one._replace(cause=one.cause or "discharge") for one in sample]
    left = sum(one.cause == cause and one.exit_day <= day for one in seen)
    assert aalen_johansen(seen).incidence(cause, day) == Fraction(left, len(seen))


@given(exits, st.randoms(use_true_random=False))
def test_the_order_of_the_exits_says_nothing(sample: list[Exit], random: Random) -> None:
    assert aalen_johansen(random.sample(sample, len(sample))) == aalen_johansen(sample)


@given(exits, st.integers(1, 30))
def test_all_days_later_by_as_much_shift_the_shares(sample: list[Exit], later: int) -> None:
    curves = aalen_johansen(sample)
    shifted = aalen_johansen([one._replace(exit_day=one.exit_day + later) for one in sample])
    for step in curves.steps:
        for cause in curves.causes:
            assert shifted.incidence(cause, step.day + later) == step.incidence(cause)


@divides_by_zero
@settings(max_examples=30, deadline=None)
@given(exits.filter(lambda sample: any(one.cause for one in sample)))
def test_the_shares_are_those_of_statsmodels(sample: list[Exit]) -> None:
    curves, theirs = aalen_johansen(sample), incidence_right(sample)
    for cause, shares_of_it in zip(curves.causes, theirs.cinc, strict=True):
        ours = [float(exact(curves.incidence(cause, int(day)))) for day in theirs.times]
        assert ours == pytest.approx(shares_of_it.tolist(), abs=1e-12)


@divides_by_zero
def test_the_shares_of_many_are_those_of_statsmodels_in_fractions_and_in_floats() -> None:
    random = np.random.default_rng(20260301)
    days = random.gamma(1.237, 150.9, 2_000).astype(int)
    causes = [None, *CAUSES, "discharge"]
    sample = [Exit(int(day), causes[pick]) for day, pick in zip(days, random.integers(0, 5, 2_000), strict=True)]
    curves, theirs = aalen_johansen(sample), incidence_right(sample)
    by_day = {step.day: step for step in curves.steps}
    for cause, shares_of_it in zip(curves.causes, theirs.cinc, strict=True):
        steps = [by_day[int(day)] for day in theirs.times]
        assert [step.share(cause) for step in steps] == pytest.approx(shares_of_it.tolist())
        assert [step.share(cause) for step in steps] == [float(step.incidence(cause)) for step in steps]
