"""What stands in a cell of an answer: counts of persons, quantities of other things, statistics, shares, and words."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

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
    """A mean, median, quantile, rate or limit of the `n` of its row; outside only to the step of its column."""

    value: Number


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, both counts of persons; exact inside, whole percents of rounded counts outside."""

    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class Given:
    """What is the same whatever the facts say: a target, a threshold, a day number, a word."""

    value: int | Fraction | str | date | None


@dataclass(frozen=True, slots=True)
class Word:
    """A conclusion in words that the `n` of its row leads to: shown where its row may be seen."""

    value: str


Value = Tally | Quantity | Statistic | Share | Given | Word
