"""Of one group, or the whole country: which windows those outside may not see, as a small number would follow from all.

Twelve months may end on each month, and of the whole country months and quarters are shown too. Each window is the
difference of two running totals, so everything that is shown of a group is put together exactly (see `Totals`).
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain, pairwise

from services.monitor.disclosure.across import Group, Number
from services.monitor.disclosure.release import month_start
from services.monitor.disclosure.totals import Grown, Totals
from services.monitor.dossier.spells import Spell
from services.monitor.figures.question import Window
from shared.calendar import add_months

DAY = timedelta(days=1)
KEPT = 100
"""Of so many first months of groups what is shown is kept: the groups of a country begin in few."""
MONTH, QUARTER, YEAR = 1, 3, 12
STARTS, LONGEST = 36, 60
LENGTHS = (MONTH, QUARTER, YEAR, STARTS, LONGEST)
"""Months of the windows that are judged: of `per`, of nearly every figure, of `monthly-starts` and of `rare-events`."""
BASELINES = (24, 36)
"""Months from which those outside may have the limits of `monthly-starts` calculated; their mean is shown."""


def is_judged(window: Window, *, whole: bool, until: date) -> bool:
    """Whether it is one of those that are put together, of the whole country or of a group."""
    months = next((one for one in _lengths(whole=whole) if add_months(window.a, one) == window.b), 0)
    turns = window.a.day == 1 and (months != QUARTER or window.a.month % QUARTER == 1)
    return bool(months) and turns and window.b <= until


class Dates:
    """When those of a group started and ended."""

    def __init__(self, spells: Iterable[Spell]) -> None:
        found = [(spell.started_on, spell.ended_on) for spell in spells]
        self.starts = sorted(start for start, _ in found)
        self.ends = sorted(end for _, end in found if end is not None)
        self.after_a_day = Counter(end for start, end in found if end is not None and end > start)
        """How many ended on a day who had started on an earlier one."""

    @classmethod
    def of_all(cls, several: Sequence["Dates"]) -> "Dates":
        """Of several groups together."""
        found = cls(())
        found.starts = sorted(chain.from_iterable(one.starts for one in several))
        found.ends = sorted(chain.from_iterable(one.ends for one in several))
        found.after_a_day = sum((one.after_a_day for one in several), Counter())
        return found

    def started(self, before: date) -> int:
        """How many had started."""
        return bisect_left(self.starts, before)

    def ended(self, before: date) -> int:
        """How many had ended."""
        return bisect_left(self.ends, before)


def totals_of(dates: Dates, *, whole: bool, until: date) -> Group | None:
    """What is shown of these before a date, as running totals; None of nobody."""
    if not dates.starts:
        return None
    shown = _shown(month_start(dates.starts[0]), until, whole)
    return Group(shown.of(dates), shown.years)


def _lengths(*, whole: bool) -> tuple[int, ...]:
    return LENGTHS if whole else (YEAR,)


class _Shown:
    """What is shown of running totals: of what started and of what ended before each day on which anything turns.

    What is shown of placements only, or of closures, is put together for both: they are nearly the same numbers.
    """

    def __init__(self, first: date, until: date, *, whole: bool) -> None:
        """From a month until a date."""
        self._whole, self._lengths = whole, _lengths(whole=whole)
        self._turns = [first]
        while (turn := add_months(self._turns[-1], 1)) <= until:
            self._turns.append(turn)
        self._released = until + DAY
        year_ago = max(add_months(self._released, -YEAR), first)
        days = sorted({*self._turns, *(turn + DAY for turn in self._turns), year_ago, self._released})
        self._started = {day: place for place, day in enumerate(days)}
        self._ended = {day: place + len(days) for day, place in self._started.items()}
        self._gone = {turn: place + 2 * len(days) for place, turn in enumerate(self._turns)}
        """Those who ended before the day, or on it after an earlier day: the others are there in a period from it."""
        movements = [*self._movements()]
        self._numbers = [*movements, *self._there(), *self._always()]
        self.years: dict[Number, Grown] = {
            (("started", "ended", "there")[one.first // len(days)], one.window): one
            for one in movements
            if one.rank == YEAR and isinstance(one.window, Window)
        }
        """Of twelve months what started, what ended and who were there: the numbers that all groups have."""
        self._grows = list(self._growing())

    def of(self, dates: Dates) -> Totals:
        """The totals of these, with what is shown of them."""
        totals = [*map(dates.started, self._started), *map(dates.ended, self._ended)]
        totals += [dates.ended(turn) + dates.after_a_day[turn] for turn in self._turns]
        found = Totals(totals, shown=self._numbers, growing=self._grows)
        for months, number in self._means():
            count = totals[number.last] - totals[number.first]
            mean = (2 * count + months) // (2 * months)
            up, down = (2 * mean + 1) * months // 2 - 1 - count, count - (2 * mean - 1) * months // 2
            found.bound(number, up=up, down=down)
        return found

    def _windows(self, months: int) -> Iterator[tuple[date, Window]]:
        """Those of so many months, of which quarters are of the calendar; each with the day from which there is any."""
        for turn in self._turns[1:]:
            a = add_months(turn, -months)
            if months != QUARTER or a.month % QUARTER == 1:
                yield max(a, self._turns[0]), Window(a, turn)

    def _movements(self) -> Iterator[Grown]:
        """Of each window what started, what ended, and who were there in it."""
        for months in self._lengths:
            for a, window in self._windows(months):
                if months != LONGEST:
                    yield Grown(self._started[a], self._started[window.b], window, months)
                if months != STARTS:
                    yield Grown(self._ended[a], self._ended[window.b], window, months)
                if months <= YEAR:
                    yield Grown(self._gone[a], self._started[window.b], window, months)

    def _there(self) -> Iterator[Grown]:
        """Stocks: what started less what ended, before the first of a month, on it, and on the day of the release."""
        for day, place in self._started.items():
            yield Grown(self._ended[day], place)

    def _always(self) -> Iterator[Grown]:
        """What is shown and never withheld: the path to zero."""
        if not self._whole:
            return
        ends = [turn for turn in self._turns if turn.month == 1] + [turn + DAY for turn in self._turns]
        for end in (*ends, self._released):
            yield Grown(self._started[max(add_months(end, -YEAR), self._turns[0])], self._started[end])

    def _means(self) -> Iterator[tuple[int, Grown]]:
        """Of how many months the mean is shown, in whole numbers."""
        for months in BASELINES if self._whole else ():
            for a, window in self._windows(months):
                yield months, Grown(self._started[a], self._started[window.b])

    def _growing(self) -> Iterator[tuple[int, int]]:
        for places in (self._started, self._ended):
            yield from pairwise(places.values())
        for turn, gone in self._gone.items():
            yield self._ended[turn], gone
            yield gone, self._ended[turn + DAY]


@lru_cache(maxsize=KEPT)
def _shown(first: date, until: date, whole: bool) -> _Shown:
    """The same for all groups that begin in a month."""
    return _Shown(first, until, whole=whole)
