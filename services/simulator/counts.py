"""Heads that accommodations count by themselves, on the first day of each quarter."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random

from services.simulator.country import ACCOMMODATIONS
from services.simulator.flow import Closure, Stay
from services.simulator.parameters import CountParameters
from services.simulator.statement import Statement, morning_of

QUARTERS = (1, 4, 7, 10)
"""The months on whose first day they count."""

EVENING = 12 * 60
"""Minutes after the morning: who comes in or leaves that day has done so."""


class Counts:
    """Follows who is inside; add closures in order of start, and all of them that start up to a day before it."""

    def __init__(self, rng: Random, parameters: CountParameters) -> None:
        self._rng = rng
        self._parameters = parameters
        self._stays: list[Stay] = []

    def add(self, closure: Closure) -> None:
        """Count the young person of this closure where they are inside."""
        self._stays += closure.stays

    def on(self, day: date) -> Iterator[Statement]:
        """What is counted on this day: heads that are inside at its end, now and then a few too many."""
        if day.day != 1 or day.month not in QUARTERS:
            return
        self._stays = [stay for stay in self._stays if stay.ended_on > day]
        heads = Counter(stay.accommodation for stay in self._stays if stay.started_on <= day)
        for one in ACCOMMODATIONS.values():
            if one.open_on(day):
                too_many = self._rng.randint(3, 6) if self._rng.random() < self._parameters.miscounted_share else 0
                data: dict[str, object] = {
                    "accommodation": one.id,
                    "counted_on": day.isoformat(),
                    "heads": heads[one.id] + too_many,
                }
                record = f"{one.id}-{day.isoformat()}"
                time = morning_of(day, minutes=EVENING)
                yield Statement(one.provider, "occupancy-counted", record, None, data, day, time)
