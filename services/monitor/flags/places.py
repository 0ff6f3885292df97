"""The register on a day: whether an accommodation was in it, since when it has no places, whom it counted; pure."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date

from services.monitor.accommodations import Accommodation, Capacity, HeadCount, Register, in_force


class Places:
    """Accommodations and their places, found by key."""

    def __init__(self, register: Register) -> None:
        self._accommodations: Mapping[str, Accommodation] = {one.accommodation: one for one in register.accommodations}
        self._capacities: dict[str, list[Capacity]] = {}
        for capacity in register.capacities:
            self._capacities.setdefault(capacity.accommodation, []).append(capacity)
        self._counts = register.counts

    def accommodation(self, key: str) -> Accommodation | None:
        """What the register says of it."""
        return self._accommodations.get(key)

    def registered(self, key: str, on: date) -> bool:
        """Whether it was in the register on this day: opened by then, and not closed."""
        found = self._accommodations.get(key)
        if found is None or found.opened_on is None or on < found.opened_on:
            return False
        return found.closed_since(on) is None

    def empty_since(self, key: str, on: date) -> date | None:
        """Since when it has been closed or without a place on this day; None when it has one, or nobody said."""
        found = self._accommodations.get(key)
        if found is not None and (closed_on := found.closed_since(on)) is not None:
            return closed_on
        capacities = in_force(self._capacities.get(key, ()), on)
        if capacities and not any(capacity.places for capacity in capacities):
            return max(capacity.from_on for capacity in capacities)
        return None

    def last_counts(self, on: date) -> Iterator[HeadCount]:
        """Of each accommodation that counted heads the last count up to this day."""
        first = 0
        while first < len(self._counts):
            key = self._counts[first].accommodation
            after = bisect_right(self._counts, (key, on), lo=first, key=_place)
            if after > first:
                yield self._counts[after - 1]
            first = bisect_right(self._counts, (key, date.max), lo=after, key=_place)


def _place(count: HeadCount) -> tuple[str, date]:
    return count.accommodation, count.counted_on


def differs(count: HeadCount, placed: int) -> bool:
    """Whether a head count is further from the young people placed there than by 2 and by 5% of them (F13)."""
    off = abs(count.heads - placed)
    return off > 2 and 20 * off > placed
