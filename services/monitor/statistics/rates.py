"""Rates per care day and shares of a number, with limits that hold for small numbers.

Source: definitions, Figures, doorplaatsing. Clopper-Pearson limits are for tables, Wilson limits for charts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

from services.monitor.statistics.confidence import LEVEL, Limits, tail_of
from services.monitor.statistics.estimable import NOT_ESTIMABLE, NotEstimable
from services.monitor.statistics.tails import binomial_at_least, binomial_at_most, poisson_at_least, poisson_at_most

PER_1000_DAYS = 1_000
PER_100_YEARS = 36_525
"""100 x 365.25 care days: 100 places occupied for a year."""

_BISECTIONS_MAX = 200
"""More than enough to come to two neighbouring floats, between any limits asked for here."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Events per so many care days."""

    count: int
    care_days: int
    per: int
    """The number of care days that the rate is stated for."""
    value: Fraction
    """count x per / care_days, exact."""
    limits: Limits
    """Exact Poisson limits, in the same unit as the value."""


def rate(count: int, *, care_days: int, per: int, level: float = LEVEL) -> Rate | NotEstimable:
    """Events per `per` care days (PER_1000_DAYS, PER_100_YEARS); not estimable without care days.

    Raises:
        ValueError: for a negative count or negative care days.
    """
    if care_days < 0:
        raise ValueError(f"{care_days} care days")
    if care_days == 0:
        return NOT_ESTIMABLE
    limits = poisson_limits(count, level=level)
    scaled = Limits(limits.lower * per / care_days, limits.upper * per / care_days)
    return Rate(count, care_days, per, Fraction(count * per, care_days), scaled)


def poisson_limits(count: int, *, level: float = LEVEL) -> Limits:
    """Exact (Garwood) limits of the mean that a count comes from: chi2(a/2; 2x) / 2 and chi2(1 - a/2; 2x + 2) / 2.

    The lower limit is the mean under which this count or more has a chance of a/2, the upper the mean under which
    this count or less has; 0 has the lower limit 0.

    Raises:
        ValueError: for a negative count.
    """
    if count < 0:
        raise ValueError(f"a count of {count}")
    tail = tail_of(level)
    above = count + 1.0
    while poisson_at_most(count, above) > tail:
        above *= 2
    lower = _crossing(0.0, float(count), lambda mean: poisson_at_least(count, mean) > tail) if count else 0.0
    upper = _crossing(float(count), above, lambda mean: poisson_at_most(count, mean) <= tail)
    return Limits(lower, upper)


def clopper_pearson(part: int, whole: int, *, level: float = LEVEL) -> Limits | NotEstimable:
    """Exact limits of the share part / whole: each tail has a chance of at most a/2. Not estimable for a whole of 0.

    Raises:
        ValueError: unless 0 <= part <= whole.
    """
    _check(part, whole)
    if whole == 0:
        return NOT_ESTIMABLE
    tail, observed = tail_of(level), part / whole
    lower = _crossing(0.0, observed, lambda p: binomial_at_least(part, whole, p) > tail) if part else 0.0
    upper = _crossing(observed, 1.0, lambda p: binomial_at_most(part, whole, p) <= tail) if part < whole else 1.0
    return Limits(lower, upper)


def wilson(part: int, whole: int, *, level: float = LEVEL) -> Limits | NotEstimable:
    """Score limits of the share part / whole, right on average rather than at worst. Not estimable for a whole of 0.

    Raises:
        ValueError: unless 0 <= part <= whole.
    """
    _check(part, whole)
    if whole == 0:
        return NOT_ESTIMABLE
    z = NormalDist().inv_cdf(1 - tail_of(level))
    observed, weight = part / whole, z * z / whole
    centre = (observed + weight / 2) / (1 + weight)
    width = sqrt(observed * (1 - observed) * weight + weight * weight / 4) / (1 + weight)
    lower = centre - width if part else 0.0
    upper = centre + width if part < whole else 1.0
    return Limits(lower, upper)


def _check(part: int, whole: int) -> None:
    if not 0 <= part <= whole:
        raise ValueError(f"{part} is no part of {whole}")


def _crossing(low: float, high: float, passed: Callable[[float], bool]) -> float:
    """Where a monotone condition that is false at low and true at high changes, to the nearest float."""
    for _ in range(_BISECTIONS_MAX):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if passed(middle):
            high = middle
        else:
            low = middle
    return high
