"""Days: the difference of two calendar dates, never hours / 24 (D2), and what can be counted in them (D3, D4)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

Interval = tuple[date, date]
"""Half-open: [first day, first day after it)."""


class Stay(Protocol):
    """Whatever lasts from a day until another: a placement, a closure."""

    @property
    def started_on(self) -> date:
        """The first day."""

    @property
    def ended_on(self) -> date | None:
        """The first day that is no longer part of it; None while it lasts."""


def days(start: date, end: date) -> int:
    """Whole calendar days of [start, end) (D2): 0 for in and out on one day, 1 for a night, over a clock change too."""
    return (end - start).days


def open_on(stay: Stay, day: date) -> bool:
    """Whether the stay is open on this day (D3); not so on the day on which it ends, and never if it lasts 0 days."""
    return stay.started_on <= day and ((ended_on := stay.ended_on) is None or ended_on > day)


def care_days(stays: Iterable[Stay], a: date, b: date) -> int:
    """Days of [a, b) on which at least one of the stays is open (D4); days in two stays at once count once."""
    return sum(days(start, end) for start, end in covered(stays, a, b))


def covered(stays: Iterable[Stay], a: date, b: date) -> tuple[Interval, ...]:
    """The days of [a, b) on which at least one of the stays is open, as disjoint intervals in order."""
    clipped = [(max(stay.started_on, a), b if (end := stay.ended_on) is None else min(end, b)) for stay in stays]
    return union(clipped)


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same days as disjoint intervals in order, adjoining ones joined; empty and reversed ones say nothing."""
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def minus(intervals: Sequence[Interval], taken: Sequence[Interval]) -> tuple[Interval, ...]:
    """The days of the first that are not in the second; both may overlap and need no order."""
    left: list[Interval] = []
    holes = union(taken)
    for start, end in union(intervals):
        for hole_start, hole_end in holes:
            if hole_end <= start or hole_start >= end:
                continue
            if hole_start > start:
                left.append((start, hole_start))
            start = hole_end
        if start < end:
            left.append((start, end))
    return tuple(left)
