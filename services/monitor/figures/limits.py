"""Statistics that would tell those outside more than counts do: limits, rates, quantiles.

Inside they are exact; outside they are of the rounded counts. From whole percents of a share of thirty and of its exact
limits both counts follow. A quantile is the value of one young person: outside ten or more lie on each side of it.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import ceil

from services.monitor.disclosure.counts import SMALLEST_SHOWN, rounded
from services.monitor.figures.values import Number, Portion, Statistic
from services.monitor.statistics.confidence import Limits
from services.monitor.statistics.estimable import NOT_ESTIMABLE, NotEstimable
from services.monitor.statistics.greenwood import limits_of_share
from services.monitor.statistics.quantiles import quantile, share
from services.monitor.statistics.rates import clopper_pearson, rate


def least_of_quantile(p: Fraction) -> int:
    """Of how many young persons those outside see it; the median, as the definitions say, of ten."""
    return SMALLEST_SHOWN if p == Fraction(1, 2) else ceil(SMALLEST_SHOWN / min(p, 1 - p))


def quantile_of(lasted: Sequence[int], p: Fraction) -> Statistic:
    """The smallest of these, in order, that at least a share of p do not exceed."""
    return Statistic(quantile(lasted, p), least=least_of_quantile(p))


def least_of_limits(p: Fraction) -> int:
    """And its limits, which lie further out."""
    return 2 * ceil(SMALLEST_SHOWN / min(p, 1 - p))


def exact_limits(part: int, whole: int) -> tuple[Statistic, Statistic]:
    """Clopper-Pearson limits of a share; outside those of the rounded counts."""

    def limit(place: int, part: int, whole: int) -> Number:
        around = clopper_pearson(part, whole)
        return around if isinstance(around, NotEstimable) else around[place]

    lower, upper = (
        Statistic(limit(place, part, whole), told=partial(limit, place, rounded(part), rounded(whole)))
        for place in (0, 1)
    )
    return lower, upper


def limits_of_portion(share: Portion, around: Limits | None) -> tuple[Statistic, Statistic]:
    """The limits of a point of a curve; outside those of the share that is shown there."""

    def outside() -> Limits | None:
        return limits_of_share(rounded(share.part), rounded(share.whole))

    return (
        Statistic(around.lower if around else NOT_ESTIMABLE, told=lambda: _or_none(outside(), 0)),
        Statistic(around.upper if around else NOT_ESTIMABLE, told=lambda: _or_none(outside(), 1)),
    )


def _or_none(found: Limits | None, place: int) -> Number:
    return NOT_ESTIMABLE if found is None else found[place]


def per_size(count: int, size: int, *, times: int = 1) -> Statistic:
    """So many times a count of persons per place or care day; outside of that count rounded, if it is ten or more.

    The size is no number of persons. Rounded as well it would only mislead: 38 in 37 places are 108 percent, not 114.
    """
    return Statistic(share(count * times, size), of=count, told=lambda: share(rounded(count) * times, size))


def spread_per_size(numbers: Sequence[int], size: int, *, times: int) -> tuple[Statistic, Statistic]:
    """The sum of what is told of each of some young people, and so many times that per care day.

    Much is often that of few: outside both rest on how many such as the one with the most there could be. That is no
    promise for what is left when groups are taken from their total: of groups nothing may be shown.
    """
    total = sum(numbers)
    even = total // max([1, *numbers])
    return Statistic(total, of=even), replace(per_size(total, size, times=times), of=even)


def per_person(count: int, persons: int) -> Statistic:
    """A count per person; outside of both rounded."""
    return Statistic(share(count, persons), of=count, told=lambda: share(rounded(count), rounded(persons)))


def rate_with_limits(count: int, care_days: int, *, per: int) -> tuple[Statistic, Statistic, Statistic]:
    """Events per so many care days with exact Poisson limits, lower and upper; outside as `per_size`."""

    def number(place: int, count: int, care_days: int) -> Number:
        found = rate(count, care_days=care_days, per=per)
        return found if isinstance(found, NotEstimable) else (found.value, *found.limits)[place]

    value, lower, upper = (
        Statistic(number(place, count, care_days), of=count, told=partial(number, place, rounded(count), care_days))
        for place in range(3)
    )
    return value, lower, upper
