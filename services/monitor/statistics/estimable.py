"""The value of a figure that its observations do not support: never a zero, a guess or the largest value seen."""

from enum import Enum
from typing import Final


class NotEstimable(Enum):
    """A value of its own, so that no arithmetic and no page takes it for a number."""

    NOT_ESTIMABLE = "not estimable"


NOT_ESTIMABLE: Final = NotEstimable.NOT_ESTIMABLE
"""The observations do not say: nobody was followed so long, or there was nobody at all."""
