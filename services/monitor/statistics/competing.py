"""Aalen-Johansen: the share that has ended in each of several ways after so many days, exactly.

Source: definitions, Figures. Taking the other ways for censored instead (1 - Kaplan-Meier) overstates each of them.
All shares of a step are whole numbers over one common number, so that together they are 1 by construction. A step
multiplies by small numbers and divides out what they share: without censorings that keeps the numbers small.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from services.monitor.statistics.estimable import NOT_ESTIMABLE, NotEstimable
from services.monitor.statistics.risk import LEAST_AT_RISK, RiskSets, follow


class Exit(NamedTuple):
    """How somebody left, in whole days since the start (D2)."""

    exit_day: int
    cause: str | None
    """None is censored: not left yet when last seen."""
    entry_day: int | None = None
    """The day on which observation began, if that is after the start (delayed entry)."""


@dataclass(frozen=True, slots=True)
class Incidence:
    """A day on which somebody left or ceased to be followed, with the shares after it."""

    day: int
    at_risk: int
    events: Mapping[str, int]
    """How many left by each cause on this day; causes of which nobody left are absent."""
    censored: int
    whole: int
    """What the shares are parts of; large, and not in lowest terms."""
    remaining: int
    left: Mapping[str, int]
    """For every cause of the curves."""

    @property
    def survival(self) -> Fraction:
        """S: the share that has not left after this day. Exact; float(remaining / whole) is faster."""
        return Fraction(self.remaining, self.whole)

    def incidence(self, cause: str) -> Fraction:
        """F of a cause: the share that left by it on this day or earlier; KeyError for a cause that nobody left by."""
        return Fraction(self.left[cause], self.whole)

    def share(self, cause: str) -> float:
        """F of a cause, correctly rounded: for a chart of many days, where reducing exact fractions takes long."""
        return self.left[cause] / self.whole


@dataclass(frozen=True, slots=True)
class Incidences:
    """F_k(t) per cause k, and S(t): together 1 on every day. Given that nobody had left before `starts_on`."""

    causes: tuple[str, ...]
    """Every cause by which anybody left, in alphabetical order."""
    steps: tuple[Incidence, ...]
    risk: RiskSets
    starts_on: int | None
    """0, or with delayed entry the first day with enough at risk; None: there are no curves."""
    never_at_risk: int

    def survival(self, day: int) -> Fraction | NotEstimable:
        """S at this day, those who leave on it taken off; not estimable after the last day of following while S > 0."""
        match self._at(day):
            case None:
                return Fraction(1)
            case Incidence() as step:
                return step.survival
            case NotEstimable():
                return NOT_ESTIMABLE

    def incidence(self, cause: str, day: int) -> Fraction | NotEstimable:
        """F of a cause at this day: the share that left by it on this day or earlier; 0 for a cause nobody left by.

        Not estimable after the last day of following while S > 0.
        """
        match self._at(day):
            case None:
                return Fraction(0)
            case Incidence() as step:
                return step.incidence(cause) if cause in step.left else Fraction(0)
            case NotEstimable():
                return NOT_ESTIMABLE

    def at_risk(self, day: int) -> int:
        """How many are at risk on this day (entry < day <= exit)."""
        return self.risk.at(day)

    def _at(self, day: int) -> Incidence | NotEstimable | None:
        if day < 0:
            raise ValueError(f"day {day} is before the start")
        if not self.steps or (day > self.steps[-1].day and self.steps[-1].remaining):
            return NOT_ESTIMABLE
        passed = bisect_right(self.steps, day, key=lambda step: step.day)
        return self.steps[passed - 1] if passed else None


def aalen_johansen(exits: Iterable[Exit], *, least_at_risk: int = LEAST_AT_RISK) -> Incidences:
    """The curves of these exits: F_k grows by S just before the day times the share at risk that leaves by k.

    All who leave on one day do so together, before the censorings of that day; exits on day 0 count. If any entry is
    delayed, the curves start on the first day with at least `least_at_risk` at risk.

    Raises:
        ValueError: for a day before the start.
    """
    triples = ((one.entry_day, one.exit_day, one.cause) for one in exits)
    followed = follow(triples, least_at_risk=least_at_risk)
    causes = sorted({cause for outcomes in followed.outcomes.values() for cause in outcomes if cause is not None})
    whole, remaining, left = 1, 1, dict.fromkeys(causes, 0)
    steps = []
    for day, outcomes in followed.outcomes.items():
        at_risk, censored = followed.risk.at(day), outcomes[None]
        events = {cause: outcomes[cause] for cause in causes if outcomes[cause]}
        if events:
            left = {cause: left[cause] * at_risk + remaining * outcomes[cause] for cause in causes}
            remaining *= at_risk - sum(events.values())
            shared = gcd(at_risk, remaining, *left.values())
            whole, remaining = whole * (at_risk // shared), remaining // shared
            left = {cause: number // shared for cause, number in left.items()}
        steps.append(Incidence(day, at_risk, events, censored, whole, remaining, left))
    return Incidences(tuple(causes), tuple(steps), followed.risk, followed.starts_on, followed.never_at_risk)
