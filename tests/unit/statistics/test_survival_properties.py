"""What holds for the survival curve of any sample."""

from fractions import Fraction
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.monitor.statistics.estimable import NOT_ESTIMABLE
from services.monitor.statistics.quantiles import quantile
from services.monitor.statistics.survival import Observation, kaplan_meier
from tests.unit.statistics.samples import delayed_samples, ended, exact, fractions, samples

durations = st.lists(st.integers(0, 60), min_size=1, max_size=40)


@given(delayed_samples)
def test_it_falls_from_1_and_stays_within_0_and_1(sample: list[Observation]) -> None:
    shares = [Fraction(1), *(step.survival for step in kaplan_meier(sample).steps), Fraction(0)]
    assert all(before >= after for before, after in pairwise(shares))


@given(durations, st.integers(0, 70))
def test_without_censoring_it_is_the_share_that_lasts_longer(days: list[int], day: int) -> None:
    longer = sum(one > day for one in days)
    assert kaplan_meier(ended(days)).survival(day) == Fraction(longer, len(days))


@given(durations, fractions)
def test_without_censoring_its_quantile_is_that_of_the_days(days: list[int], p: Fraction) -> None:
    assert kaplan_meier(ended(days)).quantile(p) == quantile(days, p)


@given(durations, st.integers(1, 80))
def test_without_censoring_the_restricted_mean_is_the_mean_of_the_capped_days(days: list[int], tau: int) -> None:
    assert kaplan_meier(ended(days)).restricted_mean(tau) == Fraction(sum(min(day, tau) for day in days), len(days))


@given(delayed_samples, st.integers(1, 61))
def test_the_restricted_mean_is_the_sum_of_the_curve_over_the_days_before_tau(
    sample: list[Observation], tau: int
) -> None:
    curve = kaplan_meier(sample)
    shares = [curve.survival(day) for day in range(tau)]
    if shares[-1] is NOT_ESTIMABLE:
        assert curve.restricted_mean(tau) is NOT_ESTIMABLE
    else:
        assert curve.restricted_mean(tau) == sum(map(exact, shares))


@given(delayed_samples, fractions, fractions)
def test_quantiles_rise_with_p(sample: list[Observation], one: Fraction, other: Fraction) -> None:
    early, late = (kaplan_meier(sample).quantile(p) for p in sorted((one, other)))
    if isinstance(late, int):
        assert isinstance(early, int)
        assert early <= late


@given(delayed_samples, fractions)
def test_a_quantile_is_the_first_day_that_reaches_it(sample: list[Observation], p: Fraction) -> None:
    curve = kaplan_meier(sample)
    found = curve.quantile(p)
    if isinstance(found, int):
        assert exact(curve.survival(found)) <= 1 - p
        assert found == 0 or exact(curve.survival(found - 1)) > 1 - p
    else:
        assert all(step.survival > 1 - p for step in curve.steps)


@given(delayed_samples, st.randoms(use_true_random=False))
def test_the_order_of_the_stays_says_nothing(sample: list[Observation], random: Random) -> None:
    shuffled = random.sample(sample, len(sample))
    assert kaplan_meier(shuffled) == kaplan_meier(sample)


@given(samples, st.integers(2, 5))
def test_a_sample_repeated_has_the_same_curve(sample: list[Observation], times: int) -> None:
    once, repeated = kaplan_meier(sample), kaplan_meier(sample * times)
    assert [(step.day, step.survival) for step in repeated.steps] == [(step.day, step.survival) for step in once.steps]
    assert [step.at_risk for step in repeated.steps] == [times * step.at_risk for step in once.steps]


@given(samples, samples, st.integers(0, 60))
def test_two_groups_merged_add_up_in_every_count(one: list[Observation], other: list[Observation], day: int) -> None:
    both = kaplan_meier(one + other)
    apart = [kaplan_meier(one), kaplan_meier(other)]
    assert both.at_risk(day) == sum(curve.at_risk(day) for curve in apart)
    for count in ("events", "censored"):
        assert sum(getattr(step, count) for step in both.steps) == sum(
            getattr(step, count) for curve in apart for step in curve.steps
        )


@given(samples, st.integers(0, 60))
def test_a_stay_split_at_a_day_into_an_early_and_a_late_part_changes_nothing(
    sample: list[Observation], cut: int
) -> None:
    """Followed until the cut, and from the cut on by delayed entry, is followed throughout."""
    parts: list[Observation] = []
    for stay in sample:
        if 0 < cut < stay.exit_day:
            parts += [Observation(None, cut, False), Observation(cut, stay.exit_day, stay.event)]
        else:
            parts.append(stay)
    whole, pieces = kaplan_meier(sample), kaplan_meier(parts, least_at_risk=1)
    assert [step for step in pieces.steps if step.events] == [
        step if step.day != cut else next(other for other in pieces.steps if other.day == cut)
        for step in whole.steps
        if step.events
    ]
    assert all(pieces.survival(step.day) == step.survival for step in whole.steps)


@given(samples, st.integers(1, 30))
def test_all_days_later_by_as_much_shift_the_curve(sample: list[Observation], later: int) -> None:
    shifted = [stay._replace(exit_day=stay.exit_day + later) for stay in sample]
    moved = [(step.day - later, step.at_risk, step.survival) for step in kaplan_meier(shifted).steps]
    assert moved == [(step.day, step.at_risk, step.survival) for step in kaplan_meier(sample).steps]
