"""How sure a survival curve is: Greenwood's variance, and limits on the log-log scale that stay within 0 and 1.

Source: definitions, Figures, entry view; Kalbfleisch and Prentice for the scale.
"""

from bisect import bisect_right
from collections.abc import Callable
from fractions import Fraction
from math import exp, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

from services.monitor.statistics.confidence import LEVEL, Limits
from services.monitor.statistics.estimable import NOT_ESTIMABLE, NotEstimable
from services.monitor.statistics.survival import Curve


class DayLimits(NamedTuple):
    """Confidence limits of a number of days; either may lie beyond what was followed."""

    lower: int | NotEstimable
    upper: int | NotEstimable


def variance(curve: Curve, day: int) -> Fraction | None:
    """Greenwood's variance of S(day), exact: S^2 times the sum over the days so far of d / (n (n - d)).

    0 while nothing ended. None where S = 0 (it divides by zero) and where S is not estimable.

    Raises:
        ValueError: for a day before 0.
    """
    survival = curve.survival(day)
    if survival is NOT_ESTIMABLE or survival == 0:
        return None
    passed = curve.steps[: bisect_right(curve.steps, day, key=lambda step: step.day)]
    terms = (Fraction(step.events, step.at_risk * (step.at_risk - step.events)) for step in passed if step.events)
    return survival**2 * sum(terms, Fraction(0))


def limits(curve: Curve, *, level: float = LEVEL) -> tuple[Limits | None, ...]:
    """For each step of the curve S^exp(z se / (S ln S)) and S^exp(-z se / (S ln S)); None where S is 0 or 1."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    relative_variance = 0.0
    found: list[Limits | None] = []
    for step in curve.steps:
        staying = step.at_risk - step.events
        if step.survival in (0, 1):
            found.append(None)
            continue
        relative_variance += step.events / (step.at_risk * staying)
        found.append(_around(_log(step.survival), relative_variance, z))
    return tuple(found)


def limits_of_share(staying: int, number: int, *, level: float = LEVEL) -> Limits | None:
    """Those of a point before which everybody was followed: so many of a number are left; None if that is 0 or all."""
    if staying in (0, number):
        return None
    relative_variance = (number - staying) / (number * staying)
    return _around(log(staying / number), relative_variance, NormalDist().inv_cdf((1 + level) / 2))


def quantile_limits(curve: Curve, p: Fraction, *, level: float = LEVEL) -> DayLimits:
    """The first days on which the lower and the upper limit of S are at or below 1 - p (Brookmeyer and Crowley).

    Where S is 0 the lower limit is 0 and the upper limit does not exist.

    Raises:
        ValueError: unless 0 < p < 1.
    """
    if not 0 < p < 1:
        raise ValueError(f"a quantile is asked for between 0 and 1, not at {p}")
    drawn = list(zip(curve.steps, limits(curve, level=level), strict=True))

    def first(below: Callable[[Limits], bool]) -> int | NotEstimable:
        return next((step.day for step, limit in drawn if limit and below(limit)), NOT_ESTIMABLE)

    lower = first(lambda limit: limit.lower <= 1 - p)
    if lower is NOT_ESTIMABLE:
        lower = next((step.day for step in curve.steps if not step.survival), NOT_ESTIMABLE)
    return DayLimits(lower, first(lambda limit: limit.upper <= 1 - p))


def _around(logarithm: float, relative_variance: float, z: float) -> Limits:
    width = z * sqrt(relative_variance) / -logarithm
    return Limits(exp(logarithm * exp(width)), exp(logarithm * exp(-width)))


def _log(share: Fraction) -> float:
    # A share may be too small for a float; its logarithm never is.
    return log(share) if float(share) else log(share.numerator) - log(share.denominator)
