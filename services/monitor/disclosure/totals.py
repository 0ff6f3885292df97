"""Which windows to withhold where running totals tell a small number: each shown number is how far one grew.

What started before a day only grows, as does what ended. A month, a quarter, twelve months and a stock are each the
difference of two such totals, so together they are differences that lie between bounds. How far a difference may be
from what it is without anything shown becoming untrue is then the length of a shortest path: exactly, in whole numbers.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from services.monitor.disclosure.counts import SMALLEST_SHOWN, STEP, rounded
from services.monitor.disclosure.together import NARROWEST


class Grown(NamedTuple):
    """A number: how much more the total at one place is than that at another."""

    first: int
    last: int
    window: Hashable = None
    """With what it is withheld; None where it is always shown."""
    rank: int = 0
    """What is withheld first: the least."""


class _Edge(NamedTuple):
    """How much further one total may be above another than it is."""

    to: int
    slack: int
    window: Hashable
    rank: int


class Totals:
    """Running totals, and what those outside know of how they grow. Rounding is relied on, as in `Together`."""

    def __init__(self, totals: Sequence[int], *, shown: Iterable[Grown], growing: Iterable[tuple[int, int]]) -> None:
        """The totals by place; numbers that are shown, rounded; and pairs of places of which the second is no less."""
        self._edges: list[list[_Edge]] = [[] for _ in totals]
        self._small: list[Grown] = []
        for number in shown:
            count = totals[number.last] - totals[number.first]
            small = count < SMALLEST_SHOWN
            if small:
                self._small.append(number)
            middle = rounded(count)
            low = 0 if small else max(SMALLEST_SHOWN, middle - STEP // 2)
            high = SMALLEST_SHOWN - 1 if small else middle + STEP // 2
            self.bound(number, up=high - count, down=count - low)
        for first, last in growing:
            self._edge(last, _Edge(first, totals[last] - totals[first], None, 0))

    def bound(self, number: Grown, *, up: int, down: int) -> None:
        """It is known to be no further above what it is, and no further below it."""
        self._edge(number.first, _Edge(number.last, up, number.window, number.rank))
        self._edge(number.last, _Edge(number.first, down, number.window, number.rank))

    def withheld(self) -> frozenset[Hashable]:
        """The windows to withhold so that each small number has its range: those by which it was told, and no others.

        Of these the shortest: months rather than years. Where none is on the way, what tells it is always shown.
        """
        hidden: set[Hashable] = set()
        narrow = self._small
        while True:
            ways = [self._ways(number, hidden) for number in narrow]
            narrow = [number for number, way in zip(narrow, ways, strict=True) if way is not None]
            telling = [found for way in ways if way and (found := _shortest(way))]
            if not telling:
                return frozenset(hidden)
            hidden |= _one_of_each(telling)

    def _ways(self, number: Grown, hidden: Collection[Hashable]) -> list[_Edge] | None:
        """By what a number is told too closely, from above and from below; None where it is not."""
        above, told = self._way(number.first, number.last, hidden)
        if above >= NARROWEST:
            return None
        below, more = self._way(number.last, number.first, hidden)
        return told + more if above + below < NARROWEST else None

    def _way(self, start: int, goal: int, hidden: Collection[Hashable]) -> tuple[int, list[_Edge]]:
        """How much further the total at `goal` may be above that at `start`, if too little, and what says so."""
        came: dict[int, tuple[int, _Edge] | None] = {}
        waiting: list[tuple[int, int, int, int, _Edge | None]] = [(0, 0, start, start, None)]
        pushed = 0
        while waiting:
            far, _, place, before, by = heappop(waiting)
            if place in came:
                continue
            came[place] = (before, by) if by else None
            if place == goal:
                return far, list(_back(came, goal))
            for edge in self._edges[place]:
                if edge.to not in came and far + edge.slack < NARROWEST and edge.window not in hidden:
                    pushed += 1
                    heappush(waiting, (far + edge.slack, pushed, edge.to, place, edge))
        return NARROWEST, []

    def _edge(self, place: int, edge: _Edge) -> None:
        if edge.slack < NARROWEST:
            self._edges[place].append(edge)


def _back(came: Mapping[int, tuple[int, _Edge] | None], goal: int) -> Iterator[_Edge]:
    while step := came[goal]:
        goal, edge = step
        yield edge


def _shortest(way: Iterable[_Edge]) -> list[Hashable]:
    """The windows that may be withheld, and of these the ones that come first."""
    found = [edge for edge in way if edge.window is not None]
    least = min((edge.rank for edge in found), default=0)
    return list(dict.fromkeys(edge.window for edge in found if edge.rank == least))


def _one_of_each(telling: Sequence[Sequence[Hashable]]) -> set[Hashable]:
    """Windows of which each of these holds one, those that most of them hold before others."""
    often = Counter(window for windows in telling for window in windows)
    chosen: set[Hashable] = set()
    for windows in telling:
        if chosen.isdisjoint(windows):
            chosen.add(max(windows, key=lambda window: often[window]))
    return chosen
