"""A path of targets: straight lines between dated points, and how far a count is from it.

Source: definitions, Figures, path: from 989 placements started in 2022 to none in 2030.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple


class Target(NamedTuple):
    """What should have been reached on a date."""

    on: date
    value: Fraction


@dataclass(frozen=True, slots=True)
class Path:
    """Targets in the order of their dates; between two of them the straight line by calendar days.

    Raises:
        ValueError: without a target, or when the dates do not rise.
    """

    targets: tuple[Target, ...]

    def __post_init__(self) -> None:
        if not self.targets or any(a.on >= b.on for a, b in pairwise(self.targets)):
            raise ValueError("a path has one target or more, in the order of their dates")

    def target(self, on: date) -> Fraction | None:
        """The target on this date, exact; the last one stays after its date; None before the first: no target yet."""
        passed = bisect_right(self.targets, on, key=lambda target: target.on)
        if passed == 0:
            return None
        before, after = self.targets[passed - 1], self.targets[min(passed, len(self.targets) - 1)]
        if before is after:
            return before.value
        passed_share = Fraction((on - before.on).days, (after.on - before.on).days)
        return before.value + (after.value - before.value) * passed_share

    def deviation(self, on: date, value: int) -> Fraction | None:
        """The value less the target on this date: above 0 is more than planned; None before the first target."""
        target = self.target(on)
        return None if target is None else value - target


PLACEMENTS_TO_ZERO = Path((Target(date(2023, 1, 1), Fraction(989)), Target(date(2031, 1, 1), Fraction(0))))
"""Placements started in the twelve months [on - 12 months, on): 989 in the year 2022, none in the year 2030."""
