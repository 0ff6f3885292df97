"""A count as it may be shown: exact for those inside, else rounded, too small, or withheld to protect another.

Source: definitions, Disclosure; the practice of Statistics Netherlands (CBS): multiples of five, nothing below ten.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, TypeVar, assert_never

SMALLEST_SHOWN = 10
"""A count of persons below this is too small to show, 0 included: "nobody" says something about everybody."""

STEP = 5
"""Counts are rounded to the nearest multiple of this; whole numbers have no ties."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Exact:
    """The count itself: for operations on their own organisations only."""

    value: int


@dataclass(frozen=True, slots=True)
class Published:
    """A count of at least 10, rounded to the nearest 5. Rounded counts need not add up."""

    value: int

    def __post_init__(self) -> None:
        if self.value < SMALLEST_SHOWN or self.value % STEP:
            raise ValueError(f"{self.value} may not be published")


class TooSmall(Enum):
    """A value of its own: a count from 0 to 9, or a statistic or share of fewer than 10."""

    TOO_SMALL = "too-small"


class Withheld(Enum):
    """A value of its own: not shown, whatever its size, because a count that is too small would follow from it."""

    WITHHELD = "withheld"


TOO_SMALL: Final = TooSmall.TOO_SMALL
WITHHELD: Final = Withheld.WITHHELD

PublicCount = Published | TooSmall | Withheld
Count = Exact | PublicCount


@dataclass(frozen=True, slots=True)
class Percentage:
    """A share in whole percents, of rounded counts."""

    value: int


def rounded(count: int) -> int:
    """The nearest multiple of 5; always the same for the same count, so asking again averages nothing out.

    On its own only for what is no count of persons (places, care days); persons go through `disclosed`.
    """
    return (count + STEP // 2) // STEP * STEP


def percentage(part: PublicCount, whole: PublicCount) -> Percentage | TooSmall | Withheld:
    """The share that one published cell is of another of the same table, from the rounded counts, halves upwards.

    It says nothing that the two cells do not say: too small when either is, withheld when either is withheld.

    Raises:
        ValueError: when the part is more than the whole.
    """
    match part, whole:
        case (Published(value=some), Published(value=all_of_them)):
            if some > all_of_them:
                raise ValueError(f"{some} is no part of {all_of_them}")
            return Percentage((200 * some + all_of_them) // (2 * all_of_them))
        case (_, TooSmall()) | (TooSmall(), Published()):
            return TOO_SMALL
        case _:
            return WITHHELD


def statistic(n: int, value: T) -> T | TooSmall:
    """The mean, median, quantile, curve or rate of n persons, or too small when n < 10."""
    return value if n >= SMALLEST_SHOWN else TOO_SMALL


def as_text(count: Count | Percentage, *, language: Literal["en", "nl"] = "en") -> str:
    """What stands in a cell of a CSV or a page: `25`, `< 10` (Dutch: `te klein`) or `.` (Dutch: `niet getoond`)."""
    match count:
        case Exact(value=value) | Published(value=value) | Percentage(value=value):
            return str(value)
        case TooSmall():
            return {"en": f"< {SMALLEST_SHOWN}", "nl": "te klein"}[language]
        case Withheld():
            return {"en": ".", "nl": "niet getoond"}[language]
        case _:
            assert_never(count)


def as_json(count: Count | Percentage) -> dict[str, int | str]:
    """An object with a `status` (exact, published, too-small, withheld), and a `value` only where there is one."""
    match count:
        case Exact(value=value):
            return {"status": "exact", "value": value}
        case Published(value=value) | Percentage(value=value):
            return {"status": "published", "value": value}
        case TooSmall() | Withheld():
            return {"status": count.value, "text": as_text(count)}
        case _:
            assert_never(count)
