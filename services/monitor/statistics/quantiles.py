"""Mean, median, quantiles and shares of whole days: the exit view and the stock. Exact; of nothing, not estimable.

Never a substitute for the entry view: stays that ended in a window are not the stays that began in one.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from services.monitor.statistics.estimable import NOT_ESTIMABLE, NotEstimable


def mean(values: Sequence[int]) -> Fraction | NotEstimable:
    """Sum of the values / number of them."""
    return share(sum(values), len(values))


def median(values: Sequence[int]) -> Fraction | NotEstimable:
    """The middle value, or the mean of the middle two."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return mean(ordered[(len(ordered) - 1) // 2 : middle + 1])


def quantile(values: Sequence[int], p: Fraction) -> int | NotEstimable:
    """The smallest value with at least p of the values at or below it, never between two (P90: p = 9/10).

    Raises:
        ValueError: unless 0 < p <= 1.
    """
    if not 0 < p <= 1:
        raise ValueError(f"a quantile is asked for above 0 and up to 1, not at {p}")
    return sorted(values)[ceil(p * len(values)) - 1] if values else NOT_ESTIMABLE


def share(part: int, whole: int) -> Fraction | NotEstimable:
    """part / whole, exactly; not estimable when the whole is 0."""
    return Fraction(part, whole) if whole else NOT_ESTIMABLE


def share_under(values: Sequence[int], bound: int) -> Fraction | NotEstimable:
    """The share of the values below the bound, the bound itself not among them ("under 30 days")."""
    return share(bisect_left(sorted(values), bound), len(values))


def share_over(values: Sequence[int], bound: int) -> Fraction | NotEstimable:
    """The share of the values above the bound, the bound itself not among them ("over 365 days")."""
    return share(len(values) - bisect_right(sorted(values), bound), len(values))


def at_least(values: Sequence[int], threshold: int) -> int:
    """How many values are the threshold or more (stock: elapsed days >= 91)."""
    return len(values) - bisect_left(sorted(values), threshold)
