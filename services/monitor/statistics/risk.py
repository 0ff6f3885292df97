"""Who is at risk on which day, counted once per distinct day: what survival and competing risks share.

Somebody is at risk on day t if entry < t <= exit. Who is followed from the start is at risk on day 0 too.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, TypeVar

Outcome = TypeVar("Outcome", bound=Hashable)

LEAST_AT_RISK = 5
"""With delayed entry a curve waits for so many at risk: an early end of the only one would take it to 0 for ever."""

FROM_THE_START = -1
"""The entry day of who is at risk on day 0."""


@dataclass(frozen=True, slots=True)
class RiskSets:
    """Distinct days of entry and exit in order, each with how many entered or left on it or earlier."""

    entry_days: tuple[int, ...]
    entered: tuple[int, ...]
    exit_days: tuple[int, ...]
    left: tuple[int, ...]

    def at(self, day: int) -> int:
        """How many are at risk on this day: entry < day <= exit."""
        return _earlier(self.entry_days, self.entered, day) - _earlier(self.exit_days, self.left, day)

    def first_day(self, least: int) -> int | None:
        """The first day with at least so many at risk; None when there never were so many."""
        return next((day + 1 for day in self.entry_days if self.at(day + 1) >= least), None)


@dataclass(frozen=True, slots=True)
class Followed(Generic[Outcome]):
    """What was seen of a group, counted per day."""

    outcomes: Mapping[int, Counter[Outcome]]
    """How they left on each day on which anybody did, from `starts_on` on, in the order of the days."""
    risk: RiskSets
    starts_on: int | None
    """The day on which a curve may start: 0, or later with delayed entry; None when it never may."""
    never_at_risk: int
    """Those whose exit was not after their entry: they were not observed at all."""


def follow(
    observed: Iterable[tuple[int | None, int, Outcome]], *, least_at_risk: int = LEAST_AT_RISK
) -> Followed[Outcome]:
    """Count (entry day, exit day, outcome) per day.

    Days are whole days since the start of a stay (D2). An entry of None or 0 is not delayed: at risk from day 0 on,
    and an exit on day 0 counts. The work after counting is per distinct triple.

    Raises:
        ValueError: for a day before the start of the stay.
    """
    entries: Counter[int] = Counter()
    outcomes: defaultdict[int, Counter[Outcome]] = defaultdict(Counter)
    never_at_risk = 0
    for (entry, exit_day, outcome), number in Counter(observed).items():
        if exit_day < 0 or (entry is not None and entry < 0):
            raise ValueError(f"a day before the start of the stay: entry {entry}, exit {exit_day}")
        entry_day = entry or FROM_THE_START
        if exit_day <= entry_day:
            never_at_risk += number
            continue
        entries[entry_day] += number
        outcomes[exit_day][outcome] += number
    days = sorted(outcomes)
    risk = RiskSets(*_cumulative(entries), *_cumulative({day: outcomes[day].total() for day in days}))
    delayed = any(day != FROM_THE_START for day in entries)
    starts_on = risk.first_day(least_at_risk if delayed else 1)
    kept = {day: outcomes[day] for day in days if starts_on is not None and day >= starts_on}
    return Followed(kept, risk, starts_on, never_at_risk)


def _cumulative(numbers: Mapping[int, int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    days = tuple(sorted(numbers))
    return days, tuple(accumulate(numbers[day] for day in days))


def _earlier(days: Sequence[int], cumulative: Sequence[int], day: int) -> int:
    before = bisect_left(days, day)
    return cumulative[before - 1] if before else 0
