"""Whether doorplaatsing and re-placement run as they did: a month against the year before it, with exact limits.

Counted by the date on which things happened, not by when a fact came in: a source that delivers half a year at once
moves totals but not these. What is reported late is not in the last month yet, so only too many is a signal, never too
few.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.monitor.metrics import spans
from services.monitor.metrics.tallies import Tallies
from services.monitor.statistics.tails import binomial_at_least

RECENT_DAYS = 30
YEAR_DAYS = 365
RISK_DAYS = spans.REPLACED_WITHIN_DAYS + 1
"""Days after a discharge on which a re-placement counts; a gap of 90 days still does."""
FALSE_ALARM = 0.001
"""The chance that a month without any change is beyond its limit, at most."""

DAY = timedelta(days=1)

Interval = tuple[date, date]
"""[start, end)."""


@dataclass(frozen=True, slots=True)
class Process:
    """One process in the last 30 days and in the 365 days before them."""

    recent: int
    """What happened in the last 30 days, today included."""
    before: int
    """What happened in the 365 days before those."""
    recent_days: int
    """Days in the last 30 on which it could have happened to somebody, over all persons."""
    before_days: int

    @property
    def expected(self) -> float:
        """What the year before makes expected of the last 30 days at the same rate; 0 while there was nobody before."""
        return self.before * self.recent_days / self.before_days if self.before_days else 0.0

    @property
    def limit(self) -> int | None:
        """The largest number in 30 days that is still ordinary; None while the year before has no days to compare with.

        Exact: given the total, the recent ones are binomial with the share of the days as their chance if the rate did
        not change. The first number with a chance of at most FALSE_ALARM of itself or more is beyond the limit.
        """
        if not self.before_days or not self.recent_days:
            return None
        share = self.recent_days / (self.recent_days + self.before_days)
        found = 0
        while binomial_at_least(found + 1, self.before + found + 1, share) > FALSE_ALARM:
            found += 1
        return found


def processes(tallies: Tallies) -> dict[str, Process]:
    """Doorplaatsingen per day inside, and re-placements within 90 days per day at risk of one, up to today."""
    today = tallies.on
    recent = today - timedelta(days=RECENT_DAYS - 1), today + DAY
    before = recent[0] - timedelta(days=YEAR_DAYS), recent[0]
    started, left, discharged, returned, until = (
        _Dated(tallies.of(one), last=today + timedelta(days=RISK_DAYS))
        for one in (spans.STARTED_ON, spans.LEFT_ON, spans.DISCHARGED_ON, spans.RETURNED_ON, spans.RETURNED_UNTIL)
    )
    moved = _Dated(tallies.of(spans.MOVED_ON), last=today)

    def inside(window: Interval) -> int:
        return started.days_from(window) - left.days_from(window)

    def at_risk(window: Interval) -> int:
        risk = discharged.days_from(window) - discharged.days_from(window, later=RISK_DAYS)
        # After a re-placement nobody is at risk of the next one until the next discharge.
        return risk - returned.days_from(window) + until.days_from(window)

    return {
        "doorplaatsing": Process(moved.within(recent), moved.within(before), inside(recent), inside(before)),
        "replacement": Process(returned.within(recent), returned.within(before), at_risk(recent), at_risk(before)),
    }


class _Dated:
    """How many there are of each date, up to a last one; what is asked costs as much as the days since, not as all."""

    def __init__(self, numbers: Mapping[date, int], *, last: date) -> None:
        self._numbers, self._last, self._all = numbers, last, sum(numbers.values())

    def within(self, window: Interval) -> int:
        """How many have a date in this window, half-open (D2)."""
        return sum(self._of_days(window))

    def days_from(self, window: Interval, *, later: int = 0) -> int:
        """Days of a window, half-open, from each of these dates on, or from so many days after it (D2, D4)."""
        start, end = (day - timedelta(days=later) for day in window)
        each = self._of_days((start, end))
        earlier = self._all - sum(each) - self.within((end, self._last + DAY))
        days = len(each)
        return earlier * days + sum(number * (days - at) for at, number in enumerate(each) if number)

    def _of_days(self, window: Interval) -> list[int]:
        get, start = self._numbers.get, window[0].toordinal()
        return [get(day, 0) for day in map(date.fromordinal, range(start, window[1].toordinal()))]
