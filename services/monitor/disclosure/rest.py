"""Whether a number, less those of its parts that are large enough to be shown, tells how few all the others are."""

from collections.abc import Collection

from services.monitor.disclosure.counts import SMALLEST_SHOWN
from services.monitor.disclosure.reader import NARROWEST, range_of


def tells_the_rest(parts: Collection[int]) -> bool:
    """Whether fewer than four counts stay possible of the parts below ten together, beside their whole and the others.

    Each number is rounded by itself. That every part of ten or more can be seen is supposed.
    """
    low, high = range_of(sum(parts))
    for part in parts:
        if part >= SMALLEST_SHOWN:
            least, most = range_of(part)
            low, high = low - most, high - least
    small = sum(0 < part < SMALLEST_SHOWN for part in parts)
    return min(high, max(1, small) * (SMALLEST_SHOWN - 1)) - max(low, 0) < NARROWEST
