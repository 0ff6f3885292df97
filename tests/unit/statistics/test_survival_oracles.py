"""Other programs draw the same curves: lifelines and statsmodels. Their medians are known to differ from ours."""

from fractions import Fraction

import lifelines
import numpy as np
import pytest
from hypothesis import given, settings
from lifelines.utils import restricted_mean_survival_time
from statsmodels.duration.survfunc import SurvfuncRight

from services.monitor.statistics.greenwood import limits, quantile_limits, variance
from services.monitor.statistics.survival import Curve, Observation, kaplan_meier
from tests.unit.statistics.samples import exact, samples


@pytest.fixture(scope="module")
def many() -> list[Observation]:
    """Two thousand stays, a third of them censored."""
    random = np.random.default_rng(20260301)
    lasting, followed = random.gamma(1.237, 150.9, 2_000).astype(int), random.integers(0, 700, 2_000)
    return [Observation(None, int(min(a, b)), bool(a <= b)) for a, b in zip(lasting, followed, strict=True)]


@pytest.fixture(scope="module")
def late(many: list[Observation]) -> list[Observation]:
    """The same, of whom a third came under observation on a later day."""
    random = np.random.default_rng(20260302)
    entries = [int(day) if day < 60 else None for day in random.integers(1, 180, len(many))]
    return [Observation(entry, stay.exit_day, stay.event) for entry, stay in zip(entries, many, strict=True)]


def fitted(sample: list[Observation]) -> lifelines.KaplanMeierFitter:
    days, events = [stay.exit_day for stay in sample], [stay.event for stay in sample]
    return lifelines.KaplanMeierFitter().fit(days, events)


def shares(curve: Curve) -> list[float]:
    return [float(step.survival) for step in curve.steps]


@settings(max_examples=30, deadline=None)
@given(samples)
def test_the_curve_is_that_of_lifelines(sample: list[Observation]) -> None:
    curve = kaplan_meier(sample)
    theirs = fitted(sample).predict([step.day for step in curve.steps])
    assert shares(curve) == pytest.approx(np.atleast_1d(theirs), abs=1e-12)


def test_the_curve_of_many_is_that_of_lifelines(many: list[Observation]) -> None:
    curve = kaplan_meier(many)
    table = fitted(many).event_table.loc[[step.day for step in curve.steps]]
    assert shares(curve) == pytest.approx(fitted(many).predict([step.day for step in curve.steps]).to_numpy())
    assert [step.at_risk for step in curve.steps] == table["at_risk"].tolist()
    assert [(step.events, step.censored) for step in curve.steps] == list(
        zip(table["observed"], table["censored"], strict=True)
    )


def test_the_limits_of_many_are_those_of_lifelines(many: list[Observation]) -> None:
    curve = kaplan_meier(many)
    theirs = fitted(many).confidence_interval_
    for step, ours in zip(curve.steps, limits(curve), strict=True):
        if ours is not None:
            assert ours == pytest.approx(tuple(theirs.loc[step.day]), rel=1e-9)


def test_the_limits_of_the_median_of_many_are_those_of_statsmodels(many: list[Observation]) -> None:
    theirs = SurvfuncRight([stay.exit_day for stay in many], [stay.event for stay in many])
    assert quantile_limits(kaplan_meier(many), Fraction(1, 2)) == theirs.quantile_ci(0.5, method="cloglog")


def test_greenwood_of_many_is_that_of_statsmodels(many: list[Observation]) -> None:
    theirs = SurvfuncRight([stay.exit_day for stay in many], [stay.event for stay in many])
    curve = kaplan_meier(many)
    for day, error in zip(theirs.surv_times, theirs.surv_prob_se, strict=True):
        ours = variance(curve, int(day))
        if ours is not None:
            assert float(ours) ** 0.5 == pytest.approx(error)


def test_the_restricted_mean_of_many_is_that_of_lifelines(many: list[Observation]) -> None:
    ours = exact(kaplan_meier(many).restricted_mean(365))
    assert float(ours) == pytest.approx(restricted_mean_survival_time(fitted(many), t=365), rel=1e-6)


def test_the_curve_with_delayed_entry_is_that_of_statsmodels(late: list[Observation]) -> None:
    seen = [stay for stay in late if stay.exit_day > (stay.entry_day or -1)]
    theirs = SurvfuncRight(
        [stay.exit_day for stay in seen],
        [stay.event for stay in seen],
        entry=[stay.entry_day or -1 for stay in seen],
    )
    curve = kaplan_meier(late)
    ours = [step for step in curve.steps if step.events]
    assert curve.never_at_risk == len(late) - len(seen)
    assert curve.starts_on == 0
    assert [step.day for step in ours] == theirs.surv_times.tolist()
    assert [step.at_risk for step in ours] == theirs.n_risk.tolist()
    assert [float(step.survival) for step in ours] == pytest.approx(theirs.surv_prob)
