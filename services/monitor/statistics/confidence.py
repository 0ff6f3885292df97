"""What all confidence limits share: their level, and the pair that they are."""

from typing import NamedTuple

LEVEL = 0.95
"""The share of such intervals that covers the true value: 2.5 % on either side is left out."""


class Limits(NamedTuple):
    """Confidence limits of a share or a rate; both belong to the interval."""

    lower: float
    upper: float


def tail_of(level: float) -> float:
    """What is left out on each side.

    Raises:
        ValueError: unless 0 < level < 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"a level of confidence is between 0 and 1, not {level}")
    return (1 - level) / 2
