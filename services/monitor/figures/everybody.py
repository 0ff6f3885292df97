"""Of the whole country: which windows those outside may not see, as small numbers would follow from all of them.

Twelve months may end on each month, and of the whole country months and quarters are shown too. Each window is the
difference of two running totals, so everything that is shown is put together exactly (see `Totals`).
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from services.monitor.disclosure.release import month_start
from services.monitor.disclosure.totals import Grown, Totals
from services.monitor.dossier.days import add_months
from services.monitor.dossier.spells import Spell
from services.monitor.figures.question import Window

DAY = timedelta(days=1)
MONTH, QUARTER, YEAR = 1, 3, 12
LENGTHS = (MONTH, QUARTER, YEAR, 36)
"""Months of the windows that are judged: those of `per`, of nearly every figure, and of `monthly-starts`."""
LONGEST = 60
"""Months of `rare-events`."""
BASELINES = (24, 36)
"""Months from which those outside may have the limits of `monthly-starts` calculated; their mean is shown."""


def is_judged(window: Window, *, until: date) -> bool:
    """Whether it is one of those that are put together."""
    months = next((one for one in LENGTHS if add_months(window.a, one) == window.b), 0)
    turns = window.a.day == 1 and (months != QUARTER or window.a.month % QUARTER == 1)
    return bool(months) and turns and window.b <= until


def withheld_of_everybody(spells: Sequence[Spell], *, until: date) -> frozenset[Hashable]:
    """The windows before a date in which nothing may be seen of what started and ended in the whole country."""
    return _Country(spells, until).totals().withheld() if spells else frozenset()


class _Country:
    """Running totals of what started and what ended, before each day on which anything that is shown begins or ends.

    What is shown of placements only, or of closures, is put together for both: they are nearly the same numbers.
    """

    def __init__(self, spells: Sequence[Spell], until: date) -> None:
        first = month_start(min(spell.started_on for spell in spells))
        self._turns = [first]
        while (turn := add_months(self._turns[-1], 1)) <= until:
            self._turns.append(turn)
        self._released = until + DAY
        year_ago = max(add_months(self._released, -YEAR), first)
        days = sorted({*self._turns, *(turn + DAY for turn in self._turns), year_ago, self._released})
        starts = sorted(spell.started_on for spell in spells)
        ends = sorted(spell.ended_on for spell in spells if spell.ended_on is not None)
        left = Counter(spell.ended_on for spell in spells if spell.ended_on and spell.ended_on > spell.started_on)
        self._started = {day: place for place, day in enumerate(days)}
        self._ended = {day: place + len(days) for day, place in self._started.items()}
        self._gone = {turn: place + 2 * len(days) for place, turn in enumerate(self._turns)}
        """Those who ended before the day, or on it after an earlier day: the others are there in a period from it."""
        self._totals = [bisect_left(starts, day) for day in days] + [bisect_left(ends, day) for day in days]
        self._totals += [self._totals[self._ended[turn]] + left[turn] for turn in self._turns]

    def totals(self) -> Totals:
        """With what is shown of them."""
        shown = (*self._movements(), *self._there(), *self._always())
        found = Totals(self._totals, shown=shown, growing=self._growing())
        for number, up, down in self._means():
            found.bound(number, up=up, down=down)
        return found

    def _windows(self, months: int) -> Iterator[tuple[date, Window]]:
        """Those of so many months, of which quarters are of the calendar; each with the day from which there is any."""
        for turn in self._turns[1:]:
            a = add_months(turn, -months)
            if months != QUARTER or a.month % QUARTER == 1:
                yield max(a, self._turns[0]), Window(a, turn)

    def _movements(self) -> Iterator[Grown]:
        for months in LENGTHS:
            for a, window in self._windows(months):
                yield Grown(self._started[a], self._started[window.b], window, months)
                if months <= YEAR:
                    yield Grown(self._ended[a], self._ended[window.b], window, months)

    def _there(self) -> Iterator[Grown]:
        """Stocks: what started less what ended, before the first of a month, on it, and on the day of the release."""
        for day, place in self._started.items():
            yield Grown(self._ended[day], place)

    def _always(self) -> Iterator[Grown]:
        """What is shown and never withheld: of `rare-events`, who were there in a period, and of the path to zero."""
        for a, window in self._windows(LONGEST):
            yield Grown(self._ended[a], self._ended[window.b])
        for months in (MONTH, QUARTER, YEAR):
            for a, window in self._windows(months):
                yield Grown(self._gone[a], self._started[window.b])
        ends = [turn for turn in self._turns if turn.month == 1] + [turn + DAY for turn in self._turns]
        for end in (*ends, self._released):
            yield Grown(self._started[max(add_months(end, -YEAR), self._turns[0])], self._started[end])

    def _means(self) -> Iterator[tuple[Grown, int, int]]:
        """Means of months, in whole numbers, as the sum that they stand for."""
        for months in BASELINES:
            for a, window in self._windows(months):
                number = Grown(self._started[a], self._started[window.b])
                count = self._totals[number.last] - self._totals[number.first]
                mean = (2 * count + months) // (2 * months)
                yield number, (2 * mean + 1) * months // 2 - 1 - count, count - (2 * mean - 1) * months // 2

    def _growing(self) -> Iterator[tuple[int, int]]:
        for places in (self._started, self._ended):
            yield from pairwise(places.values())
        for turn, gone in self._gone.items():
            yield self._ended[turn], gone
            yield gone, self._ended[turn + DAY]
