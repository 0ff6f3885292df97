"""What of an answer those outside may see of a window at all, besides what each table says by itself.

Windows of many lengths are no numbers of young persons apart: whoever reads them all takes one from another. So of
several years together nothing is shown that is counted in them, and parts of a year are for the whole country only.
"""

from datetime import date, timedelta

from services.monitor.disclosure.table import TOTAL, Key
from services.monitor.figures.answer import Answer, FlowTable, Moving
from services.monitor.figures.jointly import YEAR, Jointly
from services.monitor.figures.question import Window
from shared.calendar import add_months

SETTLE_DAYS = "settleDays"


class Sight:
    """Which rows of an answer may be seen."""

    def __init__(self, answer: Answer, jointly: Jointly) -> None:
        question = answer.question
        self._jointly, self._window, self._split = jointly, answer.window, question.split
        settle = question.parameters.get(SETTLE_DAYS, 0)
        assert isinstance(settle, int)
        self._followed_until = question.on - timedelta(days=settle)
        self._in_parts = question.parameters.get("per", "window") != "window"
        self._moved = next((one for one in map(_moved, answer.tables) if one), None)

    def hides(self, key: Key, moved: Moving | None = None, *, period: Window | None = None) -> bool:
        """Whether nothing may be seen in the row of this key, of what started or ended (`moved`) or of anything.

        A figure of a date is of no window, but what it shows of a period is judged as everywhere.
        """
        if self._window is None and period is None:
            return False
        window = period or self._window_of(key)
        if window is None:
            return True
        own = tuple(one for name, one in zip(self._split, key, strict=False) if name != YEAR)
        return moved is not None and self._jointly.hides(own, window)

    def hides_period(self, key: Key, moved: Moving, period: Window) -> bool:
        """The same of one of the periods of a window."""
        return self.hides(key, moved, period=period)

    def hides_part(self, key: Key, moved: Moving | None, period: Window) -> bool:
        """The same of a part of the window that is shorter than a year."""
        if any(category != TOTAL for _, category in zip(self._split, key, strict=False)):
            return True
        return self.hides(key, moved, period=period)

    def hides_number(self) -> bool:
        """Whether the number of an answer, of all its groups and periods together, may not be seen."""
        if self._window is None:
            return False
        whole = tuple(TOTAL for _ in self._split)
        if self._in_parts and add_months(self._window.a, 12) != self._window.b:
            return True
        return self.hides(whole, self._moved)

    def followed(self, key: Key, days: int) -> bool:
        """Whether all who started, or ended, in the window of this row were followed for so many days."""
        window = self._window_of(key) if self._window else None
        return window is None or window.b + timedelta(days=days) <= self._followed_until

    def _window_of(self, key: Key) -> Window | None:
        """The window that a row is of: that of the answer, or its year of it; None for several years together."""
        assert self._window is not None
        window = self._window
        if YEAR not in self._split:
            return window
        year = key[self._split.index(YEAR)]
        if year == TOTAL:
            return window if add_months(window.a.replace(month=1, day=1), 12) >= window.b else None
        first = date(int(year), 1, 1)
        return Window(max(first, window.a), min(add_months(first, 12), window.b))


def month_of(name: str) -> Window:
    """The month that is written so: 2025-01."""
    first = date.fromisoformat(f"{name}-01")
    return Window(first, add_months(first, 1))


def is_part(period: Window) -> bool:
    """Whether it is shorter than a year."""
    return add_months(period.a, 12) > period.b


def _moved(table: object) -> Moving | None:
    if isinstance(table, FlowTable):
        return table.moved
    return getattr(table, "moved", None)
