"""From values to places: straight scales over numbers and days, and the round values that get a tick."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from services.monitor.cockpit.charts.lettering import LABEL_GAP, month_name, width_of
from services.monitor.cockpit.charts.values import Hidden, Language, Number, Value

_ROUND_STEPS = (1, 2, 5, 10, 20)
STEP_LEAST = 1e-6
"""Between two ticks; what is smaller is drawn as next to nothing."""
_STEPS_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400)
_STEPS_DAYS = (1, 2, 7, 14)
_WEEKS_UP_TO_DAYS = 75
"""A stretch of time up to this long gets ticks on days, a longer one on first days of months."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from [low, high] to [start, stop]; what lies outside is put on the nearest end."""

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: Number) -> float:
        """The place of a value."""
        share = (min(max(float(value), self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.stop - self.start)


def scale(low: float, high: float, *, start: float, stop: float) -> Scale:
    """A scale over these values; where they are one value, over the unit from it.

    Raises:
        ValueError: for a value that is not finite.
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"no scale from {low} to {high}")
    low, high = min(low, high), max(low, high)
    unit = max(1.0, abs(low) * 1e-9)
    return Scale(low, high if high - low > unit * 1e-9 else low + unit, start, stop)


def shown(values: Iterable[Value]) -> list[float]:
    """The values that are shown, as places can be made of them.

    Raises:
        ValueError: for a value that is not finite, or too large to draw.
    """
    try:
        numbers = [float(value) for value in values if not isinstance(value, Hidden)]
    except OverflowError as error:
        raise ValueError("a value is too large to draw") from error
    if not all(map(math.isfinite, numbers)):
        raise ValueError("a value is no finite number")
    return numbers


def ticks(high: float, *, at_most: int, whole: bool) -> list[float]:
    """Round values from 0 to the first at or above `high`, no more than `at_most` steps of them."""
    if high <= 0:
        return [0.0, 1.0]
    step = _step(max(high / max(at_most, 1), STEP_LEAST))
    if whole:
        step = max(step, 1.0)
    count = max(math.ceil(high / step - 1e-9), 1)
    return [place * step for place in range(count + 1)]


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(one * power for one in _ROUND_STEPS if one * power >= least * (1 - 1e-9))


@dataclass(frozen=True, slots=True)
class DayTick:
    """A day that gets a tick, with the words under it."""

    on: date
    label: str
    below: str
    """A second line: the year, where the first line does not say it; else empty."""


def day_scale(first: date, last: date, *, start: float, stop: float) -> Scale:
    """A scale over days, to be given ordinals (`date.toordinal`)."""
    return scale(first.toordinal(), last.toordinal(), start=start, stop=stop)


def day_ticks(first: date, last: date, *, width: float, language: Language, apart: int = 1) -> list[DayTick]:
    """Ticks in [first, last] that leave one another's labels their room in a picture of this width.

    Where the values lie so many months `apart` the ticks do too, or more of these: each stands at a value.
    """
    first, last = min(first, last), max(first, last)
    if (last - first).days <= _WEEKS_UP_TO_DAYS:
        step = next((step for step in _STEPS_DAYS if _fits((last - first).days / step, width, "30 mmm")), 28)
        days = [first + timedelta(days=offset) for offset in range(0, (last - first).days + 1, step)]
        labels = [f"{day.day} {month_name(day, language)}" for day in days]
    else:
        months = (last.year - first.year) * 12 + last.month - first.month
        steps = [step for step in _STEPS_MONTHS if step % apart == 0] or _STEPS_MONTHS
        step = next(step for step in steps if _fits(months / step, width, "2000"))
        days = _months(first, last, step)
        labels = [str(day.year) if step >= 12 else month_name(day, language) for day in days]
        if step >= 12:
            return [DayTick(day, label, "") for day, label in zip(days, labels, strict=True)]
    new = [at == 0 or day.year != days[at - 1].year for at, day in enumerate(days)]
    # The year of a first tick would run into the next, if that is a January soon after.
    if len(days) > 1 and new[1]:
        new[0] = False
    return [
        DayTick(day, label, str(day.year) if year else "") for day, label, year in zip(days, labels, new, strict=True)
    ]


def months_apart(days: Iterable[date]) -> int:
    """How many months lie between these days at least, where each is the first of a month; else 1."""
    known = sorted(set(days))
    between = [(later.year - one.year) * 12 + later.month - one.month for one, later in pairwise(known)]
    return math.gcd(*between) if between and all(day.day == 1 for day in known) else 1


def _fits(steps: float, width: float, label: str) -> bool:
    return (steps + 1) * (width_of(label) + LABEL_GAP) <= width


def _months(first: date, last: date, step: int) -> list[date]:
    """First days of months in [first, last], counted in steps from the year 0, so that January is among them."""
    number = first.year * 12 + first.month - 1
    if first.day > 1:
        number += 1
    number = -(-number // step) * step
    end = last.year * 12 + last.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(number, end + 1, step)]
