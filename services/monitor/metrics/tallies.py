"""Tallies: how many spans hold on one day, kept up to date as spans come and go and days pass; pure.

A span says that something counts from a day on until another. What counts on a day is a sum over spans, so a person
whose dossier changed is taken out as they were and put in as they are, and a day that passes only touches what begins
or ends on it. Nothing else is computed again, and the sums are those of counting all spans anew. A tally that is kept
tells any day, but not today's keys.
"""

from collections.abc import Hashable, Iterable, Mapping, Set
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

    def __init__(self, on: date, *, kept: Set[str] = frozenset()) -> None:
        """`kept` names the tallies that are asked for by `on_day`."""
        self.on = on
        self._kept: dict[str, dict[Hashable, dict[date, int]]] = {tally: {} for tally in kept}
        """By tally and key what begins and ends on each day."""
        self._asked: dict[tuple[str, Hashable], tuple[date, int]] = {}
        """Of tallies that are kept the day that was asked for last, and the answer, until something changes."""
        self._levels: dict[str, dict[Hashable, int]] = {}
        self._steps: dict[date, dict[tuple[str, Hashable], int]] = {}
        """By day after `on`, what begins and ends on it."""

    def of(self, tally: str) -> Mapping[Any, int]:
        """How many spans hold today, by key; keys without any are absent."""
        return self._levels.get(tally, {})

    def on_day(self, tally: str, key: Hashable, day: date) -> int:
        """How many spans of a tally that is kept hold on any day."""
        asked = self._asked.get((tally, key))
        if asked is None or asked[0] != day:
            steps = self._kept[tally].get(key, {})
            asked = self._asked[tally, key] = day, sum(times for on, times in steps.items() if on <= day)
        return asked[1]

    def add(self, spans: Iterable[Span], times: int = 1) -> None:
        """Count these spans, or with -1 take them out again."""
        on, kept = self.on, self._kept
        for tally, key, start, end in spans:
            if tally in kept:
                self._keep(tally, key, start, end, times)
                continue
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

    def _keep(self, tally: str, key: Hashable, start: date, end: date | None, times: int) -> None:
        self._asked.pop((tally, key), None)
        steps = self._kept[tally].setdefault(key, {})
        _step(steps, start, times)
        if end is not None:
            _step(steps, end, -times)
        if not steps:
            del self._kept[tally][key]

    def _later(self, day: date, tally: str, key: Hashable, times: int) -> None:
        steps = self._steps.setdefault(day, {})
        _step(steps, (tally, key), times)
        if not steps:
            del self._steps[day]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tallies):
            return NotImplemented
        mine, theirs = ({name: level for name, level in one._levels.items() if level} for one in (self, other))
        return (self.on, mine, self._steps, self._kept) == (other.on, theirs, other._steps, other._kept)

    __hash__ = None  # type: ignore[assignment]


def _step(counts: dict[Stepped, int], key: Stepped, times: int) -> None:
    number = counts.get(key, 0) + times
    if number:
        counts[key] = number
    else:
        counts.pop(key, None)
