"""The windows that those outside may ask for: of one length each, or in whole years; nothing in them is still open.

Were every window of months there to be asked for, whether each has ten or more would be enough to count single months.
Of one length, each window overlaps its neighbours and is no sum or difference of others. What those that overlap tell
together is watched for how many started and ended (figures/running.py). Of what kind these were, and what became of
them, figures tell of calendar years: no two overlap, and nothing is taken from one with another.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from services.monitor.disclosure.release import month_start
from services.monitor.figures.figure import Figure
from services.monitor.figures.flow import STEPS
from services.monitor.figures.question import ParameterValue, Window, months_before
from shared.calendar import add_months


def outside_window(
    figure: Figure,
    wanted: Window | None,
    *,
    on: date,
    split: tuple[str, ...],
    parameters: Mapping[str, ParameterValue],
) -> Window:
    """The window that those outside get for one they asked for: it ends on the same month, or earlier.

    It ends when everything that is counted about it could have happened by the date: else the date would cut it, and
    be one more way to ask for another length.
    """
    settle = parameters.get("settleDays", 0)
    assert isinstance(settle, int)
    last = month_start(on - timedelta(days=settle + figure.follows(parameters)))
    asked = wanted or months_before(on, figure.months)
    end = min(month_start(asked.b), last)
    step = STEPS["year"] if "year" in split else STEPS.get(str(parameters.get("per")))
    if step is None and figure.calendar_years:
        end = _turn(end, STEPS["year"])
    if step is None:
        return Window(add_months(end, -figure.months), end)
    end = _turn(end, step)
    start = min(_turn(add_months(month_start(asked.a), step - 1), step), add_months(end, -step))
    return Window(start, end)


def _turn(day: date, step: int) -> date:
    """The first day of the year, quarter or month that a day is in."""
    return date(day.year, (day.month - 1) // step * step + 1, 1)
