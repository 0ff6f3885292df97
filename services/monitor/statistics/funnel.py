"""Funnel limits: how far a count may be from what holds for all together, by chance alone, given its size.

Each answer is about one organisation and the whole. Nothing here compares two organisations: never a ranking.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Literal, NamedTuple

from services.monitor.statistics.tails import poisson_at_least, poisson_at_most

INNER_TAIL = Fraction(25, 1_000)
OUTER_TAIL = Fraction(1, 1_000)

Position = Literal["inside", "above-inner", "below-inner", "above-outer", "below-outer"]


class Interval(NamedTuple):
    """Counts that are within the limits: both limits belong to it."""

    lower: int
    upper: int


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """Exact prediction limits of a count; beyond either side of one lies at most half of what it leaves out."""

    inner: Interval
    """95 %: below it, and above it, lies a chance of at most 2.5 %."""
    outer: Interval
    """99.8 %: below it, and above it, lies a chance of at most 0.1 %."""

    def position(self, count: int) -> Position:
        """Where a count lies; on a limit is inside it."""
        if count > self.outer.upper:
            return "above-outer"
        if count < self.outer.lower:
            return "below-outer"
        if count > self.inner.upper:
            return "above-inner"
        return "below-inner" if count < self.inner.lower else "inside"


def binomial_funnel(whole: int, share: Fraction) -> FunnelLimits:
    """Limits of the count among `whole`, when each counts with the chance `share` that holds for all together.

    Compared in whole numbers: a chance of exactly 1 in 1,000 (all 3 missed, at a share of 0.9) is not below it.

    Raises:
        ValueError: unless whole >= 0 and 0 <= share <= 1.
    """
    if whole < 0 or not 0 <= share <= 1:
        raise ValueError(f"a share of {share} of {whole}")
    reached = _quantiles(whole, share, at=(OUTER_TAIL, INNER_TAIL, 1 - INNER_TAIL, 1 - OUTER_TAIL))
    outer_lower, inner_lower, inner_upper, outer_upper = reached
    return FunnelLimits(Interval(inner_lower, inner_upper), Interval(outer_lower, outer_upper))


def poisson_funnel(expected: float) -> FunnelLimits:
    """Limits of a count whose expectation (the rate of all together, times the care days here) is `expected`.

    Raises:
        ValueError: unless expected >= 0.
    """
    if expected < 0:
        raise ValueError(f"an expectation of {expected}")
    # Far beyond both limits: the chance of ten standard deviations and ten is nothing beside 0.1 %.
    counts = range(int(expected + 10 * sqrt(expected)) + 10)

    def within(tail: Fraction) -> Interval:
        return Interval(
            bisect_left(counts, True, key=lambda count: poisson_at_most(count, expected) >= tail),
            bisect_left(counts, True, key=lambda count: poisson_at_least(count + 1, expected) <= tail),
        )

    return FunnelLimits(within(INNER_TAIL), within(OUTER_TAIL))


def _quantiles(whole: int, share: Fraction, *, at: Sequence[Fraction]) -> list[int]:
    """For each of these rising chances the smallest count that has at least that chance of itself or less."""
    if share == 1:
        return [whole] * len(at)
    hit, parts = share.numerator, share.denominator
    miss, everything = parts - hit, parts**whole
    count, term = 0, miss**whole
    below = term
    found = []
    for chance in at:
        enough = -(-everything * chance.numerator // chance.denominator)
        while below < enough:
            term = term * ((whole - count) * hit) // ((count + 1) * miss)
            count += 1
            below += term
        found.append(count)
    return found
