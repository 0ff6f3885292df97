"""Process limits over time: what is more than the ordinary ups and downs of a count (XmR), and of rare events (g).

Source: NHS Making Data Count. Compared exactly, so that no point on a line is beyond it by a rounding error. Limits are
calculated over a baseline and stay until somebody declares a change: then begin a new series.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from math import sqrt
from typing import Literal, NamedTuple

LIMITS_FROM_POINTS = 13
"""A baseline of fewer points says too little: dots only."""
RUN_POINTS = 7
WIDTH = Fraction(266, 100)
"""Of the limits, in mean moving ranges: three standard deviations, 3 / d2 with d2 = 1.128 for two points."""
RANGE_WIDTH = Fraction(3267, 1000)
"""Of the limit of the moving ranges themselves (D4 for two points)."""
NEAR = Fraction(2, 3)
"""Of the way from the mean to a limit."""

Rule = Literal["outside", "one-side", "trend", "near-limit"]
Direction = Literal["high", "low"]


class Signal(NamedTuple):
    """A rule that a point takes part in: outside, one-side and near-limit above or below; trend up or down."""

    rule: Rule
    direction: Direction


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """The lines of an XmR chart; exact. A point on a line is not beyond it."""

    mean: Fraction
    mean_moving_range: Fraction
    lower: Fraction
    """Mean - 2.66 mean moving ranges, but never under 0: what is counted cannot be."""
    upper: Fraction
    moving_range_upper: Fraction
    """3.267 mean moving ranges: a larger step between two points than the ordinary."""

    def near(self, direction: Direction) -> Fraction:
        """The line two thirds of the way from the mean to 2.66 mean moving ranges, whatever the floor."""
        width = NEAR * WIDTH * self.mean_moving_range
        return self.mean + width if direction == "high" else self.mean - width


@dataclass(frozen=True, slots=True)
class Point:
    """One value of the series, in its place."""

    value: Fraction
    moving_range: Fraction | None
    """Its distance to the value before it; None for the first."""
    signals: frozenset[Signal]


@dataclass(frozen=True, slots=True)
class XmrChart:
    """Individual values and moving ranges."""

    points: tuple[Point, ...]
    limits: ProcessLimits | None
    """None when the baseline has fewer than 13 points; there are no signals then."""


def xmr(values: Sequence[int | Fraction], *, baseline: int | None = None) -> XmrChart:
    """The chart of a series without gaps (months with 0 kept), its limits from the first `baseline` values (all).

    The four rules, each marking the points concerned: a point beyond a limit; 7 or more in a row on one side of the
    mean (a point on it ends the run); 7 or more in a row that rise or fall each time; 2 of 3 in a row beyond two thirds
    of the way to one and the same limit.

    Raises:
        ValueError: for a negative value, or a baseline longer than the series.
    """
    series = [Fraction(value) for value in values]
    if any(value < 0 for value in series):
        raise ValueError("the values of a chart with floor 0 are 0 or more")
    if baseline is not None and baseline > len(series):
        raise ValueError(f"a baseline of {baseline} points in a series of {len(series)}")
    ranges = [abs(after - before) for before, after in pairwise(series)]
    limits = _limits(series[:baseline])
    signals: list[set[Signal]] = [set() for _ in series]
    for place, signal in _signals(series, limits) if limits else ():
        signals[place].add(signal)
    marked = zip(series, [None, *ranges], signals, strict=False)
    return XmrChart(tuple(Point(value, moved, frozenset(found)) for value, moved, found in marked), limits)


@dataclass(frozen=True, slots=True)
class GChart:
    """Numbers of cases between events that are too rare for a count per month: a high point is a long time without."""

    gaps: tuple[int, ...]
    mean: Fraction | None
    """The centre line; None, like the other lines, under 13 points."""
    upper: float | None
    """Mean + 3 sqrt(mean (mean + 1)). The lower limit is 0: nothing can be below it."""
    median: float | None
    """0.693 mean: half of the points are expected under it."""
    outside: frozenset[int]
    """Places (from 0) of the gaps above the upper limit, compared exactly."""


def g_chart(gaps: Sequence[int]) -> GChart:
    """The chart of the gaps in order; events right after each other have a gap of 0 (kept, never averaged by date).

    Raises:
        ValueError: for a negative gap.
    """
    if any(gap < 0 for gap in gaps):
        raise ValueError("a gap is 0 or more cases")
    if len(gaps) < LIMITS_FROM_POINTS:
        return GChart(tuple(gaps), None, None, None, frozenset())
    mean = Fraction(sum(gaps), len(gaps))
    variance = mean * (mean + 1)
    outside = frozenset(place for place, gap in enumerate(gaps) if gap > mean and (gap - mean) ** 2 > 9 * variance)
    return GChart(tuple(gaps), mean, float(mean) + 3 * sqrt(variance), 0.693 * float(mean), outside)


def cases_between(events: Sequence[bool]) -> tuple[int, ...]:
    """How many cases without the event lie between each event and the next, the cases in order.

    Those before the first event and after the last are no gap: it is not known how long they would have been.
    """
    places = [place for place, event in enumerate(events) if event]
    return tuple(after - before - 1 for before, after in pairwise(places))


def _limits(baseline: Sequence[Fraction]) -> ProcessLimits | None:
    if len(baseline) < LIMITS_FROM_POINTS:
        return None
    mean = sum(baseline, Fraction(0)) / len(baseline)
    moved = sum((abs(after - before) for before, after in pairwise(baseline)), Fraction(0)) / (len(baseline) - 1)
    width = WIDTH * moved
    return ProcessLimits(mean, moved, max(mean - width, Fraction(0)), mean + width, RANGE_WIDTH * moved)


def _signals(series: Sequence[Fraction], limits: ProcessLimits) -> Iterator[tuple[int, Signal]]:
    """Each place in the series with a signal on it; the same one may come twice."""
    for place, value in enumerate(series):
        if not limits.lower <= value <= limits.upper:
            yield place, Signal("outside", _direction(value - limits.mean))
    for start, stop, direction in _runs([value - limits.mean for value in series]):
        if stop - start >= RUN_POINTS:
            yield from ((place, Signal("one-side", direction)) for place in range(start, stop))
    for start, stop, direction in _runs([after - before for before, after in pairwise(series)]):
        if stop - start >= RUN_POINTS - 1:
            yield from ((place, Signal("trend", direction)) for place in range(start, stop + 1))
    high, low = limits.near("high"), limits.near("low")
    yield from _two_of_three([value > high for value in series], Signal("near-limit", "high"))
    yield from _two_of_three([value < low for value in series], Signal("near-limit", "low"))


def _two_of_three(near: Sequence[bool], signal: Signal) -> Iterator[tuple[int, Signal]]:
    for start in range(len(near) - 2):
        places = [place for place in range(start, start + 3) if near[place]]
        if len(places) >= 2:
            yield from ((place, signal) for place in places)


def _runs(differences: Sequence[Fraction]) -> Iterator[tuple[int, int, Direction]]:
    """The longest stretches [start, stop) of differences of one sign; a difference of 0 is in none."""
    start = 0
    for sign, stretch in groupby(differences, key=lambda difference: (difference > 0) - (difference < 0)):
        stop = start + len(list(stretch))
        if sign:
            yield start, stop, "high" if sign > 0 else "low"
        start = stop


def _direction(difference: Fraction) -> Direction:
    return "high" if difference > 0 else "low"
