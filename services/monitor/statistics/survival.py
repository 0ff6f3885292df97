"""Kaplan-Meier: the share that still lasts after so many days, as exact fractions.

Source: definitions, Figures, entry view. The product is kept as a reduced fraction, which a factor of two small
numbers changes cheaply; sums are taken from the last day back (Horner), so that no two large fractions ever meet.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from services.monitor.statistics.estimable import NOT_ESTIMABLE, NotEstimable
from services.monitor.statistics.risk import LEAST_AT_RISK, RiskSets, follow


class Observation(NamedTuple):
    """One stay, in whole days since its start (D2)."""

    entry_day: int | None
    """The day on which its observation began, if that is after its start (delayed entry); None or 0 if not."""
    exit_day: int
    """The day on which it ended, or until which it was followed."""
    event: bool
    """Whether it ended; False is censored: it was still open."""


@dataclass(frozen=True, slots=True)
class Step:
    """A day on which stays ended or ceased to be followed."""

    day: int
    at_risk: int
    """Those with entry < day <= exit."""
    events: int
    censored: int
    """Those followed until this day and no longer; they are at risk for the events of the day."""
    survival: Fraction
    """The share that lasts longer than this day: it holds on [day, day of the next step)."""


@dataclass(frozen=True, slots=True)
class Curve:
    """S(t): the share of the stays that lasts longer than t days, given that it lasted until `starts_on`."""

    steps: tuple[Step, ...]
    risk: RiskSets
    starts_on: int | None
    """The first day of the curve: 0, or with delayed entry the first with enough at risk; None: there is no curve."""
    never_at_risk: int
    """Observations that ended before they could be observed; they count nowhere."""

    @property
    def followed_to(self) -> int | None:
        """The last day on which anybody was at risk: unless S is 0, the curve says nothing after it; None: no curve."""
        return self.steps[-1].day if self.steps else None

    def survival(self, day: int) -> Fraction | NotEstimable:
        """S at this day, its events taken off; 1 before the first step.

        Not estimable after the last day of following while S > 0: the flat line that some draw there is a guess.

        Raises:
            ValueError: for a day before 0.
        """
        if day < 0:
            raise ValueError(f"day {day} is before the start of the stay")
        if not self._reaches(day):
            return NOT_ESTIMABLE
        passed = bisect_right(self.steps, day, key=_day)
        return self.steps[passed - 1].survival if passed else Fraction(1)

    def quantile(self, p: Fraction) -> int | NotEstimable:
        """The smallest day t with S(t) <= 1 - p, compared exactly; not estimable when S stays above it.

        Raises:
            ValueError: unless 0 < p < 1.
        """
        if not 0 < p < 1:
            raise ValueError(f"a quantile is asked for between 0 and 1, not at {p}")
        reached = bisect_left(self.steps, True, key=lambda step: step.survival <= 1 - p)
        return self.steps[reached].day if reached < len(self.steps) else NOT_ESTIMABLE

    def restricted_mean(self, tau: int) -> Fraction | NotEstimable:
        """The mean of min(days, tau): the integral of S over [0, tau), in days.

        It exists where the median does not, if somebody was followed to the day before tau; else it is not estimable.
        With delayed entry it is the mean of the stays that lasted until `starts_on`.

        Raises:
            ValueError: unless tau > 0.
        """
        if tau <= 0:
            raise ValueError(f"a mean restricted to {tau} days is the mean of nothing")
        if not self._reaches(tau - 1):
            return NOT_ESTIMABLE
        mean, until = Fraction(0), tau
        for step in reversed(self.steps[: bisect_left(self.steps, tau, key=_day)]):
            if step.events:
                mean = Fraction(step.at_risk - step.events, step.at_risk) * (mean + (until - step.day))
                until = step.day
        return mean + until

    def at_risk(self, day: int) -> int:
        """How many are at risk on this day (entry < day <= exit): the row under the chart."""
        return self.risk.at(day)

    def _reaches(self, day: int) -> bool:
        return bool(self.steps) and (day <= self.steps[-1].day or not self.steps[-1].survival)


def kaplan_meier(observations: Iterable[Observation], *, least_at_risk: int = LEAST_AT_RISK) -> Curve:
    """The curve of these stays: the product of 1 - events / at risk over the days so far.

    On one day events go before censorings; events on day 0 count. If any entry is delayed, the curve starts on the
    first day with at least `least_at_risk` at risk, and events before it count nowhere.

    Raises:
        ValueError: for a day before the start of the stay.
    """
    followed = follow(observations, least_at_risk=least_at_risk)
    survival = Fraction(1)
    steps = []
    for day, outcomes in followed.outcomes.items():
        at_risk, events = followed.risk.at(day), outcomes[True]
        if events:
            survival *= Fraction(at_risk - events, at_risk)
        steps.append(Step(day, at_risk, events, outcomes[False], survival))
    return Curve(tuple(steps), followed.risk, followed.starts_on, followed.never_at_risk)


def _day(step: Step) -> int:
    return step.day
