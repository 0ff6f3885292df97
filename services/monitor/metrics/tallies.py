"""Tallies: how many spans hold on one day, kept up to date as spans come and go and days pass; pure.

A span says that something counts from a day on until another. What counts on a day is a sum over spans, so a person
whose dossier changed is taken out as they were and put in as they are, and a day that passes only touches what begins
or ends on it. Nothing else is computed again, and the sums are those of counting all spans anew.
"""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeVar

Stepped = TypeVar("Stepped", bound=Hashable)


class Span(NamedTuple):
    """One thing that counts during [start, end); for ever when end is None."""

    tally: str
    key: Hashable
    start: date
    end: date | None


class Tallies:
    """Sums on one day, by tally and key."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._levels: dict[str, dict[Hashable, int]] = {}
        self._steps: dict[date, dict[tuple[str, Hashable], int]] = {}
        """By day after `on`, what begins and ends on it."""

    def of(self, tally: str) -> Mapping[Any, int]:
        """How many spans hold today, by key; keys without any are absent."""
        return self._levels.get(tally, {})

    def add(self, spans: Iterable[Span], times: int = 1) -> None:
        """Count these spans, or with -1 take them out again."""
        on = self.on
        for tally, key, start, end in spans:
            if end is not None and (end <= on or end <= start):
                continue
            if start <= on:
                _step(self._levels.setdefault(tally, {}), key, times)
            else:
                self._later(start, tally, key, times)
            if end is not None:
                self._later(end, tally, key, -times)

    def move(self, on: date) -> None:
        """To this day or a later one. Raises ValueError for a day that is over: the past is not kept."""
        if on < self.on:
            raise ValueError(f"{on} is before {self.on}")
        for day in sorted(day for day in self._steps if day <= on):
            for (tally, key), times in self._steps.pop(day).items():
                _step(self._levels.setdefault(tally, {}), key, times)
        self.on = on

    def clear(self, tally: str) -> None:
        """Take everything out of one tally."""
        self._levels.pop(tally, None)
        for day in list(self._steps):
            left = {step: times for step, times in self._steps[day].items() if step[0] != tally}
            if left:
                self._steps[day] = left
            else:
                del self._steps[day]

    def _later(self, day: date, tally: str, key: Hashable, times: int) -> None:
        steps = self._steps.setdefault(day, {})
        _step(steps, (tally, key), times)
        if not steps:
            del self._steps[day]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tallies):
            return NotImplemented
        mine, theirs = ({name: level for name, level in one._levels.items() if level} for one in (self, other))
        return (self.on, mine, self._steps) == (other.on, theirs, other._steps)

    __hash__ = None  # type: ignore[assignment]


def _step(counts: dict[Stepped, int], key: Stepped, times: int) -> None:
    number = counts.get(key, 0) + times
    if number:
        counts[key] = number
    else:
        counts.pop(key, None)
