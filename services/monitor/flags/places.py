"""The register on a day: whether an accommodation was in it, and since when it has no places; pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.monitor.accommodations import Accommodation, Capacity, Register


class Places:
    """Accommodations and their places, found by key."""

    def __init__(self, register: Register) -> None:
        self._accommodations: Mapping[str, Accommodation] = {one.accommodation: one for one in register.accommodations}
        self._capacities: dict[str, list[Capacity]] = {}
        for capacity in register.capacities:
            self._capacities.setdefault(capacity.accommodation, []).append(capacity)

    def accommodation(self, key: str) -> Accommodation | None:
        """What the register says of it."""
        return self._accommodations.get(key)

    def registered(self, key: str, on: date) -> bool:
        """Whether it was in the register on this day: [opened_on, closed_on)."""
        found = self._accommodations.get(key)
        if found is None or found.opened_on is None or on < found.opened_on:
            return False
        return found.closed_on is None or on < found.closed_on

    def empty_since(self, key: str, on: date) -> date | None:
        """Since when it has been closed or without a place on this day; None when it has one, or nobody said."""
        found = self._accommodations.get(key)
        if found is not None and found.closed_on is not None and found.closed_on <= on:
            return found.closed_on
        in_force = _in_force(self._capacities.get(key, ()), on)
        if in_force and not any(capacity.places for capacity in in_force):
            return max(capacity.from_on for capacity in in_force)
        return None


def _in_force(capacities: Sequence[Capacity], on: date) -> Sequence[Capacity]:
    """Of each group the last change up to this day."""
    latest: dict[str, Capacity] = {}
    for capacity in capacities:
        if capacity.from_on <= on:
            latest[capacity.group] = max(latest.get(capacity.group, capacity), capacity, key=lambda one: one.from_on)
    return list(latest.values())
