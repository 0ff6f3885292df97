"""What stands in a cell of an answer: counts of persons, quantities of other things, statistics, shares, and words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from services.monitor.disclosure.counts import SMALLEST_SHOWN
from services.monitor.statistics.estimable import NotEstimable

Number = int | Fraction | float | NotEstimable
"""Whole, exact, or (limits and charts only) a float; or the value that says that there is none."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A count of persons, or of things that happened to persons: suppressed and rounded for those outside."""

    value: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A count of no persons: places, care days, months. Rounded for those outside."""

    value: int


@dataclass(frozen=True, slots=True)
class Statistic:
    """A mean, median, quantile, rate or limit; outside only to the step of its column."""

    value: Number
    of: int | None = None
    """The count that it rests on, where that is not the `n` of its row; outside it must be large enough as well."""
    least: int = SMALLEST_SHOWN
    """Outside too small to show when it rests on fewer."""
    follow: int = 0
    """Outside withheld until all were followed for so many days."""
    told: Callable[[], Number] | None = field(default=None, compare=False, repr=False)
    """What those outside get instead, where the value would tell counts that they get rounded: the same of these."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, both counts of persons; exact inside, whole percents of rounded counts outside."""

    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class Portion:
    """A share of so many that may be no quotient of counts, such as a point of a curve.

    Outside it is the share of the nearest count of persons: whole percents of rounded counts.
    """

    value: Number
    of: int

    @property
    def part(self) -> int:
        """The nearest count of persons; 0 where the share is not estimable."""
        return 0 if isinstance(self.value, NotEstimable) else round(self.value * self.of)

    @property
    def whole(self) -> int:
        """Of how many."""
        return self.of


@dataclass(frozen=True, slots=True)
class Given:
    """What is the same whatever the facts say: a target, a threshold, a day number, a word."""

    value: int | Fraction | str | date | None


@dataclass(frozen=True, slots=True)
class Word:
    """A conclusion in words that the `n` of its row leads to: shown where its row may be seen."""

    value: str


Value = Tally | Quantity | Statistic | Share | Portion | Given | Word
